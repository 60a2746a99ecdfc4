internal import Base
import Foundation
import Testing
import Viz

@testable import Lessons
@testable import Screens
internal import TestSupport

/// Options in a learner's own order, questions that are tried again, and what is said to marks.
@Suite struct QuizTests {
  private static let size = Size(columns: 120, rows: 40)

  private func state(_ quiz: String, seed: Int? = nil, tries: [String: Int]? = nil) throws
    -> LessonState
  {
    var progress = LessonProgress()
    (progress.seed, progress.tries) = (seed, tries)
    return try Classroom.state(
      Classroom.text(scene: "id: one\nstep: 3", body: Classroom.quiz("id: q1\n" + quiz)),
      progress: progress)
  }

  private func text(_ state: LessonState, _ size: Size = size) -> String {
    state.view(size).plainText
  }

  private func place(of text: String, in page: String) -> String.Index? {
    page.firstRange(of: text)?.lowerBound
  }

  // MARK: Options

  private static let options =
    "kind: choice\nask: 哪个？\noptions:\n  - {text: 甲甲, if: cached.rows == 9, reply: 甲不是}\n"
    + "  - {text: 乙乙, if: cached.rows == 1}\n  - {text: 丙丙, if: cached.rows == 7, reply: 丙不是}\nwhy: 是乙"
  private static let names = ["甲甲", "乙乙", "丙丙"]

