/// Everybody who reads a presentation through one socket: what each was sent, and what is still on its way.
///
/// A value without descriptors: what it says is sent by `LocalServer`.
struct LocalAudience<ID: Hashable> {
  /// One who reads.
  private struct Reader {
    /// What is being sent; a line that has begun is sent to its end.
    var sending: ArraySlice<UInt8> = []
    /// How new the last line is that was begun.
    var version = 0
    /// What it said, up to the end of a line.
    var input: [UInt8] = []
  }

  private var readers: [ID: Reader] = [:]
  private var newest: [UInt8] = []
  private var version = 0

  /// Bytes that a line of a reader has at most; who says more is no reader of ours.
  static var longestInput: Int { 256 }

  var ids: [ID] { Array(readers.keys) }
  var count: Int { readers.count }

  /// Takes the newest document, a line without its end.
  mutating func publish(_ line: [UInt8]) {
    newest = line + [0x0A]
    version += 1
  }

  mutating func join(_ id: ID) { readers[id] = Reader() }
  mutating func leave(_ id: ID) { readers[id] = nil }

  /// What is to be sent to a reader now; one who is slow gets the newest document next, and those between never.
  mutating func pending(_ id: ID) -> ArraySlice<UInt8> {
    guard var reader = readers[id] else { return [] }
    if reader.sending.isEmpty, reader.version < version {
      reader.sending = newest[...]
      reader.version = version
      readers[id] = reader
    }
    return reader.sending
  }

  /// So many bytes of it are sent.
  mutating func sent(_ count: Int, to id: ID) { readers[id]?.sending.removeFirst(count) }

  /// Takes what a reader said; its whole lines, or nil where it says more than a reader has to say.
  mutating func lines(_ bytes: [UInt8], from id: ID) -> [String]? {
    guard var reader = readers[id] else { return [] }
    reader.input += bytes
    let parts = reader.input.split(separator: 0x0A, omittingEmptySubsequences: false)
    reader.input = Array(parts.last ?? [])
    guard parts.allSatisfy({ $0.count <= Self.longestInput }) else { return nil }
    readers[id] = reader
    return parts.dropLast().map { String(decoding: $0, as: UTF8.self) }
  }
}
