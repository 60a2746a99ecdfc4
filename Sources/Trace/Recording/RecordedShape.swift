internal import Base

/// What the `model` of a recording says, as far as it must or may say it.
struct RecordedShape {
  let name: String
  let architecture: String?
  let layers: Int
  let heads: Int
  let kvHeads: Int
  let modelDimension: Int?
  let headDimension: Int
  let vocabulary: Int?
  let parameters: Int?
  let dtype: String?

  /// No model has more of either; what is laid out for each of them stays small.
  static let most = (layers: 4096, heads: 4096)

  /// Reads and checks the object.
  init(_ model: JSONField) throws(FileError) {
    name = try model.required("name").text()
    architecture = try model.optional("architecture")?.text()
    layers = try Self.size(model, "layers", most: Self.most.layers)
    heads = try Self.size(model, "heads", most: Self.most.heads)
    kvHeads = try Self.size(model, "kv_heads", most: heads)
    guard heads.isMultiple(of: kvHeads) else {
      throw model.bad("kv_heads", "\(kvHeads)", .divisor(of: "heads", heads))
    }
    modelDimension = try model.optionalSize("d_model")
    headDimension = try model.size("d_head")
    vocabulary = try model.optionalSize("vocabulary")
    parameters = try model.optional("parameters").map { field throws(FileError) in
      try field.count()
    }
    dtype = try model.optional("dtype")?.text()
  }

  /// The KV head that a query head reads.
  func kvHead(of head: Int) -> Int { head * kvHeads / heads }

  private static func size(
    _ model: JSONField, _ key: String, most: Int
  ) throws(FileError) -> Int {
    let size = try model.size(key)
    guard size <= most else { throw model.bad(key, "\(size)", .size(1...most)) }
    return size
  }
}

/// What `attention` says of a layer.
struct RecordedRule {
  let rule: AttentionRule
  /// The layer whose keys and values it reads; nil for its own.
  let owner: Int?

  /// The plain case: every earlier key, scores / √head dimension.
  init(headDimension: Int) {
    rule = AttentionRule(headDimension: headDimension)
    owner = nil
  }

  /// Reads and checks a layer's object.
  init(_ field: JSONField, layer: Int, headDimension: Int) throws(FileError) {
    let kinds = ["full", "sliding", "linear", "none"]
    try field.requireOneOf(kinds, at: "kind")
    let window = try field.optionalSize("window")
    let plain = AttentionRule(headDimension: headDimension)
    rule = AttentionRule(
      mask: AttentionMask(window: window),
      scale: try field.optionalPositive("scale") ?? plain.scale,
      softCap: try field.optionalPositive("softcap"),
      hasNoPositions: try field.optional("positions")?.text() == "none")
    owner = try field.optional("kv_from").map { other throws(FileError) in
      guard let number = other.value.integer, number >= 0, number < layer else {
        throw other.mustBe(.earlierLayer(layer))
      }
      return number
    }
  }
}

extension Expectation {
  /// A layer before another, counted from 0.
  fileprivate static func earlierLayer(_ layer: Int) -> Self {
    layer == 0
      ? Self(" null，第 0 层前面没有层", "null, as no layer comes before layer 0")
      : .size(0...layer - 1)
  }
}
