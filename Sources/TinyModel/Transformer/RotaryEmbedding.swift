#if canImport(Glibc)
  internal import Glibc
#else
  internal import Darwin
#endif
internal import Base
internal import Kernels

/// How fast positions turn the pairs of a query's or key's elements.
///
/// Element i of a head turns with element i + rotary dimension / 2, as Hugging Face stores its checkpoints.
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
    /// The same, the mix going by the number of the pair.
    case yarn(YaRN)
    /// Each pair turns slower by a factor of its own: `[rotary dimension / 2]`. Cosines and sines are multiplied by `attention`.
    ///
    /// Source: Ding et al. 2024 (arXiv:2402.13753). Its other factors, for texts beyond the first training's, are not for
    /// keys that a cache holds already turned by these: a text ends before.
    case longRope(factors: [Float], attention: Float)
  }

  /// The numbers of YaRN.
  ///
  /// Source: Peng et al. 2023 (arXiv:2309.00071).
  struct YaRN: Equatable, Sendable {
    /// How many times slower slow pairs turn.
    let factor: Float
    /// Turns over the first training's texts, from which on a pair turns as before.
    let fast: Double
    /// Turns over the first training's texts, up to which a pair turns `factor` times slower.
    let slow: Double
    /// The longest text of the first training, in tokens.
    let original: Int
    /// Whether the ends of the mix are whole pairs.
    let isTruncated: Bool
    /// What cosines and sines are multiplied by.
    let attention: Float
  }

  /// The base of the frequencies.
  let theta: Float
  let scaling: Scaling

  /// Radians by which one position turns each pair: `[rotary dimension / 2]`.
  ///
  /// Rounded to f32 where Hugging Face rounds: an angle is a position times this, so that at position 100,000 an ulp here
  /// is some thousandths of a radian.
  func frequencies(dimension: Int) -> [Float] {
    let mix = mix(dimension: dimension)
    return (0..<dimension / 2).map { pair in
      let exponent = Float(2 * pair) / Float(dimension)
      let period = Float(pow(Double(theta), Double(exponent)))
      switch scaling {
      case .none: return 1 / period
      case .linear(let factor): return 1 / period / factor
      case .llama3(let factor, let low, let high, let original):
        return Self.llama3(1 / period, factor: factor, low: low, high: high, original: original)
      case .yarn(let yarn):
        let place = (Float(pair) - Float(mix.low)) / Float(mix.high - mix.low)
        let share = 1 - min(max(place, 0), 1)
        return 1 / (yarn.factor * period) * (1 - share) + 1 / period * share
      case .longRope(let factors, _): return 1 / (factors[pair] * period)
      }
    }
  }

  /// What cosines and sines are multiplied by.
  var attention: Float {
    switch scaling {
    case .none, .linear, .llama3: 1
    case .yarn(let yarn): yarn.attention
    case .longRope(_, let attention): attention
    }
  }

  private static func llama3(
    _ frequency: Float, factor: Float, low: Float, high: Float, original: Int
  ) -> Float {
    let turns = Float(original) / (2 * Float.pi / frequency)
    if turns < low { return frequency / factor }
    if turns > high { return frequency }
    let mix = (turns - low) / (high - low)
    return (1 - mix) * frequency / factor + mix * frequency
  }

  /// The pairs between which YaRN mixes.
  private func mix(dimension: Int) -> (low: Double, high: Double) {
    guard case .yarn(let yarn) = scaling else { return (0, 1) }
    func pair(turns: Double) -> Double {
      Double(dimension) * log(Double(yarn.original) / (turns * 2 * .pi)) / (2 * log(Double(theta)))
    }
    let (fast, slow) = (pair(turns: yarn.fast), pair(turns: yarn.slow))
    let low = max(yarn.isTruncated ? fast.rounded(.down) : fast, 0)
    let high = min(yarn.isTruncated ? slow.rounded(.up) : slow, Double(dimension - 1))
    // Their distance is divided by.
    return (low, low == high ? high + 0.001 : high)
  }
}

/// Cosines and sines by absolute position, which both runs read: `[positions][rotary dimension / 2]` each.
struct RotaryTable: Sendable {
  private let half: Int
  private let cosineTable: FloatBuffer
  private let sineTable: FloatBuffer

  /// Computes the table in double, from angles as f32 holds them.
  init(_ rotary: RotaryEmbedding, dimension: Int, positions: Int) {
    half = dimension / 2
    cosineTable = FloatBuffer(count: positions * half)
    sineTable = FloatBuffer(count: positions * half)
    let frequencies = rotary.frequencies(dimension: dimension)
    for position in 0..<positions {
      for (pair, frequency) in frequencies.enumerated() {
        let angle = Double(Float(position) * frequency)
        cosineTable.pointer[position * half + pair] = Float(cos(angle)) * rotary.attention
        sineTable.pointer[position * half + pair] = Float(sin(angle)) * rotary.attention
      }
    }
  }

  /// Bytes that are allocated.
  var allocatedBytes: Bytes {
    .floats(Bytes(cosineTable.count)) + .floats(Bytes(sineTable.count))
  }

  /// The cosines of a position: `[rotary dimension / 2]`.
  func cosines(_ position: Int) -> UnsafePointer<Float> {
    UnsafePointer(cosineTable.pointer + position * half)
  }

  /// The sines of a position: `[rotary dimension / 2]`.
  func sines(_ position: Int) -> UnsafePointer<Float> {
    UnsafePointer(sineTable.pointer + position * half)
  }
}

/// The tables of a model's layers; layers that turn alike share one.
struct RotaryTables: Sendable {
  /// One for each of the shape's rules; nil where positions turn nothing.
  private let ofRules: [RotaryTable?]
  /// Bytes that are allocated.
  let allocatedBytes: Bytes

  /// Computes the tables for so many positions.
  init(_ shape: ModelConfiguration, positions: Int) {
    var tables: [(rotary: RotaryEmbedding, table: RotaryTable)] = []
    ofRules = shape.rules.map { rule in
      guard let rotary = rule.rotary else { return nil }
      if let known = tables.first(where: { $0.rotary == rotary }) { return known.table }
      let table = RotaryTable(rotary, dimension: shape.rotaryDimension, positions: positions)
      tables.append((rotary, table))
      return table
    }
    allocatedBytes = tables.reduce(Bytes(0)) { $0 + $1.table.allocatedBytes }
  }

  /// Bytes that are allocated for so many positions.
  static func bytes(_ shape: ModelConfiguration, positions: Int) -> Bytes {
    Bytes.floats(Bytes(positions) * (shape.rotaryDimension / 2)) * 2 * shape.rotaryEmbeddings.count
  }

  /// The angles of a layer's queries and keys; nil where positions do not turn them.
  func table(ofLayer layer: Int) -> RotaryTable? { ofRules[layer % ofRules.count] }
}
