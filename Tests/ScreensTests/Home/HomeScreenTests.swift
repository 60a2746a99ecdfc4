import Base
import TestSupport
import Testing
import Trace
import Viz

@testable import Lessons
@testable import Screens

/// The menu: what it says of lessons and of progress, the picture beside the list, and its keys.
@Suite struct HomeScreenTests {
  /// The course as the menu lists it, with something done of it.
  static func state(_ look: Look = Look(), _ progress: Progress = begun) throws -> HomeState {
    let entries = try Classroom.course.ids.map { id in
      HomeState.Entry(try Classroom.course.lesson(id, look.language), progress.lessons[id])
    }
    return HomeState(entries, look: look)
  }

  /// Lesson 1 done with a question missed, lesson 3 begun.
  static let begun: Progress = {
    var progress = Progress()
    var first = LessonProgress()
    first.steps = ["two-runs", "one-token-a-run", "read-again", "how-often"]
    first.isDone = true
    first.quizzes = ["first": .right]
    if let lesson = try? Classroom.course.lesson("01-token-by-token", .chinese) {
      first.quizzes = Dictionary(
        uniqueKeysWithValues: zip(lesson.quizzes.map(\.id), [.right, .shown, .right]))
    }
    var third = LessonProgress()
    (third.steps, third.current) = (["one-step"], "sum-up")
    progress.lessons = ["01-token-by-token": first, "03-recomputing": third]
    return progress
  }()

