import Base
import TestSupport
import Testing
import Trace
import Viz

@testable import Screens

/// The conversation screen over answers of the bundled model.
@Suite struct ConversationScreenTests {
  /// A screen and what answers it, a key at a time.
  struct Talk {
    var screen: ConversationScreen
    private let model: BundledTalk
    private(set) var asked: [ConversationQuestion] = []
    /// Whether other ways of computing a turn are run.
    var compares = true
    /// What cannot be worked out.
    var refuses: (ConversationQuestion) -> Bool = { _ in false }

    init(
      _ look: Look = Look(), script: [ConversationEntry]? = nil, model name: String = "tiny-zh",
      turns: Int = 0, size: Size = ConversationScreenTests.size
    ) throws {
      model = try BundledTalk(name, look.language)
      let start = ConversationStart(
        model: model.model, isLatent: model.isLatent, language: look.language,
        script: script ?? ConversationEntry.chapter(look.language), turns: turns)
      screen = ConversationScreen(start, look)
      _ = screen.update(.resized(size))
    }

    /// Presses keys, and works out all that is asked after each.
    mutating func press(_ keys: String) throws {
      for name in keys.split(separator: " ") {
        _ = screen.update(.key(try #require(Key(tmuxName: String(name)))))
        try settle()
      }
    }

    mutating func paste(_ text: String) throws {
      _ = screen.update(.paste(text))
      try settle()
    }

    mutating func settle() throws {
      while case .conversation(let question) = screen.question {
        if !compares, question.isComparison { return }
        asked.append(question)
        guard !refuses(question) else {
          _ = screen.update(.failed(Refusal()))
          continue
        }
        let answer = ConversationAnswer(to: question, try content(question))
        _ = screen.update(.findings(.conversation(answer)))
      }
    }

    private func content(_ question: ConversationQuestion) throws -> ConversationAnswer.Content {
      switch question {
      case .answer(let asked):
        let turn = try model.answer(
          asked.text, conversation: asked.conversation, behind: asked.earlier,
          replacing: asked.dropped.first)
        return .turn(turn, tokens: model.tokens(turn))
      case .emptied(let turn, _): return .cost(try model.emptied(turn))
      case .uncached(let turn, _): return .cost(try model.uncached(turn))
      case .outlook(let text, let turn, let turns, _):
        return .outlook(try model.outlook(text, turn: turn, of: turns))
      }
    }

    func text(_ size: Size = ConversationScreenTests.size, _ look: Look = Look()) -> String {
      screen.view(size, look).plainText
    }
  }

  static let size = Size(columns: 100, rows: 30)
  private static let four = "Enter Enter Enter Enter"
  private static let edited = four + " Up Up e BSpace BSpace BSpace 叫 什 么 ？"

  private func count(_ text: String, _ style: Style, _ canvas: Canvas, rows: Range<Int>) -> Int {
    rows.reduce(0) { sum, y in sum + canvas.row(y).count { $0.text == text && $0.style == style } }
  }

  // MARK: Numbers

  @Test("One mark for each token, reused or computed, in each of four turns")
  func marks() throws {
    var talk = try Talk()
    try talk.press(Self.four)
    let canvas = talk.screen.view(Self.size, Look())
    // A turn's bar has two rows, its marks in the second.
    for (turn, tokens) in [(0, 8, 20), (28, 10, 19), (57, 9, 4), (70, 9, 3)].enumerated() {
      let y = 2 + 4 * turn + 1
      #expect(count("=", .reusedTokens, canvas, rows: y..<y + 1) == tokens.0)
      #expect(count("?", .askedTokens, canvas, rows: y..<y + 1) == tokens.1)
      #expect(count("+", .answeredTokens, canvas, rows: y..<y + 1) == tokens.2)
    }
  }

  @Test("Rows, FLOP and bytes are those that were counted")
  func table() throws {
    var talk = try Talk()
    try talk.press(Self.four)
    let text = talk.text()
    for numbers in [
      ["28", "29", "13", "12", "82", "44.7", "M"], ["28", "57", "70", "82", "237", "116", "M"],
      ["378", "950", "340", "322", "1990", "896", "M"],
      ["56", "KiB", "114", "KiB", "140", "KiB", "164", "KiB"],
    ] {
      let lines = text.split(separator: "\n").map { $0.split(separator: " ").map(String.init) }
      #expect(lines.contains { $0.joined(separator: " ").contains(numbers.joined(separator: " ")) })
    }
  }

  @Test("What was not run is a dash, and no total is made of it")
  func dashes() throws {
    var talk = try Talk()
    talk.refuses = { if case .uncached = $0 { true } else { false } }
    try talk.press("Enter")
    let row = try #require(
      talk.text().split(separator: "\n").first { $0.contains("不用缓存") })
    #expect(row.filter { $0 == "–" }.count == 3, "\(row)")
    #expect(talk.text().contains("这不行"))
  }

