import Testing
import Viz

@testable import Terminal

/// What comes at once is typed, or was pasted by a terminal that does not say so.
@Suite("Bursts of characters")
struct BurstTests {
  private typealias Output = InputDecoder.Output

  private static func outputs(_ text: String, isTyping: Bool) -> [Output] {
    var decoder = InputDecoder()
    var burst = Burst(isTyping: isTyping)
    burst.append(decoder.decode(Array(text.utf8)))
    return burst.outputs
  }

  private static func keys(_ text: String) -> [Output] {
    var decoder = InputDecoder()
    return decoder.decode(Array(text.utf8))
  }

  @Test("The second line of a paste without brackets is no key")
  func twoLines() {
    #expect(
      Self.outputs("中华\r人民 q", isTyping: true) == [.paste("中华\n人民 q")])
    #expect(
      Self.outputs("a\tb\rq", isTyping: true) == [.paste("a\tb\nq")])
    #expect(
      Self.outputs("one\rtwo\r", isTyping: true) == [.paste("one\ntwo"), .key(.enter)],
      "the last Enter may have been typed")
  }

  @Test("A long line at once is one paste, so that it takes one insertion")
  func longLine() {
    let line = String(repeating: "中华人民共和国", count: 500)
    #expect(Self.outputs(line, isTyping: true) == [.paste(line)])
    #expect(Self.outputs(line + "\r", isTyping: true) == [.paste(line), .key(.enter)])
  }

  @Test(
    "What a fast writer types stays keys",
    arguments: ["a", "人民", "28\rn", "人民\r", "\r", "q", "中国人民\r"])
  func typed(text: String) {
    #expect(Self.outputs(text, isTyping: true) == Self.keys(text))
  }

  @Test(
    "Where no text is typed, all keys count",
    arguments: [
      String(repeating: "l", count: 60), "g12\r", "/ab\r", String(repeating: "\u{1B}[C", count: 60),
      "lhlhlhlhlh[]{}dtfoc?qlhlhlhl",
    ])
  func keysOutside(text: String) {
    #expect(Self.outputs(text, isTyping: false) == Self.keys(text))
  }

  @Test("A text of lines that is pasted where none is typed is no row of keys")
  func strayLines() {
    let text = "The quick brown fox jumps\rover the lazy dog; q quits"
    #expect(
      Self.outputs(text, isTyping: false)
        == [.paste(text.map { $0 == "\r" ? "\n" : String($0) }.joined())])
  }

  @Test("Keys around a paste stay where they are")
  func mixed() {
    #expect(
      Self.outputs("\u{1B}[Cone\rtwo\u{1B}[D", isTyping: true)
        == [.key(.right), .paste("one\ntwo"), .key(.left)])
  }
}

/// The kitty protocol and xterm's modifyOtherKeys, left on by another program.
@Suite("Keyboard protocols")
struct KeyProtocolTests {
  @Test(
    "A key as a protocol sends it is the key",
    arguments: [
      ("\u{1B}[27u", Key.escape), ("\u{1B}[13u", .enter), ("\u{1B}[9u", .tab),
      ("\u{1B}[127u", .backspace), ("\u{1B}[113u", .character("q")),
      ("\u{1B}[99;5u", .control("c")), ("\u{1B}[27;5;99~", .control("c")),
      ("\u{1B}[108;5u", .control("l")), ("\u{1B}[27;5;117~", .control("u")),
      ("\u{1B}[105;5u", .tab), ("\u{1B}[109;5u", .enter), ("\u{1B}[104;5u", .backspace),
      ("\u{1B}[108;2u", .character("L")), ("\u{1B}[108:76;2u", .character("L")),
      ("\u{1B}[47:63;2u", .character("?")), ("\u{1B}[27;2;63~", .character("?")),
      ("\u{1B}[27;2;76~", .character("L")), ("\u{1B}[108;65u", .character("L")),
      ("\u{1B}[108;66u", .character("l")), ("\u{1B}[97;1;20013u", .character("中")),
      ("\u{1B}[108;1:1u", .character("l")), ("\u{1B}[108;1:2u", .character("l")),
      ("\u{1B}[108;129u", .character("l")), ("\u{1B}[20013u", .character("中")),
      ("\u{1B}[1;1:1C", .right), ("\u{1B}[1;1:2C", .right), ("\u{1B}[5;1:1~", .pageUp),
      ("\u{1B}[57399u", .character("0")), ("\u{1B}[57414u", .enter), ("\u{1B}[57417u", .left),
      ("\u{1B}[57416u", .character(",")), ("\u{1B}[32u", .character(" ")),
      ("\u{1B}[27;1;27~", .escape), ("\u{1B}[27;1;13~", .enter),
    ])
  func oneKey(bytes: String, key: Key) {
    var decoder = InputDecoder()
    #expect(decoder.decode(Array(bytes.utf8)) == [.key(key)])
    #expect(decoder.pending == .nothing)
  }

  @Test(
    "Letting a key go, and modifiers alone, are no keys",
    arguments: [
      "\u{1B}[113;1:3u", "\u{1B}[1;1:3C", "\u{1B}[5;1:3~", "\u{1B}[57441;2u", "\u{1B}[57447;1:3u",
      "\u{1B}[0u", "\u{1B}[;5u", "\u{1B}[?1u", "\u{1B}[1114112u", "\u{1B}[55296u", "\u{1B}[27;5~",
      "\u{1B}[27;5;~",
    ])
  func noKey(bytes: String) {
    var decoder = InputDecoder()
    #expect(decoder.decode(Array((bytes + "q").utf8)) == [.key(.character("q"))])
  }

  @Test("A key with Alt or Super is another key")
  func otherModifiers() {
    var decoder = InputDecoder()
    #expect(decoder.decode(Array("\u{1B}[113;3u".utf8)) == [.key(.other("m-q"))])
  }
}
