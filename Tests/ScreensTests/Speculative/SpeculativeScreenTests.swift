import Base
import TestSupport
import Testing
import Trace
import Viz

@testable import Screens

/// The speculative screen over what two bundled models did.
@Suite struct SpeculativeScreenTests {
  static let question = SpeculativeQuestion(text: "红楼梦", drafts: 4, draft: "tiny-zh-mqa")
  static let start = SpeculativeStart(model: "tiny-zh", question: question)

  private static let drafts = Result { try BundledDrafts("红楼梦", tokens: 17, drafts: 4) }
  static let board = Result {
    let drafts = try Self.drafts.get()
    var board = SpeculativeBoard(
      question: Self.question, model: drafts.model, drafters: ["tiny-zh-gqa", "tiny-zh-mqa"],
      draftParameters: drafts.draftParameters, trace: drafts.trace)
    (board.texts, board.plain) = (drafts.texts, drafts.plain)
    return board
  }

  @Test(
    "A draft that is too large says how little it would have to read to pay, from what was counted")
  func paying() throws {
    let board = try Self.board.get()
    let (trace, plain) = (board.trace, try #require(board.plain))
    let least = (plain.weightBytes - trace.modelBytes) / trace.drafted
    // With so few bytes a token both read no more than plain decoding, with one more they do.
    #expect(trace.modelBytes + least * trace.drafted <= plain.weightBytes)
    #expect(trace.modelBytes + (least + 1) * trace.drafted > plain.weightBytes)
    func text(_ bytes: Int) -> String { Quantity.bytes.text(Double(bytes), .full) }
    let now = text(trace.draftBytes / trace.drafted)
    for (language, words) in [
      (Language.english, "a draft pays below \(text(least)) per drafted token, now \(now)"),
      (.chinese, "起草每个词元读不到 \(text(least)) 才划算，现在"),
    ] {
      let look = Look(language: language)
      let shown = try Self.screen(look).view(Size(columns: 100, rows: 30), look).plainText
      #expect(shown.contains(words), "\(words)\n\(shown)")
    }
  }

  static func screen(_ look: Look = Look(), keys: String = "") throws -> SpeculativeScreen {
    var screen = SpeculativeScreen(start, look)
    _ = screen.update(.findings(.speculative(try board.get())))
    for name in keys.split(separator: " ") {
      _ = screen.update(.key(try #require(Key(tmuxName: String(name)))))
    }
    return screen
  }

  private static let size = Size(columns: 140, rows: 36)

  private static func view(_ keys: String) throws -> Canvas {
    try screen(keys: keys).view(size, Look())
  }

  private static func keys(toRound round: Int) -> String {
    "Home" + String(repeating: " Right", count: round)
  }

  // MARK: Numbers

  @Test("Each weight of each row is that of the pass, in every layer and head")
  func weights() throws {
    let board = try Self.board.get()
    for (index, pass) in board.trace.passes.enumerated() {
      for (layer, head) in [(0, 0), (1, 3), (3, 2)] {
        let keys =
          Self.keys(toRound: index) + String(repeating: " ]", count: layer)
          + String(repeating: " }", count: head)
        let canvas = try Self.view(keys)
        let rows = (4..<36).compactMap { y -> [String]? in
          // The legend below has the mask's mark, too.
          guard !canvas.row(y).map(\.text).joined().contains("掩码遮住") else { return nil }
          let drawn = canvas.row(y).filter {
            if case .weight = $0.style.role { true } else { $0.style.role == .masked }
          }.map(\.text).joined().split(separator: " ").map(String.init)
          return drawn.isEmpty ? nil : drawn
        }
        #expect(rows.count == pass.rows, "\(canvas.plainText)")
        let weights = try #require(pass.weights)
        for (row, drawn) in rows.enumerated() {
          let expected = weights.row(row, layer: layer, head: head).enumerated().map { key, value in
            key > pass.length - 1 + row ? "×" : Self.twoDigits(value)
          }
          #expect(drawn == expected, "round \(index + 1), row \(row)")
        }
      }
    }
  }

  /// A weight with two decimals, from its definition.
  private static func twoDigits(_ value: Float) -> String {
    let hundredths = Int((Double(value) * 100).rounded())
    return hundredths >= 100 ? "1.0" : "." + (hundredths < 10 ? "0" : "") + "\(hundredths)"
  }

  @Test("Each row has its verdict: accepted, replaced, void, or one more")
  func verdicts() throws {
    let board = try Self.board.get()
    for (index, pass) in board.trace.passes.enumerated() {
      let text = try Self.view(Self.keys(toRound: index)).plainText
      let lines = text.split(separator: "\n").map(String.init)
      #expect(lines.count { $0.contains("收下") && $0.contains("→") } == pass.accepted)
      let rejected = pass.accepted < pass.drafted.count ? 1 : 0
      #expect(lines.count { $0.contains("改成") } == rejected)
      let void = lines.count { $0.contains("这行作废") }
      #expect(void == max(0, pass.drafted.count - pass.accepted))
      #expect(text.contains("裁掉 \(pass.truncated)"))
      #expect(text.contains("留 \(pass.length + pass.written.count - 1)"))
      #expect(text.contains("这一遍写下 \(pass.written.count) 个"))
      for probability in pass.probabilities.prefix(pass.written.count) {
        let tenths = Int((probability * 1000).rounded())
        #expect(text.contains("\(tenths / 10).\(tenths % 10)%"))
      }
      let cut = try Self.view(Self.keys(toRound: index)).cells.count { $0.text == "/" }
      #expect(cut >= pass.truncated)
    }
    #expect(try Self.view("").plainText.contains("一字不差"))
  }

  @Test("The table is what both runs counted")
  func table() throws {
    let board = try Self.board.get()
    let lines = try Self.view("").plainText.split(separator: "\n").map(String.init)
    let plain = try #require(lines.first { $0.contains("逐字写   ") })
    let drafted = try #require(lines.first { $0.contains("投机，每次 4 个") })
    let run = try #require(board.plain)
    #expect(plain.contains(" \(run.passes) "), "\(plain)")
    #expect(drafted.contains(" \(board.trace.passes.count + 1) "), "\(drafted)")
    // One more than there are rounds: the prefill, and the table says so.
    #expect(lines.contains { $0.contains("含 1 遍 prefill") || $0.contains("含 prefill") })
    let glyphs = GlyphSet.full
    for (line, bytes, flops) in [
      (plain, [run.weightBytes], [run.flops]),
      (
        drafted, [board.trace.modelBytes, board.trace.draftBytes],
        [board.trace.modelFLOPs, board.trace.draftFLOPs]
      ),
    ] {
      for number in bytes {
        #expect(line.contains(Quantity.bytes.text(Double(number), glyphs)), "\(line)")
      }
      for number in flops {
        #expect(line.contains(Quantity.count.text(Double(number), glyphs)), "\(line)")
      }
    }
    // The prefill and each pass read every weight once.
    #expect(board.trace.modelBytes == run.weightBytes / run.passes * (board.trace.passes.count + 1))
  }

  // MARK: Frames

  @Test(
    "Cells have an odd number of rows: what they say stands in the middle",
    arguments: [24, 30, 33, 36, 45, 60])
  func middle(rows: Int) throws {
    let look = Look(language: .english)
    let canvas = try Self.screen(look).view(Size(columns: 120, rows: rows), look)
    // The cells of the first key's column, from its head down.
    let column = (1..<rows - 1).map { Array(canvas.row($0)) }
    let filled = column.enumerated().filter { $0.element[2].style.role == .newQuery }.map(\.offset)
    let named = filled.filter { column[$0][2..<7].contains { $0.text != " " } }
    let (first, last) = (try #require(filled.first), try #require(filled.last))
    let height = (last - first + 1) / named.count
    #expect(height % 2 == 1 && (last - first + 1) % named.count == 0, "\(canvas.plainText)")
    #expect(
      named == (0..<named.count).map { first + $0 * height + height / 2 }, "\(canvas.plainText)")
  }

  @Test("Every size draws whole rows, in every mode, with every look")
  func sizes() throws {
    var random = SplitMix64(seed: 9)
    let keys = ["", "End", "Home", "/", "/ x 中", "?", "Right ] }", "+"]
    for round in 0..<120 {
      let size = Size(
        columns: Int.random(in: 1...300, using: &random),
        rows: Int.random(in: 1...100, using: &random))
      let look = Look(
        language: round % 2 == 0 ? .chinese : .english,
        glyphs: round % 3 == 0 ? .full : round % 3 == 1 ? .narrow : .ascii)
      let screen = try Self.screen(look, keys: keys[round % keys.count])
      #expect(screen.view(size, look).flaw == nil, "\(size), \(keys[round % keys.count])")
    }
    for columns in stride(from: 1, through: 40, by: 3) {
      for rows in 1...18 {
        let size = Size(columns: columns, rows: rows)
        #expect(try Self.screen().view(size, Look()).flaw == nil)
      }
    }
  }

  @Test("Frames that were looked at are kept")
  func frames() throws {
    let kept = KeptFolder("Tests/ScreensTests/Speculative/Snapshots")
    for (columns, rows) in [(60, 16), (80, 24), (120, 36), (200, 60)] {
      let size = Size(columns: columns, rows: rows)
      for (name, keys) in [("rejected", ""), ("accepted", "Right Right Right")] {
        for (language, glyphs) in [(Language.chinese, GlyphSet.full), (.english, .ascii)] {
          let look = Look(language: language, glyphs: glyphs)
          let canvas = try Self.screen(look, keys: keys).view(size, look)
          try kept.check("\(name)-\(columns)x\(rows)-\(language)", canvas.plainText)
        }
      }
    }
  }

  // MARK: Keys

  @Test("Going back gives the same picture, and so do layer and head")
  func back() throws {
    let first = try Self.view("Home")
    #expect(try Self.view("Home Right Right Left Left") == first)
    #expect(try Self.view("Home ] } [ {") == first)
    #expect(try Self.view("Home Left") == first)
    #expect(try Self.view("End Right") == Self.view("End"))
  }

  @Test("A knob asks anew; what was written before is there at once")
  func knobs() throws {
    func asked(_ keys: String) throws -> SpeculativeQuestion? {
      guard case .speculative(let asked) = try Self.screen(keys: keys).question else { return nil }
      return asked
    }
    #expect(try asked("") == nil)
    #expect(try asked("+")?.drafts == 5)
    #expect(try asked("-")?.drafts == 3)
    #expect(try asked("- - - - - -")?.drafts == 1)
    #expect(try asked("+ -") == nil, "what was written is not written again")
    #expect(try asked("d")?.draft == "tiny-zh-gqa")
    #expect(try asked("d d") == nil)
    #expect(try asked("/ 中 华 Enter")?.text == "中华")
    #expect(try asked("/ 中 Escape") == nil)
    #expect(try asked("/ Enter") == nil)
  }

  @Test("What cannot be written is said, and the knobs go back")
  func refused() throws {
    var screen = try Self.screen(keys: "+")
    _ = screen.update(.failed(Refusal()))
    #expect(screen.question == nil)
    #expect(screen.view(Self.size, Look()).plainText.contains("这不行"))
    var first = SpeculativeScreen(Self.start, Look())
    #expect(first.waits.isEmpty && first.question == .speculative(Self.question))
    _ = first.update(.failed(Refusal()))
    #expect(first.waits == Waits() && first.question == nil)
  }

  @Test("A text that is not the plain one is said to be so")
  func otherText() throws {
    var board = try Self.board.get()
    board.plain = PlainDecoding(written: [1], flops: 1, weightBytes: 1)
    var screen = SpeculativeScreen(Self.start, Look())
    _ = screen.update(.findings(.speculative(board)))
    let text = screen.view(Self.size, Look()).plainText
    #expect(text.contains("和逐字写的不同") && !text.contains("一字不差"))
  }
}
