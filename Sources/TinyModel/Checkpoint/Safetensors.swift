/// The type of a tensor's elements in a file.
enum TensorType: String, Sendable, CaseIterable {
  /// IEEE 754 binary32.
  case float32 = "F32"
  /// IEEE 754 binary16.
  case float16 = "F16"
  /// The upper half of a binary32.
  case bfloat16 = "BF16"
  // Types that only ignored tensors have: masks and counters.
  case boolean = "BOOL"
  case unsigned8 = "U8"
  case signed8 = "I8"
  case signed16 = "I16"
  case unsigned16 = "U16"
  case signed32 = "I32"
  case unsigned32 = "U32"
  case signed64 = "I64"
  case unsigned64 = "U64"
  case float64 = "F64"
  case float8e4m3 = "F8_E4M3"
  case float8e5m2 = "F8_E5M2"

  /// Bytes of one element.
  var width: Int {
    switch self {
    case .boolean, .unsigned8, .signed8, .float8e4m3, .float8e5m2: 1
    case .float16, .bfloat16, .signed16, .unsigned16: 2
    case .float32, .signed32, .unsigned32: 4
    case .signed64, .unsigned64, .float64: 8
    }
  }

  /// Whether weights can have this type.
  var isWeight: Bool { self == .float32 || self == .float16 || self == .bfloat16 }
}

/// Where a tensor lies in its file and what shape it has.
struct TensorEntry {
  /// Its name in the header.
  let name: String
  /// The type of its elements.
  let type: TensorType
  /// Its sizes, outermost first.
  let shape: [Int]
  /// Its bytes, counted from the end of the header.
  let range: Range<Int>
}

/// A safetensors file with every claim of its header checked before any tensor is read.
///
/// Source: the format's specification in the README of huggingface/safetensors: eight bytes of header
/// length (little endian), a JSON header, the tensors without holes or overlap.
final class SafetensorsFile {
  /// The tensors in the order in which they lie in the file.
  let entries: [TensorEntry]
  /// The header's `__metadata__`, strings only.
  let metadata: [(key: String, value: String)]
  private let file: RegularFile
  private let dataStart: Int

  /// A header beyond this many bytes is refused, as the reference implementation does.
  private static let headerLimit = 100_000_000

  /// Opens a file and checks its header.
  init(_ path: String) throws(CheckpointError) {
    file = try RegularFile(path)
    guard file.count >= 8 else {
      throw .truncated(file: path, expected: 8, found: file.count)
    }
    let prefix = try file.bytes(at: 0, count: 8)
    let length = prefix.reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    guard length <= UInt64(Self.headerLimit) else {
      throw .badHeader(file: path, reason: "header length \(length) is over \(Self.headerLimit)")
    }
    guard length >= 2 else { throw .badHeader(file: path, reason: "header length \(length)") }
    let headerLength = Int(length)
    guard headerLength <= file.count - 8 else {
      throw .truncated(file: path, expected: 8 + headerLength, found: file.count)
    }
    let header = try file.bytes(at: 8, count: headerLength)
    guard header.first == UInt8(ascii: "{") else {
      throw .badHeader(file: path, reason: "the header does not begin with {")
    }
    dataStart = 8 + headerLength
    guard let fields = try JSON.parse(header, file: path).fields else {
      throw .badHeader(file: path, reason: "the header is no object")
    }
    metadata = try Self.metadata(in: fields, file: path)
    entries = try Self.entries(in: fields, dataCount: file.count - dataStart, file: path)
  }

  /// The tensor called `name`.
  func entry(_ name: String) -> TensorEntry? {
    entries.first { $0.name.utf8.elementsEqual(name.utf8) }
  }

