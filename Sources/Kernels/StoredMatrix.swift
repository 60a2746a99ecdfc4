package import Base
internal import CKernels

/// A matrix in memory as it is stored, `[rows][width]`: rows are looked up in it, and widened then.
package final class StoredMatrix: @unchecked Sendable {
  // Sendable: nothing is written after it was made.
  private let bytes: UnsafeMutableRawPointer
  private let width: Int
  private let type: WeightType
  /// Bytes that are held.
  package let byteCount: Int

  /// Takes all rows of a matrix, by every thread; `progress` is told of bytes that were taken, on the caller's thread.
  package init(
    _ rows: any MatrixRows, pool: ThreadPool, progress: (Int) -> Void = { _ in }
  ) throws(FileError) {
    width = rows.width
    type = rows.type
    byteCount = rows.count * rows.rowBytes
    let bytes = allocateUnset(bytes: byteCount)
    self.bytes = bytes
    let spans = RowSpans(count: rows.count, rowBytes: rows.rowBytes)
    let taking = SharedBytes(bytes)
    try pool.run(over: spans, progress: progress) { rowsOfSpan, _ throws(FileError) in
      let to = taking.pointer + rowsOfSpan.lowerBound * rows.rowBytes
      try rows.copy(rowsOfSpan, to: to)
    }
  }

  deinit { ck_free(bytes) }

  /// Copies a row to `floats`, widened exactly.
  package func copyRow(_ row: Int, to floats: UnsafeMutablePointer<Float>) {
    ck_widen(type.code, bytes + row * width * type.storedBytes, width, floats)
  }
}
