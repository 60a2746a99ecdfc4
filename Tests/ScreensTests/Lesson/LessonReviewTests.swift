import Base
import TestSupport
import Testing
import Trace
import Viz

@testable import Lessons
@testable import Screens

/// What is kept of answers, and the screen that lists what was missed.
@Suite struct LessonReviewTests {
  private static let choice = Classroom.quiz(
    """
    id: c
    kind: choice
    ask: 问
    options:
      - {text: 甲, if: length == 9, reply: 不}
      - {text: 乙, if: length == 3}
      - {text: 丙, if: length == 8}
    hints: [想]
    why: 因为
    """)
  private static let number = Classroom.quiz(
    "id: n\nkind: number\nask: 几个字\nanswer: uncached.cells\nhints: [数]\nwhy: 因为")
  private static let shape = Classroom.quiz(
    "id: s\nkind: shape\nask: 多大\nanswer: [length, length]\nwhy: 因为")
  private static let cells = Classroom.quiz(
    "id: k\nkind: cells\nmark: masked\npane: uncached\nask: 标\nwhy: 因为")

  private func events(_ quiz: String, _ keys: String) throws -> [RecordEvent] {
    var state = try Classroom.state(Classroom.text(body: quiz))
    var (all, kept): ([RecordEvent], [String: QuizState]) = ([], state.quizzes)
    for key in keys.split(separator: " ") {
      try state.press(String(key))
      all += state.events(since: kept, at: 5)
      kept = state.quizzes
    }
    return all
  }

  @Test("Each answer is kept once, an option by its place, a number as it was understood")
  func answers() throws {
    let chosen = try events(Self.choice, "1 Enter Tab 2 Enter Enter")
    #expect(chosen.map(\.answer) == [.option(1), .option(2)])
    #expect(chosen.map(\.isRight) == [false, true] && chosen.map(\.hints) == [0, 1])
    #expect(chosen.map(\.result) == [nil, .helped])
    let typed = try events(Self.number, "2 * 2 Space 格 Enter 9 Enter")
    #expect(typed.map(\.answer) == [.text("4"), .text("9")])
    let sizes = try events(Self.shape, "3 x 3 Enter")
    #expect(sizes.map(\.answer) == [.text("3 × 3")] && sizes.map(\.result) == [.right])
    let marked = try events(Self.cells, "a Enter")
    #expect(marked.map(\.answer) == [.text("9 (-0 +6)")])
  }

  @Test("Two wrong answers end it as shown; so does asking for the answer, without an answer")
  func shown() throws {
    let wrong = try events(Self.number, "1 Enter 2 Enter")
    #expect(wrong.map(\.result) == [nil, .shown] && wrong.map(\.isRight) == [false, false])
    let asked = try events(Self.number, "Tab s")
    #expect(asked.map(\.answer) == [nil] && asked.map(\.result) == [.shown])
    #expect(asked.map(\.hints) == [1])
    #expect(try events(Self.number, "1 0 x q Enter").isEmpty, "what is not understood is no answer")
  }

  @Test("A question that is asked anew gives its events anew, and no other does")
  func anew() throws {
    var progress = LessonProgress()
    progress.quizzes = ["n": .shown]
    var state = try Classroom.state(Classroom.text(body: Self.number), progress: progress)
    #expect(state.events(since: state.quizzes, at: 1).isEmpty)
    state.askAnew("n")
    let kept = state.quizzes
    #expect(state.results["n"] == nil && state.activeQuiz?.id == "n")
    try state.press("9 Enter")
    #expect(state.events(since: kept, at: 1).map(\.result) == [.right])
    try state.press("Enter")
    #expect(state.request == .nextDue)
  }

  // MARK: What was missed

  private static func missed(_ count: Int) throws -> [QuestionPlace] {
    let lessons = try Classroom.course.ids.map { try Classroom.course.lesson($0, .chinese) }
    return Array(CourseRecord(LearnerRecord(), lessons).rows.map(\.place).prefix(count))
  }

  static func state(_ count: Int, _ look: Look = Classroom.look) throws -> LessonState {
    var state = try Classroom.state(
      Classroom.text(scene: "id: one\nstep: 3\nreview: true", body: "回头再看。\n"))
    state.look = look
    state.missed = try missed(count)
    return state
  }

