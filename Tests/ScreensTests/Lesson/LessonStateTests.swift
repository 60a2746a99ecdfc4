internal import Base
import Testing

@testable import Lessons
@testable import Screens
internal import TestSupport
internal import Trace
@testable import Viz

/// A learner's way through a lesson.
@Suite struct LessonStateTests {
  private static let number = Classroom.quiz(
    "id: q1\nkind: number\nat: 4\nask: 几格？\nanswer: uncached.cells\nhints: [几行？, 4 行]\n"
      + "replies:\n  cached.cells: 那是有缓存\nwhy: \"{{uncached.cells}} 格\"")
  private static let after = "后面的话\n"

  private func lesson(_ quiz: String = number) throws -> LessonState {
    try Classroom.state(Classroom.text(body: quiz + "\n" + Self.after))
  }

  private func text(_ state: LessonState) -> String {
    state.view(Size(columns: 120, rows: 40)).plainText
  }

  @Test("A right answer at once shows the step that was asked about, and the reason")
  func right() throws {
    var state = try lesson()
    #expect(state.viewer.moment.step == 3)
    #expect(!text(state).contains("后面的话"))
    try state.press("1 6 Enter")
    #expect(state.results == ["q1": .right])
    #expect(state.viewer.moment.step == 4)
    #expect(text(state).contains("16 格"))
    #expect(text(state).contains("后面的话"))
  }

  @Test("A known wrong answer gets its reply, and the second try counts as helped")
  func wrongThenRight() throws {
    var state = try lesson()
    try state.press("4 Enter")
    #expect(text(state).contains("那是有缓存"))
    #expect(!text(state).contains("后面的话"))
    #expect(state.viewer.moment.step == 3)
    try state.press("1 6 Enter")
    #expect(state.results == ["q1": .helped])
  }

  @Test("After two wrong answers the right one is shown, and counts as shown")
  func wrongTwice() throws {
    var state = try lesson()
    try state.press("5 Enter 6 Enter")
    #expect(state.results == ["q1": .shown])
    #expect(text(state).contains("16"))
    try state.press("1 6 Enter")
    #expect(state.results == ["q1": .shown], "no later try makes it right")
  }

  @Test("Hints come one after the other, and a right answer with them is helped")
  func hints() throws {
    var state = try lesson()
    try state.press("Tab")
    #expect(text(state).contains("几行？") && !text(state).contains("4 行"))
    try state.press("Tab")
    #expect(text(state).contains("4 行"))
    try state.press("Tab 1 6 Enter")
    #expect(state.results == ["q1": .helped])
  }

  @Test("Whoever asks for the answer sees it", arguments: ["s"])
  func show(key: String) throws {
    var state = try lesson()
    try state.press(key)
    #expect(state.results == ["q1": .shown])
  }

  @Test("A question blocks nobody")
  func skip() throws {
    var state = try lesson()
    try state.press("Enter")
    #expect(state.request == nil)
    try state.press("n")
    #expect(state.request == .nextLesson)
    #expect(state.results.isEmpty)
  }

  @Test(
    "Absurd answers are only wrong",
    arguments: ["9 9 9 9 9 9 9 9 9 9 9 9 9 9 9 9 9 9 9", ".", "- 1", "0", "1 e 9 9 9"])
  func absurd(keys: String) throws {
    var state = try lesson()
    try state.press(keys + " Enter")
    #expect(state.results.isEmpty)
    #expect(state.view(Size(columns: 80, rows: 24)).flaw == nil)
  }

  @Test("A choice is what is true of the run, and a wrong one gets its reply")
  func choice() throws {
    let quiz = Classroom.quiz(
      "id: q1\nkind: choice\nat: 4\nask: 哪个对？\noptions:\n"
        + "  - {text: 全部, if: cached.rows == length, reply: 不用}\n  - {text: 一行, if: cached.rows == 1}\nwhy: 一行"
    )
    var state = try lesson(quiz)
    try state.press("1 Enter")
    #expect(text(state).contains("不用"))
    try state.press("2 Enter")
    #expect(state.results == ["q1": .helped])
  }

  @Test("A shape is typed as rows x columns", arguments: ["1 x 4", "1 , 4", "1 Space 4", "1 × 4"])
  func shape(keys: String) throws {
    let quiz = Classroom.quiz(
      "id: q1\nkind: shape\nat: 4\nask: 多大？\nanswer: [cached.rows, length]\nwhy: 一行")
    var state = try lesson(quiz)
    try state.press(keys + " Enter")
    #expect(state.results == ["q1": .right])
  }

