internal import CKernels

/// A matrix product with its weights packed for the kernels: `y = x W + b`.
final class Linear: Sendable {
  /// Columns of x.
  let inner: Int
  /// Columns of y.
  let outer: Int
  private let packed: FloatBuffer
  private let bias: FloatBuffer?

  /// Packs a row-major `[inner][outer]` matrix, as GPT-2's `Conv1D` stores it.
  init(matrix: FloatBuffer, inner: Int, outer: Int, bias: FloatBuffer?) {
    self.inner = inner
    self.outer = outer
    self.bias = bias
    packed = FloatBuffer(count: kv_packed_count(inner, outer))
    kv_pack(matrix.pointer, inner, outer, packed.pointer)
  }

  /// Packs the transpose of a row-major `[outer][inner]` matrix, as `nn.Linear` and embeddings store it.
  init(transposed matrix: FloatBuffer, inner: Int, outer: Int, bias: FloatBuffer? = nil) {
    self.inner = inner
    self.outer = outer
    self.bias = bias
    packed = FloatBuffer(count: kv_packed_count(inner, outer))
    kv_pack_transposed(matrix.pointer, inner, outer, packed.pointer)
  }

  /// Computes `y[rows][outer]` from `x[rows][inner]`.
  ///
  /// - Returns: the multiply-adds that this took.
  func apply(
    _ x: UnsafePointer<Float>, rows: Int, into y: UnsafeMutablePointer<Float>, _ kernels: Kernels
  ) -> Int {
    kv_matmul(kernels.level, x, rows, inner, packed.pointer, outer, bias?.pointer, y)
    return rows * inner * outer
  }
}

/// The parameters of a layer norm over `gain.count` columns.
struct LayerNorm: Sendable {
  let gain: FloatBuffer
  let bias: FloatBuffer
  let epsilon: Float
}

/// The parameters of an RMS norm over `gain.count` columns.
struct RMSNorm: Sendable {
  let gain: FloatBuffer
  let epsilon: Float
}
