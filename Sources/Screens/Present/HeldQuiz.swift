public import Classroom

/// What a class chooses from, or types.
public enum Ballots: Hashable, Sendable {
  /// One of these.
  case options([String])
  /// A number.
  case number
  /// Something that is said aloud: cells are marked with keys, sizes are two numbers.
  case aloud

  /// Whether there is something to vote on.
  public var isVoted: Bool { self != .aloud }

  /// The phases that a question of this kind goes through.
  public var phases: [QuestionPhase] {
    QuestionPhase.allCases.filter { isVoted || $0.openRound == nil }
  }
}

/// A question that is held before a class: nothing of the votes is seen, and nothing moves, until it is revealed.
public struct HeldQuiz: Hashable, Sendable {
  /// The quiz's id; unlike those of all other lessons.
  public let id: String
  /// What is chosen from.
  public let ballots: Ballots
  /// How far it has come.
  public private(set) var phase = QuestionPhase.think
  /// Votes of both rounds as phones sent them.
  private var votes = [VoteCounts(), VoteCounts()]
  /// Votes of a round that were counted by hand; these stand in for those of phones.
  private var byHand: [VoteCounts?] = [nil, nil]
  /// Whether the key that skips to the reveal was pressed once.
  public private(set) var isSkipping = false

  /// A question that nobody has thought about yet.
  public init(id: String, _ ballots: Ballots) {
    self.id = id
    self.ballots = ballots
  }

  /// The votes of a round, 1 or 2.
  public func counts(round: Int) -> VoteCounts { byHand[round - 1] ?? votes[round - 1] }

  /// How many have answered in the round that is open, or was last.
  public var answered: Int { counts(round: phase.round).total }

  /// Whether the answer may be seen.
  public var isRevealed: Bool { phase == .reveal }

  // MARK: Moves

  /// Goes on to the next phase.
  mutating func goOn() { move(by: 1) }

  /// Goes back to the phase before; what was voted stays.
  mutating func goBack() { move(by: -1) }

  private mutating func move(by places: Int) {
    let phases = ballots.phases
    guard let index = phases.firstIndex(of: phase) else { return }
    phase = phases[max(0, min(phases.count - 1, index + places))]
    isSkipping = false
  }

  /// Goes to a phase where it was left.
  mutating func restore(_ phase: QuestionPhase, _ counts: [VoteCounts]) {
    if ballots.phases.contains(phase) { self.phase = phase }
    for (round, count) in counts.prefix(2).enumerated() { votes[round] = count }
  }

  /// The key that skips to the reveal: the second press in a row does.
  mutating func skip() {
    guard isSkipping else { return isSkipping = true }
    (isSkipping, phase) = (false, .reveal)
  }

  /// Another key was pressed.
  mutating func forgetSkipping() { isSkipping = false }

  // MARK: Votes

  /// Takes the counts that phones sent for a round.
  mutating func receive(_ counts: VoteCounts, round: Int) { votes[round - 1] = counts }

  /// Takes counts of hands for the round that is open, or was last; nil for those of phones again.
  mutating func count(byHand counts: VoteCounts?) { byHand[phase.round - 1] = counts }
}
