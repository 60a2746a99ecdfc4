internal import Base
internal import CKernels
internal import Synchronization

/// A matrix on its way from its rows to the kernels: each thread takes spans of rows to a room of its own and packs them from there,
/// while they lie in its cache.
struct Packing {
  private let matrix: any MatrixRows
  private let layout: Linear.Layout
  private let type: WeightType
  private let kernels: Kernels
  private let spans: RowSpans

  init(_ matrix: any MatrixRows, _ layout: Linear.Layout, type: WeightType, _ kernels: Kernels) {
    self.matrix = matrix
    self.layout = layout
    self.type = type
    self.kernels = kernels
    spans = Self.spans(count: matrix.count, rowBytes: matrix.rowBytes, layout)
  }

  /// Whole panels, or whole blocks of all panels.
  private static func spans(count: Int, rowBytes: Int, _ layout: Linear.Layout) -> RowSpans {
    let step = layout == .outerFirst ? CK_PANEL : CK_BLOCK
    return RowSpans(count: count, rowBytes: rowBytes, step: Int(step))
  }

  /// The most bytes that packing a matrix takes beside it.
  static func room(
    _ stored: WeightType, _ layout: Linear.Layout, inner: Int, outer: Int, threads: Int
  ) -> Bytes {
    let (count, width) = layout == .innerFirst ? (inner, outer) : (outer, inner)
    let spans = spans(count: count, rowBytes: (Bytes(width) * stored.storedBytes).count, layout)
    return .allocated(spans.largest) * threads
  }

  /// Packs all rows; false where a weight is beyond the range of the type.
  func pack(
    to packed: UnsafeMutableRawPointer, progress: (Int) -> Void
  ) throws(FileError) -> Bool {
    var packing = ck_packing(
      type: type.code, stored: matrix.type.code, inner: 0, outer: 0, by_output: 0, packed: packed)
    switch layout {
    case .innerFirst: (packing.inner, packing.outer) = (matrix.count, matrix.width)
    case .outerFirst:
      (packing.inner, packing.outer, packing.by_output) = (matrix.width, matrix.count, 1)
    }
    let rooms = (0..<kernels.pool.threads).map { _ in Room(bytes: spans.largest.count) }
    let fits = Atomic(true)
    let target = packing
    try kernels.pool.run(over: spans, progress: progress) { rows, thread throws(FileError) in
      let room = rooms[thread].pointer
      try matrix.copy(rows, to: room)
      let part = withUnsafePointer(to: target) {
        kernels.table.pack($0, room, rows.lowerBound, rows.count)
      }
      if part == 0 { fits.store(false, ordering: .relaxed) }
    }
    return fits.load(ordering: .relaxed)
  }

  /// Where a thread takes its rows to.
  private final class Room {
    let pointer: UnsafeMutableRawPointer
    init(bytes: Int) { pointer = allocateUnset(bytes: bytes) }
    deinit { ck_free(pointer) }
  }
}
