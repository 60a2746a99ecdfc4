public import Viz

/// A cache that is broken on purpose, beside the sound run; and the game in which the fault is to be found.
public struct FaultsScreen: Screen {
  private var state: FaultsState

  /// Creates the screen before anything is computed.
  public init(_ start: FaultsStart, _ look: Look) { state = FaultsState(start, look: look) }

  /// How often a screen that waits says how far the run has come.
  private static let refresh = Duration.milliseconds(100)

  /// The run, or the round, until it is there.
  public var question: Question? { state.question.map { .faults($0) } }
  /// Who comes back finds the rounds and their score.
  public var isKept: Bool { true }

  /// It waits until the run is there.
  public var waits: Waits {
    var waits = Waits()
    let isWaiting = state.question != nil && !state.hasFailed
    waits.refresh = isWaiting ? Self.refresh : nil
    waits.isEmpty = isWaiting && state.run == nil
    return waits
  }

  /// The run and the step that are looked at.
  public var place: [String]? { state.place }
  /// Whether every key belongs to a field or to its help page.
  public var isTyping: Bool { state.isTyping }

  /// Takes a message.
  public mutating func update(_ message: Message) -> [Effect] { state.update(message) }

  /// The frame.
  public func view(_ size: Size, _ look: Look) -> Canvas { state.view(size, look) }
}
