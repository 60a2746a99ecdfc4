#if canImport(Glibc)
  internal import Glibc
#else
  internal import Darwin
#endif
internal import Base

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
    do throws(SystemFailure) {
      let more = try StandardInput.next(upTo: Self.longest)
      isOver = more.isEmpty
      bytes += more
    } catch {
      // A standard input that is closed is one that has ended.
      guard error.code == EBADF else { throw .cannotRead(error) }
      isOver = true
    }
  }
}
