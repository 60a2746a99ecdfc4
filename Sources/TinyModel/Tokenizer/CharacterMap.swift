internal import Base

/// The map by which SentencePiece replaces characters: a double array that leads from beginnings of a text to places
/// among the replacements, each of which ends with a zero byte.
///
/// Source: `Normalizer` of google/sentencepiece, as the crate `spm_precompiled` reads it for huggingface/tokenizers.
struct CharacterMap: Sendable {
  /// A unit of a double array, as darts-clone packs it.
  private struct Unit: Sendable {
    let bits: UInt32

    var hasLeaf: Bool { bits >> 8 & 1 == 1 }
    var value: Int { Int(bits & 0x7FFF_FFFF) }
    /// The byte that leads here; more than a byte in a unit that is a value.
    var label: UInt32 { bits & 0x8000_00FF }
    /// What the places of the units that follow differ by.
    var offset: Int { Int(bits >> 10) << Int((bits & 1 << 9) >> 6) }
  }

  /// Bytes from which on characters that belong together are looked up one by one.
  private static let longestCluster = 6

  private let units: [Unit]
  private let replacements: [UInt8]
  private let field: JSONField

  /// Reads `precompiled_charsmap`: the bytes of the array, the array, the replacements.
  init(_ field: JSONField) throws(FileError) {
    guard let bytes = Base64.bytes(try field.text()), bytes.count >= 4 else {
      throw field.mustBe(.characterMap)
    }
    let count = Int(Self.word(bytes, at: 0)) / 4
    guard count >= 1, count <= (bytes.count - 4) / 4 else { throw field.mustBe(.characterMap) }
    units = (1...count).map { Unit(bits: Self.word(bytes, at: 4 * $0)) }
    replacements = Array(bytes[(4 + 4 * count)...])
    self.field = field
    guard String(validating: replacements, as: UTF8.self) != nil else {
      throw field.mustBe(.characterMap)
    }
  }

  /// Little-endian, as SentencePiece writes it everywhere.
  private static func word(_ bytes: [UInt8], at place: Int) -> UInt32 {
    bytes[place..<place + 4].reversed().reduce(0) { $0 << 8 | UInt32($1) }
  }

  /// `text` with the replacements in place: of what is one character to a reader, where that is short, else of each
  /// of its characters.
  func apply(to text: [UInt8]) throws(FileError) -> [UInt8] {
    var result: [UInt8] = []
    result.reserveCapacity(text.count)
    for cluster in String(decoding: text, as: UTF8.self) {
      let bytes = Array(String(cluster).utf8)
      if bytes.count < Self.longestCluster, let other = try replacement(of: bytes) {
        result += other
        continue
      }
      for scalar in cluster.unicodeScalars {
        let bytes = Array(String(scalar).utf8)
        result += try replacement(of: bytes) ?? bytes[...]
      }
    }
    return result
  }

  /// What stands for the shortest beginning of `bytes` that the map has; nil where it has none.
  private func replacement(of bytes: [UInt8]) throws(FileError) -> ArraySlice<UInt8>? {
    guard let start = try place(of: bytes) else { return nil }
    guard start <= replacements.count else { throw field.mustBe(.characterMap) }
    let found = replacements[start...].prefix { $0 != 0 }
    guard found.first.map({ $0 & 0xC0 != 0x80 }) ?? true else {
      throw field.mustBe(.characterMap)
    }
    return found
  }

  private func place(of bytes: [UInt8]) throws(FileError) -> Int? {
    var position = units[0].offset
    for byte in bytes {
      guard byte != 0 else { return nil }
      position ^= Int(byte)
      let unit = try self.unit(at: position)
      guard unit.label == UInt32(byte) else { return nil }
      position ^= unit.offset
      if unit.hasLeaf { return try self.unit(at: position).value }
    }
    return nil
  }

  private func unit(at position: Int) throws(FileError) -> Unit {
    guard position < units.count else { throw field.mustBe(.characterMap) }
    return units[position]
  }
}
