/// What another question in the place of a turn's would leave of the K and V that are held, by the ids alone: nothing is run.
public struct TurnEdit: Hashable, Sendable {
  /// The turn, counted from 1.
  public let turn: Int
  /// The other question.
  public let question: String
  /// Tokens whose K and V are held.
  public let held: Int
  /// Tokens of the conversation up to and with the other question.
  public let prompt: Int
  /// The longest beginning that both have in common, less the last token of the prompt, whose logits are wanted.
  public let kept: Int
  /// The first token that is held and is another one in the prompt; nil where what is held ends before.
  public let old: String?
  /// The token in its place; nil where none differs.
  public let new: String?
  /// Tokens of a block of which only whole ones are kept elsewhere.
  public let blockSize: Int
  /// What another first character of each turn's question would leave.
  public let cuts: [Int]

  /// What was compared.
  public init(
    turn: Int, question: String, held: Int, prompt: Int, kept: Int, old: String?, new: String?,
    blockSize: Int, cuts: [Int]
  ) {
    (self.turn, self.question, self.held, self.prompt) = (turn, question, held, prompt)
    (self.kept, self.old, self.new) = (kept, old, new)
    (self.blockSize, self.cuts) = (blockSize, cuts)
  }

  /// Tokens whose K and V are of no use any more.
  public var void: Int { held - kept }
  /// Tokens of the prompt that are to be fed.
  public var fed: Int { prompt - kept }
  /// Whether some token of the prompt is another one than that which is held.
  public var differs: Bool { new != nil }
  /// Whole blocks that are kept where K and V are kept in blocks.
  public var blocks: Int { kept / blockSize }
}
