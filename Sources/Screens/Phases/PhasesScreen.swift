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

  /// The passes that are looked at.
  public var place: [String]? { state.place }
  /// Whether every key belongs to a field or to its help page.
  public var isTyping: Bool { state.isTyping }

  /// Takes a message.
  public mutating func update(_ message: Message) -> [Effect] { state.update(message) }

  /// The frame.
  public func view(_ size: Size, _ look: Look) -> Canvas { state.view(size, look) }
}
