internal import Base
internal import Kernels
internal import Trace

/// Gemma 3 of text: windows in most layers, which turn faster than the others; norms around attention and MLP, GeGLU, a
/// scale of its own for scores, and scaled embeddings.
///
/// Source: Gemma Team 2025 (arXiv:2503.19786); fields of Hugging Face's `Gemma3TextConfig`, tensors of its
/// `Gemma3ForCausalLM`.
extension Llama.Family {
  static let gemma3 = Self(
    modelType: "gemma3_text", kvHeads: 4, contextLength: 131_072, endOfSequence: [1],
    headDimension: 256, headNorm: .perHead, norms: .around, gainOffset: 1, ties: true,
    activation: .geluTanh, scalesEmbedding: true,
    // How positions turn is said for each kind of layer.
    rotary: nil, layers: gemma3Layers
  ) { fields throws(FileError) in
    try fields.requireNone(at: "attn_logit_softcapping")
    try fields.requireNone(at: "final_logit_softcapping")
    try fields.require(false, at: "use_bidirectional_attention")
    let attention = try fields.flag("attention_bias", default: false)
    return (.init(queryKeyValue: attention, output: attention, mlp: false), AttentionMask())
  }

  @Sendable private static func gemma3Layers(
    _ fields: JSONField, _ rule: LayerRule, _ shape: ModelConfiguration
  ) throws(FileError) -> [LayerRule] {
    let scalar = try fields.optionalPositive("query_pre_attn_scalar") ?? 256
    let scale = Float(1 / Double(scalar).squareRoot())
    let rotary = try RotaryOfKinds(fields, shape)
    let period = try fields.period("sliding_window_pattern", default: 6)
    let windowed = try fields.windowedLayers(shape.layers) ?? (1...period).map { $0 < period }
    let window = windowed.contains(true) ? try gemma3Window(fields) : nil
    return windowed.map { isWindowed in
      LayerRule(
        attention: AttentionRule(
          mask: AttentionMask(window: isWindowed ? window : nil), scale: scale),
        rotary: isWindowed ? rotary.windowed : rotary.full, headNorm: rule.headNorm)
    }
  }

  private static func gemma3Window(_ fields: JSONField) throws(FileError) -> Int {
    fields.has("sliding_window") ? try fields.size("sliding_window") : 4_096
  }
}

/// How positions turn the layers of each kind.
private struct RotaryOfKinds {
  let full: RotaryEmbedding
  let windowed: RotaryEmbedding

  private static let kinds = ["full_attention", "sliding_attention"]

  /// Reads `rope_parameters`, an object for each kind, or what older files have instead: `rope_theta` and `rope_scaling` of
  /// layers that see everything, `rope_local_base_freq` of the others.
  init(_ fields: JSONField, _ shape: ModelConfiguration) throws(FileError) {
    let parameters = try fields.optionalObject("rope_parameters")
    for (key, value) in try parameters?.fields() ?? [] where !Self.kinds.contains(key) {
      if let parameters { throw parameters.unsupported(key, value.summary, Self.kinds) }
    }
    let scaling = try fields.optionalObject("rope_scaling")
    let everything = try parameters?.optionalObject(Self.kinds[0])
    if let scaling, everything != nil {
      throw fields.unsupported("rope_scaling", scaling.value.summary, ["null"])
    }
    full = try Self.embedding(
      scaling ?? everything, of: fields, RotaryFields(standardTheta: 1_000_000), shape)
    windowed = try Self.embedding(
      parameters?.optionalObject(Self.kinds[1]), of: fields,
      RotaryFields(theta: "rope_local_base_freq"), shape)
  }

  private static func embedding(
    _ rope: JSONField?, of fields: JSONField, _ names: RotaryFields, _ shape: ModelConfiguration
  ) throws(FileError) -> RotaryEmbedding {
    var names = names
    // LongRoPE would end texts early, and no such file is known.
    names.types.removeAll { $0.kind == .longRope }
    return try Rotation(
      rope, of: fields, names, headDimension: shape.headDimension,
      contextLength: shape.contextLength
    ).embedding
  }
}
