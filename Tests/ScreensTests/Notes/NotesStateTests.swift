import Base
import Classroom
import Lessons
import TestSupport
import Testing
import Viz

@testable import Screens

/// What the presenter's second terminal says, and what its keys have the presentation do.
@Suite struct NotesStateTests {
  private static let wide = Size(columns: 120, rows: 36)

  private func notes(
    _ body: String = Told.choice, _ look: Look = Look()
  ) throws -> Following<NotesScreen> {
    var notes = Following(NotesScreen(look), body, look)
    try notes.send(.resized(Self.wide))
    try notes.send(.presentation(.clock(TimeOfDay(hour: 9, minute: 5))))
    return notes
  }

  private func text(
    _ counts: [[Int]], _ phase: QuestionPhase = .discuss, body: String = Told.choice
  ) throws -> String {
    var notes = try notes(body)
    let backstage = Told.backstage(counts, answer: 1)
    try notes.hear(Told.lesson(step: 3, Told.question(phase), backstage: backstage))
    return notes.text(Self.wide)
  }

  @Test("The answer, the votes, and what is behind the wrong ones are there before the reveal")
  func votes() throws {
    let text = try text([[6, 4], [0, 0]])
    for part in ["B 四行", "四个字，四行", "10 人", "那是这一步", "对 40 %", "讨论 2 到 4 分钟", "慢一点。"] {
      #expect(text.contains(part), "\(part)\n\(text)")
    }
  }

  @Test(
    "What to do goes by how many are right: below 30 %, to 70 %, above; the second vote beside the first"
  )
  func advice() throws {
    for (right, sentence) in [
      (0, "再讲一遍"), (29, "再讲一遍"), (30, "讨论"), (70, "讨论"), (71, "简短解释"), (100, "简短解释"),
    ] {
      let text = try text([[100 - right, right], []])
      #expect(text.contains("对 \(right) %") && text.contains(sentence), "\(right)\n\(text)")
    }
    let second = try text([[60, 40], [20, 80]], .reveal)
    #expect(second.contains("对 40 % → 80 %") && second.contains("60 → 20"), "\(second)")
    #expect(try !text([[0, 0], [0, 0]]).contains("对 "))
  }

  @Test("After the second vote nobody is sent to vote again")
  func phases() throws {
    #expect(try text([[60, 40], [50, 50]], .voteAgain).contains("揭晓，把错在哪里讲透"))
    #expect(try text([[60, 40], [10, 90]], .voteAgain).contains("揭晓，简短解释"))
    #expect(try text([[60, 40], [10, 90]], .reveal).contains("往下走"))
  }

  @Test("Hands are typed here, unseen, and handed over once they make sense")
  func hands() throws {
    var notes = try notes()
    try notes.press("v")
    #expect(notes.text(Self.wide).contains("不投票"))
    try notes.hear(
      Told.lesson(
        step: 3, Told.question(.vote), backstage: Told.backstage([[1, 2], []], answer: 1)))
    try notes.press("v 3 Space x Enter")
    #expect(notes.text(Self.wide).contains("看不懂 x") && notes.said.isEmpty)
    try notes.press("BSpace 4 Enter")
    #expect(notes.said == [.hands("3 4")] && notes.screen.state.field == nil)
    try notes.press("v 5 Escape v")
    try notes.hear(
      Told.lesson(
        step: 3, Told.question(.discuss), backstage: Told.backstage([[1, 2], []], answer: 1)))
    #expect(notes.said.count == 1 && notes.screen.state.field == nil)
    var backstage = Told.backstage([[4, 6], []], answer: 1)
    backstage.hands = [7, 0]
    try notes.hear(Told.lesson(step: 3, Told.question(.discuss), backstage: backstage))
    #expect(notes.text(Self.wide).contains("10 人，其中举手 7"))
  }

  @Test("Of many numbers the right one and the most frequent have a row, the others one together")
  func manyNumbers() throws {
    var notes = try notes(Told.number)
    let values = (1...40).map(Double.init)
    var backstage = Told.backstage([values.map { $0 == 30 ? 5 : 1 }, []], answer: 16)
    backstage.values = values
    try notes.hear(
      Told.lesson(step: 3, Told.question(.vote, "cells", options: nil), backstage: backstage))
    let text = notes.text(Self.wide)
    #expect(text.contains("✓ 16") && text.contains("30") && text.contains("44 人"), "\(text)")
    #expect(text.contains("其他 33 种") || text.contains("其他 34 种"), "\(text)")
    #expect(text.contains("慢一点。"))
  }

  @Test("Numbers that were voted stand beside those that the lesson knows to be wrong")
  func numbers() throws {
    var notes = try notes(Told.number)
    var backstage = Told.backstage([[5, 7], [0, 0]], answer: 16)
    backstage.values = [9, 16]
    try notes.hear(
      Told.lesson(step: 3, Told.question(.vote, "cells", options: nil), backstage: backstage))
    let text = notes.text(Self.wide)
    for part in ["✓ 16", "9 ", "4  0", "那是有缓存的时候", "对 58 %"] {
      #expect(text.contains(part), "\(part)\n\(text)")
    }
  }

