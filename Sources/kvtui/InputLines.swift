#if canImport(Glibc)
  internal import Glibc
#else
  internal import Darwin
#endif
internal import Base
internal import TinyModel

/// Standard input line by line, each as soon as it is there.
struct InputLines {
  private var bytes: [UInt8] = []
  private var isOver = false

  /// A longer line is no answer to anything.
  private static let longest = 4096

  /// The next line without its end; nil at the end of the input.
  mutating func next() throws(CommandError) -> String? {
    while !isOver, !bytes.contains(0x0A), bytes.count < Self.longest { try read() }
    guard !bytes.isEmpty else { return nil }
    let end = bytes.firstIndex(of: 0x0A) ?? bytes.endIndex
    let line = String(decoding: bytes[..<end], as: UTF8.self)
    bytes.removeFirst(min(end + 1, bytes.count))
    return line
  }

  private mutating func read() throws(CommandError) {
    var chunk = [UInt8](repeating: 0, count: Self.longest)
    let count = chunk.withUnsafeMutableBytes { Self.readOnce($0.baseAddress, $0.count) }
    if count < 0 && Descriptors.canRetry(STDIN_FILENO, for: Int32(POLLIN)) { return }
    // A standard input that is closed is one that has ended.
    guard count > 0 || errno == EBADF || count == 0 else { throw .cannotRead(.last) }
    if count <= 0 { isOver = true } else { bytes += chunk.prefix(count) }
  }

  private static func readOnce(_ start: UnsafeMutableRawPointer?, _ count: Int) -> Int {
    #if canImport(Glibc)
      Glibc.read(STDIN_FILENO, start, count)
    #else
      Darwin.read(STDIN_FILENO, start, count)
    #endif
  }
}
