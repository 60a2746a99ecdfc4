internal import Classroom

/// What a class chooses from, or types.
enum Poll: Hashable, Sendable {
  /// One of these.
  case options([String])
  /// A number.
  case number
  /// Something that is said aloud: cells are marked with keys, sizes are two numbers.
  case aloud

  /// Whether there is something to vote on.
  var isVoted: Bool { self != .aloud }

  /// The phases that a question of this kind goes through.
  var phases: [QuestionPhase] {
    QuestionPhase.allCases.filter { isVoted || $0.openRound == nil }
  }
}

/// A question that is held before a class: nothing of the votes is seen, and nothing moves, until it is revealed.
struct HeldQuiz: Hashable, Sendable {
  /// The quiz.
  let id: String
  /// What is chosen from.
  let poll: Poll
  /// How far it has come.
  private(set) var phase = QuestionPhase.think
  /// Votes of both rounds as phones sent them.
  private(set) var votes: [VoteCounts] = [VoteCounts(), VoteCounts()]
  /// Votes of a round that were counted by hand; these stand in for those of phones.
  private(set) var byHand: [VoteCounts?] = [nil, nil]
  /// Seconds that are left of the phase; nil while no timer runs.
  private(set) var seconds: Int?
  /// Whether the key that skips to the reveal was pressed once.
  private(set) var isSkipping = false

  init(id: String, poll: Poll) {
    self.id = id
    self.poll = poll
  }

  /// The votes of a round, 1 or 2.
  func counts(round: Int) -> VoteCounts { byHand[round - 1] ?? votes[round - 1] }

  /// How many have answered in the round that is open, or was last.
  var answered: Int { counts(round: phase.round).total }

  /// Whether the answer may be seen.
  var isRevealed: Bool { phase == .reveal }

  // MARK: Moves

  /// Goes on to the next phase; the timer belongs to the phase that ends.
  mutating func goOn() { move(by: 1) }

  /// Goes back to the phase before; what was voted stays.
  mutating func goBack() { move(by: -1) }

  private mutating func move(by places: Int) {
    let phases = poll.phases
    guard let index = phases.firstIndex(of: phase) else { return }
    let next = max(0, min(phases.count - 1, index + places))
    if phases[next] != phase { seconds = nil }
    phase = phases[next]
    isSkipping = false
  }

  /// The key that skips to the reveal: the second press in a row does.
  mutating func skip() {
    guard isSkipping else { return isSkipping = true }
    (isSkipping, seconds, phase) = (false, nil, .reveal)
  }

  /// Another key was pressed.
  mutating func forgetSkipping() { isSkipping = false }

  // MARK: Timer

  /// Starts the timer, or gives more time.
  mutating func addTime(_ more: Int) {
    guard phase != .reveal else { return }
    let wanted = (seconds ?? 0) + more
    seconds = wanted > 0 ? wanted : nil
  }

  /// A second has passed.
  mutating func tick() { seconds = seconds.map { max(0, $0 - 1) } }

  // MARK: Votes

  /// Takes the counts that phones sent for a round.
  mutating func receive(_ counts: VoteCounts, round: Int) { votes[round - 1] = counts }

  /// Takes counts of hands for the round that is open, or was last.
  mutating func count(byHand counts: VoteCounts?) { byHand[phase.round - 1] = counts }
}

/// How many chose what.
package struct VoteCounts: Hashable, Sendable {
  /// Votes by option, counted from 0, or by number.
  package private(set) var votes: [Double: Int] = [:]

  package init(_ votes: [Double: Int] = [:]) { self.votes = votes.filter { $0.value > 0 } }

  package var total: Int { votes.values.reduce(0, +) }

  package func of(_ choice: Double) -> Int { votes[choice] ?? 0 }
}