  @Test("Beyond the width a column is two tokens, then four, and the screen says so")
  func scale() throws {
    for (columns, words) in [(100, "一列一个词元"), (60, "一列 2 个词元"), (40, "一列 3 个词元")] {
      var talk = try Talk()
      try talk.press(Self.four)
      let text = talk.text(Size(columns: columns, rows: 30))
      #expect(text.contains(words), "\(text)")
    }
    for tokens in 0...3000 {
      for columns in [1, 7, 40, 90, 180, 400] {
        let scale = TokenScale(tokens: tokens, columns: columns)
        #expect(scale.column(ofToken: tokens) <= columns)
        #expect(scale.tokensPerColumn == 1 || scale.columnsPerToken == 1)
      }
    }
  }

  @Test("At every width a part of a bar has its name with its number, or neither")
  func names() throws {
    for language in Language.allCases {
      let look = Look(language: language)
      for keys in [Self.four, Self.edited, Self.edited + " Enter"] {
        var talk = try Talk(look)
        talk.compares = false
        try talk.press(keys)
        for columns in 30...220 {
          for rows in [16, 24, 36] {
            let text = talk.text(Size(columns: columns, rows: rows), look)
            let bare = text.firstMatch(of: /[=?+\/!] ?[0-9]+ ?[=?+\/!]/)
            #expect(bare == nil, "\(columns)x\(rows) \(text)")
          }
        }
      }
    }
  }

  // MARK: Edits

  @Test("The edit's mark moves as one types, and the proof is what was computed")
  func edit() throws {
    var talk = try Talk()
    try talk.press(Self.four + " Up Up e")
    let opened = talk.screen.view(Self.size, Look())
    #expect(opened.plainText.contains("还没改，失效 0"))
    let chosen = 5 + 3 + 1
    #expect(count("/", .voidTokens, opened, rows: chosen..<chosen + 1) == 0)
    #expect(opened.plainText.contains("改第 2 轮：后面 2 轮一起作废"))
    #expect(opened.plainText.contains("第 2/4 轮"))
    try talk.press("Home Delete")
    #expect(talk.text().contains("第 32 个 你 → 是"))
    try talk.press("你 Delete Delete 叫 什 么")
    let typed = talk.screen.view(Self.size, Look())
    #expect(typed.plainText.contains("第 33 个 是 → 叫"))
    #expect(typed.plainText.contains("2 块，32 个"))
    let row = 5 + 3 + 1
    #expect(count("=", .reusedTokens, typed, rows: row..<row + 1) == 32)
    #expect(count("!", .differentToken, typed, rows: row..<row + 1) == 1)
    #expect(count("/", .voidTokens, typed, rows: row..<row + 1) == 49)
    try talk.press("Enter")
    let text = talk.text()
    for words in [
      "重算 15.0 M FLOP（26/58 行）", "全部清空 28.9 M FLOP", "省 48 %", "没改的 23 个词元（答 19），位置移了 1",
      "0.77     1.58     2.14     2.10", "0.24     0.49     1.13     0.91",
    ] {
      #expect(text.contains(words), "\(words)\n\(text)")
    }
    #expect(text.contains("第 2 轮改好了：后面 2 轮作废了"))
    #expect(text.contains("第 3 到 4 轮作废了：回到对话，按 Enter 再问"))
    // What was dropped is asked again.
    try talk.press("Enter")
    #expect(talk.text().contains("Enter → 谢谢！"))
    try talk.press("Enter Enter")
    #expect(talk.text().contains("第 4/4 轮"))
  }

