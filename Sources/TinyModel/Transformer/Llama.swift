internal import Base
internal import Kernels
internal import Trace

/// The Llama family: RMS norms, rotary positions, gated MLPs, K and V heads that several query heads share.
///
/// Its kin with other norms, fused tensors or layers of several kinds: `Llama+Kin.swift`, `Gemma3.swift`.
/// Source: Touvron et al. 2023 (arXiv:2302.13971, arXiv:2307.09288); shared heads: Ainslie et al. 2023 (arXiv:2305.13245),
/// Shazeer 2019 (arXiv:1911.02150). Fields and tensors of Hugging Face's `LlamaConfig` and `LlamaForCausalLM`.
enum Llama {
  /// What one `model_type` of the family has of its own; defaults are those of its configuration class.
  struct Family: Sendable {
    let modelType: String
    /// `num_key_value_heads` where the field is absent; nil for as many as there are query heads.
    let kvHeads: Int?
    /// `max_position_embeddings` where the field is absent.
    let contextLength: Int
    /// `eos_token_id` where the field is absent.
    let endOfSequence: [Int]
    /// `head_dim` where the field is absent; nil for the share of a head.
    var headDimension: Int?
    /// Which norms queries and keys have.
    var headNorm = HeadNorm.none
    /// `rms_norm_eps` where the field is absent.
    var normEpsilon: Float = 1e-6
    /// Where the norms of a block stand.
    var norms = BlockNorms.before
    /// What is added to the gains of the norms as the file has them.
    var gainOffset: Float = 0
    /// `tie_word_embeddings` where the field is absent.
    var ties = false
    /// Whether Q, K and V are one tensor of the file, and so gate and way up.
    var isFused = false
    /// What is done to the gate of the MLP.
    var activation = GateActivation.silu
    /// Whether rows of the embedding are multiplied by √ of their width.
    var scalesEmbedding = false
    /// Where it says how positions turn heads; nil where the layers' rules read it themselves.
    var rotary: RotaryFields? = RotaryFields()
    /// The rules of the layers, of that of all: one for each layer, or fewer that repeat.
    var layers:
      @Sendable (JSONField, LayerRule, ModelConfiguration) throws(FileError) -> [LayerRule] = {
        _, rule, _ in [rule]
      }
    /// How the two biases and the window are told.
    let details:
      @Sendable (JSONField) throws(FileError) -> (
        ModelConfiguration.Biases, AttentionMask
      )

    static let all = [llama, mistral, qwen2, qwen3, olmo2, phi3, smollm3, gemma3]
  }

  /// Where the norms of a block stand.
  enum BlockNorms: Sendable {
    /// Before attention and before the MLP.
    case before
    /// Behind both, of what they add.
    case behind
    /// Before and behind both.
    case around

    /// How many there are.
    var count: Int { self == .around ? 4 : 2 }
  }

  static func architecture(_ family: Family) -> Architecture {
    Architecture(
      modelType: family.modelType, prefix: "model.",
      configuration: { fields throws(FileError) in try configuration(fields, family) },
      weights: { shape, reader throws(FileError) in
        try WeightNames(family: family, shape: shape).weights(&reader)
      })
  }

  private static func configuration(
    _ fields: JSONField, _ family: Family
  ) throws(FileError) -> ModelConfiguration {
    switch family.activation {
    case .silu: try fields.requireOneOf(["silu", "swish"], at: "hidden_act")
    case .geluTanh: try fields.requireOneOf(GELU.tanhNames, at: "hidden_activation")
    }
    let layers = try fields.size("num_hidden_layers")
    let (heads, kvHeads) = try self.heads(fields, family)
    let width = try fields.size("hidden_size")
    let headDimension = try self.headDimension(fields, family, width: width, heads: heads)
    let vocabulary = try fields.size("vocab_size")
    let standard = family.contextLength
    let contextLength = try fields.size("max_position_embeddings", ifAbsent: standard) ?? standard
    let (biases, mask) = try family.details(fields)
    let rotation = try family.rotary.map { names throws(FileError) in
      try Rotation(
        fields, names, headDimension: headDimension, contextLength: contextLength)
    }
    let rule = LayerRule(
      attention: AttentionRule(mask: mask, headDimension: headDimension),
      rotary: rotation?.embedding, headNorm: family.headNorm)
    var shape = ModelConfiguration(
      architecture: family.modelType, layers: layers, heads: heads, kvHeads: kvHeads,
      modelDimension: width,
      headDimension: headDimension, feedForwardDimension: try fields.size("intermediate_size"),
      vocabulary: vocabulary, contextLength: rotation?.contextLength ?? contextLength,
      normEpsilon: try fields.fraction("rms_norm_eps", default: family.normEpsilon),
      tiesEmbeddings: try fields.flag("tie_word_embeddings", default: family.ties),
      endOfSequence: try fields.ids("eos_token_id", ifAbsent: family.endOfSequence)
        .filter { $0 < vocabulary },
      rules: [rule], isGated: true, biases: biases, hasNormBias: false,
      blockNorms: family.norms.count,
      embeddingScale: family.scalesEmbedding ? Float(Double(width).squareRoot()) : nil,
      turnedDimension: rotation?.dimension)
    shape.contextLimit = rotation?.contextLimit ?? .positions
    shape.rules = try family.layers(fields, rule, shape)
    return shape
  }

