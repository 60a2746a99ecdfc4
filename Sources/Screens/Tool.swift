public import Viz

/// What the menu has besides lessons and runs: a case for each screen with knobs.
public enum Tool: String, CaseIterable, Hashable, Sendable {
  /// What a cache takes, and how many requests fit on a card.
  case planner
  /// How the work grows with the length.
  case growth
  /// Prefill and decode on a roofline.
  case phases
  /// Cache policies beside the full cache.
  case policies
  /// The forms of attention side by side.
  case attention
  /// Runs that were kept.
  case recordings
  /// A conversation of several turns: what is reused, and what an edit voids.
  case conversation
  /// Several requests over one pool of blocks.
  case serving
  /// A small model drafts, a large one verifies.
  case speculative
  /// A cache that is broken on purpose, and the game in which the fault is to be found.
  case faults
}

/// A tool, and where it is opened.
public struct ToolPlace: Hashable, Sendable {
  /// The tool.
  public let tool: Tool
  /// Options as its command line has them; none opens it as it was left, or where it begins.
  public let arguments: [String]

  /// Names a place.
  public init(_ tool: Tool, _ arguments: [String] = []) {
    self.tool = tool
    self.arguments = arguments
  }
}

/// A tool that is shown within another screen.
public struct ShownTool: Hashable, Sendable {
  /// Where it is opened.
  public let place: ToolPlace
  /// What shows it: another one opens it anew.
  public let owner: String
  /// The keys that are given there, as they are typed or named; empty for all.
  public let knobs: [String]
}

/// A tool that is ready to be shown.
public struct OpenTool {
  /// Its screen.
  public let screen: any Screen
  /// What answers the screen's questions; nil where it has none.
  public let work: (any WorkService)?

  /// Joins a screen with what answers it.
  public init(_ screen: any Screen, _ work: (any WorkService)? = nil) {
    self.screen = screen
    self.work = work
  }

  /// The screen with all worked out that it wants, by work that is done at once.
  public func settled(_ size: Size) throws -> any Screen {
    var screen = screen
    _ = screen.update(.resized(size))
    // What is there at once may lead to the next question.
    for _ in 0..<Self.mostQuestions {
      guard let work, let question = screen.question else { break }
      work.ask(question)
      guard let findings = try work.news else { break }
      _ = screen.update(.findings(findings))
    }
    return screen
  }

  private static let mostQuestions = 20
}
