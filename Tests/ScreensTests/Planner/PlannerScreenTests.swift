import Base
import Planner
import TestSupport
import Testing
import Viz

@testable import Screens

/// The planner's screen: what it draws at every size, what keys do, and that its numbers are the planner's.
@Suite struct PlannerScreenTests {
  /// The screen after some keys.
  static func screen(_ keys: String, _ look: Look = Look()) throws -> PlannerScreen {
    var screen = PlannerScreen(try PlannerState(look))
    for name in keys.split(separator: " ") {
      _ = screen.update(.key(try #require(Key(tmuxName: String(name)))))
    }
    return screen
  }

  /// Keys that pick the model of a title.
  static func keys(to name: String) throws -> String {
    let names = try Catalogue.models().map(\.name)
    let start = try #require(names.firstIndex(of: "llama-2-7b"))
    let end = try #require(names.firstIndex(of: name))
    return "m " + Array(repeating: "m ", count: (end - start + names.count) % names.count).joined()
  }

  private static let states = [
    "n 9 0 0 Enter", "b 9 9", "", "e", "?", "n Up Up Up Up Up", "b Up Up Up", "u Down Down",
    "m m m m m", "k Up w Up",
    "g Up Up", "n Down Down Down Down Down", "x",
  ]

  @Test("Every size has whole rows, in every language, set of glyphs and state", arguments: states)
  func sizes(keys: String) throws {
    for (language, glyphs) in [
      (Language.chinese, GlyphSet.full), (.english, .full), (.chinese, .narrow), (.english, .ascii),
    ] {
      let look = Look(language: language, glyphs: glyphs)
      let screen = try Self.screen(keys, look)
      for columns in [1, 2, 3, 7, 20, 41, 60, 80, 120, 300] {
        for rows in [1, 2, 3, 5, 9, 16, 24, 36, 100] {
          let canvas = screen.view(Size(columns: columns, rows: rows), look)
          if let flaw = canvas.flaw { Issue.record("\(columns)x\(rows) \(look): \(flaw)") }
        }
      }
    }
  }

  /// The screen of a model, in English, at a length.
  private static func text(
    _ model: String, context: Int, _ size: Size = Size(columns: 100, rows: 30)
  ) throws -> String {
    var question = MemoryQuestion(try #require(try Catalogue.model(model)))
    (question.context, question.batch, question.weightsType) = (context, 4, .fp16)
    question.utilization = 0.92
    let look = Look(language: .english)
    return PlannerScreen(try PlannerState(question, look)).view(size, look).plainText
  }

  @Test("Where a window is shorter than the text the product is that of what it keeps, and says so")
  func shortWindows() throws {
    let text = try Self.text("mistral-7b", context: 8192)
    let kept = try #require(
      text.firstMatch(of: /= ([0-9]+) KiB a token\s+× ([0-9,]+) tokens kept of 8,192/), "\(text)")
    let tokens = try #require(Int(kept.2.replacing(",", with: "")))
    #expect(try #require(Int(kept.1)) * tokens == 512 * 1024)
    #expect(text.contains("= 512 MiB a request"))
    #expect(text.contains("window: the newest 4,096 tokens are kept, longer texts take no more"))
    // vLLM gives it more: the blocks that its own rule has.
    let blocks = (4096 - 1 + 2048 + 15) / 16 + 1
    #expect(text.contains("\(blocks) blocks a request"), "\(text)")
    let wide = try Self.text("mistral-7b", context: 8192, Size(columns: 200, rows: 60))
    #expect(wide.contains("a request takes \(blocks) blocks"), "\(wide)")
    #expect(text.contains("tokens = requests × 8,192"))
    let short = try Self.text("mistral-7b", context: 4096)
    #expect(!short.contains("kept of") && short.contains("4,096 tokens"))
    let full = try Self.text("llama-2-7b", context: 8192)
    #expect(!full.contains("kept of") && !full.contains("window"))
  }

  @Test("A state's bytes are said with their factors")
  func stateFactors() throws {
    let text = try Self.text("qwen3-next-80b-a3b", context: 4096, Size(columns: 200, rows: 60))
    let found = try #require(
      text.firstMatch(of: /([0-9]+) × \(([0-9,]+) × 2 \+ ([0-9,]+) × 4\) bytes = ([0-9.]+) MiB/),
      "\(text)")
    let numbers = [found.1, found.2, found.3].compactMap { Int($0.replacing(",", with: "")) }
    let mebibytes = Double(numbers[0] * (2 * numbers[1] + 4 * numbers[2])) / 1_048_576
    #expect(abs(mebibytes - (Double(found.4) ?? 0)) < 0.01)
  }

  @Test("Digits are typed for a number, Enter sets it and Esc does not")
  func typing() throws {
    let asked = try Self.screen("n 9 0 0 0 Enter b 7 Enter u 8 0 Enter").answer.question
    #expect(asked.context == 9000 && asked.batch == 7 && asked.utilization == 0.8)
    #expect(try Self.screen("n 9 Escape").answer.question.context == 4096)
    #expect(try Self.screen("n 9 BSpace 5 x Enter").answer.question.context == 5)
    let size = Size(columns: 100, rows: 30)
    let look = Look(language: .english)
    let typed = try Self.screen("b 1 2", look).view(size, look).plainText
    #expect(typed.contains("requests > 12") && typed.contains("Enter  sets it"))
    #expect(try Self.screen("n 0 Enter", look).view(size, look).plainText.contains("above 0"))
    #expect(try Self.screen("m 9", look).view(size, look).plainText.contains("the length n"))
    // What was typed is a column of the table, in the place of the nearest.
    let text = try Self.screen("n 9 0 0 0 Enter", look).view(size, look).plainText
    #expect(text.contains(/tokens +9,000 +fit +32,768 +fit +131,072/), "\(text)")
  }

  @Test("Where room is short what fits is said before what follows from it")
  func small() throws {
    let look = Look(language: .english)
    let text = try Self.screen("", look).view(Size(columns: 40, rows: 12), look).plainText
    #expect(text.contains("room for 4 requests") && !text.contains("of them"), "\(text)")
  }

  @Test("Every model and every machine of the tables has whole rows")
  func tables() throws {
    var screen = try Self.screen("m")
    let look = Look()
    for _ in try Catalogue.models() {
      for size in [Size(columns: 60, rows: 16), Size(columns: 200, rows: 60)] {
        #expect(screen.view(size, look).flaw == nil)
      }
      _ = screen.update(.key(.down))
    }
    _ = screen.update(.key(.character("g")))
    for _ in try Catalogue.machines() {
      #expect(screen.view(Size(columns: 80, rows: 24), look).flaw == nil)
      _ = screen.update(.key(.down))
    }
    #expect(
      screen.view(Size(columns: 80, rows: 24), look)
        == (try Self.screen("m g")).view(Size(columns: 80, rows: 24), look))
  }

