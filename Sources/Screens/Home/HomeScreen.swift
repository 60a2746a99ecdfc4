internal import Base
internal import Lessons
public import Viz

/// The menu.
public struct HomeScreen: Screen {
  private(set) var state: HomeState

  init(_ state: HomeState) { self.state = state }

  /// A menu waits for keys alone: its picture comes when it is there.
  public var waits: Waits { Waits() }

  /// The picture of the line that is selected.
  public var question: Question? { state.question.map { .home($0) } }

  /// Takes a message.
  public mutating func update(_ message: Message) -> [Effect] {
    switch message {
    case .key(let key): return press(key)
    case .resized(let size): state.resize(size)
    case .look(let look):
      let isTranslated = look.language != state.look.language
      state.look = look
      return isTranslated ? [.open(.home)] : []
    // What was done since stands in it.
    case .uncovered: return [.open(.home)]
    case .findings(.home(let answer)): state.receive(answer)
    case .note(let sentence): state.note(sentence)
    case .failed(let failure): state.note(failure.sentence(state.look.language))
    default: break
    }
    return []
  }

  private mutating func press(_ key: Key) -> [Effect] {
    let language = state.language
    state.update(key)
    let look = Effect.setLook(state.look)
    switch state.takeChoice() {
    case nil: return [look] + (state.language == language ? [] : [.open(.home)])
    case .lesson(let id): return [look, .open(.lesson(id))]
    case .open(let destination): return [look, .open(destination)]
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
