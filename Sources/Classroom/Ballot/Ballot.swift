/// The votes on one question: one a device and round, of which the last counts.
package struct Ballot: Sendable {
  /// Why a vote does not count.
  package enum Refusal: Error, Equatable {
    /// The question is another one, of another round, or closed.
    case notOpen
    /// There is no such option, or it is no number.
    case noSuchChoice
    /// As many devices as are kept have voted already.
    case full
  }

  /// Votes of more devices than these are no lecture's; what each of them takes is kept within this bound.
  package static let mostDevices = 4096
  /// No question is put to the vote more often.
  package static let mostRounds = 8

  /// The question.
  package let question: String
  /// How many options it has; nil where a number is asked for.
  let options: Int?
  /// By round, from 1.
  private var rounds: [Int: [Device: Double]] = [:]

  /// A ballot without votes, for all rounds of a poll's question.
  package init(of poll: Poll) {
    question = poll.question
    options = poll.options
  }

  /// Counts a vote, in the place of an earlier one of the same device.
  package mutating func cast(_ vote: Vote, in poll: Poll) throws(Refusal) {
    guard poll.isOpen, vote.question == poll.question, vote.round == poll.round,
      (1...Self.mostRounds).contains(poll.round)
    else { throw .notOpen }
    guard poll.offers(vote.choice) else { throw .noSuchChoice }
    let known = rounds[poll.round] ?? [:]
    guard known[vote.device] != nil || known.count < Self.mostDevices else { throw .full }
    // A zero has a sign that no question asks for.
    rounds[poll.round, default: [:]][vote.device] = vote.choice == 0 ? 0 : vote.choice
  }

  /// What the votes come to.
  package var count: BallotCount {
    let last = rounds.keys.max() ?? 0
    let votes = (0..<last).map { Array((rounds[$0 + 1] ?? [:]).values) }
    guard let options else { return BallotCount(question: question, numbers: votes) }
    return BallotCount(question: question, options: options, places: votes.map { $0.map(Int.init) })
  }
}

/// What the votes on a question come to, of which nothing leads back to a device.
package struct BallotCount: Hashable, Sendable {
  /// The question.
  package let question: String
  /// How many votes each option got, or each of `values`, round by round.
  package let counts: [[Int]]
  /// The numbers that were given in any round, ascending; nil where one chose among options.
  package let values: [Double]?

  /// The counts of votes for places, round by round.
  init(question: String, options: Int, places: [[Int]]) {
    self.question = question
    values = nil
    counts = places.map { places in
      places.reduce(into: [Int](repeating: 0, count: options)) { counts, place in
        if counts.indices.contains(place) { counts[place] += 1 }
      }
    }
  }

  /// The counts of votes that are numbers, round by round.
  init(question: String, numbers: [[Double]]) {
    self.question = question
    let values = Set(numbers.joined()).sorted()
    self.values = values
    let places = Dictionary(uniqueKeysWithValues: values.enumerated().map { ($1, $0) })
    counts = numbers.map { numbers in
      numbers.reduce(into: [Int](repeating: 0, count: values.count)) { counts, number in
        if let place = places[number] { counts[place] += 1 }
      }
    }
  }

  /// How many devices answered in a round, from 1.
  package func answered(in round: Int) -> Int {
    counts.indices.contains(round - 1) ? counts[round - 1].reduce(0, +) : 0
  }
}
