internal import Base
internal import Classroom
internal import Lessons
public import Viz

/// A presentation on the projector.
public struct PresentScreen: Screen {
  private(set) var state: PresentState
  /// What all who follow were told last.
  private var told: PresentSummary?

  /// While phones vote, how many have is looked at so often.
  private static let voting = Duration.milliseconds(250)
  private static let second = Duration.seconds(1)

  init(_ opening: PresentOpening, _ look: Look) { state = PresentState(opening, look) }

  /// The tool in the place of a lesson's run.
  public var shownTool: ShownTool? { state.isShown ? state.exhibit?.shownTool : nil }
  /// What that wants to have worked out.
  public var question: Question? { state.isShown ? state.exhibit?.toolQuestion : nil }

  /// A presentation waits for what its run waits for, and tells the time.
  public var waits: Waits {
    var waits = Waits()
    if case .run(let run) = state.exhibit { waits = run.waits }
    if let lesson = state.exhibit?.lesson?.lesson { waits.file = lesson.path }
    waits.isEmpty = state.exhibit == nil || waits.isEmpty
    waits.clock = state.held?.phase.openRound != nil ? Self.voting : Self.second
    return waits
  }

  /// The lesson's next screen, or the lecture's next part.
  public var coming: Coming? {
    if let next = state.nextStep { return .scene(next.scene) }
    let items = state.lecture.items
    return state.item + 1 < items.count ? .part(items[state.item + 1]) : nil
  }

  /// What is to be opened first.
  var opening: [Effect] { [.showExhibit(state.part)] }

  /// Takes a message; all who follow are told where it changed what they see.
  public mutating func update(_ message: Message) -> [Effect] {
    let effects = state.update(message).filter { effect in
      // A class leaves no trace in the presenter's own progress.
      if case .keep = effect { false } else { true }
    }
    guard let summary = state.summary, summary != told else { return effects }
    told = summary
    // What the other effects lead to is newer.
    return [.publish(state.announcement(summary))] + effects
  }

  /// The lesson's scene that is open in another version of the lesson.
  func scene(in lesson: Lesson) -> SceneSpec? {
    guard let open = state.exhibit?.lesson else { return nil }
    return lesson.steps[LessonState.index(of: open.step.id, in: lesson)].scene
  }

  /// The frame.
  public func view(_ size: Size, _ look: Look) -> Canvas {
    var state = state
    state.look = look
    state.exhibit?.setLook(look)
    return PresentView(state: state).canvas(size)
  }
}
