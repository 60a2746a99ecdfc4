internal import CKernels

/// A matrix product with its weights packed for the kernels: `y = x W + b`.
package final class Linear: @unchecked Sendable {
  // Sendable: nothing is written after it was made.

  /// Columns of x.
  package let inner: Int
  /// Columns of y.
  package let outer: Int
  private let type: WeightType
  private let packed: UnsafeMutableRawPointer
  private let bias: FloatBuffer?

  /// How a matrix lies in a file.
  package enum Layout {
    /// Row-major `[inner][outer]`, as GPT-2's `Conv1D` stores it.
    case innerFirst
    /// Row-major `[outer][inner]`, as `nn.Linear` and embeddings store it.
    case outerFirst
  }

  /// Packs a matrix; nil where a weight is beyond the range of `type`.
  package init?(
    _ matrix: FloatBuffer, _ layout: Layout, inner: Int, outer: Int, bias: FloatBuffer? = nil,
    type: WeightType = .f32
  ) {
    precondition(matrix.count == inner * outer, "\(matrix.count) of \(inner) × \(outer)")
    self.inner = inner
    self.outer = outer
    self.type = type
    self.bias = bias
    packed = allocateZeros(bytes: kv_packed_bytes(type.code, inner, outer))
    let (innerStride, outerStride) =
      switch layout {
      case .innerFirst: (outer, 1)
      case .outerFirst: (1, inner)
      }
    let fits = kv_pack(
      type.code, matrix.pointer, inner, outer, innerStride, outerStride, packed)
    guard fits != 0 else { return nil }
  }

  deinit { kv_free(packed) }

  /// Bytes of the packed weights and the bias: what a product reads beside x.
  package var byteCount: Int {
    kv_packed_bytes(type.code, inner, outer)
      + (bias.map { $0.count * MemoryLayout<Float>.stride } ?? 0)
  }

  /// Computes `y[rows][outer]` from `x[rows][inner]`.
  ///
  /// - Returns: the multiply-adds that this took.
  package func apply(
    _ x: UnsafePointer<Float>, rows: Int, into y: UnsafeMutablePointer<Float>, _ kernels: Kernels
  ) -> Int {
    kv_matmul(
      kernels.level, kernels.pool.pool, type.code, x, rows, inner, packed, outer, bias?.pointer, y)
    return rows * inner * outer
  }
}
