internal import Base
internal import Kernels
internal import Trace

/// DeepSeek-V2 and -V3 where every layer is dense: RMS norms, SwiGLU, multi-head latent attention with rotary parts.
///
/// Source: DeepSeek-AI 2024 (arXiv:2405.04434, arXiv:2412.19437). Fields and tensors of Hugging Face's `DeepseekV3Config` and
/// `DeepseekV3ForCausalLM`, and of their V2 kin, which differ in defaults alone. Layers of experts are refused, and YaRN.
enum DeepSeek {
  /// What one `model_type` has of its own; defaults are those of its configuration class.
  struct Family: Sendable {
    let modelType: String
    /// `first_k_dense_replace` where the field is absent.
    let denseLayers: Int
    /// `max_position_embeddings` where the field is absent.
    let contextLength: Int
    /// `eos_token_id` where the field is absent.
    let endOfSequence: [Int]
    /// Whether it reads `rope_interleave`; one that does not is interleaved.
    let choosesLayout: Bool
    /// Whether it reads `mlp_bias`; one that does not has none.
    let choosesBias: Bool

    static let all = [
      Family(
        modelType: "deepseek_v2", denseLayers: 0, contextLength: 2_048, endOfSequence: [2],
        choosesLayout: false, choosesBias: true),
      Family(
        modelType: "deepseek_v3", denseLayers: 3, contextLength: 4_096, endOfSequence: [1],
        choosesLayout: true, choosesBias: false),
    ]
  }

  /// The norms of latents have their own, whatever `rms_norm_eps` is.
  private static let latentEpsilon: Float = 1e-6

  static func architecture(_ family: Family) -> Architecture {
    Architecture(
      modelType: family.modelType, prefix: "model.",
      configuration: { fields throws(FileError) in try configuration(fields, family) },
      weights: weights)
  }

  private static func configuration(
    _ fields: JSONField, _ family: Family
  ) throws(FileError) -> ModelConfiguration {
    try fields.requireOneOf(["silu", "swish"], at: "hidden_act")
    let layers = try fields.size("num_hidden_layers")
    try requireDense(fields, family, layers: layers)
    let heads = try self.heads(fields)
    let vocabulary = try fields.size("vocab_size")
    let standard = family.contextLength
    let contextLength = try fields.size("max_position_embeddings", ifAbsent: standard) ?? standard
    let latent = try latent(fields, family)
    let bias = try fields.flag("attention_bias", default: false)
    let mlpBias = family.choosesBias ? try fields.flag("mlp_bias", default: false) : false
    let shape = ModelConfiguration(
      architecture: family.modelType, layers: layers, heads: heads, kvHeads: heads,
      modelDimension: try fields.size("hidden_size"), headDimension: latent.queryDimension,
      feedForwardDimension: try fields.size("intermediate_size"), vocabulary: vocabulary,
      contextLength: contextLength,
      normEpsilon: try fields.fraction("rms_norm_eps", default: 1e-6),
      tiesEmbeddings: try fields.flag("tie_word_embeddings", default: false),
      endOfSequence: try fields.ids("eos_token_id", ifAbsent: family.endOfSequence)
        .filter { $0 < vocabulary },
      rules: [
        LayerRule(
          attention: AttentionRule(headDimension: latent.queryDimension),
          rotary: try rotary(fields, latent, contextLength: contextLength))
      ], isGated: true, biases: .init(queryKeyValue: bias, output: bias, mlp: mlpBias),
      hasNormBias: false, latent: latent)
    return shape.attending(.absorbed)
  }

  /// Refuses a layer of experts.
  private static func requireDense(
    _ fields: JSONField, _ family: Family, layers: Int
  ) throws(FileError) {
    let name = "first_k_dense_replace"
    let dense =
      fields.has(name) ? try fields.required(name).count() : family.denseLayers
    guard dense >= layers else { throw fields.bad(name, "\(dense)", .allLayers(layers)) }
  }

