/// A question and its answer, and what they took.
public struct ConversationTurn: Equatable, Sendable {
  /// Counted from 1 in its conversation.
  public let number: Int
  /// The question as it was asked.
  public let question: String
  /// What the model wrote, up to a newline or the end of the sequence.
  public let answer: String
  /// The ids of the whole conversation up to and with this question.
  public let prompt: [Int]
  /// The ids that were written, the one that ended the answer, if one did, at their end.
  public let written: [Int]
  /// Tokens of the prompt whose K and V were in the cache.
  public let reused: Int
  /// Written tokens that were fed.
  public let fed: Int
  /// FLOP of the answer with reuse.
  public let withReuse: Int
  /// FLOP of the answer behind a fresh prefill.
  public let withoutReuse: Int
  /// Whether both wrote the same.
  public let agrees: Bool
  /// Bytes of the K and V that are held after the turn.
  public let cacheBytes: Int

  /// What was done, as it was counted.
  public init(
    number: Int, question: String, answer: String, prompt: [Int], written: [Int], reused: Int,
    fed: Int, withReuse: Int, withoutReuse: Int, agrees: Bool, cacheBytes: Int
  ) {
    (self.number, self.question, self.answer) = (number, question, answer)
    (self.prompt, self.written, self.reused, self.fed) = (prompt, written, reused, fed)
    (self.withReuse, self.withoutReuse, self.agrees) = (withReuse, withoutReuse, agrees)
    self.cacheBytes = cacheBytes
  }

  /// Tokens whose K and V were computed for this turn.
  public var computed: Int { prompt.count - reused + fed }
}
