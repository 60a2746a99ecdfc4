import Testing
import Viz

@testable import Terminal

@Suite("Bytes of a terminal become keys")
struct InputDecoderTests {
  private typealias Output = InputDecoder.Output

  private static func decode(_ text: String) -> [Output] {
    var decoder = InputDecoder()
    return decoder.decode(Array(text.utf8))
  }

  private static func keys(_ outputs: [Output]) -> [Key] {
    outputs.compactMap { if case .key(let key) = $0 { key } else { nil } }
  }

  @Test(
    "One sequence, one key",
    arguments: [
      ("\u{1B}[A", Key.up), ("\u{1B}[B", .down), ("\u{1B}[C", .right), ("\u{1B}[D", .left),
      ("\u{1B}OA", .up), ("\u{1B}OB", .down), ("\u{1B}OC", .right), ("\u{1B}OD", .left),
      ("\u{1B}[H", .home), ("\u{1B}[F", .end), ("\u{1B}OH", .home), ("\u{1B}OF", .end),
      ("\u{1B}[1~", .home), ("\u{1B}[4~", .end), ("\u{1B}[7~", .home), ("\u{1B}[8~", .end),
      ("\u{1B}[5~", .pageUp), ("\u{1B}[6~", .pageDown), ("\u{1B}[3~", .delete),
      ("\u{1B}[1;5C", .right), ("\u{1B}[1;2H", .home), ("\u{1B}[5;5~", .pageUp),
      ("\u{1B}OM", .enter), ("\u{1B}Ok", .character("+")), ("\u{1B}Om", .character("-")),
      ("\u{1B}Oo", .character("/")), ("\u{1B}Op", .character("0")),
      ("\r", .enter), ("\n", .enter), ("\t", .tab), ("\u{7F}", .backspace), ("\u{8}", .backspace),
      ("\u{1}", .control("a")), ("\u{C}", .control("l")), (" ", .character(" ")),
      ("q", .character("q")), ("中", .character("中")), ("［", .character("［")),
      ("？", .character("？")), ("𠮷", .character("𠮷")),
    ])
  func oneKey(bytes: String, key: Key) {
    #expect(Self.decode(bytes) == [.key(key)])
  }

  @Test("A sequence may be cut anywhere", arguments: ["\u{1B}[C", "\u{1B}OD", "\u{1B}[1;5H", "中"])
  func cutAnywhere(text: String) {
    let bytes = Array(text.utf8)
    for cut in 1..<bytes.count {
      var decoder = InputDecoder()
      let first = decoder.decode(bytes[..<cut])
      #expect(first.isEmpty)
      #expect(decoder.pending != .nothing)
      #expect(decoder.decode(bytes[cut...]) == Self.decode(text))
      #expect(decoder.pending == .nothing)
    }
  }

  @Test("An Escape alone is decided by time")
  func escapeAlone() {
    var decoder = InputDecoder()
    #expect(decoder.decode([0x1B]).isEmpty)
    #expect(decoder.pending == .escape)
    #expect(decoder.giveUp() == [.key(.escape)])
    #expect(decoder.pending == .nothing)
    #expect(decoder.giveUp().isEmpty)
  }

  @Test("An Escape before another key counts on its own")
  func escapeAndKey() {
    #expect(Self.decode("\u{1B}q") == [.key(.escape), .key(.character("q"))])
    #expect(Self.decode("\u{1B}\r") == [.key(.escape), .key(.enter)])
    #expect(Self.decode("\u{1B}\u{1B}[A") == [.key(.escape), .key(.up)])
    #expect(Self.decode("\u{1B}中") == [.key(.escape), .key(.character("中"))])
  }

  @Test(
    "What is no key leaks no letter",
    arguments: [
      "\u{1B}[M !!", "\u{1B}[<0;10;20M\u{1B}[<0;10;20m", "\u{1B}[32;10;20M", "\u{1B}[[A",
      "\u{1B}[[E", "\u{1B}[15~", "\u{1B}OP", "\u{1B}[1;2P", "\u{1B}[?1;2c", "\u{1B}[>41;354;0c",
      "\u{1B}[I\u{1B}[O", "\u{1B}[Z", "\u{1B}]11;rgb:1e1e/1e1e/1e1e\u{7}",
      "\u{1B}]11;rgb:1e1e/1e1e/1e1e\u{1B}\\", "\u{1B}P1$r0m\u{1B}\\", "\u{1B}_Gi=1;OK\u{1B}\\",
      "\u{1B}[201~", "\u{1B}[999999999999999999999A", "\u{1B}[?25;80R", "\u{0}", "\u{1F}", "\u{9B}",
    ])
  func nothingLeaks(text: String) {
    #expect(Self.decode(text + "q") == [.key(.character("q"))])
  }

  @Test(
    "A sequence without end is given up", arguments: ["\u{1B}[12;", "\u{1B}O", "\u{1B}]0;title"])
  func givenUp(text: String) {
    var decoder = InputDecoder()
    #expect(decoder.decode(Array(text.utf8)).isEmpty)
    #expect(decoder.pending == .sequence)
    #expect(decoder.giveUp().isEmpty)
    #expect(decoder.decode(Array("q".utf8)) == [.key(.character("q"))])
  }

