#if canImport(Glibc)
  internal import Glibc
#else
  internal import Darwin
#endif

/// A descriptor that is written to at once, so that a full device is noticed.
struct Output {
  private let descriptor: Int32

  /// Standard output.
  static let standard = Output(descriptor: STDOUT_FILENO)

  private init(descriptor: Int32) { self.descriptor = descriptor }

  /// Writes all of `text`.
  func write(_ text: String) throws(CommandError) {
    var bytes = Array(text.utf8)[...]
    while !bytes.isEmpty {
      let count = bytes.withUnsafeBytes { writeOnce($0.baseAddress, $0.count) }
      if count < 0 && errno == EINTR { continue }
      guard count > 0 else { throw .inputOutput(reason: String(cString: strerror(errno))) }
      bytes = bytes.dropFirst(count)
    }
  }

  private func writeOnce(_ start: UnsafeRawPointer?, _ count: Int) -> Int {
    #if canImport(Glibc)
      Glibc.write(descriptor, start, count)
    #else
      Darwin.write(descriptor, start, count)
    #endif
  }

  /// Writes `text` to a file that is created or replaced; `-` is standard output.
  static func write(_ text: String, to path: String) throws(CommandError) {
    guard path != "-" else {
      try standard.write(text)
      return
    }
    let descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_NONBLOCK | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else {
      throw .cannotCreate(file: path, reason: String(cString: strerror(errno)))
    }
    do throws(CommandError) {
      try Output(descriptor: descriptor).write(text)
    } catch {
      close(descriptor)
      throw error
    }
    guard close(descriptor) == 0 else {
      throw .inputOutput(reason: String(cString: strerror(errno)))
    }
  }
}

/// Standard input as a prompt.
enum StandardInput {
  private static let limit = 1 << 20

  /// All of it, less one final newline.
  static func prompt() throws(CommandError) -> String {
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 65536)
    while true {
      let count = read(STDIN_FILENO, &chunk, chunk.count)
      if count < 0 && errno == EINTR { continue }
      guard count >= 0 else { throw .inputOutput(reason: String(cString: strerror(errno))) }
      if count == 0 { break }
      bytes.append(contentsOf: chunk.prefix(count))
      guard bytes.count <= limit else { throw .inputTooLong(limit: limit) }
    }
    if bytes.last == 0x0A { bytes.removeLast() }
    return String(decoding: bytes, as: UTF8.self)
  }
}
