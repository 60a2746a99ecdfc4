internal import Base
import Testing
import TinyModel
import Viz

@testable import Lessons

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
    #expect(state.view(Size(columns: 80, rows: 24)).isWhole)
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
    #expect(!text(state).contains(".27"), "the run's numbers are hidden")
    try state.press("r Enter")
    #expect(state.results == ["q1": .right])
    #expect(text(state).contains(".") && state.view(Size(columns: 80, rows: 24)).isWhole)
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
    guard case .cells(let target, let pane) = asked.kind else { return }
    #expect(state.grader(asked).truth(target, pane).count == count)
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

  @Test("Random keys never trap, and every frame is whole")
  func storm() throws {
    let names = [
      "Right", "Left", "Up", "Down", "Enter", "n", "b", "s", "Tab", "?", "1", "2", "9", "x",
      "Space", "a", "r",
      "i", "d", "[", "]", "t", "L", "BSpace", "Escape", "PPage", "NPage", "Home", "End", "中", "/",
      "p", "f",
    ]
    for id in Classroom.course.ids.prefix(4) {
      let runs = Classroom.runs()
      let lesson = try Classroom.course.lesson(id, .chinese)
      var state = LessonState(
        lesson, progress: nil, look: Classroom.look,
        traces: try runs.traces(of: lesson.steps[0].scene))
      var seed: UInt64 = 7
      for _ in 0..<400 {
        seed = seed &* 6_364_136_223_846_793_005 &+ 1
        let old = state.index
        try state.press(names[Int(seed >> 33) % names.count])
        if state.index != old { state.show(try runs.traces(of: state.step.scene)) }
        if seed >> 60 == 3 { #expect(state.view(Size(columns: 80, rows: 24)).isWhole) }
      }
    }
  }
}
