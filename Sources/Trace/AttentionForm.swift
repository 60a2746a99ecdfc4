/// A model over a text with its full cache, as far as it was computed: what its form of attention keeps and does.
public struct AttentionForm: Sendable, Equatable {
  /// The model.
  public let model: ModelDescription
  /// The tokens of the text.
  public let tokens: [TraceToken]
  /// The steps so far, a token each.
  public var steps: [AttentionFormStep]

  /// A model before its first step.
  public init(model: ModelDescription, tokens: [TraceToken], steps: [AttentionFormStep] = []) {
    (self.model, self.tokens, self.steps) = (model, tokens, steps)
  }

  /// What the field calls it: `MHA`, `GQA`, `MQA` or `MLA`.
  public var name: String {
    if model.latent != nil { return "MLA" }
    return model.kvHeads == model.heads ? "MHA" : model.kvHeads == 1 ? "MQA" : "GQA"
  }
}

/// One token of a text through a model.
public struct AttentionFormStep: Sendable, Equatable {
  /// Tokens in the sequence.
  public let length: Int
  /// The most likely next tokens.
  public let next: [Candidate]
  /// FLOP of the pass.
  public let flops: Int
  /// FLOP of its attention alone: scores and weighted values.
  public let attentionFlops: Int
  /// Bytes that the cache holds behind it.
  public let cacheBytes: Int

  /// A step as it was counted.
  public init(
    length: Int, next: [Candidate], flops: Int, attentionFlops: Int, cacheBytes: Int
  ) {
    (self.length, self.next) = (length, next)
    (self.flops, self.attentionFlops, self.cacheBytes) = (flops, attentionFlops, cacheBytes)
  }
}
