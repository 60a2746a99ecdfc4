package import Base
internal import CKernels

/// A matrix as it is stored, `[rows][width]`: rows are looked up in it, and widened then.
///
/// It can be used before it is in memory: each row is read then.
package final class StoredMatrix: StreamedWeights, Sendable {
  private let width: Int
  private let type: WeightType
  /// The rows in memory, or where they are read until they are.
  private let bytes: LateMemory<(rows: any MatrixRows, stream: WeightStream)>
  /// Bytes that are held.
  package let byteCount: Int

  /// Takes all rows of a matrix, by every thread; `progress` is told of bytes that were taken, on the caller's thread.
  package convenience init(
    _ rows: any MatrixRows, _ kernels: Kernels, progress: (Int) -> Void = { _ in }
  ) throws(FileError) {
    self.init(streaming: rows, WeightStream(threads: 1))
    try pack(kernels, progress: progress)
  }

  /// A matrix whose rows are read when they are looked up, until `pack` was called.
  package init(streaming rows: any MatrixRows, _ stream: WeightStream) {
    width = rows.width
    type = rows.type
    byteCount = rows.count * rows.rowBytes
    bytes = LateMemory(from: (rows, stream))
  }

  package func pack(_ kernels: Kernels, progress: (Int) -> Void) throws(FileError) {
    try bytes.fill(bytes: byteCount) { source, memory throws(FileError) in
      let rows = source.rows
      let spans = RowSpans(count: rows.count, rowBytes: rows.rowBytes)
      try kernels.pool.run(over: spans, progress: progress) { span, _ throws(FileError) in
        try rows.copy(span, to: memory + span.lowerBound * rows.rowBytes)
      }
    }
  }

  /// Copies a row to `floats`, widened exactly.
  package func copyRow(_ row: Int, to floats: UnsafeMutablePointer<Float>) {
    switch bytes.contents {
    case .memory(let bytes):
      ck_widen(type.code, bytes + row * width * type.storedBytes, width, floats)
    case .source(let source): source.rows.copy(row: row, to: floats, source.stream)
    }
  }
}