  @Test("An edit that is left changes nothing")
  func leftEdit() throws {
    var talk = try Talk()
    try talk.press(Self.four + " Up")
    let before = talk.text()
    try talk.press("e BSpace x y Up Down Escape")
    #expect(talk.text() == before)
  }

  @Test("The changed part of a question lies between what both begin and end with")
  func changed() {
    for (old, new, was, now) in [
      ("你是谁？", "你叫什么？", 1..<3, 1..<4), ("abc", "abc", 3..<3, 3..<3), ("aa", "aaa", 2..<2, 2..<3),
      ("", "x", 0..<0, 0..<1), ("ab", "", 0..<2, 0..<0),
    ] {
      let (one, other) = EditView.changed(old, new)
      #expect(one == was && other == now, "\(old) \(new)")
    }
  }

  // MARK: Asking

  @Test("A question is typed, pasted in one line, and asked; an empty one is not")
  func typing() throws {
    var talk = try Talk()
    try talk.press("p Enter")
    #expect(talk.text().contains("先写点什么") && talk.asked.isEmpty)
    try talk.paste("你好\n你是谁")
    try talk.press("？ Enter")
    #expect(talk.text().contains("问：你好 你是谁？"))
    #expect(talk.text().contains("第 1/5 轮"))
    try talk.press("p x Escape")
    #expect(talk.text().contains("Enter → 你好！"))
  }

  @Test("An answer is shown as it is written, and can be stopped: it is asked next")
  func streaming() throws {
    var talk = try Talk()
    try talk.press("Enter")
    let settled = talk.text()
    _ = talk.screen.update(.key(.enter))
    guard case .conversation(let question) = talk.screen.question else {
      Issue.record("nothing is asked")
      return
    }
    let progress = AnswerProgress(
      number: 2, question: "你是谁？", answer: "我叫", prompt: 38, reused: 28, written: 2, fed: 1)
    _ = talk.screen.update(.findings(.conversation(.init(to: question, .progress(progress)))))
    #expect(talk.text().contains("答 1：我叫") && talk.text().contains("2 个词元"))
    #expect(talk.screen.waits.refresh != nil)
    _ = talk.screen.update(.key(.escape))
    #expect(talk.screen.question == nil && talk.screen.waits == Waits())
    _ = talk.screen.update(.findings(.conversation(.init(to: question, .progress(progress)))))
    _ = talk.screen.update(.key(.left))
    _ = talk.screen.update(.look(Look()))
    #expect(!talk.text().contains("我叫") && settled.contains("Enter → 你是谁？"))
    #expect(talk.text().contains("Enter → 你是谁？"))
  }

  @Test("What cannot be answered is typed anew, and why is said")
  func refused() throws {
    var talk = try Talk()
    talk.refuses = { if case .answer = $0 { true } else { false } }
    try talk.press("p 长 Enter")
    #expect(talk.text().contains("这不行"))
    talk.refuses = { _ in false }
    try talk.press("Enter")
    #expect(talk.text().contains("：长"))
  }

  @Test("A script can edit and begin anew")
  func script() throws {
    var talk = try Talk(script: [
      .question("你好！"), .question("你是谁？"), .edit(turn: 1, question: "你叫什么？"),
      .begin(question: "再见！"),
    ])
    try talk.press("Enter Enter Enter")
    #expect(talk.text().contains("第 1 轮  你好！  →  你叫什么？"))
    try talk.press("Enter Enter Enter")
    #expect(talk.text().contains("对话 2"))
    #expect(talk.text().contains("第 1/1 轮"))
    try talk.press("r Enter")
    #expect(talk.text().contains("对话 3") && talk.text().contains("第 1/4 轮"))
  }

