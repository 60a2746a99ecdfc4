import Base
import TestSupport
import Testing
import Trace
import Viz

@testable import Lessons
@testable import Screens

/// A program that is completed on a lesson's screen: letters fill its gaps, Enter runs it, and what is wrong is seen to fail.
@Suite struct ProgramScreenTests {
  private static let place = "fault none --prompt 世界最高峰是 --tokens 4"
  private static let quiz = Classroom.quiz(
    "id: loop\nkind: lines\nat: \(place)\nask: 缺什么？\n"
      + "program: |\n  for i in range(n):\n    [1]\n    x = embed(t, pos)\n    [2]\n"
      + "lines: [pos = i, 'c.append(k, v)', pos = len(c)]\n"
      + "runs:\n  - {choose: [c, b], fault: none}\n"
      + "  - {choose: [a, b], fault: position-restarted, reply: \"差 {{tool('max_logits')}}\"}\n"
      + "replies: {b c: 反了, else: 跑不了}\nwhy: \"差 {{tool('max_logits')}}，对了\"")

  /// A lesson with such a question on its second screen.
  static func lesson(_ language: Language = .chinese) throws -> Lesson {
    try Material.lesson(quiz, scene: "id: two\ntool: \(place)", language: language)
  }

  private static func state(_ language: Language = .chinese) throws -> LessonState {
    let lesson = try lesson(language)
    var progress = LessonProgress()
    progress.current = "two"
    var look = Look()
    look.language = language
    var state = LessonState(
      lesson, progress: progress, look: look,
      traces: try BundledRuns().runs(of: lesson.steps[1].scene))
    state.update(.resize(Size(columns: 80, rows: 24)))
    return state
  }

  private static func press(_ keys: String, _ state: inout LessonState) throws {
    for name in keys.split(separator: " ") {
      state.update(.key(try #require(Key(tmuxName: String(name)))))
    }
  }

  private static func text(_ state: LessonState) -> String {
    state.textLines(columns: 33).map { $0.map(\.text).joined() }.joined(separator: "\n")
  }

  @Test("Letters fill the gaps in turn, Backspace takes the last away, and none stands twice")
  func filling() throws {
    var state = try Self.state()
    #expect(Self.text(state).contains("  [1]") && Self.text(state).contains("a  pos = i"))
    try Self.press("BSpace", &state)
    #expect(state.notice?.contains("空都还空着") == true)
    try Self.press("c c", &state)
    #expect(state.notice?.contains("已经用了") == true)
    #expect(Self.text(state).contains("  pos = len(c)\n") && Self.text(state).contains("  [2]"))
    try Self.press("Enter", &state)
    #expect(state.notice?.contains("还空着 1 行") == true)
    try Self.press("2 a", &state)
    #expect(state.notice?.contains("空都填上了") == true)
    #expect(Self.text(state).contains("  c.append(k, v)\n"))
    try Self.press("BSpace BSpace", &state)
    #expect(Self.text(state).contains("  [1]"))
    #expect(state.quizzes["loop"]?.mistakes == 0)
  }

  @Test("The right lines are right by their run")
  func right() throws {
    var state = try Self.state()
    try Self.press("c b Enter", &state)
    #expect(state.quizzes["loop"]?.outcome == .right)
    #expect(Self.text(state).contains("差 0，对了"))
    #expect(state.toolPlace?.line == Self.place)
    #expect(state.quizzes["loop"]?.given.first?.answer == .text("c b"))
  }

  @Test("A wrong program is run: its reply has that run's numbers, and the picture shows it")
  func broken() throws {
    var state = try Self.state()
    try Self.press("a b Enter", &state)
    let place = "fault position-restarted --prompt 世界最高峰是 --tokens 4"
    #expect(state.toolPlace?.line == place)
    let link = try #require(ToolLink(place))
    let evaluator = Evaluator(
      state.viewer.trace, step: 1, tools: ToolFacts(of: [link], BuiltProgram.facts).at(link))
    let gap = try evaluator.value(of: Expression("tool('max_logits')")).shown
    #expect(gap != "0" && Self.text(state).contains("✗ a b：差 \(gap)"), "\(Self.text(state))")
    try Self.press("b c Enter", &state)
    #expect(state.quizzes["loop"]?.outcome == .shown)
    #expect(Self.text(state).contains("反了") && Self.text(state).contains("答案 c b"))
    #expect(Self.text(state).contains("  pos = len(c)\n  x = embed(t, pos)\n  c.append(k, v)"))
  }

  @Test("Who is wrong twice sees the program that was run last fail")
  func brokenTwice() throws {
    var state = try Self.state()
    try Self.press("b c Enter a b Enter", &state)
    #expect(state.toolPlace?.arguments.first == "position-restarted")
    try Self.press("r", &state)
    #expect(state.toolPlace?.line == Self.place)
  }

  @Test("Lines of text answer too")
  func lines() throws {
    var state = try Self.state()
    state.answer(line: "c b")
    #expect(state.quizzes["loop"]?.outcome == .right)
  }

  @Test("Mixed lines are named by the letters that the learner sees")
  func mixed() throws {
    for seed in 1...20 {
      let lesson = try Material.lesson(
        Self.quiz, scene: "id: two\ntool: \(Self.place)", language: .chinese)
      var progress = LessonProgress()
      (progress.current, progress.seed) = ("two", seed)
      var state = LessonState(
        lesson, progress: progress, look: Look(),
        traces: try BundledRuns().runs(of: lesson.steps[1].scene))
      let quiz = try #require(state.activeQuiz)
      state.answer(line: state.rightAnswer(to: quiz))
      #expect(state.quizzes["loop"]?.outcome == .right, "seed \(seed)")
      #expect(state.quizzes["loop"]?.given.first?.answer == .text("c b"), "seed \(seed)")
    }
  }

  // MARK: Frames

  struct Kept: Sendable {
    let name: String
    let size: Size
    let language: Language
    let keys: String
  }

  static let kept: [Kept] = Walker.sizes.flatMap { size in
    Language.allCases.flatMap { language in
      [("open", ""), ("one", "c"), ("broken", "a b Enter"), ("right", "c b Enter")].map {
        name, keys in
        Kept(
          name: "\(name)-\(size.columns)x\(size.rows)-\(language.rawValue)", size: size,
          language: language, keys: keys)
      }
    }
  }

  private static let folder = KeptFolder("Tests/ScreensTests/Snapshots/Programs")

  @Test("The frame is the one that was kept", arguments: kept)
  func frame(kept: Kept) throws {
    var loop = try ToolSceneTests.Loop(
      Self.lesson(kept.language), Look(language: kept.language), size: kept.size)
    try loop.press(kept.keys)
    try Self.folder.check(kept.name, loop.view(kept.size, loop.look).snapshot)
  }

  @Test("No file of the folder is unused")
  func unused() throws { #expect(try Self.folder.unused(Self.kept.map(\.name)).isEmpty) }
}