  /// The menu with what it asks for, until it asks for no more.
  static func answered(
    _ state: HomeState, size: Size, keys: String = "", _ runs: BundledRuns = BundledRuns()
  ) throws -> HomeScreen {
    var screen = HomeScreen(state)
    _ = screen.update(.resized(size))
    for name in [""] + keys.split(separator: " ").map(String.init) {
      if !name.isEmpty { _ = screen.update(.key(try #require(Key(tmuxName: name)))) }
      while case .home(let question)? = screen.question {
        _ = screen.update(.findings(.home(HomeAnswer(question, try picture(question, runs)))))
      }
    }
    return screen
  }

  static func picture(
    _ question: HomeQuestion, _ runs: BundledRuns
  ) throws -> HomeAnswer.Picture {
    switch question {
    case .scene(let scene): .run(try runs.runs(of: scene).run, step: scene.step)
    case .freeRun: .run(try Material.trace(), step: 4)
    case .planner: .planner(try PlannerState(Look()))
    case .growth: .growth(GrowthScreenTests.start, GrowthScreenTests.growth(steps: 7))
    case .recordings: .recordings(RecordingsScreenTests.entries)
    case .screen(let shown): .screen(frame(shown))
    }
  }

  /// A tool's frame each row of which says which it is, from its first column to its last.
  private static func frame(_ shown: ToolPicture) -> Canvas {
    var canvas = Canvas(shown.size)
    for y in 0..<shown.size.rows {
      canvas.put("<\(y) of \(shown.place.tool)", at: Point(0, y))
      canvas.put(">", at: Point(shown.size.columns - 1, y))
    }
    return canvas
  }

  private static let wide = Size(columns: 120, rows: 36)

  // MARK: What it says

  @Test("Each lesson has its title, what it is for, its minutes or what was right at once")
  func lines() throws {
    for language in Language.allCases {
      let look = Look(language: language)
      let text = try Self.answered(Self.state(look), size: Self.wide).view(Self.wide, look)
        .plainText
      // The lists alone, without what stands beside them.
      let lines = text.split(separator: "\n").compactMap { $0.split(separator: "│").first }
      for id in Classroom.course.ids {
        let lesson = try Classroom.course.lesson(id, language)
        let line = try #require(lines.first { $0.contains(" " + lesson.title + " ") }, "\(id)")
        #expect(line.contains(lesson.outcome), "\(line)")
        let score =
          id.hasPrefix("01")
          ? language("一次对 2/\(lesson.quizzes.count)", "2/\(lesson.quizzes.count) right")
          : language("\(lesson.minutes) 分钟", "\(lesson.minutes) min")
        #expect(line.contains(score), "\(line)")
        #expect(line.contains("✓") == id.hasPrefix("01"), "\(line)")
      }
      #expect(text.contains(language("已学 1/14 课", "1 of 14 done")))
    }
  }

  @Test("It says where one stopped, what to review, and what one will be able to do")
  func remembered() throws {
    let screen = try Self.answered(Self.state(), size: Self.wide, keys: "3")
    let text = screen.view(Self.wide, Look()).plainText
    let lesson = try Classroom.course.lesson("03-recomputing", .chinese)
    #expect(text.contains("上次  停在第 2/4 屏「\(lesson.steps[1].title)」"))
    #expect(text.contains("复习  第 1 课有 1 题没答上：「"))
    for ability in lesson.abilities { #expect(text.contains("- " + ability)) }
    let first = try Self.answered(Self.state(), size: Self.wide, keys: "1")
    #expect(first.view(Self.wide, Look()).plainText.contains("复习  有 1 题没答上：「"))
    let fresh = try Self.answered(Self.state(Look(), Progress()), size: Self.wide)
    let none = fresh.view(Self.wide, Look()).plainText
    #expect(!none.contains("上次") && !none.contains("复习"))
  }

  @Test("The picture's weights and counts are those of the lesson's own scene", arguments: 1...14)
  func picture(number: Int) throws {
    let size = Size(columns: 200, rows: 60)
    let keys = String(number).map(String.init).joined(separator: " ")
    let runs = BundledRuns()
    let text = try Self.answered(Self.state(), size: size, keys: keys, runs).view(size, Look())
      .plainText
    let lesson = try Classroom.course.lesson(Classroom.course.ids[number - 1], .chinese)
    let scene = lesson.previewScene
    // A tool is shown at its place, which its own tests read.
    guard scene.tool == nil else { return }
    let trace = try runs.runs(of: scene).run
    let step = trace.step(scene.step)
    let head = HeadAttention(
      trace, lane: 0, step: step, layer: scene.layer - 1, head: scene.head - 1)
    let newest = head.weights(ofRow: step.length - 1)
    if step.length <= 10 {
      let row: [String] = newest.map(Self.weight)
      let line = text.split(separator: "\n").first { Self.hasInOrder($0, row) }
      #expect(line != nil, "\(row)\n\(text)")
    }
    if scene.panes != .cached {
      #expect(text.contains("不用缓存 \(step.uncached.sums.cells ?? -1) 格"))
    }
    if scene.panes != .uncached {
      #expect(text.contains("用缓存 \(step.cached.sums.cells ?? -1) 格"))
    }
  }

  /// A weight as a cell has it: two decimals, or 1.0.
  private static func weight(_ weight: Float) -> String {
    let hundredths = Int((weight * 100).rounded())
    return hundredths >= 100 ? "1.0" : hundredths < 10 ? ".0\(hundredths)" : ".\(hundredths)"
  }

  private static func hasInOrder(_ line: Substring, _ words: [String]) -> Bool {
    var rest = line.split(separator: " ").map(String.init)[...]
    for word in words {
      guard let index = rest.firstIndex(of: word) else { return false }
      rest = rest[(index + 1)...]
    }
    return true
  }

  // MARK: Frames

  @Test("Every size draws whole rows, whatever is selected, with every look")
  func sizes() throws {
    var random = SplitMix64(seed: 5)
    let (states, runs) = (
      [try Self.state(), try Self.state(Look(language: .english))], BundledRuns()
    )
    for round in 0..<200 {
      let size =
        round < 60
        ? Size(columns: 1 + round, rows: 1 + round / 3)
        : Size(
          columns: Int.random(in: 1...300, using: &random),
          rows: Int.random(in: 1...100, using: &random))
      let glyphs = GlyphSet.allCases[round % 3]
      let look = Look(language: round % 2 == 0 ? .chinese : .english, glyphs: glyphs)
      let keys = Array(repeating: "Down", count: round % 18).joined(separator: " ")
      var state = states[round % 2]
      state.look = look
      let screen = try Self.answered(state, size: size, keys: keys, runs)
      #expect(screen.view(size, look).flaw == nil, "\(size)")
      #expect(
        glyphs != .ascii
          || screen.view(size, Look(language: .english, glyphs: .ascii))
            .scalars { !$0.isASCII }.isEmpty,
        "\(size)")
    }
  }

  @Test(
    "The selected line is on the screen at every size that has a line", arguments: [7, 10, 16, 24])
  func selected(rows: Int) throws {
    let size = Size(columns: 60, rows: rows)
    let count = try Self.state().count
    for line in 0..<count {
      let keys = Array(repeating: "Down", count: line).joined(separator: " ")
      let screen = try Self.answered(Self.state(Look(), Progress()), size: size, keys: keys)
      let canvas = screen.view(size, Look())
      let marked = (0..<rows).filter { y in canvas.row(y).contains { $0.text == "▸" } }
      #expect(marked.count == 1, "line \(line)")
    }
  }

  @Test("Frames that were looked at are kept")
  func frames() throws {
    let kept = KeptFolder("Tests/ScreensTests/Home/Snapshots")
    let runs = BundledRuns()
    for (columns, rows) in [(60, 16), (80, 24), (120, 36), (200, 60)] {
      let size = Size(columns: columns, rows: rows)
      for (language, glyphs) in [(Language.chinese, GlyphSet.full), (.english, .ascii)] {
        let look = Look(language: language, glyphs: glyphs)
        for (name, keys) in [
          ("lesson", "3"), ("both", "5"), ("tool", "1 3 Right Right Right"), ("run", "1 3 Right"),
        ] {
          let screen = try Self.answered(Self.state(look), size: size, keys: keys, runs)
          try kept.check(
            "\(name)-\(columns)x\(rows)-\(language)", screen.view(size, look).plainText)
        }
      }
    }
    let help = try Self.answered(Self.state(), size: Size(columns: 60, rows: 16), keys: "?")
    try kept.check("help", help.view(Size(columns: 60, rows: 16), Look()).plainText)
  }

  // MARK: Keys

  private func selection(_ keys: String, size: Size = Size(columns: 80, rows: 24)) throws -> Int {
    try Self.answered(Self.state(Look(), Progress()), size: size, keys: keys).state.selected
  }

  @Test("Arrows go through lessons and tools; tools that stand in pairs are gone through in pairs")
  func arrows() throws {
    let lessons = Classroom.course.ids.count
    let tools = HomeTool.all.count
    #expect(try selection("Down Down Up") == 1)
    #expect(try selection("End") == lessons + tools - 1)
    #expect(try selection("End Home") == 0)
    #expect(try selection("Up") == lessons + tools - 1)
    let toTools = Array(repeating: "Down", count: lessons).joined(separator: " ")
    #expect(try selection(toTools) == lessons)
    #expect(try selection(toTools + " Down") == lessons + 2)
    #expect(try selection(toTools + " Right") == lessons + 1)
    #expect(try selection(toTools + " Right Up") == lessons - 1)
    #expect(try selection(toTools + " Down Left") == lessons + 1)
    #expect(try selection(toTools + " Down", size: Self.wide) == lessons + 1)
    #expect(try selection("Down Down", size: Size(columns: 60, rows: 16)) == 2)
  }

  @Test("Digits choose a lesson by its number, two of them one behind the ninth")
  func digits() throws {
    #expect(try selection("3") == 2)
    #expect(try selection("1 2") == 11)
    #expect(try selection("1 2 3") == 2)
    #expect(try selection("1 Down 2") == 1)
    #expect(try selection("0 1") == 0)
  }

  @Test("A letter opens its tool, Enter what is selected")
  func opening() throws {
    for tool in HomeTool.all {
      var screen = HomeScreen(try Self.state())
      let effects = screen.update(.key(.character(tool.key)))
      #expect(Self.opened(effects) == tool.destination, "\(tool.key)")
    }
    let letters = HomeTool.all.map(\.key)
    #expect(Set(letters).count == letters.count && !letters.contains { "Ltq?".contains($0) })
    var screen = HomeScreen(try Self.state(Look(), Progress()))
    #expect(Self.opened(screen.update(.key(.enter))) == .lesson("01-token-by-token"))
  }

  private static func opened(_ effects: [Effect]) -> Destination? {
    effects.compactMap { effect in
      if case .open(let destination) = effect { destination } else { nil }
    }.first
  }

  @Test(
    "A picture is asked for once, only where there is room, and not again when one comes back to its line"
  )
  func asking() throws {
    var screen = HomeScreen(try Self.state(Look(), Progress()))
    _ = screen.update(.resized(Size(columns: 30, rows: 10)))
    #expect(screen.question == nil)
    _ = screen.update(.resized(Self.wide))
    guard case .home(.scene(let scene))? = screen.question else {
      Issue.record("nothing asked")
      return
    }
    #expect(scene.id == "two-runs")
    let answer = HomeAnswer(.scene(scene), .nothing([.chinese: "没有这个模型", .english: "no model"]))
    _ = screen.update(.findings(.home(answer)))
    #expect(screen.question == nil)
    #expect(screen.view(Self.wide, Look()).plainText.contains("没有这个模型"))
    _ = screen.update(.key(.down))
    #expect(screen.question != nil)
    _ = screen.update(.key(.up))
    #expect(screen.question == nil)
  }

  /// The keys that choose the last lesson.
  private static var last: [String] { String(Classroom.course.ids.count).map { String($0) } }

  @Test(
    "A tool's own screen is asked for where there is room, and shown whole without its title and its keys",
    arguments: [Size(columns: 120, rows: 36), Size(columns: 200, rows: 60)])
  func toolScreens(size: Size) throws {
    let tools = HomeTool.all.filter { $0.keys != nil }
    #expect(
      tools.map(\.tool) == [.conversation, .policies, .attention, .serving, .speculative, .faults])
    for (index, tool) in HomeTool.all.enumerated() where tool.keys != nil {
      let keys = Self.last.joined(separator: " ") + String(repeating: " Right", count: index + 1)
      for language in Language.allCases {
        let look = Look(language: language, theme: .light)
        let screen = try Self.answered(try Self.state(look), size: size, keys: keys)
        let shown = try #require(screen.state.shownTool)
        #expect(shown.place.tool == tool.tool && shown.keys == tool.keys)
        #expect(shown.look == Look(language: language))
        let rows = screen.view(size, look).plainText.split(separator: "\n").map {
          $0.split(separator: "│")
        }
        let drawn = rows.compactMap { $0.count > 1 ? $0[1].drop { $0 == " " } : nil }
          .filter { $0.hasPrefix("<") }
        #expect(drawn.count == shown.size.rows - 2)
        for (row, line) in drawn.enumerated() {
          #expect(line.hasPrefix("<\(row + 1) of ") && line.hasSuffix(">"), "\(line)")
        }
      }
    }
    var small = HomeScreen(try Self.state(Look()))
    _ = small.update(.resized(Size(columns: 80, rows: 24)))
    let line = try #require(HomeTool.all.firstIndex { $0.tool == .conversation })
    for name in Self.last + Array(repeating: "Right", count: line + 1) {
      _ = small.update(.key(try #require(Key(tmuxName: name))))
    }
    #expect(small.state.tool?.tool == .conversation && small.question == nil)
  }

  // MARK: Coming back

  /// A course of the real lessons' list, whose lessons are one made-up lesson.
  private final class Listed: CourseService {
    private let course = FakeCourse()
    func home(_ look: Look) throws -> HomeState { try HomeScreenTests.state(look, Progress()) }
    func lesson(_ name: String, _ look: Look) throws -> LessonState {
      let lesson = try Classroom.course.lesson(name, look.language)
      return LessonState(
        lesson, progress: nil, look: look, traces: try runs(of: lesson.steps[0].scene))
    }
    func next(after id: String) throws -> String? { nil }
    func translation(of lesson: Lesson, _ language: Language) -> Lesson? { nil }
    func reread(_ lesson: Lesson, _ language: Language) throws -> Lesson { lesson }
    func runs(of scene: SceneSpec) throws -> SceneRuns { try course.runs(of: scene) }
    func keep(_ lesson: LessonState) -> String? { nil }
  }

  private static func line(_ frame: Frame) -> String {
    let canvas = frame.canvas
    let y = (1..<canvas.size.rows).first { y in canvas.row(y).contains { $0.text == "▸" } } ?? 0
    return canvas.row(y).map(\.text).joined()
  }

  @Test(
    "Who comes back from a run, a tool, a lesson or another language finds the line where he was")
  func comingBack() throws {
    let run = FakeRun(try Material.trace())
    let planner = OpenTool(PlannerScreen(try PlannerState(Look())))
    let pictures = FakeWork { question in
      if case .home(let asked) = question {
        .home(HomeAnswer(asked, .nothing([:])))
      } else {
        .growth(Growth())
      }
    }
    let services = Services(
      course: Listed(), tool: { _, _ in planner }, pictures: pictures, stamp: { _ in nil }
    ) { run }
    for (keys, expected) in [
      ("Down Down Down r q", "为什么只存"), ("5 m q", "带着缓存"), ("1 3 Right Right m q", "录像"),
      ("7 Enter q", "内存账"), ("7 Enter q r q Enter q", "内存账"), ("4 L", "Why only"),
    ] {
      var app = try App(opening: .home, Look(), services)
      let display = StagedDisplay(.keys(keys))
      app.run(on: display)
      #expect(Self.line(try #require(display.frames.last)).contains(expected), "\(keys)")
    }
    #expect(pictures.asked.count > 3)
  }
}