  /// Reads a tensor of F32, F16 or BF16, widened exactly to f32, row-major.
  func floats(of entry: TensorEntry) throws(CheckpointError) -> FloatBuffer {
    guard entry.type.isWeight else {
      throw .badTensor(
        file: file.path, tensor: entry.name,
        reason: "type \(entry.type.rawValue); weights are F32, F16 or BF16")
    }
    let bytes = entry.range.count
    let buffer = FloatBuffer(count: bytes / entry.type.width)
    // Narrow types are read into the upper half and widened from the front, in place.
    let start = buffer.count * MemoryLayout<Float>.stride - bytes
    let raw = UnsafeMutableRawBufferPointer(
      start: UnsafeMutableRawPointer(buffer.pointer) + start, count: bytes)
    try file.read(into: raw, at: dataStart + entry.range.lowerBound)
    widen(raw, of: entry.type, into: buffer)
    return buffer
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

  private static func metadata(
    in fields: [(key: String, value: JSON)], file: String
  ) throws(CheckpointError) -> [(key: String, value: String)] {
    guard let value = fields.first(where: { $0.key == "__metadata__" })?.value else { return [] }
    guard let pairs = value.fields else {
      throw .badHeader(file: file, reason: "__metadata__ is no object")
    }
    var metadata: [(key: String, value: String)] = []
    for (key, value) in pairs {
      guard let text = value.string else {
        throw .badHeader(file: file, reason: "__metadata__.\(key) is no string")
      }
      metadata.append((key, text))
    }
    return metadata
  }

  private static func entries(
    in fields: [(key: String, value: JSON)], dataCount: Int, file: String
  ) throws(CheckpointError) -> [TensorEntry] {
    var entries: [TensorEntry] = []
    for (name, value) in fields where !name.utf8.elementsEqual("__metadata__".utf8) {
      entries.append(try entry(name, value, file: file))
    }
    entries.sort {
      ($0.range.lowerBound, $0.range.upperBound) < ($1.range.lowerBound, $1.range.upperBound)
    }
    var end = 0
    for entry in entries {
      guard entry.range.lowerBound == end else {
        let what = entry.range.lowerBound < end ? "overlaps its neighbour" : "leaves a hole"
        throw .badTensor(
          file: file, tensor: entry.name, reason: "it \(what) at byte \(entry.range.lowerBound)")
      }
      end = entry.range.upperBound
    }
    guard end == dataCount else {
      if end > dataCount {
        throw .truncated(file: file, expected: end, found: dataCount)
      }
      throw .badHeader(file: file, reason: "\(dataCount - end) bytes follow the last tensor")
    }
    return entries
  }

  private static func entry(
    _ name: String, _ value: JSON, file: String
  ) throws(CheckpointError) -> TensorEntry {
    func bad(_ reason: String) -> CheckpointError {
      .badTensor(file: file, tensor: name, reason: reason)
    }
    guard let fields = value.fields else { throw bad("its description is no object") }
    if let extra = fields.first(where: { !["dtype", "shape", "data_offsets"].contains($0.key) }) {
      throw bad("unknown field \(extra.key)")
    }
    guard let typeName = value["dtype"]?.string else { throw bad("no dtype") }
    guard let type = TensorType(rawValue: typeName) else { throw bad("unknown dtype \(typeName)") }
    guard let sizes = value["shape"]?.elements else { throw bad("no shape") }
    var shape: [Int] = []
    var count = type.width
    for size in sizes {
      guard let size = size.integer, size >= 0 else { throw bad("a size in its shape is \(size.summary)") }
      let (product, overflow) = count.multipliedReportingOverflow(by: size)
      guard !overflow else { throw bad("its shape has too many elements") }
      count = product
      shape.append(size)
    }
    guard let offsets = value["data_offsets"]?.elements, offsets.count == 2,
      let start = offsets[0].integer, let end = offsets[1].integer
    else { throw bad("data_offsets are not two whole numbers") }
    guard start >= 0, end >= start else { throw bad("data_offsets [\(start), \(end)]") }
    guard end - start == count else {
      throw bad("\(end - start) bytes for shape \(shape) of \(typeName), which takes \(count)")
    }
    return TensorEntry(name: name, type: type, shape: shape, range: start..<end)
  }
}
