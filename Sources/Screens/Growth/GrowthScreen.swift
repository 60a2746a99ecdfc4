public import Viz

/// How cells, FLOP, bytes and seconds grow with the length, without and with the cache.
public struct GrowthScreen: Screen {
  private var state: GrowthState

  /// Creates the screen before anything is measured.
  public init(_ start: GrowthStart, at place: GrowthPlace = GrowthPlace(), _ look: Look) {
    state = GrowthState(start, at: place, look: look)
  }

  /// How often a screen that waits says how far the measurement has come.
  private static let refresh = Duration.milliseconds(100)

  /// All steps, until they are there.
  public var question: Question? { state.isMeasured ? nil : .growth }
  /// Who comes back finds what was measured.
  public var isKept: Bool { true }

  /// It waits until all steps are measured.
  public var waits: Waits {
    var waits = Waits()
    waits.refresh = state.isMeasured || state.hasFailed ? nil : Self.refresh
    waits.isEmpty = state.runs.isEmpty && !state.hasFailed
    return waits
  }

  /// The steps that are shown, and how.
  public var place: [String]? { state.place }
  /// Whether every key belongs to a field or to its help page.
  public var isTyping: Bool { state.isTyping }

  /// Takes a message.
  public mutating func update(_ message: Message) -> [Effect] { state.update(message) }

  /// The frame.
  public func view(_ size: Size, _ look: Look) -> Canvas { state.view(size, look) }
}
