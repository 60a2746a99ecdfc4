public import Viz

/// Speculative decoding: a small model drafts, a large one verifies all drafts in one pass.
public struct SpeculativeScreen: Screen {
  private var state: SpeculativeState

  /// Creates the screen before anything is run.
  public init(_ start: SpeculativeStart, _ look: Look) {
    state = SpeculativeState(start, look: look)
  }

  /// How often a screen that waits says how far the text has come.
  private static let refresh = Duration.milliseconds(100)

  /// The setting of the knobs, until it was run.
  public var question: Question? { state.question.map { .speculative($0) } }
  /// Who comes back finds what was written.
  public var isKept: Bool { true }

  /// It waits until the text was written, and once more token by token.
  public var waits: Waits {
    var waits = Waits()
    waits.refresh = state.question == nil ? nil : Self.refresh
    waits.isEmpty = state.board == nil && !state.hasFailed
    return waits
  }

  /// The knobs.
  public var place: [String]? {
    let asked = state.wanted
    let text = asked.text == state.start.question.text ? [] : ["--prompt", asked.text]
    return ["--policy", "speculative:\(asked.drafts)", "--draft", asked.draft] + text
  }
  /// Whether every key belongs to a field or to its help page.
  public var isTyping: Bool { state.isTyping }

  /// Takes a message.
  public mutating func update(_ message: Message) -> [Effect] { state.update(message) }

  /// The frame.
  public func view(_ size: Size, _ look: Look) -> Canvas { state.view(size, look) }
}