  @Test("The keys that lead out of the cells lead back to the talk")
  func wayOutOfGrid() throws {
    for key in ["Tab", "Escape", "q"] {
      var talk = try Talk()
      try talk.press("Enter Tab")
      #expect(talk.text().contains("Tab  回到对话"))
      try talk.press(key)
      #expect(talk.text().contains("问 8：你好！") || talk.text().contains("问：你好！"), "\(key)")
      let effects = talk.screen.update(.key(.character("q")))
      #expect(effects.contains { if case .back = $0 { true } else { false } }, "\(key)")
    }
  }

  @Test("At 80 columns every key is named that does something")
  func footer() throws {
    var talk = try Talk()
    try talk.press("Enter Enter")
    let text = talk.text(Size(columns: 80, rows: 24))
    for hint in ["Enter  下一句", "↑ ↓  轮", "e  改这轮", "p  提问", "Tab  格子", "?  帮助", "q  返回"] {
      #expect(text.contains(hint), "\(hint)\n\(text)")
    }
  }

  @Test("It says what a question is fed with, and of typed ones that answers may be wrong")
  func notes() throws {
    var talk = try Talk()
    try talk.press(Self.four)
    let size = Size(columns: 120, rows: 36)
    #expect(talk.text(size).contains("「问」含「问：」「答：」和换行；第 2 轮起还含上一轮答句没喂过的最后一个"))
    #expect(!talk.text(size).contains("答得不一定对"))
    // Prefill and every token behind it, each over all there is: 79 + 80 + 81 + 82.
    #expect(
      talk.text(size).contains("不用缓存，第 4 轮的 322 = 79 + 80 + … + 82"), "\(talk.text(size))")
    // That is what was counted.
    let lines = talk.text(size).split(separator: "\n")
    for (turn, question) in ["你好！", "你是谁？", "谢谢！", "再见！"].enumerated() {
      let asked = question.count + "问：\n答：".count + (turn > 0 ? 1 : 0)
      #expect(
        lines.contains { $0.contains("  第 \(turn + 1) 轮") && $0.contains("问 \(asked)") }
          || lines.contains { $0.contains("问 \(asked)：\(question)") })
    }
    try talk.press("p 你 好 Enter")
    for size in [size, Size(columns: 80, rows: 24)] {
      #expect(talk.text(size).contains("tiny-zh 只学过几十句话，答得不一定对"), "\(talk.text(size))")
    }
  }

  @Test("The cells of a turn: a row for each that was computed")
  func grid() throws {
    var talk = try Talk()
    try talk.press("Enter Tab")
    let size = Size(columns: 100, rows: 40)
    let canvas = talk.screen.view(size, Look())
    // 28 tokens, a cell each: the triangle, and the prompt's half that the mask threw away.
    let cells = 4..<32
    #expect(count("+", .askedTokens, canvas, rows: cells) == 2 * 28 * 29 / 2)
    #expect(count("×", Style(.masked), canvas, rows: cells) == 2 * 8 * 7 / 2)
    try talk.press("Tab Enter Tab")
    let next = talk.screen.view(Size(columns: 200, rows: 63), Look())
    #expect(count("+", .askedTokens, next, rows: 4..<61) == 2 * 29 * 30 / 2)
    #expect(count("=", .reusedTokens, next, rows: 4..<61) == 2 * 29 * 28)
    #expect(count("·", Style(.notNeeded), next, rows: 4..<61) == 2 * 28 * 29 / 2)
  }

  // MARK: Frames

  @Test("Every size draws whole rows, in every mode, with every look")
  func sizes() throws {
    var random = SplitMix64(seed: 3)
    var talks: [(Look, Talk)] = []
    for keys in [
      "", "p 你 好", "Enter", Self.four, Self.four + " Tab", Self.four + " ?", Self.edited,
      Self.edited + " Enter",
    ] {
      for (language, glyphs) in [
        (Language.chinese, GlyphSet.full), (.english, .narrow), (.english, .ascii),
      ] {
        let look = Look(language: language, glyphs: glyphs)
        var talk = try Talk(look)
        talk.compares = keys.hasSuffix("Enter")
        try talk.press(keys)
        talks.append((look, talk))
      }
    }
    for _ in 0..<300 {
      let size = Size(
        columns: Int.random(in: 1...300, using: &random),
        rows: Int.random(in: 1...100, using: &random))
      let (look, talk) = talks[Int.random(in: 0..<talks.count, using: &random)]
      #expect(talk.screen.view(size, look).flaw == nil, "\(size)")
    }
    for (index, (look, talk)) in talks.enumerated() {
      for columns in 1...24 {
        for rows in 1...12 where (index + columns + rows) % 3 == 0 {
          #expect(talk.screen.view(Size(columns: columns, rows: rows), look).flaw == nil)
        }
      }
    }
  }

  @Test("Whatever is pasted, no control character gets to the screen")
  func hostile() throws {
    let text =
      "\u{1B}[31m\u{202E}e\u{301}\u{0}👩\u{200D}👧\t\u{FEFF}ก็\u{9B}界"
      + String(repeating: "长", count: 300)
    for keys in ["p", "Enter e"] {
      var talk = try Talk()
      try talk.press(keys)
      try talk.paste(text)
      for name in ["Left", "Home", "Right", "Enter", "Escape"] {
        try talk.press(name)
        for size in [Self.size, Size(columns: 60, rows: 16), Size(columns: 23, rows: 9)] {
          let canvas = talk.screen.view(size, Look())
          #expect(canvas.flaw == nil, "\(keys), \(name), \(size)")
          let bad = canvas.scalars { [.control, .format].contains($0.properties.generalCategory) }
          #expect(bad.isEmpty, "\(bad)")
        }
      }
    }
  }

  @Test("Frames that were looked at are kept")
  func frames() throws {
    let kept = KeptFolder("Tests/ScreensTests/Conversation/Snapshots")
    for (name, keys) in [
      ("begin", ""), ("talk", Self.four), ("edit", Self.edited), ("edited", Self.edited + " Enter"),
      ("cells", Self.four + " Tab"),
    ] {
      for (language, glyphs) in [(Language.chinese, GlyphSet.full), (.english, .ascii)] {
        let look = Look(language: language, glyphs: glyphs)
        var talk = try Talk(look)
        try talk.press(keys)
        for (columns, rows) in [(60, 16), (80, 24), (120, 36), (200, 60)] {
          let canvas = talk.screen.view(Size(columns: columns, rows: rows), look)
          try kept.check("\(name)-\(columns)x\(rows)-\(language)", canvas.plainText)
        }
      }
    }
  }

  // MARK: The loop

  @Test("It is opened, answered, left, and found again as it was")
  func opened() throws {
    let model = try BundledTalk("tiny-zh", .chinese)
    let work = FakeWork { question in
      guard case .conversation(let asked) = question, case .answer(let talk) = asked,
        let turn = try? model.answer(talk.text, conversation: 1, behind: [], replacing: nil)
      else {
        return question == .growth ? .growth(Growth()) : .conversation(Self.nothing(question))
      }
      return .conversation(.init(to: asked, .turn(turn, tokens: model.tokens(turn))))
    }
    let start = ConversationStart(
      model: "tiny-zh", isLatent: false, language: .chinese,
      script: ConversationEntry.chapter(.chinese))
    let tool = OpenTool(ConversationScreen(start, Look()), work)
    var app = try App(
      opening: .tool(ToolPlace(.conversation)), Look(), Services(tool))
    let display = ScriptDisplay(size: Self.size, keys: [.enter, .character("q")])
    app.run(on: display)
    #expect(display.frames[0].canvas.plainText.contains("Enter → 你好！"))
    #expect(display.frames[1].canvas.plainText.contains("答：你好！我是"))
    #expect(tool.screen.isKept && app.failure == nil)
  }

  /// Rows of a comparison that goes on.
  private static func nothing(_ question: Question) -> ConversationAnswer {
    guard case .conversation(let asked) = question else {
      return ConversationAnswer(to: .outlook("", turn: 1, of: [], .chinese), .rows(0))
    }
    return ConversationAnswer(to: asked, .rows(1))
  }
}

extension ConversationQuestion {
  /// Whether it asks what a turn takes in another way.
  fileprivate var isComparison: Bool {
    switch self {
    case .emptied, .uncached: true
    case .answer, .outlook: false
    }
  }
}