  @Test("A control character ends a sequence and counts")
  func controlWithinSequence() {
    #expect(Self.decode("\u{1B}[1\r") == [.key(.enter)])
    #expect(Self.decode("\u{1B}[1\u{1B}[C") == [.key(.right)])
    #expect(Self.decode("\u{1B}[1中") == [.key(.character("中"))])
  }

  @Test(
    "Bytes that are no UTF-8 are dropped, the next key is not",
    arguments: [
      [0xE4, 0xB8] as [UInt8], [0xFF, 0xFE], [0x80], [0xC0, 0xAF], [0xED, 0xA0, 0x80],
      [0xF4, 0x90, 0x80, 0x80], [0xF8, 0x88], [0xE0, 0x80, 0x80], [0xF0, 0x9F, 0x98],
    ])
  func invalidBytes(bytes: [UInt8]) {
    var decoder = InputDecoder()
    #expect(decoder.decode(bytes + Array("q".utf8)) == [.key(.character("q"))])
    #expect(decoder.pending == .nothing)
  }

  @Test("A cut character is followed by a whole one")
  func cutThenWhole() {
    var decoder = InputDecoder()
    let outputs = decoder.decode([0xE4, 0xB8] + Array("中".utf8))
    #expect(outputs == [.key(.character("中"))])
  }

  @Test("The cursor report is told from function keys")
  func cursorReport() {
    #expect(Self.decode("\u{1B}[24;3R") == [.cursorReport(row: 24, column: 3)])
    #expect(Self.decode("\u{1B}[R").isEmpty)
  }

  @Test("A sequence that terminfo knows wins")
  func terminfoKeys() {
    var decoder = InputDecoder(known: [Array("\u{1B}[214z".utf8): .home, [0x1B, 0x41]: .up])
    #expect(decoder.decode(Array("\u{1B}[214z\u{1B}A".utf8)) == [.key(.home), .key(.up)])
  }
}

@Suite("Pastes")
struct PasteTests {
  private static func paste(_ text: String) -> [UInt8] {
    Array("\u{1B}[200~\(text)\u{1B}[201~".utf8)
  }

  @Test("Pasted text is no key, line ends are line feeds")
  func text() {
    var decoder = InputDecoder()
    let outputs = decoder.decode(Self.paste("中q\r\n\u{1B}[C\rx\n") + Array("q".utf8))
    #expect(outputs == [.paste("中q\n\u{1B}[C\nx\n"), .key(.character("q"))])
  }

  @Test("The marks may be cut anywhere")
  func cutAnywhere() {
    let bytes = Self.paste("中\u{1B}[20")
    for cut in 2..<bytes.count {
      var decoder = InputDecoder()
      let outputs = decoder.decode(bytes[..<cut]) + decoder.decode(bytes[cut...])
      #expect(outputs == [.paste("中\u{1B}[20")])
    }
  }

  @Test("A paste without end is given up and kept")
  func withoutEnd() {
    var decoder = InputDecoder()
    #expect(decoder.decode(Array("\u{1B}[200~abc".utf8)).isEmpty)
    #expect(decoder.pending == .paste)
    #expect(decoder.giveUp() == [.paste("abc")])
    #expect(decoder.decode(Array("q".utf8)) == [.key(.character("q"))])
  }

  @Test("A huge paste is cut between characters")
  func huge() {
    var decoder = InputDecoder()
    let count = InputDecoder.pasteLimit / 3
    let outputs = decoder.decode(Self.paste(String(repeating: "中", count: count + 100)))
    #expect(outputs == [.paste(String(repeating: "中", count: count))])
  }

  @Test("Bytes that are no UTF-8 show as such")
  func invalid() {
    var decoder = InputDecoder()
    let outputs = decoder.decode(Array("\u{1B}[200~a".utf8) + [0xFF] + Array("\u{1B}[201~".utf8))
    #expect(outputs == [.paste("a\u{FFFD}")])
  }
}

@Suite("Any bytes")
struct DecoderRobustnessTests {
  /// The same bytes on every run: a failure can be looked at.
  private struct Generator: RandomNumberGenerator {
    var state: UInt64
    mutating func next() -> UInt64 {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return state ^ (state >> 29)
    }
  }

  private static let telling: [UInt8] = Array("\u{1B}\u{1B}\u{1B}[[O;<~MRmAq201]P\\\u{7}\r".utf8)

  @Test("Whatever comes, the ground state is reached, and cutting changes nothing")
  func randomBytes() {
    var generator = Generator(state: 1)
    for _ in 0..<2000 {
      let bytes = (0..<Int.random(in: 1...40, using: &generator)).map { _ in
        Bool.random(using: &generator)
          ? Self.telling.randomElement(using: &generator) ?? 0
          : UInt8.random(in: 0...255, using: &generator)
      }
      var whole = InputDecoder()
      var single = InputDecoder()
      let expected = whole.decode(bytes) + whole.giveUp()
      let outputs = bytes.flatMap { single.decode([$0]) } + single.giveUp()
      #expect(outputs == expected)
      #expect(whole.pending == .nothing)
      #expect(whole.decode(Array("q".utf8)) == [.key(.character("q"))])
    }
  }
}
