package import Base
internal import CKernels

extension TensorType {
  /// What its numbers are as weights; nil where they cannot be any.
  package var weights: WeightType? {
    switch self {
    case .float32: .f32
    case .float16: .f16
    case .bfloat16: .bf16
    default: nil
    }
  }
}

extension SafetensorsFile {
  /// The rows of a matrix in the file, `[rows][width]` of F32, F16 or BF16, which are read when they are taken.
  package func rows(of entry: TensorEntry) throws(FileError) -> any MatrixRows {
    guard let type = entry.type.weights else {
      throw .badTensor(file: path, tensor: entry.name, flaw: .notAWeightType(entry.type.rawValue))
    }
    return TensorRows(
      file: self, entry: entry, count: entry.shape[0], width: entry.shape[1], type: type)
  }

  /// Reads a tensor of F32, F16 or BF16, widened exactly to f32, row-major.
  ///
  /// `progress` is called with the bytes of each part that has been read.
  package func floats(
    of entry: TensorEntry, progress: (Int) -> Void = { _ in }
  ) throws(FileError) -> FloatBuffer {
    guard entry.type.isWeight else {
      throw .badTensor(file: path, tensor: entry.name, flaw: .notAWeightType(entry.type.rawValue))
    }
    let bytes = entry.range.count
    let buffer = FloatBuffer(count: bytes / entry.type.width)
    // Narrow types are read into the upper half and widened from the front, in place.
    let start = buffer.count * MemoryLayout<Float>.stride - bytes
    let raw = UnsafeMutableRawBufferPointer(
      start: UnsafeMutableRawPointer(buffer.pointer) + start, count: bytes)
    try read(entry, into: raw, progress: progress)
    widen(raw, of: entry.type, into: buffer)
    guard buffer.isFinite else {
      throw .badTensor(file: path, tensor: entry.name, flaw: .notFinite)
    }
    return buffer
  }

  /// Reads some elements of a tensor of F32, F16 or BF16, widened exactly to f32; what is not finite is read as it is.
  ///
  /// - Parameters:
  ///   - entry: a tensor of this file.
  ///   - elements: which, in row-major order, within its shape.
  /// - Returns: as many floats.
  /// - Throws: what the device or a file that shrinks leads to.
  package func floats(
    of entry: TensorEntry, elements: Range<Int>
  ) throws(FileError) -> [Float] {
    guard entry.type != .float32 else { return try wideFloats(of: entry, elements: elements) }
    let (width, buffer) = (entry.type.width, FloatBuffer(count: elements.count))
    let start = buffer.count * (MemoryLayout<Float>.stride - width)
    let raw = UnsafeMutableRawBufferPointer(
      start: UnsafeMutableRawPointer(buffer.pointer) + start, count: buffer.count * width)
    try read(entry, at: elements.lowerBound * width, into: raw)
    widen(raw, of: entry.type, into: buffer)
    return buffer.floats
  }

  /// Elements of F32, read to where they stay.
  private func wideFloats(
    of entry: TensorEntry, elements: Range<Int>
  ) throws(FileError) -> [Float] {
    let stride = MemoryLayout<Float>.stride
    var failure: FileError?
    let floats = [Float](unsafeUninitializedCapacity: elements.count) { buffer, count in
      let raw = UnsafeMutableRawBufferPointer(
        start: buffer.baseAddress, count: elements.count * stride)
      do throws(FileError) {
        try read(entry, at: elements.lowerBound * stride, into: raw)
        count = elements.count
      } catch {
        failure = error
      }
    }
    if let failure { throw failure }
    return floats
  }

  private func widen(
    _ raw: UnsafeMutableRawBufferPointer, of type: TensorType, into buffer: FloatBuffer
  ) {
    switch type {
    case .float16:
      for index in 0..<buffer.count {
        let bits = raw.loadUnaligned(fromByteOffset: index * 2, as: UInt16.self)
        buffer.pointer[index] = HalfFloat.widen(UInt16(littleEndian: bits))
      }
    case .bfloat16:
      for index in 0..<buffer.count {
        let bits = raw.loadUnaligned(fromByteOffset: index * 2, as: UInt16.self)
        buffer.pointer[index] = Float(bitPattern: UInt32(UInt16(littleEndian: bits)) << 16)
      }
    default: break
    }
  }
}

/// The rows of a matrix in a file.
private struct TensorRows: MatrixRows {
  let file: SafetensorsFile
  let entry: TensorEntry
  let count: Int
  let width: Int
  let type: WeightType

  func copy(_ rows: Range<Int>, to bytes: UnsafeMutableRawPointer) throws(FileError) {
    let buffer = UnsafeMutableRawBufferPointer(start: bytes, count: rows.count * rowBytes)
    try file.read(entry, at: rows.lowerBound * rowBytes, into: buffer)
    try requireFinite(bytes, rows)
  }

  func look(_ rows: Range<Int>) throws(FileError) -> UnsafeRawPointer? {
    let (offset, bytes) = (rows.lowerBound * rowBytes, rows.count * rowBytes)
    guard let found = file.look(entry, at: offset, count: bytes),
      Int(bitPattern: found) % type.storedBytes == 0
    else { return nil }
    try requireFinite(found, rows)
    return found
  }

  private func requireFinite(_ bytes: UnsafeRawPointer, _ rows: Range<Int>) throws(FileError) {
    guard Kernels.best.table.are_finite(type.code, bytes, rows.count * width) != 0 else {
      throw .badTensor(file: file.path, tensor: entry.name, flaw: .notFinite)
    }
  }
}
