/// A verifying pass of speculative decoding, and what was drafted for it.
public struct SpeculativePass: Equatable, Sendable {
  /// Counted from 1.
  public let number: Int
  /// Tokens of the text before the pass; the last of them is fed in it.
  public let length: Int
  /// What the small model drafted behind them.
  public let drafted: [Int]
  /// How many of these stand in the text, from the first on.
  public let accepted: Int
  /// What the pass added to the text: the accepted tokens and, unless one of them ends it, one of the model's own.
  public let written: [Int]
  /// What the model writes behind each row, the last token of the text and the drafted ones: as many as rows.
  public let chosen: [Int]
  /// The probabilities that it gives to these, at temperature 1.
  public let probabilities: [Double]
  /// Rows of the pass, all of which have their logits computed.
  public let rows: Int
  /// Rows that the model's cache gave up again.
  public let truncated: Int
  /// FLOP of the model's pass.
  public let modelFLOPs: Int
  /// FLOP of the small model's passes before it.
  public let draftFLOPs: Int
  /// Bytes of weights that the model's pass read.
  public let modelBytes: Int
  /// Bytes of weights that the small model's passes read.
  public let draftBytes: Int
  /// The attention weights of the model's pass; nil where they were not asked for.
  public let weights: PassWeights?

  /// What was done, as it was counted.
  public init(
    number: Int, length: Int, drafted: [Int], accepted: Int, written: [Int], chosen: [Int],
    probabilities: [Double], rows: Int, truncated: Int, modelFLOPs: Int, draftFLOPs: Int,
    modelBytes: Int, draftBytes: Int, weights: PassWeights? = nil
  ) {
    (self.chosen, self.probabilities, self.weights) = (chosen, probabilities, weights)
    (self.modelBytes, self.draftBytes) = (modelBytes, draftBytes)
    (self.number, self.length, self.drafted) = (number, length, drafted)
    (self.accepted, self.written, self.rows) = (accepted, written, rows)
    (self.truncated, self.modelFLOPs, self.draftFLOPs) = (truncated, modelFLOPs, draftFLOPs)
  }

  /// FLOP of both.
  public var flops: Int { modelFLOPs + draftFLOPs }
}
