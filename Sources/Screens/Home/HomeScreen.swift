internal import Base
internal import Lessons
public import Viz

/// The menu.
public struct HomeScreen: Screen {
  private var state: HomeState

  init(_ state: HomeState) { self.state = state }

  /// A menu waits for keys alone.
  public var waits: Waits { Waits() }

  /// Takes a message.
  public mutating func update(_ message: Message) -> [Effect] {
    switch message {
    case .key(let key): return press(key)
    case .look(let look):
      let isTranslated = look.language != state.look.language
      state.look = look
      return isTranslated ? [.open(.home)] : []
    // What was done since stands in it.
    case .uncovered: return [.open(.home)]
    case .failed(let failure): state.note(failure.sentence(state.look.language))
    default: break
    }
    return []
  }

  private mutating func press(_ key: Key) -> [Effect] {
    state.update(key)
    let look = Effect.setLook(state.look)
    switch state.takeChoice() {
    case nil: return [look]
    case .lesson(let id): return [look, .open(.lesson(id))]
    case .tool(let tool): return [look, .open(.tool(ToolPlace(tool)))]
    case .freeRun: return [look, .open(.run)]
    case .quit: return [look, .quit]
    }
  }

  /// The frame.
  public func view(_ size: Size, _ look: Look) -> Canvas {
    var state = state
    state.look = look
    return state.view(size)
  }
}
