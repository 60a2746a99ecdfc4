#if canImport(Glibc)
  internal import Glibc
#else
  internal import Darwin
#endif
internal import Base

/// Where a class of configurations says how positions turn heads, and what holds where it says nothing.
struct RotaryFields: Sendable {
  /// What `rope_type` can mean.
  enum Kind: Sendable {
    case plain, linear, dynamic, llama3, yarn, longRope
  }

  /// The field of the frequencies' base, beside one in the object of the scaling.
  var theta = "rope_theta"
  var standardTheta: Float = 10_000
  /// The field of the share of a head that turns.
  var share = "partial_rotary_factor"
  /// The share where nothing says it; nil where heads turn whole, or are refused.
  var standardShare: Double?
  /// `original_max_position_embeddings` where nothing says it; nil for the longest sequence.
  var original: Int?
  /// What it knows as `rope_type`.
  ///
  /// `dynamic` changes nothing up to the longest sequence, and no run is longer.
  var types: [(name: String, kind: Kind)] = [
    ("default", .plain), ("linear", .linear), ("dynamic", .dynamic), ("llama3", .llama3),
    ("yarn", .yarn), ("longrope", .longRope),
  ]
}

/// How the positions of a model turn its heads, as `config.json` says it.
struct Rotation {
  let embedding: RotaryEmbedding
  /// Elements of a head that turn, the first ones.
  let dimension: Int
  /// The longest sequence: with LongRoPE that of the first training, as longer ones would turn every key anew.
  let contextLength: Int
  /// Why it is no longer.
  let contextLimit: ContextLimit

  /// Reads `rope_scaling`, or what newer files have instead: `rope_parameters`.
  ///
  /// - Parameters:
  ///   - fields: of the whole `config.json`.
  ///   - names: where the class of the configuration says what.
  ///   - headDimension: the width of a head.
  ///   - contextLength: the longest sequence, in tokens.
  /// - Throws: what is missing, malformed or not supported.
  init(
    _ fields: JSONField, _ names: RotaryFields = RotaryFields(), headDimension: Int,
    contextLength: Int
  ) throws(FileError) {
    var rope = try fields.optionalObject("rope_scaling")
    if rope == nil { rope = try fields.optionalObject("rope_parameters") }
    if let rope {
      for (key, value) in try rope.fields() where value.fields != nil {
        throw rope.unsupported(key, value.summary, ["null"])
      }
    }
    try self.init(
      rope, of: fields, names, headDimension: headDimension, contextLength: contextLength)
  }

  /// Reads the object of a scaling, where there is one.
  init(
    _ rope: JSONField?, of fields: JSONField, _ names: RotaryFields, headDimension: Int,
    contextLength: Int
  ) throws(FileError) {
    dimension = try Self.dimension(rope, fields, names, headDimension: headDimension)
    let reader = ScalingReader(
      fields: fields, names: names, dimension: dimension, contextLength: contextLength)
    let standard = try fields.optionalPositive(names.theta) ?? names.standardTheta
    let theta = try rope?.optionalPositive("rope_theta") ?? standard
    let scaling = try rope.map { rope throws(FileError) in try reader.scaling(rope, theta: theta) }
    embedding = RotaryEmbedding(theta: theta, scaling: scaling ?? .none)
    self.contextLength =
      if let rope, case .longRope = embedding.scaling {
        min(contextLength, try reader.original(rope))
      } else { contextLength }
    contextLimit = self.contextLength < contextLength ? .longRope : .positions
  }

  /// Elements of a head that turn; of the two places that can say it, that of the scaling goes first.
  private static func dimension(
    _ rope: JSONField?, _ fields: JSONField, _ names: RotaryFields, headDimension: Int
  ) throws(FileError) -> Int {
    let own = try rope?.optional("partial_rotary_factor")
    let outer = try fields.optional(names.share)
    guard let standard = names.standardShare else {
      for field in [outer, own] {
        if let field, field.value.number != 1 { throw field.unsupported(["1"]) }
      }
      return headDimension
    }
    let field = own ?? outer ?? fields.child(.null, names.share)
    let share = own == nil && outer == nil ? standard : field.value.number ?? 0
    guard share > 0, share <= 1 else { throw field.mustBe(.share) }
    let dimension = Int(Double(headDimension) * share)
    guard dimension > 0, dimension % 2 == 0 else { throw field.mustBe(.evenPart(headDimension)) }
    return dimension
  }
}

/// Reads how the frequencies are stretched.
private struct ScalingReader {
  let fields: JSONField
  let names: RotaryFields
  let dimension: Int
  let contextLength: Int