  @Test("Cells are marked blindly and held against the run")
  func cells() throws {
    let quiz = Classroom.quiz(
      "id: q1\nkind: cells\nmark: computed\npane: cached\nat: 5\nask: 标\nwhy: 一行")
    var state = try lesson(quiz)
    #expect(state.viewer.moment.step == 5)
    // The weights of the newest row, which the picture would show.
    let row = HeadAttention(state.viewer.trace, step: state.viewer.step, layer: 0, head: 0)
      .weights(ofRow: 4).map { NumberText.weight($0, state.viewer.glyphs) }
    #expect(row.count == 5 && Set(row).count > 2)
    for weight in row { #expect(!text(state).contains(weight), "the run's numbers are hidden") }
    try state.press("r Enter")
    #expect(state.results == ["q1": .right])
    for weight in row { #expect(text(state).contains(weight)) }
    #expect(state.view(Size(columns: 80, rows: 24)).flaw == nil)
  }

  @Test(
    "Cells that are marked wrongly are wrong", arguments: ["a", "Space", "Up r", "r Space", "Home"])
  func wrongCells(keys: String) throws {
    let quiz = Classroom.quiz(
      "id: q1\nkind: cells\nmark: computed\npane: cached\nat: 5\nask: 标\nwhy: 一行")
    var state = try lesson(quiz)
    try state.press(keys + " Enter")
    #expect(state.results.isEmpty && state.quizzes["q1"]?.mistakes == 1)
  }

  @Test(
    "Every mark has its truth",
    arguments: [
      ("masked", "uncached", 10), ("computed", "uncached", 25), ("computed", "cached", 5),
      ("masked", "cached", 0), ("new", "cached", 1), ("read", "cached", 4), ("new", "uncached", 5),
    ])
  func marks(mark: String, pane: String, count: Int) throws {
    let quiz = Classroom.quiz(
      "id: q1\nkind: cells\nmark: \(mark)\npane: \(pane)\nat: 5\nask: 标\nwhy: 好")
    let state = try lesson(quiz)
    let asked = try #require(state.step.quizzes.first)
    guard case .cells(let target, let panes) = asked.kind else {
      Issue.record("no cells are asked for")
      return
    }
    let truth = state.grader(asked).truth(target, panes)
    #expect(truth.count == count)
    // What each mark means at the fifth step, by hand: rows and columns from 0.
    let isStrip = mark == "new" || mark == "read"
    let meant = (0..<(isStrip ? 1 : 5)).flatMap { query in
      (0..<5).map { GridPoint(query: query, key: $0) }
    }.filter { point in
      let isNewest = pane == "uncached" || (isStrip ? point.key : point.query) == 4
      switch mark {
      case "masked": return isNewest && point.key > point.query
      case "read": return !isNewest
      default: return isNewest
      }
    }
    #expect(truth == Set(meant))
  }

  @Test("The next token is one of the run's own, and is not given away")
  func token() throws {
    let quiz = Classroom.quiz("id: q1\nkind: token\nask: 下一个？\nwhy: 是「{{next.text}}」")
    var state = try lesson(quiz)
    #expect(!text(state).contains("→ 民"))
    let grader = state.grader(try #require(state.step.quizzes.first))
    try state.press(try grader.answer() + " Enter")
    #expect(state.results == ["q1": .right])
    #expect(text(state).contains("是「民」"))
  }

  @Test("Arrow keys move the scene, the lesson's keys move the lesson")
  func navigation() throws {
    var state = try lesson("")
    try state.press("Right Right ]")
    #expect(state.viewer.moment.step == 5)
    #expect(state.viewer.layer == 1)
    try state.press("q")
    #expect(state.request == .leave)
  }

  @Test("A lesson goes on where it was left, with its answers")
  func resume() throws {
    var progress = LessonProgress()
    progress.current = "two"
    progress.quizzes = ["q1": .right]
    let text =
      Classroom.text(body: Self.number) + "\n## 又一步\n\n```scene\nid: two\nstep: 5\n```\n"
    let state = try Classroom.state(text, progress: progress)
    #expect(state.index == 1)
    #expect(state.viewer.moment.step == 5)
    #expect(state.results == ["q1": .right])
  }

  private static let stormKeys = [
    "Right", "Left", "Up", "Down", "Enter", "n", "b", "s", "Tab", "?", "1", "2", "9", "x", "Space",
    "a", "r", "i", "d", "[", "]", "{", "}", "t", "L", "BSpace", "Escape", "PPage", "NPage", "Home",
    "End", "中", "/", "p", "f", "g", "w", "m", "M", "T", "o", "c", "k", "j", "+", "F5",
  ]

  /// Modes and panels that a lesson draws: a learner never gets into another.
  private func isDrawn(_ state: LessonState) -> Bool {
    let isDrawnMode =
      switch state.viewer.mode {
      case .browse, .cell, .jump: true
      case .prompt, .predict, .verdict, .help, .note, .marks, .search, .name: false
      }
    let isDrawnPanel = ![.overview, .code].contains(state.viewer.panel)
    return isDrawnMode && isDrawnPanel && !state.viewer.isPredicting && !state.viewer.isPlaying
  }

  @Test("Random keys lead to no mode that a lesson cannot draw, and every frame is whole")
  func storm() throws {
    for id in Classroom.course.ids.prefix(4) {
      let runs = Classroom.runs()
      let lesson = try Classroom.course.lesson(id, .chinese)
      var state = LessonState(
        lesson, progress: nil, look: Classroom.look,
        traces: try runs.runs(of: lesson.steps[0].scene))
      var seed: UInt64 = 7
      for _ in 0..<400 {
        seed = seed &* 6_364_136_223_846_793_005 &+ 1
        let old = state.index
        let name = Self.stormKeys[Int(seed >> 33) % Self.stormKeys.count]
        try state.press(name)
        #expect(isDrawn(state), "\(name)")
        if state.index != old { state.show(try runs.runs(of: state.step.scene)) }
        if seed >> 60 == 3 { #expect(state.view(Size(columns: 80, rows: 24)).flaw == nil) }
      }
      // Whatever was pressed, steps can be taken once the questions are answered.
      try state.press("Escape Escape BSpace Enter s Enter s Enter s Home")
      while state.activeQuiz != nil { try state.press("s") }
      let (before, step) = (state.viewer.moment, state.step.scene)
      try state.press("Right")
      #expect(state.viewer.moment != before || step.text.isEmpty || state.notice != nil)
    }
  }

  private static let everyKey = [
    "/", "p", "Space", "o", "c", "+", "-", "=", "F5", "x", "中", "z", "g", "d", "f", "i", "[", "]",
    "{", "}", "Home", "End", "Left", "Right", "k", "j", "Tab", "Enter", "BSpace", "H", "b", "?",
    "Up", "Down", "PPage", "NPage", "C-u", "DC",
  ]

  @Test("Each key does something that is seen or says why not")
  func noDeadKey() throws {
    let scenes = [
      "", "\npanes: uncached\ncounters: false", "\nchange: 大华人民共和国\npanes: change",
    ]
    let size = Size(columns: 80, rows: 24)
    for scene in scenes {
      for quiz in ["", Self.number, Self.paint] where quiz != Self.paint || scene.isEmpty {
        let text = Classroom.text(
          scene: "id: one\ntext: 中华人民共和国\nstep: 3" + scene, body: quiz)
        var fresh = try Classroom.state(text)
        fresh.update(.resize(size))
        for prefix in ["t", "Home t", "End t"] {
          var before = fresh
          try before.press(prefix)
          let picture = before.view(size)
          for name in Self.everyKey {
            var state = before
            try state.press(name)
            // A cursor that stands at the edge of the grid is seen to stand there.
            let isAtEdge =
              state.painting != nil
              && ["Up", "Down", "Left", "Right", "Home", "End"].contains(name)
            #expect(
              state.view(size) != picture || state.request != nil || isAtEdge,
              "\(name) after \(prefix) in \(scene) \(quiz.prefix(30))")
            #expect(isDrawn(state))
          }
        }
      }
    }
  }

  private static let paint = Classroom.quiz(
    "id: q1\nkind: cells\nmark: computed\npane: cached\nat: 5\nask: 标\nwhy: 一行")

  @Test("A number of a step is typed in the footer, and Escape leaves it, not the lesson")
  func jump() throws {
    var state = try lesson("")
    try state.press("g 6")
    #expect(text(state).contains("跳到第几步（1 至 7）？ 6_"))
    try state.press("Escape")
    #expect(state.request == nil && state.viewer.moment.step == 3)
    try state.press("g 6 Enter")
    #expect(state.viewer.moment.step == 6)
  }

  @Test("Ctrl-C leaves from everywhere", arguments: ["", "?", "g", "1", "i"])
  func quit(keys: String) throws {
    var state = try lesson()
    try state.press(keys + " C-c")
    #expect(state.request == .quit)
  }
}
