internal import Lessons
public import Viz

/// The presenter's second terminal.
public struct NotesScreen: Screen {
  init(_ look: Look) {}
  public var waits: Waits { Waits() }
  public mutating func update(_ message: Message) -> [Effect] { [] }
  func scene(in lesson: Lesson) -> SceneSpec? { nil }
  public func view(_ size: Size, _ look: Look) -> Canvas { Canvas(size) }
}
