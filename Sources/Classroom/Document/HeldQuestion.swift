/// How far a question has come that a presentation holds.
///
/// Source: Mazur's sequence, after Crouch and Mazur, Am. J. Phys. 69 (2001) 970: each thinks and votes alone, neighbours discuss,
/// all vote again, and only then is anything of the votes shown.
public enum QuestionPhase: String, CaseIterable, Hashable, Sendable {
  /// Everybody thinks; nothing can be voted.
  case think
  /// The first vote is open.
  case vote
  /// Neighbours talk; nothing can be voted, and nobody sees the first vote.
  case discuss
  /// The second vote is open.
  case voteAgain = "vote-again"
  /// The answer, and both votes side by side.
  case reveal

  /// The one behind it; nil behind the last.
  public var next: QuestionPhase? { Self.allCases.drop { $0 != self }.dropFirst().first }

  /// The one before it; nil before the first.
  public var previous: QuestionPhase? { Self.allCases.prefix { $0 != self }.last }

  /// The round of votes that is open, 1 or 2; nil where none is.
  public var openRound: Int? {
    switch self {
    case .vote: 1
    case .voteAgain: 2
    case .think, .discuss, .reveal: nil
    }
  }

  /// The round that a vote belongs to, or the last that was.
  public var round: Int {
    switch self {
    case .think, .vote, .discuss: 1
    case .voteAgain, .reveal: 2
    }
  }
}

/// A question as a class sees it: what becomes of the votes is in it only once it is revealed.
public struct HeldQuestion: Hashable, Sendable {
  /// Its id.
  public var id: String
  /// What is asked.
  public var ask: String
  /// What can be chosen; nil where a number is asked.
  public var options: [String]?
  /// How far it has come.
  public var phase: QuestionPhase
  /// How many have voted in this round.
  public var answered: Int
  /// The end; nil before it.
  public var reveal: QuestionReveal?
  /// The answer to what is said aloud; nil before the end, and where something is chosen.
  public var said: String?
  /// Why the answer is right; nil before the end.
  public var why: String?

  /// Makes a question.
  public init(
    id: String, ask: String, options: [String]?, phase: QuestionPhase, answered: Int,
    reveal: QuestionReveal? = nil
  ) {
    self.id = id
    self.ask = ask
    self.options = options
    self.phase = phase
    self.answered = answered
    self.reveal = reveal
  }
}

/// What is shown of a question in the end.
public struct QuestionReveal: Hashable, Sendable {
  /// Where a number is asked: the numbers that were voted, and the right one; else nil.
  public var values: [Double]?
  /// Votes of each round by option, or by value.
  public var counts: [[Int]]
  /// The right option or value, counted from 0.
  public var answer: Int

  /// Joins the counts with the answer.
  public init(values: [Double]? = nil, counts: [[Int]], answer: Int) {
    self.values = values
    self.counts = counts
    self.answer = answer
  }
}