  @Test(
    "The wall and what comes next are computed here: the reveal's step, else the next screen, else the next step"
  )
  func pictures() throws {
    var notes = try notes()
    try notes.hear(
      Told.lesson(
        step: 3, Told.question(.vote), backstage: Told.backstage([[1, 2], []], answer: 1)))
    #expect(notes.text(Self.wide).contains("揭晓，第 4 步"))
    try notes.hear(Told.lesson("one", step: 2, backstage: next("two")))
    #expect(notes.text(Self.wide).contains("接下来  第二屏"))
    #expect(notes.screen.state.preview?.step.id == "two")
    try notes.hear(Told.lesson("three", step: 4, backstage: next(nil)))
    #expect(notes.text(Self.wide).contains("接下来  以后"))
    var run = Told.run(step: 2)
    run.backstage = Told.backstage()
    try notes.hear(run)
    let text = notes.text(Self.wide)
    #expect(text.contains("投影上  第 2 步") && text.contains("接下来  第 3 步"), "\(text)")
    try notes.hear(Told.run(step: 7))
    #expect(notes.opened == 2)
  }

  private func next(_ screen: String?) -> Backstage {
    var backstage = Told.backstage()
    backstage.nextScreen = screen
    return backstage
  }

  @Test("The clock, the timer, the part's minutes, the plan, and who follows")
  func times() throws {
    let text = try text([])
    for part in [
      "9:05", "计时 0:45", "本课 4:10 / 7:00", "全课 ", "6 / 5 分", "4 / 7 分", "– 分", "晚 1 分钟",
      "手机 31 台，终端 4 个",
    ] {
      #expect(text.contains(part), "\(part)\n\(text)")
    }
    var notes = try notes()
    var backstage = Told.backstage()
    backstage.timer = 0
    var document = Told.lesson(backstage: backstage)
    (document.isBlank, document.spotlight) = (true, .row)
    try notes.hear(document)
    #expect(notes.text(Self.wide).contains("时间到") && notes.text(Self.wide).contains("投影黑屏"))
    document.isBlank = false
    try notes.hear(document)
    #expect(notes.text(Self.wide).contains("聚光：一行"))
  }

  @Test("Notes are those of the lesson here where that is read in another language than the wall's")
  func language() throws {
    for (language, note) in [(Language.chinese, "慢一点。"), (.english, "Slowly: 9.")] {
      var notes = try notes(Told.choice, Look(language: language))
      notes.scene = "id: two\nstep: 3\nnotes: [\"Slowly: {{uncached.cells}}.\"]"
      try notes.hear(Told.lesson(step: 3, backstage: Told.backstage()))
      let text = notes.text(Self.wide)
      #expect(text.contains(note), "\(text)")
      #expect(text.contains("慢一点。") == (language == .chinese), "\(text)")
      // Of a screen without notes, and of a run, the presenter's are read.
      try notes.hear(Told.lesson("one", step: 2, backstage: Told.backstage()))
      #expect(notes.text(Self.wide).contains("慢一点。"))
      var run = Told.run()
      run.backstage = Told.backstage()
      try notes.hear(run)
      #expect(notes.text(Self.wide).contains("慢一点。"))
    }
  }

  @Test("Without a backstage there are no notes, whatever the lesson here has")
  func notOwner() throws {
    var notes = try notes(Told.choice, Look(language: .english))
    notes.scene = "id: two\nstep: 3\nnotes: [Slowly.]"
    try notes.hear(Told.lesson(step: 3))
    #expect(!notes.text(Self.wide).contains("Slowly."))
  }

