/// The hash by which a browser knows a script or a style sheet.
///
/// Source: FIPS 180-4, sections 5 and 6.2.
package enum SHA256 {
  /// The hash as a content security policy names it: `sha256-` and its base64.
  package static func source(of text: String) -> String {
    "sha256-" + Base64.text(digest(of: Array(text.utf8)))
  }

  /// The 32 bytes of the hash.
  package static func digest(of bytes: [UInt8]) -> [UInt8] {
    let message = padded(bytes)
    var state = initial
    for start in stride(from: 0, to: message.count, by: 64) {
      compress(message[start..<start + 64], into: &state)
    }
    return state.flatMap { word in (0..<4).map { UInt8(truncatingIfNeeded: word >> (24 - 8 * $0)) }
    }
  }

  /// A one, zeros up to a whole block, and the length in bits.
  private static func padded(_ bytes: [UInt8]) -> [UInt8] {
    let length = UInt64(bytes.count) * 8
    var message = bytes + [0x80]
    while message.count % 64 != 56 { message.append(0) }
    return message + (0..<8).map { UInt8(truncatingIfNeeded: length >> (56 - 8 * UInt64($0))) }
  }

  private static func compress(_ block: ArraySlice<UInt8>, into state: inout [UInt32]) {
    let words = schedule(block)
    var (a, b, c, d) = (state[0], state[1], state[2], state[3])
    var (e, f, g, h) = (state[4], state[5], state[6], state[7])
    for round in 0..<64 {
      let choice = (e & f) ^ (~e & g)
      let majority = (a & b) ^ (a & c) ^ (b & c)
      let one = h &+ sum(e, 6, 11, 25) &+ choice &+ constants[round] &+ words[round]
      let two = sum(a, 2, 13, 22) &+ majority
      (h, g, f, e) = (g, f, e, d &+ one)
      (d, c, b, a) = (c, b, a, one &+ two)
    }
    for (index, word) in [a, b, c, d, e, f, g, h].enumerated() { state[index] &+= word }
  }

  private static func schedule(_ block: ArraySlice<UInt8>) -> [UInt32] {
    var words = stride(from: block.startIndex, to: block.endIndex, by: 4).map { start in
      block[start..<start + 4].reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
    }
    for index in 16..<64 {
      let (early, late) = (words[index - 15], words[index - 2])
      let first = rotated(early, 7) ^ rotated(early, 18) ^ early >> 3
      let second = rotated(late, 17) ^ rotated(late, 19) ^ late >> 10
      words.append(words[index - 16] &+ first &+ words[index - 7] &+ second)
    }
    return words
  }

  private static func sum(_ word: UInt32, _ one: UInt32, _ two: UInt32, _ three: UInt32) -> UInt32 {
    rotated(word, one) ^ rotated(word, two) ^ rotated(word, three)
  }

  private static func rotated(_ word: UInt32, _ count: UInt32) -> UInt32 {
    word >> count | word << (32 - count)
  }

  private static let primes: [Double] = {
    var primes: [Int] = []
    var candidate = 2
    while primes.count < 64 {
      if primes.allSatisfy({ !candidate.isMultiple(of: $0) }) { primes.append(candidate) }
      candidate += 1
    }
    return primes.map(Double.init)
  }()

  /// The first 32 bits behind the point of the first primes' square roots.
  private static let initial = primes.prefix(8).map { bits(behindPointOf: $0.squareRoot()) }

  /// Those of the primes' cube roots, by Newton's method.
  private static let constants = primes.map { bits(behindPointOf: cubeRoot(of: $0)) }

  private static func cubeRoot(of number: Double) -> Double {
    var root = 1.0
    for _ in 0..<60 {
      let square = root * root
      root -= (square * root - number) / (3 * square)
    }
    return root
  }

  /// A double holds some twenty bits more than are wanted; the tests hold all 72 against the standard's.
  private static func bits(behindPointOf root: Double) -> UInt32 {
    UInt32(truncatingIfNeeded: UInt64(root * 0x1p32))
  }
}

/// Bytes as text.
///
/// Source: RFC 4648, section 4.
package enum Base64 {
  private static let digits = Array(
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".unicodeScalars)

  /// Four digits for three bytes, filled up with `=`.
  package static func text(_ bytes: [UInt8]) -> String {
    var text = String.UnicodeScalarView()
    for start in stride(from: 0, to: bytes.count, by: 3) {
      let group = bytes[start..<min(start + 3, bytes.count)]
      let word = group.reduce(UInt32(0)) { $0 << 8 | UInt32($1) } << UInt32(8 * (3 - group.count))
      for place in 0..<4 {
        text.append(place <= group.count ? digits[Int(word >> (18 - 6 * UInt32(place)) & 63)] : "=")
      }
    }
    return String(text)
  }

  /// The bytes that a text stands for; nil where it is not whole groups of digits, filled up where they end.
  package static func bytes(_ text: String) -> [UInt8]? {
    let text = Array(text.utf8)
    guard text.count % 4 == 0 else { return nil }
    var bytes: [UInt8] = []
    bytes.reserveCapacity(text.count / 4 * 3)
    for start in stride(from: 0, to: text.count, by: 4) {
      let isLast = start + 4 == text.count
      let group = text[start..<start + 4].reversed().drop { isLast && $0 == UInt8(ascii: "=") }
      guard group.count > 1 else { return nil }
      var word: UInt32 = 0
      for digit in group.reversed() {
        guard let value = values[Int(digit)] else { return nil }
        word = word << 6 | value
      }
      word <<= 6 * UInt32(4 - group.count)
      for place in 0..<group.count - 1 {
        bytes.append(UInt8(truncatingIfNeeded: word >> (16 - 8 * UInt32(place))))
      }
      // What lies behind the last byte is nothing.
      guard group.count == 4 || word << (8 + 8 * UInt32(group.count - 1)) == 0 else { return nil }
    }
    return bytes
  }

  private static let values: [UInt32?] = (UInt8.min...UInt8.max).map { byte in
    digits.firstIndex(of: Unicode.Scalar(byte)).map(UInt32.init)
  }
}
