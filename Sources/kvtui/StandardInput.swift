#if canImport(Glibc)
  internal import Glibc
#else
  internal import Darwin
#endif
internal import Base

/// Standard input, which may be anything: what reads it reads it by this.
enum StandardInput {
  /// What comes next, as soon as it is there; empty at the end.
  static func next(upTo most: Int) throws(SystemFailure) -> [UInt8] {
    var chunk = [UInt8](repeating: 0, count: most)
    while true {
      let count = read(STDIN_FILENO, &chunk, chunk.count)
      if count < 0 && Descriptors.canRetry(STDIN_FILENO, for: Int32(POLLIN)) { continue }
      guard count >= 0 else { throw .last }
      return Array(chunk.prefix(count))
    }
  }
}

/// Standard input as a prompt.
extension StandardInput {
  private static let limit = 1 << 20

  /// How many bytes from the first on are whole characters.
  private static func lengthOfUTF8(_ bytes: [UInt8]) -> Int {
    var (decoder, iterator, length) = (UTF8(), bytes.makeIterator(), 0)
    while case .scalarValue(let scalar) = decoder.decode(&iterator) {
      length += UTF8.width(scalar)
    }
    return length
  }

  /// All of it, less one final newline.
  static func prompt() throws(CommandError) -> String {
    var bytes: [UInt8] = []
    do throws(SystemFailure) {
      while case let more = try next(upTo: 65536), !more.isEmpty, bytes.count <= limit {
        bytes += more
      }
    } catch {
      throw .cannotRead(error)
    }
    guard bytes.count <= limit else { throw .inputTooLong(limit: limit) }
    if bytes.last == 0x0A { bytes.removeLast() }
    let length = lengthOfUTF8(bytes)
    guard length == bytes.count else { throw .inputNotUTF8(byte: length + 1) }
    return String(decoding: bytes, as: UTF8.self)
  }
}
