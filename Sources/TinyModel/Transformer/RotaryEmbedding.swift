#if canImport(Glibc)
  internal import Glibc
#else
  internal import Darwin
#endif
internal import Base
internal import Kernels

/// How fast positions turn the pairs of a query's or key's elements.
///
/// Element i of a head turns with element i + head dimension / 2, as Hugging Face stores its checkpoints.
/// Source: Su et al. 2021 (arXiv:2104.09864).
struct RotaryEmbedding: Equatable, Sendable {
  /// How the frequencies are stretched for texts that are longer than those of the first training.
  enum Scaling: Equatable, Sendable {
    case none
    /// Positions count `factor` times less.
    ///
    /// Source: Chen et al. 2023 (arXiv:2306.15595).
    case linear(factor: Float)
    /// Slow pairs turn `factor` times slower, fast ones as before, those between by a mix.
    ///
    /// Source: Llama 3.1's `apply_scaling` (arXiv:2407.21783).
    case llama3(factor: Float, low: Float, high: Float, original: Int)
  }

  /// The base of the frequencies.
  let theta: Float
  let scaling: Scaling

  /// Radians by which one position turns each pair: `[head dimension / 2]`.
  ///
  /// Rounded to f32 where Hugging Face rounds: an angle is a position times this, so that at position 100,000 an ulp here
  /// is some thousandths of a radian.
  func frequencies(headDimension: Int) -> [Float] {
    (0..<headDimension / 2).map { pair in
      let exponent = Float(2 * pair) / Float(headDimension)
      return scaled(1 / Float(pow(Double(theta), Double(exponent))))
    }
  }

  private func scaled(_ frequency: Float) -> Float {
    switch scaling {
    case .none: return frequency
    case .linear(let factor): return frequency / factor
    case .llama3(let factor, let low, let high, let original):
      let turns = Float(original) / (2 * Float.pi / frequency)
      if turns < low { return frequency / factor }
      if turns > high { return frequency }
      let mix = (turns - low) / (high - low)
      return (1 - mix) * frequency / factor + mix * frequency
    }
  }
}

extension RotaryEmbedding {
  /// Reads `rope_parameters`, or what older files have instead: `rope_theta` and `rope_scaling`.
  ///
  /// - Parameters:
  ///   - fields: of the whole `config.json`.
  ///   - contextLength: the longest sequence, in tokens.
  /// - Throws: what is missing, malformed or not supported.
  init(_ fields: JSONField, contextLength: Int) throws(FileError) {
    var rope = try fields.optionalObject("rope_scaling")
    if rope == nil { rope = try fields.optionalObject("rope_parameters") }
    try Self.requireWholeHeads(fields)
    let standard = try fields.optionalPositive("rope_theta") ?? 10_000
    guard let rope else {
      self.init(theta: standard, scaling: .none)
      return
    }
    try Self.requireWholeHeads(rope)
    for (key, value) in rope.value.fields ?? [] where value.fields != nil {
      throw rope.unsupported(key, value.summary, ["null"])
    }
    self.init(
      theta: try rope.optionalPositive("rope_theta") ?? standard,
      scaling: try Self.scaling(rope, fields, contextLength: contextLength))
  }

  private static func scaling(
    _ rope: JSONField, _ fields: JSONField, contextLength: Int
  ) throws(FileError) -> Scaling {
    let field = rope.has("rope_type") ? "rope_type" : "type"
    try rope.requireOneOf(["default", "linear", "llama3"], at: field)
    switch rope.value[field]?.string {
    case "linear": return .linear(factor: try rope.positive("factor"))
    case "llama3":
      let low = try rope.positive("low_freq_factor")
      let high = try rope.positive("high_freq_factor")
      guard low < high else { throw rope.bad("high_freq_factor", "\(high)", .above("\(low)")) }
      let name = "original_max_position_embeddings"
      let own = try rope.optionalSize(name)
      return .llama3(
        factor: try rope.positive("factor"), low: low, high: high,
        original: try fields.optionalSize(name) ?? own ?? contextLength)
    default: return .none
    }
  }

  /// Refuses heads of which only a part turns.
  private static func requireWholeHeads(_ fields: JSONField) throws(FileError) {
    let field = "partial_rotary_factor"
    guard let share = try fields.optionalPositive(field), share != 1 else { return }
    throw fields.unsupported(field, fields.value[field]?.summary ?? "", ["1"])
  }
}

/// Cosines and sines by absolute position, which both runs read: `[positions][head dimension / 2]` each.
struct RotaryTable: Sendable {
  private let half: Int
  private let cosineTable: FloatBuffer
  private let sineTable: FloatBuffer

  /// Computes the table in double, from angles as f32 holds them.
  init(_ rotary: RotaryEmbedding, headDimension: Int, positions: Int) {
    half = headDimension / 2
    cosineTable = FloatBuffer(count: positions * half)
    sineTable = FloatBuffer(count: positions * half)
    let frequencies = rotary.frequencies(headDimension: headDimension)
    for position in 0..<positions {
      for (pair, frequency) in frequencies.enumerated() {
        let angle = Double(Float(position) * frequency)
        cosineTable.pointer[position * half + pair] = Float(cos(angle))
        sineTable.pointer[position * half + pair] = Float(sin(angle))
      }
    }
  }

  /// Bytes that are allocated.
  var allocatedBytes: Bytes {
    .floats(Bytes(cosineTable.count)) + .floats(Bytes(sineTable.count))
  }

  /// The cosines of a position: `[head dimension / 2]`.
  func cosines(_ position: Int) -> UnsafePointer<Float> {
    UnsafePointer(cosineTable.pointer + position * half)
  }

  /// The sines of a position: `[head dimension / 2]`.
  func sines(_ position: Int) -> UnsafePointer<Float> {
    UnsafePointer(sineTable.pointer + position * half)
  }
}
