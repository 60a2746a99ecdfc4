internal import Base
public import Trace
public import Viz

/// A measurement of prefill and decode at its beginning.
public struct PhasesStart: Sendable {
  /// The model's name.
  public let model: String
  /// How many passes will be run.
  public let passes: Int
  /// Other machines, by their tables.
  public let machines: [Phases.Machine]

  /// Creates the beginning of a measurement.
  public init(model: String, passes: Int, machines: [Phases.Machine]) {
    (self.model, self.passes, self.machines) = (model, passes, machines)
  }
}

/// Prefill and decode on the roofline of this machine, measured, or of another, computed.
public struct PhasesScreen: Screen {
  private var state: PhasesState

  /// Creates the screen before anything is measured.
  public init(_ start: PhasesStart, _ look: Look) { state = PhasesState(start, look: look) }

  /// All passes, until they are there.
  public var question: Question? { state.isMeasured ? nil : .phases }
  /// Who comes back finds what was measured.
  public var isKept: Bool { true }

  /// It waits until all passes are measured.
  public var waits: Waits {
    var waits = Waits()
    waits.refresh = state.isMeasured || state.hasFailed ? nil : .milliseconds(100)
    waits.isEmpty = state.phases.runs.isEmpty && !state.hasFailed
    return waits
  }

  /// Takes a message.
  public mutating func update(_ message: Message) -> [Effect] {
    switch message {
    case .key(let key):
      state.press(key)
      return [.setLook(state.look)] + (state.takeLeave() ? [.back] : [])
    case .findings(.phases(let phases)): state.phases = phases
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
