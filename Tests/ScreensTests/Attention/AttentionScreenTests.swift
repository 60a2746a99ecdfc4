import Base
import TestSupport
import Testing
import Trace
import Viz

@testable import Screens

/// The screen of the forms of attention over the bundled models.
@Suite struct AttentionScreenTests {
  static let models = ["tiny-zh", "tiny-zh-gqa", "tiny-zh-mqa", "tiny-zh-mla"]

  static let forms = Result {
    let labs = BundledLabs.shared
    return try models.map { try labs.form($0) }
  }

  static func screen(_ look: Look = Look(), keys: String = "") throws -> AttentionScreen {
    var screen = try AttentionScreen(look)
    _ = screen.update(.findings(.attention(try forms.get())))
    for name in keys.split(separator: " ") {
      _ = screen.update(.key(try #require(Key(tmuxName: String(name)))))
    }
    return screen
  }

  private static let size = Size(columns: 100, rows: 30)

  private static func text(_ keys: String = "", size: Size = size, look: Look = Look()) throws
    -> String
  {
    try screen(look, keys: keys).view(size, look).plainText
  }

  @Test(
    "Every row of numbers is labelled, where the columns are narrow too",
    arguments: Language.allCases)
  func labels(language: Language) throws {
    for columns in [46, 60, 75, 76, 100] {
      let text = try Self.text(
        size: Size(columns: columns, rows: 24), look: Look(language: language))
      let rows = text.split(separator: "\n").filter { $0.contains(/[0-9] (B|KiB|M|k)/) }
      #expect(rows.count >= 4, "\(text)")
      for row in rows { #expect(!row.hasPrefix("     "), "\(row)\n\(text)") }
    }
  }

  // MARK: Numbers

  /// 2 · KV heads · width of a head numbers a layer; of latent attention rank and rotary part.
  @Test("Bytes are those of the forms: 4 layers of f32")
  func bytes() throws {
    let forms = try Self.forms.get()
    #expect(forms.map(\.name) == ["MHA", "GQA", "MQA", "MLA"])
    for (form, numbers) in zip(forms, [2 * 4 * 16, 2 * 2 * 16, 2 * 1 * 16, 24 + 8]) {
      #expect(form.steps.map(\.cacheBytes) == (1...20).map { $0 * numbers * 4 * 4 })
      #expect(form.steps.map(\.length) == Array(1...20))
    }
    let text = try Self.text()
    for number in ["2 KiB", "1 KiB", "512 B", "40 KiB", "20 KiB", "10 KiB"] {
      #expect(text.contains(number), "\(number)")
    }
    for number in [
      "Llama-2-7B", "512 KiB", "Llama-3-8B", "128 KiB", "18 KiB", "DeepSeek-V3", "68.6 KiB",
    ] {
      #expect(text.contains(number), "\(number)")
    }
    #expect(text.contains("没有跑") && text.contains("MLA 多花 FLOP"))
  }

  @Test("Each step says the bytes, the FLOP and the next token of every model")
  func steps() throws {
    let forms = try Self.forms.get()
    for step in 1...20 {
      let keys = "Home " + Array(repeating: "Right", count: step - 1).joined(separator: " ")
      let text = try Self.text(keys, size: Size(columns: 120, rows: 36))
      for form in forms {
        let here = form.steps[step - 1]
        let best = try #require(here.next.first)
        for part in [
          NumberText.bytes(here.cacheBytes), NumberText.count(here.flops) + " FLOP",
          NumberText.count(here.attentionFlops) + " FLOP",
          best.text + " " + NumberText.percent(best.probability, of: best.probability),
        ] {
          #expect(text.contains(part), "step \(step), \(form.name): \(part)")
        }
      }
      #expect(text.contains("第 \(step)/20 步"))
    }
  }

  @Test("Rows of the cache are as wide as their bytes, on one scale")
  func scale() throws {
    let size = Size(columns: 120, rows: 60)
    let canvas = try Self.screen(keys: "Home").view(size, Look())
    let layout = AttentionLayout(size, longest: 20)
    #expect(layout.tokensPerRow == 1)
    func count(_ place: Int, _ glyphs: String) -> Int {
      canvas.row(layout.cacheY).dropFirst(layout.x(place)).prefix(layout.columns)
        .count { glyphs.contains($0.text) && $0.text != " " }
    }
    let counts = (0..<3).map { count($0, "KV") } + [count(3, "rc")]
    // Of the latent's 32 numbers 8 turn with the position: a quarter, to the nearest column.
    #expect(count(0, "K") == count(0, "V"))
    #expect(abs(3 * count(3, "r") - count(3, "c")) <= 2 && count(3, "r") > 0)
    #expect(counts[0] == 2 * counts[1] && counts[1] == 2 * counts[2] && counts[2] == counts[3])
  }

  /// The glyphs of a model's rows of the cache.
  private func rows(_ canvas: Canvas, _ layout: AttentionLayout, _ place: Int) -> [String] {
    (0..<layout.cacheRows).map { row in
      // What letters mean may stand beside the first rows.
      String(
        canvas.row(layout.cacheY + row).dropFirst(layout.x(place)).prefix(layout.columns)
          .map(\.text).joined().prefix { $0 != " " })
    }
  }

  @Test(
    "Where tokens share a row, only the newest is in colour, at every step of every model; K is as wide as V",
    arguments: [(60, 16), (80, 24), (100, 30), (120, 36), (140, 40)])
  func newest(columns: Int, rows: Int) throws {
    let size = Size(columns: columns, rows: rows)
    let layout = AttentionLayout(size, longest: 20)
    var screen = try Self.screen(keys: "Home")
    for step in 1...20 {
      let canvas = screen.view(size, Look())
      for place in 0..<4 {
        let drawn = self.rows(canvas, layout, place)
        let newest = drawn.joined().filter { !"= ".contains($0) }
        let numbers = [128, 64, 32, 32][place]
        func columns(_ tokens: Int) -> Int {
          let share = Double(numbers * tokens) / Double(layout.tokensPerRow) / 128
          return max(tokens > 0 ? 1 : 0, Int((share * Double(layout.scale)).rounded()))
        }
        let (full, rest) = (step - 1).quotientAndRemainder(dividingBy: layout.tokensPerRow)
        let row = drawn[full * layout.rowHeight]
        #expect(row.count == columns(rest + 1), "step \(step), model \(place): \(row)")
        #expect(newest.count >= 1 && newest.count <= max(1, columns(1) + 1) * layout.rowHeight)
        #expect(row.drop { $0 == "=" }.allSatisfy { "KV+rc".contains($0) }, "\(row)")
        let letters = { (letter: Character) in newest.count { $0 == letter } }
        #expect(letters("K") == letters("V") && letters("r") <= letters("c"), "\(newest)")
      }
      _ = screen.update(.key(.right))
    }
  }

  @Test("The footer names what has something to do: at the ends, while it plays")
  func footers() throws {
    func footer(_ keys: String) throws -> String {
      String(
        try Self.text(keys, size: Size(columns: 120, rows: 30)).split(separator: "\n").last ?? "")
    }
    let end = try footer("")
    #expect(end.contains(" ←  走一步") && !end.contains("→") && end.contains("Home  从头看"))
    let first = try footer("Home")
    #expect(first.contains(" →  走一步") && !first.contains("←") && !first.contains("Home"))
    #expect(try footer("Space").contains("Space  停") && Self.text("Space").contains("▶ 第 1/20 步"))
    #expect(try Self.text("Up", size: Size(columns: 60, rows: 16)).contains("MLA：4 个头读潜在 24"))
  }

  @Test("A sentence tells how the model that is looked at keeps a token, at every width")
  func details() throws {
    let (shapes, bytes) = (
      ["2 × 4 × 16", "2 × 2 × 16", "2 × 1 × 16", "潜在 24 + 旋转 8"], [2048, 1024, 512, 512]
    )
    for place in 0..<4 {
      let keys = Array(repeating: "Tab", count: place).joined(separator: " ")
      for columns in [80, 120, 200] {
        let text = try Self.text(keys, size: Size(columns: columns, rows: 36))
        let line = text.split(separator: "\n").first { $0.contains("每层每字") } ?? ""
        #expect(
          line.contains(shapes[place]) && line.contains("4 层 " + NumberText.bytes(bytes[place])),
          "\(text)")
      }
    }
  }

  // MARK: Frames

  @Test("Every size draws whole rows, with every look")
  func sizes() throws {
    var random = SplitMix64(seed: 17)
    let screens = try ["", "Home", "Tab Tab", "Tab Tab Tab", "?"].map { try Self.screen(keys: $0) }
    for round in 0..<120 {
      let size = Size(
        columns: Int.random(in: 1...300, using: &random),
        rows: Int.random(in: 1...100, using: &random))
      let look = Look(
        language: round % 2 == 0 ? .chinese : .english,
        glyphs: round % 3 == 0 ? .full : round % 3 == 1 ? .narrow : .ascii)
      #expect(screens[round % screens.count].view(size, look).flaw == nil, "\(size)")
    }
    for columns in 1...24 {
      for rows in 1...14 {
        #expect(screens[0].view(Size(columns: columns, rows: rows), Look()).flaw == nil)
      }
    }
  }

  @Test("Frames that were looked at are kept")
  func frames() throws {
    let kept = KeptFolder("Tests/ScreensTests/Attention/Snapshots")
    for (columns, rows) in [(60, 16), (80, 24), (120, 36), (200, 60)] {
      let size = Size(columns: columns, rows: rows)
      for (name, keys) in [("forms", "Left Tab"), ("latent", "Home Up")] {
        for (language, glyphs) in [(Language.chinese, GlyphSet.full), (.english, .ascii)] {
          let look = Look(language: language, glyphs: glyphs)
          let canvas = try Self.screen(look, keys: keys).view(size, look)
          try kept.check("\(name)-\(columns)x\(rows)-\(language)", canvas.plainText)
        }
      }
    }
  }

  // MARK: Keys

  @Test("Back gives the same picture")
  func back() throws {
    let first = try Self.text()
    for keys in ["Left Right", "Home End", "Tab Up", "Tab Tab Tab Tab", "? ?", "t t t L L", "L L"] {
      #expect(try Self.text(keys) == first, "\(keys)")
    }
    #expect(try Self.text("Right").contains("最后一步") && Self.text("Home Left").contains("第一步"))
    #expect(try Self.text("Tab").contains("每 2 个查询头共用一份 K、V"))
    #expect(try Self.text("Up").contains("潜在 24 + 旋转 8"))
  }

  @Test("It asks until all models are run, shows what there is, and says why there is no more")
  func questions() throws {
    var screen = try AttentionScreen(Look())
    #expect(screen.question == .attention && screen.waits.isEmpty)
    let part = try BundledLabs.shared.form("tiny-zh", steps: 3)
    _ = screen.update(.findings(.attention([part])))
    #expect(screen.question == .attention && !screen.waits.isEmpty)
    #expect(screen.view(Self.size, Look()).plainText.contains("正在跑第 1/4 个模型"))
    _ = screen.update(.findings(.attention(try Self.forms.get())))
    #expect(screen.question == nil && screen.waits == Waits())
    var failed = try AttentionScreen(Look())
    _ = failed.update(.failed(Refusal()))
    #expect(failed.question == nil)
    #expect(failed.view(Self.size, Look()).plainText.contains("这不行"))
  }
}
