internal import Base
internal import Trace
public import Viz

/// Prefill and decode on the roofline of this machine, measured, or of another, computed.
public struct PhasesScreen: Screen {
  private var state: PhasesState

  /// Creates the screen before anything is measured.
  public init(_ start: PhasesStart, _ look: Look) { state = PhasesState(start, look: look) }

  /// The passes that are looked at, until they are there.
  public var question: Question? { state.wanted.map { .phases(batch: $0) } }
  /// Who comes back finds what was measured.
  public var isKept: Bool { true }

  /// It waits until what is looked at is measured.
  public var waits: Waits {
    var waits = Waits()
    waits.refresh = state.wanted == nil || state.hasFailed ? nil : .milliseconds(100)
    waits.isEmpty = state.runs.isEmpty && !state.hasFailed
    return waits
  }

  /// Takes a message.
  public mutating func update(_ message: Message) -> [Effect] {
    switch message {
    case .key(let key):
      state.press(key)
      return [.setLook(state.look)] + (state.takeLeave() ? [.back] : [])
    case .findings(.phases(let phases)): state.receive(phases)
    case .look(let look): state.look = look
    case .note(let sentence): state.notice = sentence
    case .failed(let failure): state.fail(failure.sentence(state.language))
    default: break
    }
    return []
  }

  /// The frame.
  public func view(_ size: Size, _ look: Look) -> Canvas {
    var state = state
    state.look = look
    return state.view(size)
  }
}
