internal import Base
public import Viz

/// The recordings that there are; one is played above the list.
public struct RecordingsScreen: Screen {
  private var state: RecordingsState

  /// Nothing is looked for yet.
  public init(_ look: Look) { state = RecordingsState(look: look) }

  /// How often it says how far reading has come.
  private static let refresh = Duration.milliseconds(100)

  /// It waits until every file is read.
  public var waits: Waits {
    var waits = Waits()
    waits.refresh = state.question == nil ? nil : Self.refresh
    waits.isEmpty = state.list == nil && state.question != nil
    return waits
  }

  /// Which recordings there are.
  public var question: Question? { state.question.map { .recordings($0) } }
  /// Who comes back finds the same one chosen.
  public var isKept: Bool { true }

  /// Takes a message.
  public mutating func update(_ message: Message) -> [Effect] {
    switch message {
    case .key(let key): return press(key)
    case .look(let look): state.look = look
    case .resized(let size): state.help.size = size
    // A run may have been kept since.
    case .uncovered: state.lookAgain()
    case .findings(.recordings(let findings)): state.receive(findings)
    case .note(let sentence): state.notice = sentence
    case .failed(let failure): state.fail(failure.sentence(state.language))
    default: break
    }
    return []
  }

  private mutating func press(_ key: Key) -> [Effect] {
    state.press(key)
    let look = Effect.setLook(state.look)
    if let path = state.takeChosen() { return [look, .open(.recording(path))] }
    guard state.takeLeave() else { return [look] }
    state.lookAgain()
    return [look, .back]
  }

  /// The frame.
  public func view(_ size: Size, _ look: Look) -> Canvas {
    var state = state
    state.look = look
    return state.view(size)
  }
}
