/// What is asked just now, as whoever counts votes needs to know it.
package struct Poll: Hashable, Sendable {
  /// Which question of the lecture this is.
  package let question: String
  /// How often it has been put to the vote, this time included; from 1.
  package let round: Int
  /// How many options there are to choose from; nil where a number is asked for.
  package let options: Int?
  /// Whether votes count now.
  package let isOpen: Bool

  /// Creates a poll; `round` is from 1.
  package init(question: String, round: Int, options: Int?, isOpen: Bool) {
    self.question = question
    self.round = round
    self.options = options
    self.isOpen = isOpen
  }

  /// Whether a vote can be for this: an option that is there, or any finite number.
  package func offers(_ choice: Double) -> Bool {
    guard let options else { return choice.isFinite }
    return choice >= 0 && choice < Double(options) && choice.rounded() == choice
  }
}
