/// A question and its answer, and what they took.
public struct ConversationTurn: Hashable, Sendable {
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
  /// Bytes of the K and V that are held after the turn.
  public let cacheBytes: Int
  /// What the answer took behind a fresh prefill; nil while that was not run.
  public var emptied: AnswerCost?
  /// What it took without any cache, every row anew for each token; nil while that was not run.
  public var uncached: AnswerCost?
  /// Where the turn came into the place of another: what of that is the same, and its K and V nevertheless.
  public var unchanged: UnchangedRows?

  /// What was done, as it was counted.
  public init(
    number: Int, question: String, answer: String, prompt: [Int], written: [Int], reused: Int,
    fed: Int, withReuse: Int, cacheBytes: Int, emptied: AnswerCost? = nil
  ) {
    (self.number, self.question, self.answer) = (number, question, answer)
    (self.prompt, self.written, self.reused, self.fed) = (prompt, written, reused, fed)
    (self.withReuse, self.cacheBytes, self.emptied) = (withReuse, cacheBytes, emptied)
  }

  /// Tokens whose K and V were computed for this turn.
  public var computed: Int { prompt.count - reused + fed }
  /// Tokens whose K and V are held after the turn.
  public var held: [Int] { prompt + written.prefix(fed) }
  /// FLOP of the answer behind a fresh prefill; nil while that was not run.
  public var withoutReuse: Int? { emptied?.flops }
  /// Whether every way of computing it that was run wrote the same.
  public var agrees: Bool { [emptied, uncached].allSatisfy { $0?.agrees ?? true } }
}
