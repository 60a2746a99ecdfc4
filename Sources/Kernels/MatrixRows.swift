package import Base
internal import CKernels

/// The rows of a matrix where they are stored, from which any thread takes some: a file's, or those of others put together.
///
/// What is taken is finite, or an error says which tensor is not.
package protocol MatrixRows: Sendable {
  /// How many there are.
  var count: Int { get }
  /// Numbers of a row.
  var width: Int { get }
  /// What they are stored as: f32, f16 or bf16.
  var type: WeightType { get }
  /// Copies some rows to `bytes` as they are stored, one behind the other.
  func copy(_ rows: Range<Int>, to bytes: UnsafeMutableRawPointer) throws(FileError)
  /// Some rows where they lie, one behind the other, to be looked at at once; nil where they are to be copied.
  func look(_ rows: Range<Int>) throws(FileError) -> UnsafeRawPointer?
}

extension MatrixRows {
  package func look(_ rows: Range<Int>) -> UnsafeRawPointer? { nil }

  /// Bytes of a row.
  package var rowBytes: Int { width * type.storedBytes }

  /// Copies some rows to `floats`, widened exactly.
  package func copy(
    _ rows: Range<Int>, to floats: UnsafeMutablePointer<Float>
  ) throws(FileError) {
    guard type != .f32 else { return try copy(rows, to: UnsafeMutableRawPointer(floats)) }
    let stored = UnsafeMutableRawPointer.allocate(
      byteCount: rows.count * rowBytes, alignment: MemoryLayout<Float>.alignment)
    defer { stored.deallocate() }
    try copy(rows, to: stored)
    ck_widen(type.code, stored, rows.count * width, floats)
  }

  /// Whether a number of it is another than that of `other`, which has the same shape; zeros of either sign are one number.
  package func differs(from other: any MatrixRows) throws(FileError) -> Bool {
    let (a, b) = (FloatBuffer(count: width), FloatBuffer(count: width))
    for row in 0..<count {
      try copy(row..<row + 1, to: a.pointer)
      try other.copy(row..<row + 1, to: b.pointer)
      if ck_max_abs_difference(a.pointer, b.pointer, width) != 0 { return true }
    }
    return false
  }

  /// Its rows in another order; itself where that is its own.
  package func reordered(_ order: [Int]) -> any MatrixRows {
    let isOther = order.enumerated().contains { $0.offset != $0.element }
    return isOther ? ReorderedRows(rows: self, order: order) : self
  }

  /// Some of its rows.
  package func rows(_ range: Range<Int>) -> any MatrixRows { SomeRows(rows: self, range: range) }
}

/// Rows of f32 in memory.
package struct FloatRows: MatrixRows {
  private let floats: FloatBuffer
  package let width: Int
  package var count: Int { width == 0 ? 0 : floats.count / width }
  package var type: WeightType { .f32 }

  /// Rows of `width` floats, one behind the other.
  package init(_ floats: FloatBuffer, width: Int) {
    self.floats = floats
    self.width = width
  }

  package func copy(_ rows: Range<Int>, to bytes: UnsafeMutableRawPointer) {
    bytes.copyMemory(
      from: floats.pointer + rows.lowerBound * width, byteCount: rows.count * rowBytes)
  }
}

/// The rows of several matrices of one width, one matrix behind the other.
package struct JoinedRows: MatrixRows {
  private let parts: [any MatrixRows]
  package let width: Int
  package let count: Int
  /// That of all parts, or f32.
  package let type: WeightType

  /// Joins at least one matrix; all have the same width.
  package init(_ parts: [any MatrixRows]) {
    precondition(parts.allSatisfy { $0.width == parts[0].width }, "joined rows differ in width")
    self.parts = parts
    width = parts[0].width
    count = parts.reduce(0) { $0 + $1.count }
    type = parts.allSatisfy { $0.type == parts[0].type } ? parts[0].type : .f32
  }

  package func copy(_ rows: Range<Int>, to bytes: UnsafeMutableRawPointer) throws(FileError) {
    var first = 0
    for part in parts {
      let taken = rows.clamped(to: first..<first + part.count)
      if !taken.isEmpty {
        let to = bytes + (taken.lowerBound - rows.lowerBound) * rowBytes
        try copy(taken.lowerBound - first..<taken.upperBound - first, of: part, to: to)
      }
      first += part.count
    }
  }

  /// Where they are all of one part.
  package func look(_ rows: Range<Int>) throws(FileError) -> UnsafeRawPointer? {
    var first = 0
    for part in parts {
      if (first..<first + part.count).contains(rows) {
        let own = rows.lowerBound - first..<rows.upperBound - first
        return part.type == type ? try part.look(own) : nil
      }
      first += part.count
    }
    return nil
  }

  private func copy(
    _ rows: Range<Int>, of part: any MatrixRows, to bytes: UnsafeMutableRawPointer
  ) throws(FileError) {
    if part.type == type { return try part.copy(rows, to: bytes) }
    try part.copy(rows, to: bytes.assumingMemoryBound(to: Float.self))
  }
}

/// The rows of a matrix in another order: row i is row `order[i]`.
private struct ReorderedRows: MatrixRows {
  let rows: any MatrixRows
  let order: [Int]
  var count: Int { order.count }
  var width: Int { rows.width }
  var type: WeightType { rows.type }

  func copy(_ rows: Range<Int>, to bytes: UnsafeMutableRawPointer) throws(FileError) {
    for row in rows {
      try self.rows.copy(
        order[row]..<order[row] + 1, to: bytes + (row - rows.lowerBound) * rowBytes)
    }
  }
}

/// Some rows of a matrix.
private struct SomeRows: MatrixRows {
  let rows: any MatrixRows
  let range: Range<Int>
  var count: Int { range.count }
  var width: Int { rows.width }
  var type: WeightType { rows.type }

  func copy(_ rows: Range<Int>, to bytes: UnsafeMutableRawPointer) throws(FileError) {
    let first = range.lowerBound
    try self.rows.copy(first + rows.lowerBound..<first + rows.upperBound, to: bytes)
  }

  func look(_ rows: Range<Int>) throws(FileError) -> UnsafeRawPointer? {
    let first = range.lowerBound
    return try self.rows.look(first + rows.lowerBound..<first + rows.upperBound)
  }
}
