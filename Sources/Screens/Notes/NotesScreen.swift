internal import Lessons
public import Viz

/// The presenter's second terminal.
public struct NotesScreen: Screen {
  private(set) var state: NotesState

  init(_ look: Look) { state = NotesState(look) }

  /// What the run on the wall waits for, and how late it is.
  public var waits: Waits {
    var waits = if case .run(let run)? = state.mirror.exhibit { run.waits } else { Waits() }
    waits.clock = .seconds(1)
    return waits
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
    return NotesView(state: state).canvas(size)
  }
}
