import Base
import Foundation
import Testing

@testable import Viz

/// Maps of keys: what a row gives to footer, lines and help, and what stands in the documents.
@Suite struct KeyMapTests {
  private enum Act { case one, two, three, four }

  private static let map = KeyMap<Act>([
    KeyRow([.left], .one, { $0.glyphs.backArrow }, label: { $0("移", "move") }),
    KeyRow([.right, .character("l")], .two, { $0.glyphs.arrow }, label: { $0("移", "move") }),
    KeyRow(
      [.enter], .three, "Enter", label: { $0("去", "go") }, line: { $0("走", "goes") }, rank: 2),
    KeyRow([.escape], .four, "Esc", line: { $0("留", "stays") }),
  ])

  @Test("Neighbours that do the same share a hint, in both languages and in any glyphs")
  func hints() {
    let hints = Self.map.hints(Look(language: .english))
    #expect(hints.map(\.name) == ["← →", "Enter"])
    #expect(hints.map(\.label) == ["move", "go"])
    #expect(hints.map(\.rank) == [0, 2])
    let ascii = Self.map.hints(Look(language: .chinese, glyphs: .ascii)) { $0 != .one }
    #expect(ascii.map(\.name) == [">", "Enter"])
    #expect(ascii.map(\.label) == ["移", "去"])
    #expect(Self.map.line(Look(language: .english)) == "Enter goes   Esc stays")
  }

  @Test("A map over another takes its keys first, and leaves the others what is free")
  func over() {
    let both = KeyMap<Act>([KeyRow([.right, .escape], .one)]).over(Self.map)
    #expect(both.action(for: .right) == .one && both.action(for: .character("l")) == .two)
    #expect(both.action(for: .escape) == .one && both.row(.four) == nil)
    #expect(both.action(for: .character("ｌ")) == .two, "full-width forms fold")
    #expect(both.action(for: .tab) == nil)
  }

  @Test("A map over another has its own ways out where it has any")
  func waysOut() {
    let below = KeyMap<Act>([KeyRow([.enter], .one, isWayOut: true)])
    let plain = KeyMap<Act>([KeyRow([.left], .two)]).over(below)
    #expect(plain.rows.map(\.isWayOut) == [false, true])
    let leading = KeyMap<Act>([KeyRow([.escape], .two, isWayOut: true)]).over(below)
    #expect(leading.rows.map(\.isWayOut) == [true, false])
    #expect(leading.mapped { $0 }.naming([.two]).rows.map(\.isWayOut) == [true, false])
  }

  /// A map whose ways out are the last two rows.
  private static let leaving = KeyMap<Act>([
    KeyRow([.right], .one, "Right", label: { _ in "step" }),
    KeyRow([.character("?")], .two, "?", label: { _ in "help" }, rank: 9, isWayOut: true),
    KeyRow([.character("q")], .three, "q", label: { _ in "back" }, rank: 9, isWayOut: true),
  ]).hints(Look(language: .english))

  /// The rows of a footer of some columns, a mark in the row above where that is not free.
  private static func footer(_ columns: Int, _ notice: String?, isFree: Bool) -> [String] {
    var canvas = Canvas(Size(columns: columns, rows: 6))
    if !isFree { canvas.put("picture", at: Point(0, 4)) }
    canvas.putFooter(leaving, notice: notice, Look(language: .english))
    return (0..<6).map { canvas.row($0).map(\.text).joined() }
  }

  @Test("What has to be said leaves the ways out, beside it or below it, and is never cut")
  func notices() {
    let sentence = "this cannot be done here"
    let keys = Self.footer(60, nil, isFree: false)[5]
    #expect(keys.hasPrefix("  Right  step   ?  help   q  back"))
    // Ways out stay longest.
    #expect(Self.footer(24, nil, isFree: false)[5].hasPrefix("  ?  help   q  back"))
    let wide = Self.footer(60, sentence, isFree: false)
    #expect(wide[5].hasPrefix(" " + sentence) && wide[5].hasSuffix(" ?  help   q  back "))
    #expect(wide[4].hasPrefix("picture"))
    let free = Self.footer(38, sentence, isFree: true)
    #expect(
      free[4].hasPrefix(" " + sentence) && free[5].contains("Right  step   ?  help   q  back"))
    let full = Self.footer(38, sentence, isFree: false)
    #expect(
      full[4].hasPrefix("picture") && full[5].hasSuffix(" q  back ") && !full[5].contains("?"))
    #expect(full[5].hasPrefix(" " + sentence))
    // Without room for either, the sentence alone, on as many rows as it takes.
    let narrow = Self.footer(14, sentence, isFree: false).suffix(3)
    let words = narrow.joined(separator: " ").split(separator: " ").joined(separator: " ")
    #expect(words.contains(sentence), "\(words)")
  }

  @Test("No key stands twice in a map of the run screen, and each is one that can be pressed")
  func unique() {
    func check<Action>(_ map: KeyMap<Action>) {
      let keys = map.rows.flatMap(\.keys)
      #expect(Set(keys).count == keys.count && keys.allSatisfy { $0.folded == $0 })
    }
    check(ViewerKeys.browse)
    check(ViewerKeys.waiting)
    check(ViewerKeys.cell)
    check(ViewerKeys.jump)
    check(ViewerKeys.prompt)
    check(ViewerKeys.numberPrediction)
    check(ViewerKeys.markPrediction)
    check(ViewerKeys.help)
    check(ViewerKeys.replay)
    check(ViewerKeys.replayCell)
    check(ViewerKeys.note)
    check(ViewerKeys.search)
    check(ViewerKeys.name)
    check(ViewerKeys.marks)
  }

  @Test(
    "The table of keys in the documents has every row of the map, and no key that there is not",
    arguments: ["README.md", "README.zh.md"])
  func readme(name: String) throws {
    let root = URL(filePath: #filePath)
      .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    let text = try String(contentsOf: root.appending(path: name), encoding: .utf8)
    let lines = text.split(separator: "\n")
    let start = try #require(lines.firstIndex { $0 == "| key | |" || $0 == "| 键 | |" })
    let rows = lines[(start + 2)...].prefix { $0.hasPrefix("|") }
    let names = rows.flatMap { row in
      row.split(separator: "|")[0].split(separator: " ").map { String($0).replacing("`", with: "") }
    }
    #expect(names.count > 20)
    let keys = try names.map { try #require(Self.key($0)) }
    for key in keys { #expect(ViewerKeys.browse.action(for: key) != nil, "\(key)") }
    for row in ViewerKeys.browse.rows where row.help != nil {
      #expect(!Set(row.keys).isDisjoint(with: keys), "\(row.action)")
    }
  }

  private static func key(_ name: String) -> Key? {
    let arrows: [String: Key] = ["→": .right, "←": .left, "↑": .up, "↓": .down]
    return arrows[name] ?? (name == "Ctrl-L" ? .control("l") : Key(tmuxName: name))
  }
}