  /// Query heads; each has a key and a value of its own, so that the file cannot tell another number of these.
  private static func heads(_ fields: JSONField) throws(FileError) -> Int {
    let heads = try fields.size("num_attention_heads")
    let name = "num_key_value_heads"
    let kvHeads = try fields.optionalSize(name) ?? heads
    guard kvHeads == heads else {
      throw fields.unsupported(name, "\(kvHeads)", ["\(heads)"])
    }
    return heads
  }

  private static func latent(
    _ fields: JSONField, _ family: Family
  ) throws(FileError) -> LatentShape {
    func width(_ name: String, _ standard: Int) throws(FileError) -> Int {
      fields.has(name) ? try fields.size(name) : standard
    }
    let rotary = try width("qk_rope_head_dim", 64)
    guard rotary % 2 == 0 else { throw fields.bad("qk_rope_head_dim", "\(rotary)", .even) }
    return LatentShape(
      queryRank: try fields.size("q_lora_rank", ifAbsent: 1536),
      rank: try width("kv_lora_rank", 512), rotary: rotary,
      plain: try width("qk_nope_head_dim", 128), value: try width("v_head_dim", 128),
      isInterleaved: try isInterleaved(fields, family))
  }

  /// Where the field is null, nothing is interleaved.
  private static func isInterleaved(
    _ fields: JSONField, _ family: Family
  ) throws(FileError) -> Bool {
    let name = "rope_interleave"
    guard family.choosesLayout, fields.has(name) else { return true }
    guard try fields.optional(name) != nil else { return false }
    return try fields.flag(name)
  }

  /// Refuses a scaling that changes the scores' scale as well.
  private static func rotary(
    _ fields: JSONField, _ latent: LatentShape, contextLength: Int
  ) throws(FileError) -> RotaryEmbedding {
    let names = RotaryFields(types: [
      ("default", .plain), ("linear", .linear), ("llama3", .llama3),
    ])
    let rotary = try Rotation(
      fields, names, headDimension: latent.rotary, contextLength: contextLength
    ).embedding
    let name = "mscale_all_dim"
    for place in ["rope_scaling", "rope_parameters"] where rotary.scaling != .none {
      guard let rope = try fields.optionalObject(place), let scale = rope.value[name],
        !scale.isNull, scale.number != 0
      else { continue }
      throw rope.unsupported(name, scale.summary, ["0", "null"])
    }
    return rotary
  }
}

extension Expectation {
  /// As many as there are layers: none has experts.
  fileprivate static func allLayers(_ layers: Int) -> Self {
    Self(
      "不小于层数 \(layers) 的整数（不支持专家层）",
      "at least \(layers), the number of layers, as layers of experts are not supported")
  }
}

// MARK: Weights

extension DeepSeek {
  @Sendable private static func weights(
    _ shape: ModelConfiguration, _ reader: inout TensorReader
  ) throws(FileError) -> Weights {
    guard let latent = shape.latent else {
      preconditionFailure("no latent in \(shape.architecture)")
    }
    let (embedding, head) = try reader.embeddingAndHead("embed_tokens.weight", shape)
    var blocks: [Block] = []
    for layer in 0..<shape.layers { blocks.append(try block(layer, shape, latent, &reader)) }
    return Weights(
      tokenEmbedding: embedding, positionEmbedding: nil, blocks: blocks,
      finalNorm: try Llama.norm("norm", shape, &reader), head: head)
  }

  private static func block(
    _ layer: Int, _ shape: ModelConfiguration, _ latent: LatentShape,
    _ reader: inout TensorReader
  ) throws(FileError) -> Block {
    let prefix = "layers.\(layer)."
    let attention = prefix + "self_attn."
    return Block(
      attentionNorm: try Llama.norm(prefix + "input_layernorm", shape, &reader),
      queryKeyValue: .latent(try projection(attention, shape, latent, &reader)),
      output: try reader.linear(
        attention + "o_proj", shape.outputWidth, shape.modelDimension,
        hasBias: shape.biases.output),
      mlpNorm: try Llama.norm(prefix + "post_attention_layernorm", shape, &reader),
      mlp: try Llama.mlp(prefix + "mlp.", shape, .silu, &reader))
  }