  @Test("Keys drive the presentation, and nothing here moves by them")
  func drives() throws {
    var notes = try notes()
    try notes.press("Enter")
    #expect(notes.said.isEmpty && notes.text(Self.wide).contains("没有演示在听"))
    try notes.hear(
      Told.lesson(
        step: 3, Told.question(.vote), backstage: Told.backstage([[1, 2], []], answer: 1)))
    let before = notes.text(Self.wide)
    try notes.press("Enter PgDn BSpace PgUp b . + = - > <")
    #expect(
      notes.said == [
        .goOn, .goOn, .goBack, .goBack, .blank, .spotlight, .moreTime, .moreTime, .lessTime,
        .nextItem, .previousItem,
      ])
    #expect(notes.text(Self.wide) == before)
    try notes.press("x")
    #expect(notes.text(Self.wide).contains("再按一次 x"))
    try notes.press("x")
    #expect(notes.said.suffix(2) == [.skip, .skip])
    try notes.lose()
    try notes.press("Enter")
    #expect(notes.said.count == 13)
    try notes.press("q")
    #expect(notes.isLeft)
  }

  @Test("It waits for a presentation, survives its end, and finds it again")
  func gone() throws {
    var notes = try notes()
    try notes.lose()
    #expect(notes.text(Self.wide).contains("还没有演示"))
    try notes.hear(Told.lesson(backstage: Told.backstage()))
    #expect(notes.text(Self.wide).contains("慢一点。"))
    try notes.lose()
    #expect(notes.text(Self.wide).contains("慢一点。") && notes.text(Self.wide).contains("断开"))
    try notes.hear(Told.lesson(step: 4, backstage: Told.backstage()))
    #expect(!notes.text(Self.wide).contains("断开"))
  }

  @Test("A small screen has pages of its own for notes, pictures and the plan")
  func pages() throws {
    var notes = try notes()
    let small = Size(columns: 60, rows: 16)
    try notes.send(.resized(small))
    try notes.hear(Told.lesson("one", step: 2, backstage: Told.backstage()))
    #expect(notes.text(small).contains("慢一点。"))
    try notes.press("Tab")
    #expect(notes.text(small).contains("投影上"))
    try notes.press("Tab")
    #expect(notes.text(small).contains("课程表"))
    try notes.press("Tab")
    #expect(notes.text(small).contains("慢一点。"))
  }

  @Test("States that make no sense are drawn as far as they do")
  func hostile() throws {
    var backstage = Told.backstage(
      [[Int.max, Int.max], [1, 2, 3, 4, 5]], answer: 99, notes: ["\u{1B}[2J"])
    backstage.item = 1 << 40
    (backstage.timer, backstage.nextScreen) = (Int.max, "nowhere")
    backstage.items.append(Backstage.Item(title: "\u{202E}", minutes: Int.max, seconds: Int.max))
    for question in [
      nil, Told.question(.vote), Told.question(.reveal, "other", options: nil),
      Told.question(.vote, options: Array(repeating: "长", count: 500)),
    ] {
      for values in [nil, [Double.infinity, .nan, 1e300]] {
        var notes = try notes()
        backstage.values = values
        try notes.hear(Told.lesson(step: Int.max, question, backstage: backstage))
        for size in [Self.wide, Size(columns: 60, rows: 16)] {
          let text = notes.text(size)
          #expect(
            !text.unicodeScalars.contains { $0.value < 0x20 && $0 != "\n" || $0 == "\u{202E}" })
        }
        try notes.press("Down Down Up Tab Tab ? Escape x")
      }
    }
  }

  @Test("Every size draws whole rows, in every state")
  func sizes() throws {
    var random = SplitMix64(seed: 15)
    let backstage = Told.backstage([[9, 5], [3, 11]], answer: 1)
    let states: [(PresentationDocument?, String)] = [
      (nil, ""), (Told.lesson("one", step: 2, backstage: backstage), ""),
      (Told.lesson(step: 3, Told.question(.voteAgain), backstage: backstage), "Down"),
      (Told.lesson(step: 4, Told.question(.reveal), backstage: backstage), "Tab"),
      (Told.lesson("three", step: 4, backstage: backstage), "Tab Tab"),
      (Told.lesson(step: 3, backstage: backstage), "?"), (Told.run(step: 3), ""),
    ]
    let screens = try states.map { document, keys in
      var notes = try notes()
      if let document { try notes.hear(document) } else { try notes.lose() }
      try notes.send(.resized(Size(columns: 60, rows: 16)))
      try notes.press(keys)
      return notes.screen
    }
    for round in 0..<180 {
      let size = Size(
        columns: Int.random(in: 1...300, using: &random),
        rows: Int.random(in: 1...100, using: &random))
      let look = Look(
        language: round % 2 == 0 ? .chinese : .english,
        glyphs: round % 3 == 0 ? .full : round % 3 == 1 ? .narrow : .ascii)
      let canvas = screens[round % screens.count].view(size, look)
      #expect(canvas.flaw == nil, "\(size) \(round % screens.count)")
    }
  }

  @Test("Frames that were looked at are kept")
  func frames() throws {
    let kept = KeptFolder("Tests/ScreensTests/Notes/Snapshots")
    let backstage = Told.backstage([[9, 5], [3, 11]], answer: 1)
    let cases: [(String, PresentationDocument?, String)] = [
      ("waiting", nil, ""), ("screen", Told.lesson("one", step: 2, backstage: backstage), ""),
      ("vote", Told.lesson(step: 3, Told.question(.voteAgain), backstage: backstage), ""),
      ("pictures", Told.lesson(step: 3, Told.question(.vote), backstage: backstage), "Tab"),
      ("plan", Told.lesson("three", step: 4, backstage: backstage), "Tab Tab"),
      ("help", Told.lesson(step: 3, backstage: backstage), "?"),
    ]
    var names: [String] = []
    for (name, document, keys) in cases {
      for size in [
        Size(columns: 60, rows: 16), Size(columns: 80, rows: 24), Size(columns: 100, rows: 30),
        Size(columns: 200, rows: 60),
      ] where size.columns < 90 || !keys.contains("Tab") {
        for language in Language.allCases {
          let look = Look(language: language)
          var notes = try notes(Told.choice, look)
          try notes.send(.resized(size))
          if let document { try notes.hear(document) } else { try notes.lose() }
          try notes.press(keys)
          names.append("\(name)-\(size.columns)x\(size.rows)-\(language)")
          try kept.check(names[names.count - 1], notes.text(size))
        }
      }
    }
    #expect(try kept.unused(names).isEmpty)
  }
}
