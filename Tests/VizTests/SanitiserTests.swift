internal import Base
import TestSupport
import Testing

@testable import Viz

/// Nothing that could move, hide or reorder what a screen shows gets through.
@Suite struct SanitiserTests {
  @Test(
    "Each hostile scalar is shown by its name",
    arguments: [
      ("\u{1B}[31m", "^[[31m"), ("\0", "^@"), ("\t\n", "^I^J"), ("\u{7F}", "^?"),
      ("\u{9B}31m", "<U+009B>31m"), ("\u{85}", "<U+0085>"), ("\u{A0}", "<U+00A0>"),
      ("\u{AD}", "<U+00AD>"), ("\u{200B}", "<U+200B>"), ("\u{202E}abc", "<U+202E>abc"),
      ("\u{2066}", "<U+2066>"), ("\u{2028}\u{2029}", "<U+2028><U+2029>"),
      ("\u{FEFF}", "<U+FEFF>"), ("\u{E000}", "<U+E000>"), ("\u{378}", "<U+0378>"),
      ("\u{FFFE}", "<U+FFFE>"), ("\u{10FFFF}", "<U+10FFFF>"), ("\u{301}", "<U+0301>"),
      ("👨‍👩", "👨<U+200D>👩"), ("🇨🇳", "<U+1F1E8><U+1F1F3>"), ("👍🏽", "👍<U+1F3FD>"),
      ("❤\u{FE0F}", "❤<U+FE0F>"), ("\u{1160}", "<U+1160>"), ("\u{E0061}", "<U+E0061>"),
    ])
  func hostile(text: String, shown: String) {
    #expect(Sanitiser.clean(text) == shown)
  }

  @Test("Ordinary text of any script passes as it is")
  func ordinary() {
    let text = "中华人民共和国，e\u{301}té — «Привет» こんにちは 한국 😀\u{3000}x"
    #expect(Array(Sanitiser.clean(text).unicodeScalars) == Array(text.unicodeScalars))
  }

  @Test("Four marks sit on a glyph; the fifth and what follows it are named")
  func manyMarks() {
    let text = "a" + String(repeating: "\u{301}", count: 7)
    let clean = Array(Sanitiser.clean(text).unicodeScalars.map(String.init))
    #expect(clean.prefix(5) == ["a", "\u{301}", "\u{301}", "\u{301}", "\u{301}"])
    #expect(clean.dropFirst(5).joined() == "<U+0301><U+0301><U+0301>")
  }

  @Test("A mark behind something that was escaped has no glyph to sit on")
  func markBehindEscape() {
    #expect(Sanitiser.clean("\u{1B}\u{301}") == "^[<U+0301>")
    #expect(Sanitiser.clean("\n\u{301}", newlines: true) == "\n<U+0301>")
  }

  @Test("Line feeds stay where they are asked for, and nothing else does")
  func newlines() {
    #expect(Sanitiser.clean("a\r\nb", newlines: true) == "a^M\nb")
    #expect(Sanitiser.clean("a\nb") == "a^Jb")
  }

  @Test(
    "Whatever goes in, what comes out has a known width and no control or format character",
    arguments: 1...300 as ClosedRange<UInt64>)
  func property(seed: UInt64) {
    var random = SplitMix64(seed: seed)
    let text = random.text(upTo: 40)
    let clean = Sanitiser.clean(text)
    for scalar in clean.unicodeScalars {
      #expect(ScalarWidth.of(scalar) >= 0, "seed \(seed)")
      switch scalar.properties.generalCategory {
      case .control, .format, .surrogate, .privateUse, .unassigned, .lineSeparator,
        .paragraphSeparator:
        Issue.record("seed \(seed): \(Sanitiser.escaped(scalar)) got through")
      default: break
      }
    }
    #expect(Array(Sanitiser.clean(clean).unicodeScalars) == Array(clean.unicodeScalars))
    let ascii = Sanitiser.clean(text, ascii: true)
    #expect(ascii.unicodeScalars.allSatisfy { $0.value >= 0x20 && $0.value < 0x7F })
    #expect(Sanitiser.clean(ascii, ascii: true) == ascii)
  }

  @Test("What terminals join with its neighbours is named, every one of it")
  func joiners() {
    let ranges: [ClosedRange<UInt32>] = [
      0x1F1E6...0x1F1FF, 0x1F3FB...0x1F3FF, 0xFE00...0xFE0F, 0x1160...0x11FF, 0x200B...0x200F,
      0x202A...0x202E, 0x2060...0x2064, 0x2066...0x206F, 0xE0100...0xE01EF, 0x80...0x9F,
    ]
    for scalar in ranges.flatMap({ $0 }).compactMap(Unicode.Scalar.init) {
      #expect(Sanitiser.clean("a\(scalar)b") == "a\(Sanitiser.escaped(scalar))b")
    }
  }

  @Test("Every scalar of Unicode comes out with a width of its own or as its name")
  func everyScalar() {
    var bad: [String] = []
    for value in 0...0x10FFFF as ClosedRange<UInt32> {
      // Planes 3 to 13 are unassigned throughout: every 64th of them stands for the rest.
      if value >= 0x40000, value < 0xE0000, value % 64 != 0 { continue }
      guard let scalar = Unicode.Scalar(value) else { continue }
      let clean = Sanitiser.clean(String(scalar))
      let isNamed = clean.hasPrefix("<U+") || clean.hasPrefix("^")
      if !isNamed && ScalarWidth.of(clean) < 1 { bad.append(Sanitiser.escaped(scalar)) }
    }
    #expect(bad.isEmpty)
  }
}
