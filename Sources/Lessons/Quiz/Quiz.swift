/// An expression and where it stands.
public struct PlacedExpression: Hashable, Sendable {
  /// The expression.
  public let expression: Expression
  /// As it was written.
  public let text: String
  /// The line.
  public let line: Int
}

/// One answer to choose.
public struct Choice: Hashable, Sendable {
  /// What it claims; may hold `{{…}}`.
  public let text: String
  /// Whether it is so, asked of the run.
  public let truth: PlacedExpression
  /// What is said to those who choose it wrongly.
  public let reply: String?
}

/// Cells that a learner marks.
public enum MarkTarget: String, CaseIterable, Sendable {
  /// QKᵀ cells that are computed, masked ones too.
  case computed
  /// QKᵀ cells that are computed and thrown away by the mask.
  case masked
  /// K,V of tokens that are read from the cache, in the K strip.
  case read
  /// K,V of tokens that are computed in this step, in the K strip.
  case new
}

/// What a quiz asks for.
public enum QuizKind: Hashable, Sendable {
  case choice([Choice])
  /// A number; `tolerance` is relative.
  case number(PlacedExpression, tolerance: Double)
  /// Sizes, such as 4 × 4.
  case shape([PlacedExpression])
  case cells(MarkTarget, pane: ScenePanes)
  /// The next token, among the run's own candidates.
  case token
  /// Knobs of the screen's tool, turned until this is true of where it stands.
  case setting(PlacedExpression)
  /// Lines that complete a program, in their order.
  case lines(ProgramGaps)
}

/// A question whose answer the run gives.
public struct Quiz: Hashable, Sendable {
  /// On which progress hangs; never changed once published.
  public let id: String
  /// What is asked for.
  public let kind: QuizKind
  /// Whether its options have an order of their own, such as 5th, 6th, 7th: they are shown forwards or backwards, never mixed.
  public let isOrdered: Bool
  /// The question; may hold `{{…}}`.
  public let ask: String
  /// The step that is asked about and shown once answered; the scene's own by default.
  public internal(set) var at: Int?
  /// The place of the screen's tool that is asked about, and shown once answered; of a setting one that is right.
  public let place: ToolLink?
  /// The drawn number that is this step; nil where the step is written down.
  let stepName: String?
  /// The numbers that are others at a new try.
  public let draw: Draw
  /// The drawn numbers of this try, by their names.
  public internal(set) var values: [String: Double]
  /// Help, one after the other.
  public let hints: [String]
  /// Replies to wrong answers that are known: the wrong answer as an expression (for shapes, several with `×`; for cells, the name of
  /// a `MarkedSet`; for lines, their letters).
  public let replies: [(wrong: String, reply: String, line: Int)]
  /// The reply to every other wrong answer.
  public let otherwise: String?
  /// Why the answer is right; may hold `{{…}}`.
  public let why: String
  /// The misconceptions that it asks after, by number in `lessons/README.md`.
  public let misconceptions: [Int]
  /// The line of the block.
  public let line: Int

  /// What is marked, if it is cells that are asked for.
  package var painted: MarkTarget? {
    if case .cells(let target, _) = kind { target } else { nil }
  }

  /// Whether a program is completed.
  package var isProgram: Bool { if case .lines = kind { true } else { false } }

  /// Equal ids are equal quizzes of one lesson.
  public static func == (left: Quiz, right: Quiz) -> Bool {
    left.id == right.id && left.kind == right.kind && left.ask == right.ask && left.why == right.why
      && left.values == right.values
  }

  /// Hashes the id.
  public func hash(into hasher: inout Hasher) { hasher.combine(id) }
}
