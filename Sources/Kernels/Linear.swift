package import Base
internal import CKernels

#if canImport(Glibc)
  internal import Glibc
#else
  internal import Darwin
#endif

/// A matrix product with its weights packed for the kernels: `y = x W + b`.
///
/// It can be used before they are packed: each product reads them then.
package final class Linear: StreamedWeights, Sendable {
  /// Columns of x.
  package let inner: Int
  /// Columns of y.
  package let outer: Int
  private let type: WeightType
  /// The packed weights, or where they are read until they are.
  private let weights: LateMemory<Source>
  private let bias: FloatBuffer?

  /// Where the weights of a product are read that are not packed.
  private struct Source: Sendable {
    let rows: any MatrixRows
    let stream: WeightStream
    /// What is thrown for a weight beyond the range of the type.
    let beyondType: FileError
  }

  /// How a matrix lies in a file.
  package enum Layout: CaseIterable, Sendable {
    /// Row-major `[inner][outer]`, as GPT-2's `Conv1D` stores it.
    case innerFirst
    /// Row-major `[outer][inner]`, as `nn.Linear` and embeddings store it.
    case outerFirst
  }

  /// Takes the rows of a matrix and packs them, by every thread; nil where a weight is beyond the range of `type`.
  ///
  /// - Parameters:
  ///   - matrix: its rows.
  ///   - layout: what they are.
  ///   - bias: `[outer]`.
  ///   - type: what it is held as.
  ///   - kernels: what packs it, and the threads.
  ///   - progress: told of bytes that were taken, on the caller's thread.
  /// - Throws: what taking rows leads to.
  package init?(
    _ matrix: any MatrixRows, _ layout: Layout, bias: FloatBuffer? = nil, type: WeightType,
    _ kernels: Kernels, progress: (Int) -> Void = { _ in }
  ) throws(FileError) {
    (inner, outer) =
      switch layout {
      case .innerFirst: (matrix.count, matrix.width)
      case .outerFirst: (matrix.width, matrix.count)
      }
    self.type = type
    self.bias = bias
    let packed = allocateUnset(bytes: ck_packed_bytes(type.code, inner, outer))
    weights = LateMemory(packed)
    let packing = Packing(matrix, layout, type: type, kernels)
    guard try packing.pack(to: packed, progress: progress) else { return nil }
  }

  /// A product whose weights, `[outer][inner]`, are read for each use until `pack` was called.
  ///
  /// - Parameters:
  ///   - matrix: its rows, one of each output.
  ///   - bias: `[outer]`.
  ///   - type: what it is held as.
  ///   - stream: what the weights of a model share for it.
  ///   - beyondType: what is thrown for a weight beyond the range of `type`.
  package init(
    streaming matrix: any MatrixRows, bias: FloatBuffer? = nil, type: WeightType,
    _ stream: WeightStream, beyondType: FileError
  ) {
    (inner, outer) = (matrix.width, matrix.count)
    self.type = type
    self.bias = bias
    weights = LateMemory(from: Source(rows: matrix, stream: stream, beyondType: beyondType))
    stream.reserve(Packing.streamRoom(matrix, type: type))
  }

  package func pack(_ kernels: Kernels, progress: (Int) -> Void) throws(FileError) {
    let bytes = ck_packed_bytes(type.code, inner, outer)
    try weights.fill(bytes: bytes) { source, packed throws(FileError) in
      let packing = Packing(source.rows, .outerFirst, type: type, kernels)
      guard try packing.pack(to: packed, progress: progress) else { throw source.beyondType }
    }
  }

  /// Packs a matrix of f32 on the caller's thread; nil where a weight is beyond the range of `type`.
  package convenience init?(
    _ matrix: FloatBuffer, _ layout: Layout, inner: Int, outer: Int, bias: FloatBuffer? = nil,
    type: WeightType = .f32
  ) {
    precondition(matrix.count == inner * outer, "\(matrix.count) of \(inner) × \(outer)")
    let rows = FloatRows(matrix, width: layout == .innerFirst ? outer : inner)
    // What lies in memory can always be taken.
    try? self.init(rows, layout, bias: bias, type: type, .best)
  }

  /// The most bytes that packing a matrix of this shape and layout takes beside it.
  package static func packingBytes(
    _ stored: WeightType, _ layout: Layout, inner: Int, outer: Int, threads: Int
  ) -> Bytes {
    Packing.room(stored, layout, inner: inner, outer: outer, threads: threads)
  }

  /// Bytes that are allocated for a product of this shape: whole panels, and of int8 the scales.
  package static func bytes(_ type: WeightType, inner: Int, outer: Int, hasBias: Bool) -> Bytes {
    let panels = outer / Int(CK_PANEL) + (outer % Int(CK_PANEL) == 0 ? 0 : 1)
    return .allocated(outputBytes(type, inner: inner) * Int(CK_PANEL) * panels)
      + (hasBias ? .floats(Bytes(outer)) : Bytes(0))
  }

  /// Bytes of the weights of one output, and of int8 of their scales.
  private static func outputBytes(_ type: WeightType, inner: Int) -> Bytes {
    let blocks = inner / Int(CK_BLOCK) + (inner % Int(CK_BLOCK) == 0 ? 0 : 1)
    return switch type {
    case .f32: Bytes(inner) * 4
    case .f16, .bf16: Bytes(inner) * 2
    case .int8: Bytes(inner) + Bytes(blocks) * 4
    }
  }

  /// Bytes of the packed weights and the bias as they are held, in whole panels.
  package var byteCount: Int {
    ck_packed_bytes(type.code, inner, outer) + biasBytes
  }

  /// Bytes of the weights themselves, the scales of int8 and the bias: what a product has to read beside x, without what fills up the
  /// last panel.
  package var weightBytes: Int {
    (Self.outputBytes(type, inner: inner) * outer).count + biasBytes
  }

  private var biasBytes: Int { (bias?.count ?? 0) * MemoryLayout<Float>.stride }

  /// Copies the weights of one output, `[inner]`, as they are held, to `weights`.
  ///
  /// Of weights that are not packed only where their type loses nothing.
  package func copyWeights(ofOutput output: Int, to weights: UnsafeMutablePointer<Float>) {
    precondition((0..<outer).contains(output), "output \(output) of \(outer)")
    switch self.weights.contents {
    case .memory(let packed): ck_unpack_output(type.code, packed, inner, output, weights)
    case .source(let source):
      precondition(
        isExact(source.rows), "weights of \(source.rows.type) that are not packed as \(type)")
      source.rows.copy(row: output, to: weights, source.stream)
    }
  }

  /// Whether they are held as the numbers that the rows have.
  private func isExact(_ rows: any MatrixRows) -> Bool { type == .f32 || type == rows.type }

  /// Whether the weights of every output are, to the bit, the rows of `matrix`, `[outer][inner]`.
  ///
  /// Of weights that are not packed, and of a type that may round, it is not looked for.
  package func holds(_ matrix: any MatrixRows) throws(FileError) -> Bool {
    if isExact(matrix) { return true }
    guard case .memory = weights.contents else { return false }
    let (held, row) = (FloatBuffer(count: inner), FloatBuffer(count: inner))
    for output in 0..<outer {
      copyWeights(ofOutput: output, to: held.pointer)
      try matrix.copy(output..<output + 1, to: row.pointer)
      guard memcmp(held.pointer, row.pointer, inner * MemoryLayout<Float>.stride) == 0 else {
        return false
      }
    }
    return true
  }

  /// Computes `y[rows][outer]` from `x[rows][inner]`.
  ///
  /// - Returns: the multiply-adds that its tiles added up.
  package func apply(
    _ x: UnsafePointer<Float>, rows: Int, into y: UnsafeMutablePointer<Float>, _ kernels: Kernels
  ) -> Int {
    switch weights.contents {
    case .memory(let packed):
      kernels.table.matmul(
        kernels.pool.pool, type.code, x, rows, inner, packed, outer, bias?.pointer, y, outer)
    case .source(let source): apply(source, x, rows: rows, into: y, kernels)
    }
  }

  /// The same with weights that are read for it; zeros where they cannot be, which the stream is told.
  private func apply(
    _ source: Source, _ x: UnsafePointer<Float>, rows: Int, into y: UnsafeMutablePointer<Float>,
    _ kernels: Kernels
  ) -> Int {
    let packing = Packing(source.rows, .outerFirst, type: type, kernels)
    do throws(FileError) {
      return try source.stream.withRoom { room throws(FileError) in
        let (multiplyAdds, fits) = try packing.multiply(
          x, rows: rows, bias: bias?.pointer, into: y, in: room)
        guard fits else { throw source.beyondType }
        return multiplyAdds
      }
    } catch {
      source.stream.fail(error)
      y.update(repeating: 0, count: rows * outer)
      return 0
    }
  }
}

extension MatrixRows {
  /// Copies a row to `floats`, widened exactly; zeros where it cannot be taken, which the stream is told.
  func copy(row: Int, to floats: UnsafeMutablePointer<Float>, _ stream: WeightStream) {
    do throws(FileError) {
      try copy(row..<row + 1, to: floats)
    } catch {
      stream.fail(error)
      floats.update(repeating: 0, count: width)
    }
  }
}
