internal import Base

/// What any decoder's `config.json` says of its sizes, by the names that most of them have.
struct ConfigFields {
  let field: JSONField
  let family: ModelFamily
  /// Whether it is a part of a larger configuration, which leaves out what is as its class has it.
  let isPart: Bool
  /// Layers.
  let layers: Int
  let heads: Int
  let kvHeads: Int
  let headDimension: Int
  /// Width of the residual stream.
  let width: Int

  /// Layers beyond this are no model's; lists of them are made.
  static let mostLayers = 10_000

  init(_ field: JSONField, _ family: ModelFamily, isPart: Bool) throws(FileError) {
    (self.field, self.family, self.isPart) = (field, family, isPart)
    let isGPT2 = family.types == ["gpt2"]
    layers = try Self.layers(field, isGPT2 ? "n_layer" : "num_hidden_layers")
    width = try field.size(isGPT2 ? "n_embd" : "hidden_size")
    heads = try Self.size(isGPT2 ? "n_head" : "num_attention_heads", field, family, isPart)
    if isGPT2 {
      kvHeads = heads
    } else if family.defaultsToAllHeads || field.has("num_key_value_heads") {
      kvHeads = try field.optionalSize("num_key_value_heads") ?? heads
    } else {
      kvHeads = try Self.size("num_key_value_heads", field, family, isPart)
    }
    headDimension = try Self.headDimension(field, family, width: width, heads: heads)
    guard heads % kvHeads == 0 else {
      throw field.bad(
        "num_key_value_heads", "\(kvHeads)", .divisor(of: "num_attention_heads", heads))
    }
  }

  private static func layers(_ field: JSONField, _ key: String) throws(FileError) -> Int {
    let layers = try field.size(key)
    guard layers <= mostLayers else { throw field.bad(key, "\(layers)", .size(1...mostLayers)) }
    return layers
  }

  /// A size, for which a part of a configuration has a default.
  private static func size(
    _ key: String, _ field: JSONField, _ family: ModelFamily, _ isPart: Bool
  ) throws(FileError) -> Int {
    if isPart, let size = family.partDefaults[key], !field.has(key) { return size }
    return try field.size(key)
  }

  /// `head_dim` before hidden ÷ heads.
  private static func headDimension(
    _ field: JSONField, _ family: ModelFamily, width: Int, heads: Int
  ) throws(FileError) -> Int {
    // What they call `head_dim` is the part of a key that positions turn.
    if case .latent = family.layers { return try field.size("qk_rope_head_dim") }
    if let given = try field.optionalSize("head_dim") ?? family.headDimension { return given }
    guard width % heads == 0 else {
      let key = family.types == ["gpt2"] ? "n_head" : "num_attention_heads"
      throw field.bad(key, "\(heads)", .divisor(of: "hidden_size", width))
    }
    return width / heads
  }

  /// A size that must be there, but in a part that has a default.
  func size(_ key: String) throws(FileError) -> Int {
    try Self.size(key, field, family, isPart)
  }

  /// A whole number from 0.
  func count(_ key: String, default standard: Int) throws(FileError) -> Int {
    guard let field = try field.optional(key) else { return standard }
    guard let count = field.value.integer, (0...Self.mostLayers).contains(count) else {
      throw field.mustBe(.size(0...Self.mostLayers))
    }
    return count
  }

  /// Whether something is there.
  func has(_ flag: ModelFamily.Flag) throws(FileError) -> Bool {
    switch flag {
    case .no: false
    case .yes: true
    case .field(let key, let standard): try field.flag(key, default: standard)
    }
  }

  /// Whether the logits' matrix is the embedding.
  var ties: Bool {
    get throws(FileError) { try field.flag("tie_word_embeddings", default: family.ties) }
  }
}
