/// An answer that is being written.
public struct AnswerProgress: Hashable, Sendable {
  /// The turn, counted from 1.
  public let number: Int
  /// The question as it was asked.
  public let question: String
  /// What is written so far.
  public let answer: String
  /// Tokens of the conversation up to and with the question.
  public let prompt: Int
  /// Those of them whose K and V were there.
  public let reused: Int
  /// Tokens that are written.
  public let written: Int
  /// Written tokens that were fed.
  public let fed: Int

  /// How far it has come.
  public init(
    number: Int, question: String, answer: String, prompt: Int, reused: Int, written: Int, fed: Int
  ) {
    (self.number, self.question, self.answer) = (number, question, answer)
    (self.prompt, self.reused, self.written, self.fed) = (prompt, reused, written, fed)
  }
}