  private static func heads(
    _ fields: JSONField, _ family: Family
  ) throws(FileError) -> (Int, Int) {
    let heads = try fields.size("num_attention_heads")
    let kvHeads = try fields.size("num_key_value_heads", ifAbsent: family.kvHeads) ?? heads
    guard heads % kvHeads == 0 else {
      throw fields.bad(
        "num_key_value_heads", "\(kvHeads)", .divisor(of: "num_attention_heads", heads))
    }
    return (heads, kvHeads)
  }

  /// Its own field, or the share of a head; even, because elements turn in pairs.
  private static func headDimension(
    _ fields: JSONField, _ family: Family, width: Int, heads: Int
  ) throws(FileError) -> Int {
    let own = try ownHeadWidth(fields, family)
    guard own != nil || width % heads == 0 else {
      throw fields.bad("num_attention_heads", "\(heads)", .divisor(of: "hidden_size", width))
    }
    let headDimension = own ?? width / heads
    guard headDimension % 2 == 0 else { throw fields.bad("head_dim", "\(headDimension)", .even) }
    return headDimension
  }

  private static func ownHeadWidth(
    _ fields: JSONField, _ family: Family
  ) throws(FileError) -> Int? {
    guard let standard = family.headDimension else { return try fields.optionalSize("head_dim") }
    // Where there is a default, null stands for nothing.
    return fields.has("head_dim") ? try fields.size("head_dim") : standard
  }
}

extension Llama.Family {
  static let llama = Self(
    modelType: "llama", kvHeads: nil, contextLength: 2_048, endOfSequence: [2]
  ) { fields throws(FileError) in
    let attention = try fields.flag("attention_bias", default: false)
    let mlp = try fields.flag("mlp_bias", default: false)
    return (.init(queryKeyValue: attention, output: attention, mlp: mlp), AttentionMask())
  }

  /// A window over the newest keys.
  ///
  /// Source: Jiang et al. 2023 (arXiv:2310.06825).
  static let mistral = Self(
    modelType: "mistral", kvHeads: 8, contextLength: 131_072, endOfSequence: [2]
  ) { fields throws(FileError) in
    let window = try fields.size("sliding_window", ifAbsent: 4_096)
    return (
      .init(queryKeyValue: false, output: false, mlp: false), AttentionMask(window: window)
    )
  }

  /// Biases of Q, K and V; windows in some layers.
  ///
  /// Source: Yang et al. 2024 (arXiv:2407.10671).
  static let qwen2 = Self(
    modelType: "qwen2", kvHeads: 32, contextLength: 32_768, endOfSequence: [],
    layers: QwenWindows.rules
  ) { _ throws(FileError) in
    (.init(queryKeyValue: true, output: false, mlp: false), AttentionMask())
  }

  /// A norm of each query and each key, heads of a width of their own; its windows as in Qwen2.
  ///
  /// Source: Yang et al. 2025 (arXiv:2505.09388); norms: Dehghani et al. 2023 (arXiv:2302.05442).
  static let qwen3 = Self(
    modelType: "qwen3", kvHeads: 32, contextLength: 32_768, endOfSequence: [], headDimension: 128,
    headNorm: .perHead, layers: QwenWindows.rules
  ) { fields throws(FileError) in
    let attention = try fields.flag("attention_bias", default: false)
    return (.init(queryKeyValue: attention, output: attention, mlp: false), AttentionMask())
  }
}