  private static func projection(
    _ prefix: String, _ shape: ModelConfiguration, _ latent: LatentShape,
    _ reader: inout TensorReader
  ) throws(FileError) -> LatentProjection {
    let width = shape.modelDimension
    let down = try queryDown(prefix, shape, latent, &reader)
    return LatentProjection(
      queryDown: down,
      query: try reader.linear(
        prefix + (down == nil ? "q_proj" : "q_b_proj"), latent.queryRank ?? width,
        shape.heads * latent.queryDimension, hasBias: false
      ) { latent.queryOrder(heads: shape.heads) },
      latent: try reader.linear(
        prefix + "kv_a_proj_with_mqa", width, latent.rank + latent.rotary,
        hasBias: shape.biases.queryKeyValue
      ) { latent.order(after: latent.rank) },
      latentNorm: RMSNorm(
        gain: try reader.read(prefix + "kv_a_layernorm.weight", [latent.rank]),
        epsilon: latentEpsilon),
      keysAndValues: try keysAndValues(prefix + "kv_b_proj", shape, latent, &reader))
  }

  private static func queryDown(
    _ prefix: String, _ shape: ModelConfiguration, _ latent: LatentShape,
    _ reader: inout TensorReader
  ) throws(FileError) -> LatentProjection.Down? {
    guard let rank = latent.queryRank else { return nil }
    return LatentProjection.Down(
      product: try reader.linear(
        prefix + "q_a_proj", shape.modelDimension, rank, hasBias: shape.biases.queryKeyValue),
      norm: RMSNorm(
        gain: try reader.read(prefix + "q_a_layernorm.weight", [rank]), epsilon: latentEpsilon))
  }

  /// One matrix for all heads, or of each head the part that makes keys, turned round, and the one that makes values.
  private static func keysAndValues(
    _ name: String, _ shape: ModelConfiguration, _ latent: LatentShape,
    _ reader: inout TensorReader
  ) throws(FileError) -> LatentProjection.KeysAndValues {
    let (plain, value, rank) = (latent.plain, latent.value, latent.rank)
    guard latent.form == .absorbed else {
      return .expanded(
        try reader.linear(name, rank, shape.heads * (plain + value), hasBias: false))
    }
    let weight = name + ".weight"
    let matrix = try reader.matrix(weight, [shape.heads * (plain + value), rank])
    var (keys, values): ([Linear], [Linear]) = ([], [])
    for head in 0..<shape.heads {
      let first = head * (plain + value)
      let (ofKeys, ofValues) = (
        matrix.rows(first..<first + plain),
        matrix.rows(first + plain..<first + plain + value)
      )
      keys.append(try reader.pack(weight, ofKeys, .innerFirst))
      values.append(try reader.pack(weight, ofValues, .outerFirst))
    }
    return .absorbed(keys: keys, values: values)
  }
}

extension LatentShape {
  /// The rows of the matrix that makes queries, head by head.
  fileprivate func queryOrder(heads: Int) -> [Int] {
    let order = order(after: plain)
    return (0..<heads).flatMap { head in order.map { head * queryDimension + $0 } }
  }

  /// The rows of a matrix whose last `rotary` outputs turn, behind `plain` that do not, so that element i turns with element
  /// i + rotary / 2.
  fileprivate func order(after plain: Int) -> [Int] {
    let pairs = 0..<rotary / 2
    let turned =
      isInterleaved ? pairs.map { 2 * $0 } + pairs.map { 2 * $0 + 1 } : Array(0..<rotary)
    return Array(0..<plain) + turned.map { plain + $0 }
  }
}