  @Test("Four requests fill the card, the fifth is drawn below it at the same length")
  func filling() throws {
    let canvas = try Self.screen("").view(Size(columns: 100, rows: 30), Look())
    let rows = canvas.plainText.split(separator: "\n", omittingEmptySubsequences: false).map(
      String.init)
    #expect(canvas.plainText.contains("权重 13.48 GB"))
    let beyond = try #require(rows.first { $0.contains("5 ✗") })
    #expect(beyond.contains("!"))
    let held =
      (0..<canvas.size.rows).map { y in canvas.row(y).count { $0.style.role == .cached } }.max()
      ?? 0
    let red =
      (0..<canvas.size.rows).map { y in
        canvas.row(y).count { $0.style.role == .wrong && $0.text == "!" }
      }.max() ?? 0
    // Four requests of 96 columns that are 1.12 cards, and one request less its inscription.
    #expect(held == Int((4 * 2_147_483_648 / (1.12 * 24e9) * 96).rounded()), "\(held)")
    #expect((2...9).contains(red), "\(red)")
    #expect(canvas.plainText.contains("装得下 4 个请求"))
  }

  @Test("Up and down are each other's way back, and the knob's key picks")
  func back() throws {
    for knob in ["m", "g", "n", "k", "w", "u"] {
      let start = try Self.screen(knob).view(Size(columns: 120, rows: 36), Look())
      let there = try Self.screen("\(knob) Up").view(Size(columns: 120, rows: 36), Look())
      let again = try Self.screen("\(knob) Up Down").view(Size(columns: 120, rows: 36), Look())
      #expect(start != there, "\(knob)")
      #expect(start == again, "\(knob)")
    }
  }

  /// Where the keys of the fields stand.
  private static func places(_ screen: PlannerScreen, _ size: Size, _ look: Look) -> [String: Point]
  {
    let canvas = screen.view(size, look)
    var places: [String: Point] = [:]
    for y in 1..<min(8, size.rows - 1) {
      for (x, cell) in canvas.row(y).enumerated() where cell.style.role == .key && cell.text != " "
      {
        places[cell.text] = Point(x, y)
      }
    }
    return places
  }

