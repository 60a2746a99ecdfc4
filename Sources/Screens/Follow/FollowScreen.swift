internal import Base
internal import Lessons
public import Viz

/// A presentation as somebody else follows it on a terminal of his own.
public struct FollowScreen: Screen {
  private(set) var state: FollowState

  init(_ look: Look) { state = FollowState(look) }

  /// What the run that is shown waits for.
  public var waits: Waits {
    if case .run(let run)? = state.mirror.exhibit { run.waits } else { Waits() }
  }

  /// The tool in the place of a lesson's run.
  public var shownTool: ShownTool? { state.mirror.exhibit?.shownTool }
  /// What that wants to have worked out.
  public var question: Question? { state.mirror.exhibit?.toolQuestion }

  /// Takes a message.
  public mutating func update(_ message: Message) -> [Effect] { state.update(message) }

  /// The scene that is open in another version of the lesson.
  func scene(in lesson: Lesson) -> SceneSpec? { state.mirror.exhibit?.lesson?.scene(in: lesson) }

  /// The frame.
  public func view(_ size: Size, _ look: Look) -> Canvas {
    var state = state
    state.look = look
    state.mirror.setLook(look)
    return FollowView(state: state).canvas(size)
  }
}

extension LessonState {
  /// The scene that is open in another version of the lesson.
  func scene(in lesson: Lesson) -> SceneSpec {
    lesson.steps[Self.index(of: step.id, in: lesson)].scene
  }
}
