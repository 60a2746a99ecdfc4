public import Viz

/// Several requests over one pool of blocks: who computes what in each step, and who holds which block.
public struct ServingScreen: Screen {
  private var state: ServingState

  /// Creates the screen before anything is run.
  public init(_ start: ServingStart, _ look: Look) { state = ServingState(start, look: look) }

  /// How often a screen that waits says how far the scheduler has come.
  private static let refresh = Duration.milliseconds(100)

  /// The setting of the knobs, until it was run.
  public var question: Question? { state.question.map { .serving($0) } }
  /// Who comes back finds what was run.
  public var isKept: Bool { true }

  /// It waits until the setting was run with all that it is held against.
  public var waits: Waits {
    var waits = Waits()
    waits.refresh = state.question == nil ? nil : Self.refresh
    waits.isEmpty = state.board == nil && !state.hasFailed
    return waits
  }

  /// The knobs, where options can say what they do, and the step that is looked at.
  public var place: [String]? {
    let (asked, begun) = (state.wanted, state.start.question)
    guard asked.requests == begun.requests, asked.shares == begun.shares else { return nil }
    let blocks = asked.slots.map { ["\($0 / max(1, asked.blockSize))"] } ?? []
    return ["--policy", "paged:\(asked.blockSize)", "--budget", "\(asked.budget)"]
      + ["--step", "\(state.step + 1)", "--blocks"] + blocks
  }
  /// Whether every key belongs to a field or to its help page.
  public var isTyping: Bool { state.isTyping }

  /// Takes a message.
  public mutating func update(_ message: Message) -> [Effect] { state.update(message) }

  /// The frame.
  public func view(_ size: Size, _ look: Look) -> Canvas { state.view(size, look) }
}