  func scaling(
    _ rope: JSONField, theta: Float
  ) throws(FileError) -> RotaryEmbedding.Scaling {
    let field = rope.has("rope_type") ? "rope_type" : "type"
    try rope.requireOneOf(names.types.map(\.name), at: field)
    let type = rope.value[field]?.string
    switch names.types.first(where: { $0.name == type })?.kind ?? .plain {
    case .plain: return .none
    case .linear: return .linear(factor: try rope.positive("factor"))
    case .dynamic:
      _ = try rope.positive("factor")
      return .none
    case .llama3: return try llama3(rope)
    case .yarn: return .yarn(try yarn(rope, theta: theta))
    case .longRope: return try longRope(rope)
    }
  }

  /// The longest sequence of the first training; the field beside the scaling goes before that within it.
  func original(_ rope: JSONField) throws(FileError) -> Int {
    let name = "original_max_position_embeddings"
    let own = try rope.optionalSize(name)
    return try fields.optionalSize(name) ?? names.original ?? own ?? contextLength
  }

  private func llama3(_ rope: JSONField) throws(FileError) -> RotaryEmbedding.Scaling {
    let low = try rope.positive("low_freq_factor")
    let high = try rope.positive("high_freq_factor")
    guard low < high else { throw rope.bad("high_freq_factor", "\(high)", .above("\(low)")) }
    return .llama3(
      factor: try rope.positive("factor"), low: low, high: high, original: try original(rope))
  }

  private func yarn(
    _ rope: JSONField, theta: Float
  ) throws(FileError) -> RotaryEmbedding.YaRN {
    guard theta > 1 else { throw rope.bad("rope_theta", "\(theta)", .above("1")) }
    let original = try original(rope)
    let factor = try factor(rope, original)
    // Where these are 0, Hugging Face takes them for absent.
    let fast =
      try rope.optional("beta_fast")?.value.number == 0 ? nil : rope.optionalPositive("beta_fast")
    let slow =
      try rope.optional("beta_slow")?.value.number == 0 ? nil : rope.optionalPositive("beta_slow")
    let (most, least) = (fast ?? 32, slow ?? 1)
    guard least < most else { throw rope.bad("beta_fast", "\(most)", .above("\(least)")) }
    return RotaryEmbedding.YaRN(
      factor: Float(factor), fast: Double(most), slow: Double(least), original: original,
      isTruncated: try rope.flag("truncate", default: true),
      attention: try yarnAttention(rope, factor))
  }

  private func yarnAttention(_ rope: JSONField, _ factor: Double) throws(FileError) -> Float {
    if let own = try rope.optionalPositive("attention_factor") { return own }
    func scale(_ by: Double) -> Double { factor <= 1 ? 1 : 0.1 * by * log(factor) + 1 }
    let some = try rope.optional("mscale")?.value.number ?? 0
    let all = try rope.optional("mscale_all_dim")?.value.number ?? 0
    guard some != 0, all != 0 else { return Float(scale(1)) }
    let attention = Float(scale(some) / scale(all))
    guard attention > 0, attention.isFinite else {
      throw rope.bad("mscale", "\(some)", .positive)
    }
    return attention
  }

  private func longRope(_ rope: JSONField) throws(FileError) -> RotaryEmbedding.Scaling {
    let list = try rope.required("short_factor")
    let elements = try list.elements()
    guard elements.count == dimension / 2 else {
      throw rope.bad("short_factor", "\(elements.count)", .numbers(dimension / 2))
    }
    var factors: [Float] = []
    for element in elements {
      guard let number = element.value.number.map(Float.init), number > 0, number.isFinite else {
        throw element.mustBe(.positive)
      }
      factors.append(number)
    }
    return .longRope(factors: factors, attention: try longRopeAttention(rope))
  }

  private func longRopeAttention(_ rope: JSONField) throws(FileError) -> Float {
    if let own = try rope.optionalPositive("attention_factor") { return own }
    let original = try original(rope)
    let factor = try factor(rope, original)
    guard factor > 1 else { return 1 }
    guard original > 1 else {
      throw rope.bad("original_max_position_embeddings", "\(original)", .above("1"))
    }
    return Float((1 + log(factor) / log(Double(original))).squareRoot())
  }

  /// How many times longer sequences are than those of the first training.
  private func factor(_ rope: JSONField, _ original: Int) throws(FileError) -> Double {
    guard try rope.optionalPositive("factor") != nil, let own = rope.value["factor"]?.number else {
      return Double(contextLength) / Double(original)
    }
    return own
  }
}

extension Expectation {
  /// A share of a whole.
  fileprivate static let share = Self("大于 0、不大于 1 的数", "a number above 0 and at most 1")
  /// A share of a head that is an even number of elements.
  fileprivate static func evenPart(_ width: Int) -> Self {
    Self(
      "取 \(width) 个数里偶数个的份额", "a share that takes an even number of the \(width) elements of a head"
    )
  }
  /// A list of so many numbers.
  fileprivate static func numbers(_ count: Int) -> Self {
    Self(" \(count) 个数的列表", "a list of \(count) numbers")
  }
}
