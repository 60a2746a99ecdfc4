package import Base
internal import CKernels
internal import Synchronization

/// A matrix as it is stored, `[rows][width]`: rows are looked up in it, and widened then.
///
/// It can be used before it is in memory: each row is read then.
package final class StoredMatrix: StreamedWeights, @unchecked Sendable {
  // Sendable: what is written after it was made are `bytes` and `source`, which see to that themselves.
  private let width: Int
  private let type: WeightType
  /// nil until the rows are in memory.
  private let bytes: Atomic<UnsafeMutableRawPointer?>
  /// Where they are read until then; nil once they are in memory.
  private let source: Mutex<(rows: any MatrixRows, stream: WeightStream)?>
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
    bytes = Atomic(nil)
    source = Mutex((rows, stream))
  }

  deinit { bytes.load(ordering: .acquiring).map(ck_free) }

  package func pack(_ kernels: Kernels, progress: (Int) -> Void) throws(FileError) {
    guard let rows = source.withLock({ $0?.rows }) else { return }
    let memory = allocateUnset(bytes: byteCount)
    do throws(FileError) {
      let spans = RowSpans(count: rows.count, rowBytes: rows.rowBytes)
      try kernels.pool.run(over: spans, progress: progress) { span, _ throws(FileError) in
        try rows.copy(span, to: memory + span.lowerBound * rows.rowBytes)
      }
    } catch {
      ck_free(memory)
      throw error
    }
    bytes.store(memory, ordering: .releasing)
    source.withLock { $0 = nil }
  }

  /// Copies a row to `floats`, widened exactly.
  package func copyRow(_ row: Int, to floats: UnsafeMutablePointer<Float>) {
    if let bytes = bytes.load(ordering: .acquiring) {
      return ck_widen(type.code, bytes + row * width * type.storedBytes, width, floats)
    }
    guard let (rows, stream) = source.withLock({ $0 }) else { return copyRow(row, to: floats) }
    rows.copy(row: row, to: floats, stream)
  }
}
