/// The 256 characters that stand for bytes in byte-level vocabularies: printable ones for themselves, and for the
/// others characters from U+0100 on, so that a blank is Ġ.
///
/// Source: `bytes_to_unicode` of openai/gpt-2.
enum ByteAlphabet {
  private static let scalars: [UInt32] = {
    var unused: UInt32 = 0x100
    return (UInt32(0)..<256).map { byte in
      switch byte {
      case 0x21...0x7E, 0xA1...0xAC, 0xAE...0xFF: return byte
      default:
        defer { unused += 1 }
        return unused
      }
    }
  }()

  private static let encoded: [[UInt8]] = scalars.map { value in
    Unicode.Scalar(value).map { Array(String($0).utf8) } ?? []
  }

  private static let bytes: [UInt32: UInt8] = Dictionary(
    uniqueKeysWithValues: zip(scalars, UInt8.min...UInt8.max))

  /// The characters that stand for `bytes`, as UTF-8.
  static func encode(_ bytes: some Collection<UInt8>) -> [UInt8] {
    var result: [UInt8] = []
    result.reserveCapacity(2 * bytes.count)
    for byte in bytes { result += encoded[Int(byte)] }
    return result
  }

  /// The bytes that a token stands for; the token's own where it has a character that stands for none.
  static func decode(_ token: [UInt8]) -> [UInt8] {
    var result: [UInt8] = []
    result.reserveCapacity(token.count)
    for scalar in String(decoding: token, as: UTF8.self).unicodeScalars {
      guard let byte = bytes[scalar.value] else { return token }
      result.append(byte)
    }
    return result
  }
}
