/// The type of a tensor's elements in a file.
package enum TensorType: String, Sendable, CaseIterable {
  // In the reference implementation's order, which is that of files the other way round. Most are of tensors that are
  // ignored, such as masks and counters.
  case boolean = "BOOL"
  case unsigned8 = "U8"
  case signed8 = "I8"
  case float8e5m2 = "F8_E5M2"
  case float8e4m3 = "F8_E4M3"
  case signed16 = "I16"
  case unsigned16 = "U16"
  /// IEEE 754 binary16.
  case float16 = "F16"
  /// The upper half of a binary32.
  case bfloat16 = "BF16"
  case signed32 = "I32"
  case unsigned32 = "U32"
  /// IEEE 754 binary32.
  case float32 = "F32"
  case float64 = "F64"
  case signed64 = "I64"
  case unsigned64 = "U64"

  /// Its place among all types; wider ones come later.
  var rank: Int { Self.allCases.firstIndex(of: self) ?? 0 }

  /// Bytes of one element.
  package var width: Int {
    switch self {
    case .boolean, .unsigned8, .signed8, .float8e4m3, .float8e5m2: 1
    case .float16, .bfloat16, .signed16, .unsigned16: 2
    case .float32, .signed32, .unsigned32: 4
    case .signed64, .unsigned64, .float64: 8
    }
  }

  /// Whether weights can have this type.
  package var isWeight: Bool { self == .float32 || self == .float16 || self == .bfloat16 }
}

/// Where a tensor lies in its file and what shape it has.
package struct TensorEntry: Sendable {
  /// Its name in the header.
  package let name: String
  /// The type of its elements.
  package let type: TensorType
  /// Its sizes, outermost first.
  package let shape: [Int]
  /// Its bytes, counted from the end of the header.
  package let range: Range<Int>
}

