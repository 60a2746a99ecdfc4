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
  private(set) var votes = [VoteCounts(), VoteCounts()]
  /// Votes of both rounds that were counted by hand: they come on top of those of phones.
  private(set) var hands = [VoteCounts(), VoteCounts()]
  /// Whether the second vote was opened.
  private var hasVotedAgain = false
  /// Whether the key that skips to the reveal was pressed once.
  public private(set) var isSkipping = false

  /// A question that nobody has thought about yet.
  public init(id: String, _ ballots: Ballots) {
    self.id = id
    self.ballots = ballots
  }

  /// The votes of a round, 1 or 2: those of phones and those of hands.
  public func counts(round: Int) -> VoteCounts { votes[round - 1] + hands[round - 1] }

  /// The round that is open, or was last.
  var lastRound: Int {
    let isSecond = hasVotedAgain || counts(round: 2).total > 0
    return phase == .reveal && !isSecond ? 1 : phase.round
  }

  /// How many have answered in the round that is open, or was last.
  public var answered: Int { counts(round: lastRound).total }

  /// Whether hands were counted in any round.
  var hasHands: Bool { hands.contains { $0.total > 0 } }

  /// How many of them raised a hand.
  var answeredByHand: Int { hands[lastRound - 1].total }

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
    if phase == .voteAgain { hasVotedAgain = true }
  }

  /// Goes to a phase where it was left.
  mutating func restore(_ place: PresentPlace.Question) {
    if ballots.phases.contains(place.phase) { phase = place.phase }
    hasVotedAgain = phase == .voteAgain
    for (round, count) in place.counts.prefix(2).enumerated() { votes[round] = count }
    for (round, count) in place.hands.prefix(2).enumerated() { hands[round] = count }
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

  /// Takes counts of hands for the round that is open, or was last, in the place of those that were taken before.
  mutating func count(byHand counts: VoteCounts) { hands[lastRound - 1] = counts }
}
