/// What one device says to one question.
package struct Vote: Sendable {
  /// The question that its sender has seen.
  package let question: String
  /// The round that its sender has seen.
  package let round: Int
  /// An option's place, from 0, or the number that was asked for.
  package let choice: Double
  /// Who votes.
  package let device: Device

  /// Creates a vote.
  package init(question: String, round: Int, choice: Double, device: Device) {
    self.question = question
    self.round = round
    self.choice = choice
    self.device = device
  }
}

/// A device, as far as it has to be told from others: a number that nobody can turn back into its id.
///
/// The number depends on a secret that every process draws anew, and is written nowhere.
package struct Device: Hashable, Sendable {
  private let number: Int

  /// The device that calls itself so; any text is an id.
  package init(id: String) {
    var hasher = Hasher()
    hasher.combine(id.utf8.count)
    for byte in id.utf8 { hasher.combine(byte) }
    number = hasher.finalize()
  }
}