  @Test("Choosing a model, a card, a type or a field moves no field", arguments: Language.allCases)
  func fieldsStandStill(language: Language) throws {
    let look = Look(language: language)
    for (columns, rows) in [(60, 16), (80, 24), (100, 30), (120, 36), (200, 60)] {
      let size = Size(columns: columns, rows: rows)
      let start = Self.places(try Self.screen("", look), size, look)
      #expect(start.count == 7, "\(size): \(start)")
      for (knob, presses) in [("m", 28), ("g", 19), ("w", 6), ("k", 5), ("u", 1), ("n", 5)] {
        var screen = try Self.screen(knob, look)
        for press in 0..<presses {
          #expect(Self.places(screen, size, look) == start, "\(size) \(knob) \(press)")
          let text = screen.view(size, look).plainText
          #expect(text.contains(" ↑↓"), "\(size) \(knob) \(press)\n\(text)")
          _ = screen.update(.key(.character(try #require(knob.first))))
        }
      }
    }
  }

  @Test("At the smallest size two types stay in the table, the chosen one among them")
  func smallTable() throws {
    let size = Size(columns: 60, rows: 16)
    for (keys, names) in [("", ["FP16", "INT8"]), ("k Down Down", ["FP16", "INT8"])] {
      let lines = try Self.screen(keys).view(size, Look()).plainText.split(separator: "\n")
      let found = lines.compactMap { line in
        line.split(separator: " ").first.map(String.init).flatMap {
          Precision(rawValue: $0.lowercased())
        }
      }
      #expect(found.map { $0.rawValue.uppercased() } == names, "\(keys) \(lines)")
    }
  }

  @Test("While a number is typed its keys stand beside it, at the smallest size too")
  func typedKeys() throws {
    for language in Language.allCases {
      let look = Look(language: language)
      for keys in ["n 1 2", "b 3", "u 9"] {
        let text = try Self.screen(keys, look).view(Size(columns: 60, rows: 16), look).plainText
        let line = try #require(text.split(separator: "\n").last)
        #expect(line.contains("Enter") && line.contains("Esc") && line.contains("> "), "\(line)")
      }
    }
  }

  @Test("What is picked shows the keys that change it, and the footer does not name its key again")
  func picked() throws {
    let size = Size(columns: 80, rows: 24)
    let before = try Self.screen("").view(size, Look()).plainText
    let after = try Self.screen("u").view(size, Look()).plainText
    #expect(before.contains("u  用几成") && before.contains(" 4 ↑↓"))
    #expect(!after.contains("u  用几成") && after.contains(" 92 % ↑↓"))
    let ascii = Look(language: .english, glyphs: .ascii)
    #expect(try Self.screen("u", ascii).view(size, ascii).plainText.contains(" 92 % +-"))
  }

  @Test("Weights are called published where their types are known, else by their bits")
  func weights() throws {
    let look = Look(language: .english)
    let cases: [(model: String, type: Precision, label: String)] = [
      ("deepseek-v3", .fp16, "as published"), ("gpt-oss-20b", .fp16, "as published"),
      ("llama-2-7b", .fp16, "16 bits"), ("llama-2-7b", .fp32, "32 bits"),
    ]
    for (model, type, label) in cases {
      var question = MemoryQuestion(try #require(try Catalogue.model(model)))
      question.cacheType = type
      let state = try PlannerState(question, look)
      let text = PlannerScreen(state).view(Size(columns: 80, rows: 24), look).plainText
      #expect(text.contains("weights " + label), "\(model)\n\(text)")
    }
  }

  @Test("That activations are not taken off is said beside vLLM's line and in the help")
  func activations() throws {
    for language in Language.allCases {
      let look = Look(language: language)
      let word = language("激活值", "ctivations")
      let wide = try Self.screen("", look).view(Size(columns: 160, rows: 40), look).plainText
      let line = wide.split(separator: "\n").first { $0.contains("vLLM") }
      #expect(line?.contains(word) == true, "\(wide)")
      #expect(
        try Self.screen("?", look).view(Size(columns: 120, rows: 36), look).plainText.contains(word)
      )
      // Where the line has no room for it, the reserve's has.
      for size in [(60, 16), (80, 24), (100, 30)] {
        let text = try Self.screen("u Up Up Up Up", look).view(
          Size(columns: size.0, rows: size.1), look
        ).plainText
        #expect(text.contains(word) || size.0 == 60, "\(text)")
      }
    }
  }

  @Test("Why vLLM's tokens are not those of the working: whole blocks")
  func blocks() throws {
    let text = try Self.screen("").view(Size(columns: 80, rows: 24), Look()).plainText
    #expect(text.contains("16,400 个词元") && text.contains("整块，每块 16"))
  }

  @Test("A key that there is not is said; what is beyond all numbers changes nothing")
  func refusals() throws {
    let size = Size(columns: 80, rows: 24)
    #expect(try Self.screen("x").view(size, Look()).plainText.contains("没有这个键"))
    var question = MemoryQuestion(try #require(try Catalogue.model("llama-2-7b")))
    (question.context, question.batch) = (1 << 29, 30_000)
    var state = try PlannerState(question, Look())
    state.picked = .context
    state.change(1)
    #expect(state.context == 1 << 29 && state.notice != nil)
    #expect(throws: PlannerError.self) {
      question.batch = 1_000_000_000
      _ = try PlannerState(question, Look())
    }
  }

  @Test("Powers of two are in formulas alone, and never beside a card", arguments: states)
  func units(keys: String) throws {
    for language in Language.allCases where keys != "?" {
      let look = Look(language: language)
      let screen = try Self.screen(keys, look)
      for size in [(60, 16), (80, 24), (120, 36), (200, 60)] {
        let text = screen.view(Size(columns: size.0, rows: size.1), look).plainText
        for line in text.split(separator: "\n") where line.contains("iB") {
          #expect(line.contains("=") && !line.contains("#"), "\(line)")
        }
        #expect(text.firstMatch(of: /\b1 (bytes|requests|tokens|layers|heads)\b/) == nil, "\(text)")
      }
    }
  }

  // MARK: Numbers

  /// What `memory --json` has for the question that the screen shows, as the screen would write it.
  @Test(
    "Numbers on the canvas are the planner's",
    arguments: ["", "n Up", "b Up Up", "k Up", "w Up", "u Down Down", "g Down", "n Down Down"])
  func numbers(keys: String) throws {
    let screen = try Self.screen(keys + " b")
    let answer = screen.answer
    let text = screen.view(Size(columns: 200, rows: 60), Look()).plainText
    let binary = Quantity.binaryBytes
    for bytes in [answer.bytesPerToken, answer.requestBytes, answer.cacheBytes].compactMap({ $0 }) {
      #expect(text.contains(binary.text(Double(bytes), .full)), "\(bytes)")
    }
    if let weights = answer.weightBytes, let free = answer.freeBytes, free > 0 {
      #expect(text.contains("权重 " + Quantity.bytes.text(Double(weights), .full)))
      #expect(text.contains("装得下 \(DigitGroups.text(try #require(answer.requestsFit))) 个请求"))
    }
    if let plan = answer.vLLM, answer.freeBytes ?? 0 > 0 { #expect(text.contains(plan.sentence)) }
  }

  @Test("The working is exact", arguments: [Language.chinese, .english])
  func working(language: Language) throws {
    let screen = try Self.screen("e", Look(language: language))
    let answer = screen.answer
    let text = screen.view(Size(columns: 120, rows: 36), Look(language: language)).plainText
    for number in [
      answer.bytesPerToken, answer.requestBytes ?? 0, answer.cacheBytes ?? 0,
      answer.weightBytes ?? 0,
      answer.freeBytes ?? 0, answer.tokensFit ?? 0, answer.question.memory ?? 0,
    ] {
      #expect(text.contains(DigitGroups.text(number)), "\(number)")
    }
  }

  @Test("Of a model with windows each layer is a column: ten pillars of 62")
  func windows() throws {
    let keys = try Self.keys(to: "gemma-3-27b") + "n Up Up Up Up Up"
    let canvas = try Self.screen(keys).view(Size(columns: 120, rows: 36), Look())
    let heights = (0..<canvas.size.rows).map { y -> Int in
      var runs = 0
      var wasMark = false
      for cell in canvas.row(y) {
        let isMark = cell.text == "=" && cell.style.role == .cached
        if isMark && !wasMark { runs += 1 }
        wasMark = isMark
      }
      return runs
    }
    #expect(heights.contains(10))
    #expect(canvas.plainText.contains("62 GiB") && canvas.plainText.contains("80 KiB"))
  }

  // MARK: Coming back

  @Test("Who leaves for the menu and comes back finds the planner as it was")
  func comingBack() throws {
    let services = Services(
      OpenTool(PlannerScreen(try PlannerState(Look()))), course: FakeCourse())
    var app = try App(opening: .home, Look(), services)
    let display = StagedDisplay(.keys("m n Up q m"))
    app.run(on: display)
    let texts = display.frames.map(\.canvas.plainText)
    #expect(texts.count == 6)
    #expect(texts[1].contains("4,096") && !texts[1].contains("8,192"))
    #expect(texts[3].contains("8,192"))
    #expect(texts[4].contains("自由运行"))
    #expect(texts[5] == texts[3])
  }

  @Test(
    "Opened alone it leads out; the look that was chosen stays", arguments: ["q", "Escape", "C-c"])
  func out(key: String) throws {
    let services = Services(OpenTool(PlannerScreen(try PlannerState(Look()))))
    var app = try App(opening: .tool(ToolPlace(.planner)), Look(), services)
    let display = StagedDisplay(.keys("t L \(key) n"))
    app.run(on: display)
    #expect(display.frames.count == 3)
    #expect(app.look == Look(language: .english, theme: .light))
  }
}
