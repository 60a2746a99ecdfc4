internal import Base
import Foundation
import Testing

@testable import TinyModel

/// Every character that was assigned when the fixtures were made, held to what huggingface/tokenizers takes it for and makes of it.
@Suite struct UnicodeClassTests {
  private static let folder = Repository.fixtures + "/tokenizer/"

  /// The rows of a class of `characters.json`, first and last of each.
  private static func codes(_ name: String) throws -> [Int] {
    let rows = try #require(
      try decode([String: [[Int]]].self, from: folder + "characters.json")[name])
    return rows.flatMap { $0[0]...$0[1] }
  }

  private static func scalars() throws -> [Unicode.Scalar] {
    try codes("assigned").compactMap { Unicode.Scalar(UInt32($0)) }
  }

  /// A class of `characters.json`, and what belongs to it here.
  private static let classes: [String: @Sendable (Unicode.Scalar) -> Bool] = [
    "number": { $0.isNumber },
    "whitespace": { $0.properties.isWhitespace },
    "punctuation": { $0.isPunctuation },
    "of_word": { $0.isOfWord },
    "combining_mark": { $0.isCombiningMark },
    "nonspacing_mark": { $0.isNonspacingMark },
    "removed_by_bert": {
      $0.isControl && !"\t\n\r".unicodeScalars.contains($0) || $0 == "\0" || $0 == "\u{FFFD}"
    },
  ]

  @Test(arguments: classes.keys.sorted())
  func aClassHasTheLibrarysCharacters(name: String) throws {
    let belongs = try #require(Self.classes[name])
    let expected = Set(try Self.codes(name))
    #expect(!expected.isEmpty)
    let differing = try Self.scalars().filter { expected.contains(Int($0.value)) != belongs($0) }
    #expect(differing.isEmpty, "\(differing.map { String($0.value, radix: 16) }.prefix(9))")
  }

  @Test(arguments: ["NFC", "NFD", "NFKC", "NFKD", "Lowercase", "Nmt", "BertNormalizer"])
  func aNormalizerMakesTheLibrarysTextOfEachCharacter(name: String) throws {
    let expected = try #require(
      try decode([String: [String: String]].self, from: Self.folder + "mappings.json")[name])
    let flags: [(key: String, value: JSON)] = ["clean_text", "handle_chinese_chars", "lowercase"]
      .map { ($0, .boolean(true)) }
    let normalizer = try Normalizer(
      JSONField(file: "x", value: .object([("type", .string(name))] + flags)))
    var lines: [UInt32: String] = [:]
    for scalar in try Self.scalars() {
      let text = Array(String(scalar).utf8)
      let normalized = try normalizer.apply(to: text)
      guard normalized != text else { continue }
      let line = "\(scalar.value) \(String(decoding: normalized, as: UTF8.self))\n"
      lines[scalar.value & ~0xFFF, default: ""] += line
    }
    let digests = lines.map { first, lines in
      let digest = SHA256.digest(of: Array(lines.utf8)).prefix(8)
      return (String(first), digest.map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) })
    }
    #expect(Dictionary(uniqueKeysWithValues: digests.map { ($0, $1.joined()) }) == expected)
  }

  @Test("A young character neither changes nor combines, and what stands around it does")
  func youngCharacters() {
    let text = Array("½\u{1F16C}½e\u{301}\u{1CF7}\u{301}e\u{301}".utf8)
    let composed = NormalizationForm.compatibilityComposition.apply(to: text)
    #expect(
      composed.elementsEqual("1\u{2044}2\u{1F16C}1\u{2044}2é\u{1CF7}\u{301}é".utf8))
  }
}
