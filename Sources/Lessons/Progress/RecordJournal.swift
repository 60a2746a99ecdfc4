internal import Base

#if canImport(Glibc)
  internal import Glibc
#else
  internal import Darwin
#endif

/// The record on disk: lines that are appended, one for each answer, and now and then summed up.
///
/// Whoever calls anything but `read` holds the folder's lock.
struct RecordJournal {
  let path: String

  /// Bytes from which on it is summed up.
  static let usual = 256 << 10
  /// Bytes of a file that is read; no record has as many.
  static let limit = 8 << 20

  /// What is in the file.
  func read() throws(SystemFailure) -> StateFile { try StateFile.read(path, limit: Self.limit) }

  /// Appends lines in one piece, and makes them durable; returns the file's length then.
  func append(_ lines: String) throws(SystemFailure) -> Int {
    let flags = O_RDWR | O_APPEND | O_CREAT | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC
    let descriptor = open(path, flags, 0o600)
    guard descriptor >= 0 else { throw .last }
    defer { close(descriptor) }
    var facts = stat()
    guard fstat(descriptor, &facts) == 0 else { throw .last }
    guard facts.st_mode & S_IFMT == S_IFREG else { throw SystemFailure(code: EINVAL) }
    // A line that was cut off must not swallow the next one.
    let bytes = Array(((isCut(descriptor, Int(facts.st_size)) ? "\n" : "") + lines).utf8)
    try write(bytes, to: descriptor)
    guard fsync(descriptor) == 0 else { throw .last }
    return Int(facts.st_size) + bytes.count
  }

  private func isCut(_ descriptor: Int32, _ count: Int) -> Bool {
    var last: UInt8 = 0
    return count > 0 && pread(descriptor, &last, 1, off_t(count - 1)) == 1
      && last != UInt8(ascii: "\n")
  }

  private func write(_ bytes: [UInt8], to descriptor: Int32) throws(SystemFailure) {
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { raw in
        #if canImport(Glibc)
          Glibc.write(descriptor, raw.baseAddress, raw.count)
        #else
          Darwin.write(descriptor, raw.baseAddress, raw.count)
        #endif
      }
      if count < 0 && errno == EINTR { continue }
      guard count > 0 else { throw .last }
      rest = rest.dropFirst(count)
    }
  }

  /// Puts sums of all questions in the place of the lines.
  func replace(with record: LearnerRecord) throws(SystemFailure) {
    let lines = record.questions.sorted { $0.key < $1.key }.map {
      RecordLines.line($0.key, $0.value)
    }
    let file = try FileReplacement(of: path, .own)
    try file.write(Array(lines.joined().utf8))
    try file.putInPlace()
  }
}
