internal import Base
import Foundation
import TestSupport
import Testing

@testable import Viz

/// Numbers and labels as the screen writes them.
@Suite struct NumberTextTests {
  @Test(
    "A count has three digits and a prefix, and is exact below ten thousand",
    arguments: [
      (0, "0"), (999, "999"), (9_999, "9999"), (10_000, "10.0 k"), (16_384, "16.4 k"),
      (427_000, "427 k"), (999_499, "999 k"), (999_500, "1.00 M"), (1_615_000, "1.62 M"),
      (99_949_999, "99.9 M"), (99_950_000, "100 M"), (4_096_000_000, "4.10 G"),
    ])
  func count(value: Int, text: String) {
    #expect(NumberText.count(value) == text)
  }

  @Test(
    "Bytes have a binary prefix",
    arguments: [
      (0, "0 B"), (1023, "1023 B"), (1024, "1 KiB"), (1536, "1.5 KiB"), (8192, "8 KiB"),
      (1_572_864, "1.5 MiB"), (5 << 40, "5 TiB"), (.max, "8 EiB"), (10_751, "10.5 KiB"),
    ])
  func bytes(value: Int, text: String) {
    #expect(NumberText.bytes(value) == text)
  }

  @Test(
    "What was saved is a whole percentage that never says all unless all was",
    arguments: [
      (1, 4, "75 %"), (1, 3, "67 %"), (5, 5, "0 %"), (0, 7, "100 %"), (1, 1000, "99.9 %"),
      (1, 1_000_000, "99.9 %"), (0, 0, ""),
    ])
  func saved(part: Int, whole: Int, text: String) {
    #expect(NumberText.saved(part, of: whole) == text)
  }

  @Test("Counts and bytes of any size take no more columns than they say")
  func widest() {
    var random = SplitMix64(seed: 13)
    for _ in 0..<5000 {
      let value = Int.random(in: 0...Int.max, using: &random) >> random.below(63)
      #expect(NumberText.count(value).count <= NumberText.countColumns, "\(value)")
      #expect(NumberText.bytes(value).count <= NumberText.byteColumns, "\(value)")
    }
  }

  @Test(
    "A difference has three digits, and a power of ten where it is far from 1",
    arguments: [
      (0, "0"), (0.0123456, "0.0123"), (1.2345, "1.23"), (998, "998"), (1.2345678e-05, "1.23e-5"),
      (9.999e-6, "1.00e-5"), (3.4e38, "3.40e38"), (.nan, "NaN"), (.infinity, "inf"),
    ])
  func difference(value: Double, text: String) {
    #expect(NumberText.difference(value) == text)
  }

  @Test("A weight takes three columns and is the number rounded")
  func weight() {
    for thousandth in 0...1000 {
      let weight = Float(thousandth) / 1000
      let text = NumberText.weight(weight, .full)
      #expect(text.count == 3)
      #expect(abs((Float(text) ?? -1) - weight) <= 0.0051, "\(weight)")
    }
  }

  @Test("A score fits its columns and is the number rounded where it fits", arguments: 3...6)
  func score(columns: Int) throws {
    var random = SplitMix64(seed: 11)
    for _ in 0..<2000 {
      let value = Float.random(in: -200...200, using: &random)
      let text = NumberText.score(value, columns: columns, .full)
      #expect(text.count <= columns, "\(value)")
      if abs(value) < 9 { #expect(abs(try #require(Float(text)) - value) <= 0.51) }
    }
    for value in [Float.infinity, -.infinity, .nan, 1e20, -1e20, 0, -0.04] {
      #expect(NumberText.score(value, columns: columns, .full).count <= columns)
    }
  }

  @Test(
    "A weight in one column is its tenths; one too small for a digit leaves a mark, none at all a blank",
    arguments: [
      (0, " "), (.leastNonzeroMagnitude, "'"), (0.01, "'"), (0.049, "'"), (0.051, "1"), (0.5, "5"),
      (0.99, "9"), (1, "9"),
    ] as [(Float, String)])
  func weightDigit(weight: Float, text: String) {
    #expect(NumberText.weightDigit(weight, .full) == text)
  }

  @Test(
    "A probability has digits that say something, however small",
    arguments: [
      (1, "100.0%"), (0.9714, "97.1%"), (0.0123, "1.2%"), (0.001, "0.1%"), (0.00096, "0.1%"),
      (0.00094, "0.094%"), (0.0000067, "0.00067%"), (1e-6, "0.00010%"), (1e-9, "<0.0001%"),
      (.leastNonzeroMagnitude, "<0.0001%"), (0, "0%"),
    ])
  func percent(probability: Double, text: String) {
    #expect(NumberText.percent(probability, of: probability) == text)
    #expect(
      NumberText.percent(probability, of: 0.9)
        == (0..<0.00095 ~= probability && probability > 0 ? "<0.1%" : text))
  }

