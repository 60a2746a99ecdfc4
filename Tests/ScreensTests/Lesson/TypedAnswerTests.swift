internal import Base
import Testing
import Viz

@testable import Lessons
@testable import Screens
internal import TestSupport

/// While an answer is typed, everything printable belongs to it.
@Suite struct TypedAnswerTests {
  private static let question = Classroom.quiz(
    "id: q1\nkind: number\nat: 4\nask: 几格？\nanswer: uncached.cells\n"
      + "replies:\n  cached.cells: 那是有缓存\n  length + 4: 加错了\nwhy: \"因为 {{uncached.cells}} 格\"")

  private func lesson(_ quiz: String = question) throws -> LessonState {
    try Classroom.state(Classroom.text(body: quiz))
  }

  private func text(_ state: LessonState) -> String {
    state.view(Size(columns: 120, rows: 40)).plainText
  }

  private func footer(_ state: LessonState) -> String {
    String(state.view(Size(columns: 80, rows: 24)).plainText.split(separator: "\n").last ?? "")
  }

  private func type(_ text: String, _ state: inout LessonState) {
    for character in text { state.update(.key(.character(character))) }
  }

  @Test(
    "No letter of an answer is a command",
    arguments: ["16 cells", "16 tokens", "16 bytes", "16 times", "16 sbnqHtLidfgo?"])
  func letters(answer: String) throws {
    var state = try lesson()
    type(answer, &state)
    #expect(state.quizzes["q1"]?.entry == answer)
    #expect(state.results.isEmpty && state.request == nil && !state.isHelp)
    #expect(state.viewer.theme == .dark && state.viewer.mode == .browse)
  }

  @Test("An answer with its unit is right", arguments: ["16 cells", "１６格", "4*4", "4×4", "16。"])
  func units(answer: String) throws {
    var state = try lesson()
    type(answer, &state)
    try state.press("Enter")
    #expect(state.results == ["q1": .right])
  }

  @Test("What is not understood is said, stays to be mended, and costs no try")
  func unclear() throws {
    var state = try lesson()
    type("28e", &state)
    try state.press("Enter")
    #expect(state.notice?.contains("看不懂「28e」") == true)
    #expect(footer(state).contains("看不懂「28e」"))
    #expect(state.quizzes["q1"]?.mistakes == 0 && state.quizzes["q1"]?.entry == "28e")
    try state.press("BSpace BSpace BSpace 1 6 Enter")
    #expect(state.results == ["q1": .right])
  }

  @Test("Letters are commands on an empty line again")
  func empty() throws {
    var state = try lesson()
    try state.press("1 BSpace t")
    #expect(state.viewer.theme != .dark)
    try state.press("1 6 Escape")
    #expect(state.request == nil && state.quizzes["q1"]?.entry == "")
    try state.press("s")
    #expect(state.results == ["q1": .shown])
  }

  @Test("The footer says what keys do while an answer is typed")
  func hints() throws {
    var state = try lesson()
    #expect(footer(state).contains("看答案") && footer(state).contains("目录"))
    try state.press("1")
    #expect(!footer(state).contains("看答案") && !footer(state).contains("目录"))
    #expect(footer(state).contains("清空"))
  }

  @Test("A pasted answer counts", arguments: ["16", " 16 cells\n", "4 ×\n4", "16 格"])
  func paste(pasted: String) throws {
    var state = try lesson()
    state.paste(pasted)
    #expect(state.results.isEmpty && state.request == nil)
    try state.press("Enter")
    #expect(state.results == ["q1": .right])
  }

  @Test("A pasted page stays within the line, controls are shown")
  func pasteMuch() throws {
    var state = try lesson()
    state.paste(String(repeating: "9\u{1B}[2Jé\u{301}", count: 100_000))
    #expect(state.quizzes["q1"]?.entry.count ?? 99 <= LessonState.longestEntry)
    #expect(state.view(Size(columns: 80, rows: 24)).flaw == nil)
    #expect(!text(state).contains("\u{1B}"))
    try state.press("Enter")
    #expect(state.quizzes["q1"]?.mistakes == 0)
  }

  @Test("Where nothing is typed a paste is no key")
  func pasteElsewhere() throws {
    var state = try lesson("")
    state.paste("q")
    #expect(state.request == nil && state.notice != nil)
    let choice = Classroom.quiz(
      "id: q1\nkind: choice\nask: 哪个？\noptions:\n  - {text: 一, if: length == 3}\n"
        + "  - {text: 二, if: length == 4}\nwhy: 好")
    var chosen = try lesson(choice)
    chosen.paste("sq")
    #expect(chosen.results.isEmpty && chosen.request == nil)
    chosen.paste("1\n")
    try chosen.press("Enter")
    #expect(chosen.results == ["q1": .right])
  }

  @Test("The reply stands behind the answer that it is to, the right answer behind it")
  func echo() throws {
    var state = try lesson()
    try state.press("8 Enter")
    #expect(text(state).contains("✗ 8：加错了"))
    try state.press("4 Enter")
    #expect(state.results == ["q1": .shown])
    let shown = text(state)
    let wrong = try #require(shown.firstRange(of: "✗ 4：那是有缓存"))
    let right = try #require(shown.firstRange(of: "✓ 答案 16：因为 16 格"))
    #expect(wrong.lowerBound < right.lowerBound)
    #expect(!shown.contains("加错了"))
  }

  @Test("A wrong sum is said with what it comes to")
  func echoSum() throws {
    var state = try lesson()
    type("2+2", &state)
    try state.press("Enter")
    #expect(text(state).contains("✗ 2+2 = 4："))
  }

  @Test("What the program writes as the answer is right")
  func asShown() throws {
    let quiz = Classroom.quiz(
      "id: q1\nkind: number\nat: 7\nask: 几倍？\nanswer: sum(uncached.cells) / 33\nwhy: 好")
    for answer in ["4.24", "140/33"] {
      var state = try lesson(quiz)
      type(answer, &state)
      try state.press("Enter")
      #expect(state.results == ["q1": .right])
    }
    var state = try lesson(quiz)
    type("4.3", &state)
    try state.press("Enter")
    #expect(state.results.isEmpty)
  }

  @Test("Lesson 6 takes the ratio itself, and the rounded one", arguments: ["3.85", "4", "300/78"])
  func lesson6(answer: String) throws {
    for language in Language.allCases {
      let lesson = try Classroom.course.lesson("06-honest-counting", language)
      let step = try #require(
        lesson.steps.first { $0.quizzes.contains { $0.id == "run-ratio" } })
      var progress = LessonProgress()
      progress.current = step.id
      // What stands before it on its screen is answered.
      for quiz in step.quizzes.prefix(while: { $0.id != "run-ratio" }) {
        progress.quizzes[quiz.id] = .right
      }
      var state = LessonState(
        lesson, progress: progress, look: Classroom.look,
        traces: try BundledRuns().runs(of: step.scene))
      type(answer, &state)
      try state.press("Enter")
      #expect(state.results["run-ratio"] == .right)
    }
  }
}
