/// The ballots of a lecture: whoever comes back to a question finds the votes that were cast.
package struct BallotBox: Sendable {
  /// No lecture asks more; the oldest goes.
  package static let mostQuestions = 64

  /// In the order in which they were asked first.
  private var ballots: [Ballot] = []

  /// A box without votes.
  package init() {}

  /// Counts a vote in a poll.
  package mutating func cast(_ vote: Vote, in poll: Poll) throws(Ballot.Refusal) {
    let index = place(of: poll)
    try ballots[index].cast(vote, in: poll)
  }

  /// What the votes on a question come to; nil where nobody was asked.
  package func count(of question: String) -> BallotCount? {
    ballots.first { $0.question == question }?.count
  }

  /// Where the ballot of a poll is, put there if it is new; a question that has got other options is another one.
  private mutating func place(of poll: Poll) -> Int {
    if let index = ballots.firstIndex(where: { $0.question == poll.question }) {
      if ballots[index].options != poll.options { ballots[index] = Ballot(of: poll) }
      return index
    }
    if ballots.count == Self.mostQuestions { ballots.removeFirst() }
    ballots.append(Ballot(of: poll))
    return ballots.count - 1
  }
}
