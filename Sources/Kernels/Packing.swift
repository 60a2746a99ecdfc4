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
    let rooms = (0..<kernels.pool.threads).map { _ in ThreadRoom(bytes: spans.largest.count) }
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

  /// What a thread needs to multiply with rows of outputs as they are read.
  static func streamRoom(_ matrix: any MatrixRows, type: WeightType) -> StreamRoom.Size {
    let spans = spans(count: matrix.count, rowBytes: matrix.rowBytes, .outerFirst)
    let outputs = min(spans.rowsPerSpan, matrix.count)
    return StreamRoom.Size(
      rows: spans.largest.count, packed: ck_packed_bytes(type.code, matrix.width, outputs))
  }

  /// Computes `y[rows][count]` = x W + b from `x[rows][width]`, W's rows those of outputs, and keeps nothing of W: each thread multiplies
  /// with spans while they lie in its cache, packed to a room of its own or, for one row of x, as they are.
  ///
  /// - Returns: the multiply-adds that the tiles added up, and whether all weights are within the range of the type.
  func multiply(
    _ x: UnsafePointer<Float>, rows xRows: Int, bias: UnsafePointer<Float>?,
    into y: UnsafeMutablePointer<Float>, in room: StreamRoom
  ) throws(FileError) -> (multiplyAdds: Int, fits: Bool) {
    let fits = Atomic(true)
    let multiplyAdds = Atomic(0)
    try kernels.pool.run(over: spans, progress: { _ in }) { rows, thread throws(FileError) in
      let first = rows.lowerBound
      let taken = try taken(rows, to: room.rows[thread].pointer)
      let (bias, y) = (bias.map { $0 + first }, y + first)
      // What is held as it is stored needs no packing for one row.
      if xRows == 1, type == matrix.type {
        let done = kernels.table.multiply_rows(
          type.code, x, matrix.width, taken, rows.count, bias, y)
        multiplyAdds.add(done, ordering: .relaxed)
        return
      }
      let packed = room.packed[thread].pointer
      var packing = ck_packing(
        type: type.code, stored: matrix.type.code, inner: matrix.width, outer: rows.count,
        by_output: 1, packed: packed)
      if kernels.table.pack(&packing, taken, 0, rows.count) == 0 {
        fits.store(false, ordering: .relaxed)
      }
      let done = kernels.table.matmul(
        nil, type.code, x, xRows, matrix.width, packed, rows.count, bias, y, matrix.count)
      multiplyAdds.add(done, ordering: .relaxed)
    }
    return (multiplyAdds.load(ordering: .relaxed), fits.load(ordering: .relaxed))
  }

  /// Rows where they lie, or a copy of them.
  private func taken(
    _ rows: Range<Int>, to room: UnsafeMutableRawPointer
  ) throws(FileError) -> UnsafeRawPointer {
    if let there = try matrix.look(rows) { return there }
    try matrix.copy(rows, to: room)
    return UnsafeRawPointer(room)
  }
}