/// A safetensors file with every claim of its header checked before any tensor is read.
///
/// Source: the format's specification in the README of huggingface/safetensors: eight bytes of header
/// length (little endian), a JSON header, the tensors without holes or overlap.
package final class SafetensorsFile: Sendable {
  /// The tensors in the order in which they lie in the file.
  package let entries: [TensorEntry]
  /// The header's `__metadata__`, strings only.
  package let metadata: [(key: String, value: String)]
  private let places: [UTF8Key: Int]
  private let file: RegularFile
  private let dataStart: Int

  /// A header beyond this many bytes is refused, as the reference implementation does.
  package static let headerLimit = 100_000_000

  /// The most that is read at once: 16 MiB.
  package static let partSize = 16 << 20

  /// Opens a file and checks its header.
  ///
  /// - Parameters:
  ///   - path: of a regular file.
  ///   - mostHeader: the most bytes that the header of a file of so many bytes may have.
  /// - Throws: what is wrong with the file.
  package init(
    _ path: String, mostHeader: (Int) -> Int = { _ in headerLimit }
  ) throws(FileError) {
    file = try RegularFile(path)
    guard file.count >= 8 else {
      if let kind = FileKind(of: file) { throw .otherKind(file: path, kind: kind) }
      throw .truncated(file: path, expected: 8, found: file.count)
    }
    let prefix = try file.bytes(at: 0, count: 8)
    let length = prefix.reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    let most = min(Self.headerLimit, mostHeader(file.count))
    guard (2...UInt64(most)).contains(length) else {
      if let kind = FileKind(of: file) { throw .otherKind(file: path, kind: kind) }
      throw .badHeader(file: path, flaw: .length(length, limit: most))
    }
    let headerLength = Int(length)
    guard headerLength <= file.count - 8 else {
      throw .truncated(file: path, expected: 8 + headerLength, found: file.count)
    }
    let header = try file.bytes(at: 8, count: headerLength)
    dataStart = 8 + headerLength
    let fields = try Self.fields(ofHeader: header, file: path)
    metadata = try Self.metadata(in: fields, file: path)
    let entries = try Self.entries(in: fields, dataStart: dataStart, file: file)
    var places: [UTF8Key: Int] = [:]
    for (place, entry) in entries.enumerated() { places[UTF8Key(entry.name)] = place }
    self.entries = entries
    self.places = places
  }

  /// Bytes in the file of all tensors that can be weights.
  package var weightBytes: Int {
    // They lie in one file without overlap, so their sum is no more than its length.
    entries.filter(\.type.isWeight).reduce(0) { $0 + $1.range.count }
  }

  /// Elements of all tensors that can be weights.
  package var elements: Int {
    entries.filter(\.type.isWeight).reduce(0) { $0 + $1.range.count / $1.type.width }
  }

  /// Bytes of the whole file when it was opened.
  package var byteCount: Int { file.count }

  /// The path it was opened by.
  package var path: String { file.path }

  /// Tells the system that all tensors will be read.
  package func willBeReadWhole() { file.willBeReadWhole() }

  /// The tensor called `name`.
  package func entry(_ name: String) -> TensorEntry? {
    places[UTF8Key(name)].map { entries[$0] }
  }

  /// Reads a tensor's bytes as they lie in the file.
  ///
  /// - Parameters:
  ///   - entry: a tensor of this file.
  ///   - buffer: as many bytes as the tensor has.
  ///   - progress: called with the bytes of each part that has been read.
  /// - Throws: what the device or a file that shrinks leads to.
  package func read(
    _ entry: TensorEntry, into buffer: UnsafeMutableRawBufferPointer,
    progress: (Int) -> Void = { _ in }
  ) throws(FileError) {
    for part in Self.parts(of: entry.range.count) {
      try file.read(
        into: UnsafeMutableRawBufferPointer(rebasing: buffer[part]),
        at: dataStart + entry.range.lowerBound + part.lowerBound)
      progress(part.count)
    }
  }

  /// Reads some of a tensor's bytes as they lie in the file.
  ///
  /// - Parameters:
  ///   - entry: a tensor of this file.
  ///   - offset: bytes from its beginning.
  ///   - buffer: no more than lies behind `offset`.
  /// - Throws: what the device or a file that shrinks leads to.
  package func read(
    _ entry: TensorEntry, at offset: Int, into buffer: UnsafeMutableRawBufferPointer
  ) throws(FileError) {
    precondition(offset >= 0 && buffer.count <= entry.range.count - offset, "beyond \(entry.name)")
    try file.read(into: buffer, at: dataStart + entry.range.lowerBound + offset)
  }

  /// Some of a tensor's bytes where the system keeps the file, to be looked at at once; nil where they are to be read.
  package func look(
    _ entry: TensorEntry, at offset: Int, count: Int
  ) -> UnsafeRawPointer? {
    precondition(offset >= 0 && count <= entry.range.count - offset, "beyond \(entry.name)")
    return file.look(at: dataStart + entry.range.lowerBound + offset, count: count)
  }

  /// Gives back what memory holds of the file for looks at it.
  package func stopLooking() { file.stopLooking() }

  /// What is read at once of so many bytes: a large tensor in parts, so that somebody who waits sees it come.
  private static func parts(of bytes: Int) -> [Range<Int>] {
    stride(from: 0, to: bytes, by: partSize).map { $0..<min($0 + partSize, bytes) }
  }

  /// The header's JSON, whose flaws are the header's: its lines are none of the file's.
  private static func fields(
    ofHeader header: [UInt8], file: String
  ) throws(FileError) -> [(key: String, value: JSON)] {
    let json: JSON
    do throws(FileError) {
      json = try JSON.parse(header, file: file)
    } catch {
      guard case .badJSON(_, _, let reason) = error else { throw error }
      throw .badHeader(file: file, flaw: .badJSON(reason: reason))
    }
    guard header.first == UInt8(ascii: "{"), let fields = json.fields else {
      throw .badHeader(file: file, flaw: .notAnObject)
    }
    return fields
  }

  private static func metadata(
    in fields: [(key: String, value: JSON)], file: String
  ) throws(FileError) -> [(key: String, value: String)] {
    guard let value = fields.first(where: { $0.key == "__metadata__" })?.value else { return [] }
    guard let pairs = value.fields else {
      throw .badHeader(file: file, flaw: .metadataNotAnObject)
    }
    var metadata: [(key: String, value: String)] = []
    for (key, value) in pairs {
      guard let text = value.string else {
        throw .badHeader(file: file, flaw: .metadataNotAString(key: key))
      }
      metadata.append((key, text))
    }
    return metadata
  }

  private static func entries(
    in fields: [(key: String, value: JSON)], dataStart: Int, file: RegularFile
  ) throws(FileError) -> [TensorEntry] {
    let dataCount = file.count - dataStart
    var entries: [TensorEntry] = []
    for (name, value) in fields where !name.utf8.elementsEqual("__metadata__".utf8) {
      entries.append(try entry(name, value, file: file.path))
    }
    entries.sort {
      ($0.range.lowerBound, $0.range.upperBound) < ($1.range.lowerBound, $1.range.upperBound)
    }
    var end = 0
    for entry in entries {
      guard entry.range.lowerBound == end else {
        let start = entry.range.lowerBound
        throw .badTensor(
          file: file.path, tensor: entry.name,
          flaw: start < end ? .overlap(at: start) : .hole(at: end))
      }
      end = entry.range.upperBound
    }
    guard end == dataCount else {
      if end > dataCount {
        let (length, overflow) = dataStart.addingReportingOverflow(end)
        throw .truncated(file: file.path, expected: overflow ? .max : length, found: file.count)
      }
      throw .badHeader(file: file.path, flaw: .bytesBehind(dataCount - end))
    }
    return entries
  }

  private static func entry(
    _ name: String, _ value: JSON, file: String
  ) throws(FileError) -> TensorEntry {
    func bad(_ flaw: FileError.TensorFlaw) -> FileError {
      .badTensor(file: file, tensor: name, flaw: flaw)
    }
    guard let fields = value.fields else { throw bad(.notAnObject) }
    if let extra = fields.first(where: { !["dtype", "shape", "data_offsets"].contains($0.key) }) {
      throw bad(.unknownField(extra.key))
    }
    guard let typeName = value["dtype"]?.string else { throw bad(.field("dtype")) }
    guard let type = TensorType(rawValue: typeName) else { throw bad(.unknownType(typeName)) }
    guard let sizes = value["shape"]?.elements else { throw bad(.field("shape")) }
    var shape: [Int] = []
    var count = type.width
    for size in sizes {
      guard let size = size.integer, size >= 0 else { throw bad(.size(size.summary)) }
      let (product, overflow) = count.multipliedReportingOverflow(by: size)
      guard !overflow else { throw bad(.tooManyElements) }
      count = product
      shape.append(size)
    }
    guard let offsets = value["data_offsets"]?.elements, offsets.count == 2,
      let start = offsets[0].integer, let end = offsets[1].integer
    else { throw bad(.field("data_offsets")) }
    guard start >= 0, end >= start else { throw bad(.offsets(start, end)) }
    guard end - start == count else {
      throw bad(.byteCount(expected: count, found: end - start))
    }
    return TensorEntry(name: name, type: type, shape: shape, range: start..<end)
  }
}
