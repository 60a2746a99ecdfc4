internal import Base
internal import Trace

extension Llama.Family {
  /// Norms behind attention and MLP, and of all queries and all keys of a token as one.
  ///
  /// Source: OLMo Team 2024 (arXiv:2501.00656).
  static let olmo2 = Self(
    modelType: "olmo2", kvHeads: nil, contextLength: 2_048, endOfSequence: [50_279],
    headNorm: .whole, normEpsilon: 1e-5, norms: .behind
  ) { fields throws(FileError) in
    let attention = try fields.flag("attention_bias", default: false)
    return (.init(queryKeyValue: attention, output: attention, mlp: false), AttentionMask())
  }

  /// Q, K and V in one tensor, gate and way up in one; heads that turn in part, LongRoPE, a window.
  ///
  /// Source: Abdin et al. 2024 (arXiv:2404.14219). Older files call LongRoPE `su` or `yarn`.
  static let phi3 = Self(
    modelType: "phi3", kvHeads: nil, contextLength: 4_096, endOfSequence: [32_000],
    normEpsilon: 1e-5, isFused: true,
    rotary: RotaryFields(
      standardShare: 1, original: 4_096,
      types: [
        ("default", .plain), ("longrope", .longRope), ("su", .longRope), ("yarn", .longRope),
      ])
  ) { fields throws(FileError) in
    let window = try fields.optionalSize("sliding_window")
    return (
      .init(queryKeyValue: false, output: false, mlp: false), AttentionMask(window: window)
    )
  }

  /// Every fourth layer, or as listed, without rotary positions; windows where it lists them.
  ///
  /// Source: Bakouch et al. 2025, "SmolLM3"; layers without positions: Yang et al. 2025 (arXiv:2501.18795).
  static let smollm3 = Self(
    modelType: "smollm3", kvHeads: 4, contextLength: 32_768, endOfSequence: [128_001], ties: true,
    rotary: RotaryFields(standardTheta: 2_000_000),
    layers: { fields, rule, shape throws(FileError) in
      let turns = try turningLayers(fields, shape.layers)
      let used = try fields.flag("use_sliding_window")
      let window = try fields.optionalSize("sliding_window")
      let listed = try fields.windowedLayers(shape.layers)
      let count = listed == nil ? turns.count : shape.layers
      return try (0..<count).map { layer throws(FileError) in
        let turns = turns[layer % turns.count]
        let isWindowed = listed?[layer] ?? (used && window != nil && !turns)
        let own = turns ? rule : rule.withoutPositions
        return isWindowed ? own.within(try fields.size("sliding_window")) : own
      }
    }
  ) { fields throws(FileError) in
    let attention = try fields.flag("attention_bias", default: false)
    let mlp = try fields.flag("mlp_bias", default: false)
    return (.init(queryKeyValue: attention, output: attention, mlp: mlp), AttentionMask())
  }

  /// Which layers positions turn queries and keys in: all that are listed, or as many as come again and again.
  private static func turningLayers(
    _ fields: JSONField, _ layers: Int
  ) throws(FileError) -> [Bool] {
    guard let list = try fields.optional("no_rope_layers") else {
      let step = try fields.period("no_rope_layer_interval", default: 4)
      return (1...step).map { $0 < step }
    }
    let elements = try list.elements()
    guard elements.count >= layers else {
      throw fields.bad("no_rope_layers", "\(elements.count)", .forEachLayer(layers))
    }
    return try elements.prefix(layers).map { element throws(FileError) in
      guard let flag = element.value.integer else { throw element.mustBe(.size(0...1)) }
      return flag != 0
    }
  }
}

extension JSONField {
  /// Which layers see a window only, as `layer_types` says; nil where it says nothing.
  func windowedLayers(_ layers: Int) throws(FileError) -> [Bool]? {
    guard let list = try optional("layer_types") else { return nil }
    let types = try list.elements()
    guard types.count == layers else {
      throw bad("layer_types", "\(types.count)", .forEachLayer(layers))
    }
    return try types.map { type throws(FileError) in
      switch type.value.string {
      case "full_attention": return false
      case "sliding_attention": return true
      default: throw type.unsupported(["\"full_attention\"", "\"sliding_attention\""])
      }
    }
  }

  /// After how many layers their kinds come again.
  func period(_ key: String, default standard: Int) throws(FileError) -> Int {
    // Each layer of a period has a rule of its own, and no real model has more.
    let most = 4_096
    let period = try optionalSize(key) ?? standard
    guard period <= most else { throw bad(key, "\(period)", .size(1...most)) }
    return period
  }
}

extension Expectation {
  /// A list with an element for each layer.
  fileprivate static func forEachLayer(_ layers: Int) -> Self {
    Self(" \(layers) 层各有一项的列表", "a list with an item for each of the \(layers) layers")
  }
}
