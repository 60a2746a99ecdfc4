#if canImport(Glibc)
  internal import Glibc
#else
  internal import Darwin
#endif
internal import Base
internal import TinyModel

/// Standard input as a prompt.
enum StandardInput {
  private static let limit = 1 << 20

  /// All of it, less one final newline.
  static func prompt() throws(CommandError) -> String {
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 65536)
    while true {
      let count = read(STDIN_FILENO, &chunk, chunk.count)
      if count < 0 && Descriptors.canRetry(STDIN_FILENO, for: Int32(POLLIN)) { continue }
      guard count >= 0 else { throw .cannotRead(.last) }
      if count == 0 { break }
      bytes.append(contentsOf: chunk.prefix(count))
      guard bytes.count <= limit else { throw .inputTooLong(limit: limit) }
    }
    if bytes.last == 0x0A { bytes.removeLast() }
    return String(decoding: bytes, as: UTF8.self)
  }
}
