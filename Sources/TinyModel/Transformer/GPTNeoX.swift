internal import Base
internal import Kernels
internal import Trace

/// GPT-NeoX, as Pythia is: layer norms, heads that turn in part, attention and MLP side by side.
///
/// Source: Black et al. 2022 (arXiv:2204.06745), Biderman et al. 2023 (arXiv:2304.01373); fields of Hugging Face's
/// `GPTNeoXConfig`, tensors of its `GPTNeoXForCausalLM`.
enum GPTNeoX {
  static let architecture = Architecture(
    modelType: "gpt_neox", prefix: "gpt_neox.", configuration: configuration, weights: weights,
    fitted: withNamedHead)

  /// What its file calls the matrix of the logits; newer saves call it as other models do.
  private static let ownHead = "embed_out.weight"

  @Sendable private static func configuration(
    _ fields: JSONField
  ) throws(FileError) -> ModelConfiguration {
    let layers = try fields.size("num_hidden_layers")
    let heads = try fields.size("num_attention_heads")
    let width = try fields.size("hidden_size")
    guard width % heads == 0 else {
      throw fields.bad("num_attention_heads", "\(heads)", .divisor(of: "hidden_size", width))
    }
    let vocabulary = try fields.size("vocab_size")
    let longest = try fields.size("max_position_embeddings", ifAbsent: 2_048) ?? 2_048
    let rotation = try Rotation(
      fields, RotaryFields(theta: "rotary_emb_base", share: "rotary_pct", standardShare: 0.25),
      headDimension: width / heads, contextLength: longest)
    let bias = try fields.flag("attention_bias", default: true)
    var shape = ModelConfiguration(
      architecture: "gpt_neox", layers: layers, heads: heads, kvHeads: heads,
      modelDimension: width, headDimension: width / heads,
      feedForwardDimension: try fields.size("intermediate_size"), vocabulary: vocabulary,
      contextLength: rotation.contextLength,
      normEpsilon: try fields.fraction("layer_norm_eps", default: 1e-5),
      tiesEmbeddings: try fields.flag("tie_word_embeddings", default: false),
      endOfSequence: try fields.ids("eos_token_id", ifAbsent: [2]).filter { $0 < vocabulary },
      rules: [
        LayerRule(
          attention: AttentionRule(headDimension: width / heads), rotary: rotation.embedding)
      ], biases: .init(queryKeyValue: bias, output: bias, mlp: true),
      hasParallelBlocks: try fields.flag("use_parallel_residual", default: true),
      turnedDimension: rotation.dimension,
      activation: try fields.activation("hidden_act", default: .gelu))
    shape.contextLimit = rotation.contextLimit
    return shape
  }

  @Sendable private static func withNamedHead(
    _ shape: ModelConfiguration, _ names: [String]
  ) -> ModelConfiguration {
    var shape = shape
    if names.contains(ownHead) { shape.headName = ownHead }
    return shape
  }

  @Sendable private static func weights(
    _ shape: ModelConfiguration, _ reader: inout TensorReader
  ) throws(FileError) -> Weights {
    let (embedding, head) = try reader.embeddingAndHead("embed_in.weight", shape)
    var blocks: [Block] = []
    for layer in 0..<shape.layers { blocks.append(try block("layers.\(layer).", shape, &reader)) }
    return Weights(
      tokenEmbedding: embedding, positionEmbedding: nil, blocks: blocks,
      finalNorm: try GPT2.norm("final_layer_norm", shape, &reader), head: head)
  }

  private static func block(
    _ prefix: String, _ shape: ModelConfiguration, _ reader: inout TensorReader
  ) throws(FileError) -> Block {
    let (width, inner, biases) = (shape.modelDimension, shape.feedForwardDimension, shape.biases)
    let (attention, mlp) = (prefix + "attention.", prefix + "mlp.dense_")
    return Block(
      attentionNorm: try GPT2.norm(prefix + "input_layernorm", shape, &reader),
      queryKeyValue: .joined(
        try reader.linear(
          attention + "query_key_value", width, 3 * width, hasBias: biases.queryKeyValue
        ) { joinedOrder(shape) }),
      output: try reader.linear(attention + "dense", width, width, hasBias: biases.output),
      mlpNorm: try GPT2.norm(prefix + "post_attention_layernorm", shape, &reader),
      mlp: .plain(
        shape.activation,
        up: try reader.linear(mlp + "h_to_4h", width, inner, hasBias: biases.mlp),
        down: try reader.linear(mlp + "4h_to_h", inner, width, hasBias: biases.mlp)))
  }

  /// The rows of the matrix of Q, K and V: the file has the three of each head together, the engine Q of all heads, then K,
  /// then V.
  private static func joinedOrder(_ shape: ModelConfiguration) -> [Int] {
    let width = shape.headDimension
    return (0..<3).flatMap { part in
      (0..<shape.heads).flatMap { head in
        (0..<width).map { (3 * head + part) * width + $0 }
      }
    }
  }
}