  @Test(
    "A digit chooses what stands behind it, and the answer is said by its digit",
    arguments: [nil, 1, 2, 3, 4, 5, 6, 7])
  func order(seed: Int?) throws {
    let start = try state(Self.options, seed: seed)
    let quiz = try #require(start.step.quizzes.first)
    let order = start.optionOrder(quiz)
    let page = text(start)
    for (digit, place) in order.enumerated() {
      #expect(page.contains("\(digit + 1) \(Self.names[place])"))
    }
    for (digit, place) in order.enumerated() {
      var state = start
      try state.press("\(digit + 1) Enter")
      #expect(state.quizzes["q1"]?.answers == [.choice(place)])
      if place == 1 {
        #expect(state.results == ["q1": .right])
        #expect(text(state).contains("✓ \(digit + 1) 乙乙"))
      } else {
        #expect(text(state).contains("✗ \(digit + 1)：\(place == 0 ? "甲" : "丙")不是"))
        try state.press("\(digit + 1) Enter")
        let right = (order.firstIndex(of: 1) ?? 0) + 1
        #expect(text(state).contains("答案 \(right)："))
      }
    }
    if seed == nil { #expect(order == [0, 1, 2]) }
  }

  @Test("A presentation and a lesson on paper have the order of the file")
  func file() throws {
    let state = try state(Self.options)
    let quiz = try #require(state.step.quizzes.first)
    #expect(state.optionOrder(quiz) == [0, 1, 2])
    #expect(state.ballots(of: quiz) == .options(Self.names))
    #expect(state.rightChoice(of: quiz) == 1)
  }

  // MARK: Again

  private static let drawn =
    "kind: number\nat: n\ndraw: {n: [4, 5, 6, 7]}\nask: 第 {{n}} 步几格？\nanswer: uncached.cells\n"
    + "replies: {n + n: 是相乘}\nhints: [\"{{n}} 行\"]\nwhy: \"{{n}} × {{n}} = {{uncached.cells}}\""

  @Test("Again asks with other numbers, holds the scene before them, and knows the answer")
  func again() throws {
    var state = try state(Self.drawn, seed: 3)
    try state.press("1 6 Enter")
    #expect(state.results == ["q1": .right] && state.viewer.moment.step == 4)
    var seen: Set<Int> = [4]
    for _ in 0..<3 {
      try state.press("r")
      #expect(state.results.isEmpty && state.viewer.moment.step == 3)
      let asked = try #require(state.activeQuiz?.at)
      #expect(text(state).contains("第 \(asked) 步几格？") && seen.insert(asked).inserted)
      try state.press("End")
      #expect(state.viewer.moment.step == asked - 1, "what is asked for is not shown")
      let wrong = "\(2 * asked)".map(String.init).joined(separator: " ")
      try state.press(wrong + " Enter")
      #expect(text(state).contains("是相乘"))
      let right = "\(asked * asked)".map(String.init).joined(separator: " ")
      try state.press(right + " Enter")
      #expect(state.results == ["q1": .helped])
      #expect(text(state).contains("\(asked) × \(asked) = \(asked * asked)"))
      #expect(state.viewer.moment.step == asked)
    }
    #expect(state.tries == ["q1": 3])
  }

  @Test("How often it was tried is gone on with, and a presentation has the first numbers")
  func kept() throws {
    let (first, later) = (
      try state(Self.drawn, seed: 3), try state(Self.drawn, seed: 3, tries: ["q1": 1])
    )
    #expect(first.activeQuiz?.at == 4 && later.activeQuiz?.at != 4)
    #expect(try state(Self.drawn).activeQuiz?.at == 4)
    let another = try state(Self.drawn, seed: 3, tries: ["q1": 1])
    #expect(another.activeQuiz?.at == later.activeQuiz?.at)
  }

  @Test("Again is offered where something was answered, and nowhere else")
  func offered() throws {
    var state = try state(Self.drawn)
    let footer: (LessonState) -> String = {
      String(text($0, Size(columns: 200, rows: 40)).split(separator: "\n").last ?? "")
    }
    #expect(!footer(state).contains("再试"))
    try state.press("s")
    #expect(footer(state).contains("再试"))
    var none = try Classroom.state(Classroom.text(body: "话"))
    #expect(!footer(none).contains("再试"))
    try none.press("r")
    #expect(none.notice == "这里没有答过的题")
  }

  // MARK: Marks

  private static let cells =
    "kind: cells\nmark: computed\npane: cached\nat: 5\nask: 标\nreplies:\n  all: 那是不用缓存\n  else: 看行\nwhy: 一行"

  @Test("To wrong marks it is said how many are missed, how many are too many, and why")
  func marks() throws {
    var state = try state(Self.cells)
    try state.press("a Enter")
    #expect(text(state).contains("✗ 多标 20 格：那是不用缓存"))
    #expect(text(state).contains("再试一次"))
    try state.press("a Up r Enter")
    let page = text(state)
    #expect(page.contains("✗ 漏标 5 格、多标 5 格：看行"))
    #expect(page.contains("5 个，见图（! 是漏标的，✗ 是标错的）"))
  }

  @Test(
    "What was missed and what was too much stands in the picture, without colours too",
    arguments: [GlyphSet.full, .ascii])
  func picture(glyphs: GlyphSet) throws {
    var state = try state(Self.cells)
    state.look = Look(language: .english, theme: .dark, glyphs: glyphs)
    try state.press("Up r Enter Up r r Enter")
    // The fourth row is marked, and the fifth is right.
    // The table below says "no cache".
    let words = state.pageFigure(Size(columns: 60, rows: 20)).plainText.split(separator: "\n")
      .filter { !$0.contains("cache") }.flatMap { $0.split(separator: " ") }
    #expect(words.count { $0 == "!" } == 5)
    #expect(words.count { $0 == glyphs.wrong } == 5)
    #expect(state.view(Size(columns: 80, rows: 24)).flaw == nil)
  }

  @Test("Who asks for the answer has missed nothing")
  func shown() throws {
    var state = try state(Self.cells)
    try state.press("s")
    #expect(!state.pageFigure(Size(columns: 60, rows: 20)).plainText.contains("!"))
    #expect(text(state).contains("5 个，见图") && !text(state).contains("漏标"))
  }

  @Test("Marks of a strip are counted as tokens")
  func strip() throws {
    var state = try state(
      "kind: cells\nmark: read\npane: cached\nat: 5\nask: 标\nreplies: {new: 反了}\nwhy: 好")
    try state.press("Space Enter")
    #expect(text(state).contains("✗ 漏标 4 个、多标 1 个：反了"))
  }

  @Test("An answer in 汉字 is understood, and said back in digits")
  func chinese() throws {
    var state = try state(Self.drawn)
    for character in "十五" { state.update(.key(.character(character))) }
    try state.press("Enter")
    #expect(text(state).contains("十五 = 15"))
    for character in "四乘四格" { state.update(.key(.character(character))) }
    try state.press("Enter")
    #expect(state.results == ["q1": .helped])
  }
}
