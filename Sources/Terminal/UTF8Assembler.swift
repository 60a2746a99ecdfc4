/// Puts scalars together from bytes that come one by one; what is no UTF-8 is dropped.
struct UTF8Assembler: Sendable {
  enum Result: Hashable {
    case incomplete
    case invalid
    case scalar(Unicode.Scalar)
  }

  /// The begin of a scalar, at most 3 bytes.
  private var tail: [UInt8] = []

  var isEmpty: Bool { tail.isEmpty }

  /// Takes a byte.
  ///
  /// One that cannot continue what was begun begins anew: the cut character is lost, the next is not.
  mutating func push(_ byte: UInt8) -> Result {
    if !tail.isEmpty, byte & 0xC0 != 0x80 { tail.removeAll() }
    tail.append(byte)
    guard let length = UTF8Assembler.length(lead: tail[0]) else {
      tail.removeAll()
      return .invalid
    }
    if tail.count < length { return .incomplete }
    defer { tail.removeAll() }
    return UTF8Assembler.scalar(tail).map { .scalar($0) } ?? .invalid
  }

  private static func length(lead: UInt8) -> Int? {
    switch lead {
    case 0x00...0x7F: 1
    case 0xC2...0xDF: 2
    case 0xE0...0xEF: 3
    case 0xF0...0xF4: 4
    default: nil
    }
  }

  /// nil for overlong forms, surrogates and what lies beyond Unicode.
  private static func scalar(_ bytes: [UInt8]) -> Unicode.Scalar? {
    guard bytes.count > 1 else { return Unicode.Scalar(bytes[0]) }
    let lead = UInt32(bytes[0]) & (0x7F >> UInt32(bytes.count))
    let value = bytes.dropFirst().reduce(lead) { $0 << 6 | UInt32($1 & 0x3F) }
    let least: UInt32 = [0, 0, 0x80, 0x800, 0x10000][bytes.count]
    return value < least ? nil : Unicode.Scalar(value)
  }
}
