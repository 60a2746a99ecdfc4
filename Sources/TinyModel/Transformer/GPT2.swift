internal import Base
internal import Kernels
internal import Trace

/// GPT-2: layer norms, learned positions, an MLP without a gate.
///
/// Source: Radford et al. 2019; fields of Hugging Face's `GPT2Config`, tensors of its `GPT2LMHeadModel`.
enum GPT2 {
  static let architecture = Architecture(
    modelType: "gpt2", prefix: "transformer.", configuration: configuration, weights: weights,
    fitted: withoutMissingBiases)

  @Sendable private static func configuration(
    _ fields: JSONField
  ) throws(FileError) -> ModelConfiguration {
    try fields.require(true, at: "scale_attn_weights")
    try fields.require(false, at: "scale_attn_by_inverse_layer_idx")
    try fields.require(false, at: "add_cross_attention")
    let layers = try fields.size("n_layer")
    let heads = try fields.size("n_head")
    let width = try fields.size("n_embd")
    guard width % heads == 0 else {
      throw fields.bad("n_head", "\(heads)", .divisor(of: "n_embd", width))
    }
    let inner = if let inner = try fields.optionalSize("n_inner") { inner } else { 4 * width }
    let vocabulary = try fields.size("vocab_size")
    return ModelConfiguration(
      architecture: "gpt2", layers: layers, heads: heads, kvHeads: heads, modelDimension: width,
      headDimension: width / heads, feedForwardDimension: inner, vocabulary: vocabulary,
      contextLength: try fields.size(fields.has("n_positions") ? "n_positions" : "n_ctx"),
      normEpsilon: try fields.fraction("layer_norm_epsilon", default: 1e-5),
      tiesEmbeddings: try fields.flag("tie_word_embeddings", default: true),
      endOfSequence: try fields.ids("eos_token_id").filter { $0 < vocabulary },
      rules: [LayerRule(attention: AttentionRule(headDimension: width / heads))],
      hasLearnedPositions: true,
      activation: try fields.activation("activation_function", default: .geluTanh))
  }

  /// Where a file has not one bias, of products or of norms, Hugging Face takes zeros for them, and nothing says so.
  @Sendable private static func withoutMissingBiases(
    _ shape: ModelConfiguration, _ names: [String]
  ) -> ModelConfiguration {
    func hasAny(_ parts: [String]) -> Bool {
      names.contains { name in parts.contains { name.hasSuffix($0 + ".bias") } }
    }
    var shape = shape
    if !hasAny(["attn.c_attn", "attn.c_proj", "mlp.c_fc", "mlp.c_proj"]) { shape.biases = .none }
    shape.hasNormBias = hasAny(["ln_1", "ln_2", "ln_f"])
    return shape
  }

  @Sendable private static func weights(
    _ shape: ModelConfiguration, _ reader: inout TensorReader
  ) throws(FileError) -> Weights {
    let (embedding, head) = try reader.embeddingAndHead("wte.weight", shape)
    let positions = try reader.read("wpe.weight", [shape.contextLength, shape.modelDimension])
    var blocks: [Block] = []
    for layer in 0..<shape.layers { blocks.append(try block("h.\(layer).", shape, &reader)) }
    return Weights(
      tokenEmbedding: embedding, positionEmbedding: positions, blocks: blocks,
      finalNorm: try norm("ln_f", shape, &reader), head: head)
  }

  private static func block(
    _ prefix: String, _ shape: ModelConfiguration, _ reader: inout TensorReader
  ) throws(FileError) -> Block {
    let width = shape.modelDimension
    return Block(
      attentionNorm: try norm(prefix + "ln_1", shape, &reader),
      queryKeyValue: .joined(
        try reader.convolution(
          prefix + "attn.c_attn", width, 3 * width, hasBias: shape.biases.queryKeyValue)),
      output: try reader.convolution(
        prefix + "attn.c_proj", width, width, hasBias: shape.biases.output),
      mlpNorm: try norm(prefix + "ln_2", shape, &reader),
      mlp: try mlp(prefix + "mlp.", shape, &reader))
  }

  private static func mlp(
    _ prefix: String, _ shape: ModelConfiguration, _ reader: inout TensorReader
  ) throws(FileError) -> MLP {
    let (width, inner, hasBias) = (
      shape.modelDimension, shape.feedForwardDimension, shape.biases.mlp
    )
    return .plain(
      shape.activation,
      up: try reader.convolution(prefix + "c_fc", width, inner, hasBias: hasBias),
      down: try reader.convolution(prefix + "c_proj", inner, width, hasBias: hasBias))
  }

  /// A layer norm of the residual stream.
  static func norm(
    _ name: String, _ shape: ModelConfiguration, _ reader: inout TensorReader
  ) throws(FileError) -> Norm {
    .layer(
      LayerNorm(
        gain: try reader.read(name + ".weight", [shape.modelDimension]),
        bias: shape.hasNormBias ? try reader.read(name + ".bias", [shape.modelDimension]) : nil,
        epsilon: shape.normEpsilon))
  }
}