  @Test("The screen lists what was missed; a digit leads there, Enter to the first")
  func listed() throws {
    for size in [(60, 16), (80, 24), (120, 36), (200, 60)].map(Size.init) {
      let places = try Self.missed(3)
      let text = try Self.state(3).view(size).plainText
      for place in places { #expect(text.contains(place.title), "\(size)\n\(text)") }
      for (key, place) in zip(["1", "2", "3"], places) {
        var state = try Self.state(3)
        try state.press(key)
        #expect(state.request == .visit(place.id))
      }
      var state = try Self.state(3)
      try state.press("Enter")
      #expect(state.request == .visit(places[0].id))
      var beyond = try Self.state(3)
      try beyond.press("7")
      #expect(beyond.request == nil && beyond.notice == "列出了 1 至 3")
    }
  }

  @Test("What is beyond the digits or the screen is scrolled to; digits name what is shown")
  func scrolled() throws {
    for (columns, rows) in [(60, 16), (80, 24)] {
      let size = Size(columns: columns, rows: rows)
      var state = try Self.state(14)
      state.update(.resize(size))
      let places = try Self.missed(14)
      #expect(state.view(size).plainText.contains("↓ 5 题"))
      for _ in 0..<2 { try state.press("Down") }
      let text = state.view(size).plainText
      #expect(text.contains("↑ 2  ↓ 3 题") && !text.contains(places[1].title), "\(text)")
      var third = state
      try third.press("1")
      #expect(third.request == .visit(places[2].id))
      try third.press("Enter")
      #expect(third.request == .visit(places[2].id))
      for _ in 0..<9 { try state.press("Down") }
      #expect(state.notice == "没有更多了")
      let end = state.view(size).plainText
      #expect(end.contains("↑ 5 题") && end.contains(places[13].title), "\(end)")
      for _ in 0..<5 { try state.press("Up") }
      #expect(state.view(size).plainText.contains("↓ 5 题"))
    }
  }

  @Test("Where nothing was missed, Enter goes on; without a record the picture stands there")
  func nothing() throws {
    var state = try Self.state(0)
    #expect(state.view(Size(columns: 80, rows: 24)).plainText.contains("没有要再答的题"))
    try state.press("Enter")
    #expect(state.request == .nextLesson)
    var fresh = try Self.state(0)
    fresh.missed = nil
    #expect(fresh.view(Size(columns: 80, rows: 24)).plainText.contains("Q K"))
  }

  @Test("Every size draws whole rows, however much was missed")
  func sizes() throws {
    var random = SplitMix64(seed: 8)
    for round in 0..<80 {
      let size = Size(
        columns: Int.random(in: 1...200, using: &random),
        rows: Int.random(in: 1...60, using: &random))
      let look = Look(language: round % 2 == 0 ? .chinese : .english, glyphs: .full)
      #expect(try Self.state(round % 20, look).view(size).flaw == nil, "\(size)")
    }
  }

  @Test("Frames that were looked at are kept")
  func frames() throws {
    let kept = KeptFolder("Tests/ScreensTests/Lesson/Snapshots")
    for (columns, rows) in [(60, 16), (80, 24), (120, 36), (200, 60)] {
      for count in [0, 4, 14] {
        let size = Size(columns: columns, rows: rows)
        try kept.check(
          "missed-\(count)-\(columns)x\(rows)", Self.state(count).view(size).plainText)
      }
    }
  }

  // MARK: The loop

  /// A course whose one lesson lists what was missed until it is answered.
  private final class Exam: CourseService {
    private let course = FakeCourse()
    private var answered: Set<QuestionID> = []

    func home(_ look: Look) throws -> HomeState { try course.home(look) }
    func lesson(_ name: String, _ look: Look) throws -> LessonState {
      var state = try LessonReviewTests.state(0)
      state.missed = missed(look)
      return state
    }
    func asking(_ question: QuestionID, _ look: Look) throws -> LessonState? {
      let lesson = try Classroom.course.lesson(question.lesson, look.language)
      let step = try #require(
        lesson.steps.first { $0.quizzes.contains { $0.id == question.question } })
      var progress = LessonProgress()
      progress.current = step.id
      var state = LessonState(
        lesson, progress: progress, look: look, traces: try runs(of: step.scene))
      state.askAnew(question.question)
      return state
    }
    func missed(_ look: Look) -> [QuestionPlace] {
      ((try? LessonReviewTests.missed(2)) ?? []).filter { !answered.contains($0.id) }
    }
    func next(after id: String) throws -> String? { nil }
    func translation(of lesson: Lesson, _ language: Language) -> Lesson? { nil }
    func reread(_ lesson: Lesson, _ language: Language) throws -> Lesson { lesson }
    func runs(of scene: SceneSpec) throws -> SceneRuns { try course.runs(of: scene) }
    func keep(_ lesson: LessonState) -> String? {
      for quiz in lesson.results.keys {
        answered.insert(QuestionID(lesson.lesson.id, quiz))
      }
      return nil
    }
  }

  @Test(
    "One goes there and comes back, by q or with the answer; what was mended is gone from the list")
  func visiting() throws {
    for (keys, rest) in [("1 q", 2), ("1 s Enter", 1), ("1 s Enter 1 s Enter", 0)] {
      let services = Services(course: Exam(), stamp: { _ in nil }) { throw Refusal() }
      var app = try App(opening: .lesson("13"), Classroom.look, services)
      let display = StagedDisplay(.keys(keys))
      app.run(on: display)
      let texts = display.frames.map(\.canvas.plainText)
      #expect(texts[1].contains("复习 第 1 课"), "\(texts[1])")
      let last = try #require(texts.last)
      let left = try Self.missed(2).suffix(rest)
      #expect(last.contains("回头再看"), "\(last)")
      for place in left { #expect(last.contains(place.title)) }
      #expect(last.contains("没有要再答的题") == (rest == 0))
    }
  }
}