  @Test("Fixed decimals agree with the C library's")
  func fixed() {
    var random = SplitMix64(seed: 12)
    for _ in 0..<2000 {
      let value = Double.random(in: -1000...1000, using: &random)
      for digits in 0...3 {
        let text = NumberText.fixed(value, digits)
        #expect(
          text == String(format: "%.\(digits)f", value) || text.dropFirst() == "0", "\(value)")
      }
    }
    #expect(NumberText.fixed(-0.001, 2) == "0.00")
    #expect(NumberText.fixed(.nan, 2) == "NaN")
    #expect(NumberText.fixed(Double(Float(1e25)), 2) == "1e+25")
    #expect(NumberText.fixed(1e300, 2) == "1e+300")
  }

  @Test("Padding fills or cuts to the columns exactly", arguments: 1...60 as ClosedRange<UInt64>)
  func padded(seed: UInt64) {
    var random = SplitMix64(seed: seed)
    let text = Sanitiser.clean(random.text(upTo: 12))
    for columns in 0...16 {
      #expect(ScalarWidth.of(text.padded(to: columns)) == columns)
      #expect(ScalarWidth.of(text.padded(to: columns, right: true)) == columns)
      #expect(ScalarWidth.of(text.fitted(to: columns)) <= columns)
    }
  }

  @Test(
    "Wrapped lines fit where their words do, and lose nothing but blanks",
    arguments: 1...60 as ClosedRange<UInt64>)
  func wrapped(seed: UInt64) {
    var random = SplitMix64(seed: seed)
    let words = ["KV", "缓存", "的", "a", "computed", "，", "。", "QKᵀ", "国"]
    let text = (0..<30).map { _ in
      words[random.below(words.count)] + (random.below(2) == 0 ? " " : "")
    }
    .joined()
    for columns in 10...30 {
      let lines = text.wrapped(to: columns)
      #expect(lines.joined().filter { $0 != " " } == text.filter { $0 != " " })
      #expect(lines.allSatisfy { !$0.isEmpty })
    }
  }

  @Test("Wrapped Chinese stays within its columns, closing punctuation too", arguments: 4...40)
  func wrappedChinese(columns: Int) {
    let text = "同一个真实的模型跑两遍：左边每一步把整个序列重算，右边用缓存只算新来的字。"
    #expect(text.wrapped(to: columns).allSatisfy { ScalarWidth.of($0) <= columns })
  }

  @Test(
    "A token's label fits its columns, whatever the token is",
    arguments: 1...100 as ClosedRange<UInt64>)
  func label(seed: UInt64) {
    var random = SplitMix64(seed: seed)
    let text = random.text(upTo: 6)
    for columns in 1...8 {
      for glyphs in GlyphSet.allCases {
        let label = TokenLabel.short(text, columns: columns, glyphs)
        #expect(ScalarWidth.of(label) <= columns)
        if glyphs == .ascii { #expect(label.utf8.allSatisfy { $0 >= 0x20 && $0 < 0x7F }) }
      }
    }
  }

  @Test(
    "A token that cannot be shown is named by the end of its number",
    arguments: [
      ("<0xE4>", 2, "E4"), ("\u{200B}", 4, "200B"), ("\u{1F1E8}", 2, "E8"), ("\n", 2, "\\n"),
    ])
  func hiddenLabel(text: String, columns: Int, label: String) {
    #expect(TokenLabel.short(text, columns: columns, .full) == label)
  }

  @Test("A leading blank of a token is made visible")
  func blankLabel() {
    #expect(TokenLabel.short(" a", columns: 3, .full) == "␣a")
    #expect(TokenLabel.short(" a", columns: 3, .ascii) == "_a")
  }

  @Test(
    "The locale's first set name decides the language",
    arguments: [
      (["LANG": "zh_CN.UTF-8"], Language.chinese), (["LANG": "en_US.UTF-8"], .english),
      (["LC_ALL": "C.UTF-8", "LANG": "zh_CN.UTF-8"], .english),
      (["LC_ALL": "", "LC_MESSAGES": "zh_TW", "LANG": "de_DE"], .chinese), ([:], .english),
    ])
  func language(environment: [String: String], language: Language) {
    #expect(Language(environment: environment) == language)
  }
}
