internal import CKernels

/// The C kernels at the instruction set of this machine.
///
/// Every instruction set gives the same bits, so the level changes speed only.
struct Kernels: Sendable {
  /// `KV_BASELINE`, `KV_AVX2` or `KV_AVX512`.
  let level: Int32

  /// The best level of this machine.
  static let best = Kernels(level: kv_best_level())

  /// In place on `rows` rows `stride` apart: softmax of scores × scale over `length` columns.
  func softmax(
    _ scores: UnsafeMutablePointer<Float>, rows: Int, stride: Int, length: Int, scale: Float
  ) {
    for row in 0..<rows { kv_softmax(level, scores + row * stride, length, scale) }
  }

  /// Dot products of each query row with each key: `scores[rows][stride]`.
  func scores(
    query: UnsafePointer<Float>, rows: Int, queryStride: Int, keys: UnsafePointer<Float>,
    length: Int, headWidth: Int, into scores: UnsafeMutablePointer<Float>, stride: Int
  ) {
    kv_scores(level, query, rows, queryStride, keys, length, headWidth, scores, stride)
  }

  /// Sums of weight × value over the positions: `out[rows][outStride]`.
  func weightedValues(
    weights: UnsafePointer<Float>, rows: Int, weightStride: Int, values: UnsafePointer<Float>,
    length: Int, headWidth: Int, into out: UnsafeMutablePointer<Float>, outStride: Int
  ) {
    kv_weighted_values(
      level, weights, rows, weightStride, values, length, headWidth, out, outStride)
  }

  /// `out[rows][width]` = norm of `x`.
  func norm(
    _ x: UnsafePointer<Float>, rows: Int, _ norm: Norm, into out: UnsafeMutablePointer<Float>
  ) {
    switch norm {
    case .layer(let norm):
      kv_layer_norm(
        level, x, rows, norm.gain.count, norm.gain.pointer, norm.bias.pointer, norm.epsilon, out)
    case .rootMeanSquare(let norm):
      kv_rms_norm(level, x, rows, norm.gain.count, norm.gain.pointer, norm.epsilon, out)
    }
  }

  /// In place on one token's `heads` heads of `headWidth`: turns their pairs by the angles of a position.
  func rotate(
    _ x: UnsafeMutablePointer<Float>, heads: Int, headWidth: Int, _ table: RotaryTable,
    position: Int
  ) {
    kv_rotate(level, x, heads, headWidth, table.cosines(position), table.sines(position))
  }

  /// In place: `gate = SiLU(gate) × up`.
  func siluMultiply(
    _ gate: UnsafeMutablePointer<Float>, up: UnsafePointer<Float>, count: Int
  ) { kv_silu_multiply(level, gate, up, count) }

  /// In place: the tanh form of GELU.
  func gelu(_ x: UnsafeMutablePointer<Float>, count: Int) { kv_gelu_tanh(level, x, count) }

  /// In place: `x += y`.
  func add(_ y: UnsafePointer<Float>, to x: UnsafeMutablePointer<Float>, count: Int) {
    kv_add(x, y, count)
  }

  /// The largest |a − b|; NaN where a difference is NaN.
  func maxAbsDifference(
    _ a: UnsafePointer<Float>, _ b: UnsafePointer<Float>, count: Int
  ) -> Float {
    kv_max_abs_difference(a, b, count)
  }
}
