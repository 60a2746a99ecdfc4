public import Viz

/// A conversation of several turns: what is reused of earlier ones, what each took, and what an edit voids.
public struct ConversationScreen: Screen {
  private var state: ConversationState

  /// A conversation that has not begun.
  ///
  /// - Parameters:
  ///   - start: what answers, and what Enter asks.
  ///   - look: how everything looks.
  public init(_ start: ConversationStart, _ look: Look) {
    state = ConversationState(start, look: look)
  }

  /// What has to be worked out.
  public var question: Question? { state.question.map { .conversation($0) } }

  /// It is found again as it was left.
  public var isKept: Bool { true }

  /// It waits for answers and comparisons; there is always something to show.
  public var waits: Waits {
    var waits = Waits()
    waits.refresh = state.question == nil ? nil : .milliseconds(100)
    return waits
  }

  /// The turns of the script that were asked.
  public var place: [String]? { state.place }
  /// Whether every key belongs to a field or to its help page.
  public var isTyping: Bool { state.isTyping }

  /// Takes a message.
  public mutating func update(_ message: Message) -> [Effect] { state.update(message) }

  /// The frame.
  public func view(_ size: Size, _ look: Look) -> Canvas { state.view(size, look) }
}
