import Base
import TestSupport
import Testing
import Trace
import Viz

@testable import Lessons
@testable import Screens

/// What the menu says of questions that are to be asked again, and what follows from Enter.
@Suite struct HomeReviewTests {
  private static let now = 100 * 86_400

  /// The menu of somebody who answered some questions long ago.
  static func state(_ look: Look = Look(), questions: Int) throws -> HomeState {
    let lessons = try Classroom.course.ids.map { try Classroom.course.lesson($0, look.language) }
    var record = LearnerRecord()
    for place in CourseRecord(record, lessons).rows.prefix(questions).map(\.place) {
      record.take(
        RecordEvent(
          seconds: 0, lesson: place.id.lesson, question: place.id.question, answer: .option(1),
          isRight: true, result: .right))
    }
    let due = CourseRecord(record, lessons).due(at: now)
    #expect(due.count == questions)
    let entries = lessons.map { HomeState.Entry($0, nil, record) }
    return HomeState(entries, due: due, look: look)
  }

  private static func screen(
    _ keys: String = "", questions: Int = 3, _ size: Size = Size(columns: 80, rows: 24),
    _ look: Look = Look()
  ) throws -> HomeScreen {
    try HomeScreenTests.answered(state(look, questions: questions), size: size, keys: keys)
  }

  private static func opened(_ effects: [Effect]) -> Destination? {
    effects.compactMap { if case .open(let place) = $0 { place } else { nil } }.first
  }

  @Test("What is due stands before the lessons and is selected; Enter asks it")
  func proposed() throws {
    for size in [(60, 16), (80, 24), (120, 36), (200, 60)].map(Size.init) {
      var screen = try Self.screen("", size)
      let text = screen.view(size, Look()).plainText
      #expect(text.contains("复习：3 题到期"), "\(size)")
      #expect(text.contains("▸"))
      #expect(Self.opened(screen.update(.key(.enter))) == .due)
    }
    let none = try Self.screen(questions: 0).view(Size(columns: 80, rows: 24), Look()).plainText
    #expect(!none.contains("复习"))
  }

  @Test("One is one question in English")
  func one() throws {
    let look = Look(language: .english)
    let text = try Self.screen(questions: 1, Size(columns: 80, rows: 24), look)
      .view(Size(columns: 80, rows: 24), look).plainText
    #expect(text.contains("1 question to be asked again"))
  }

  @Test("Arrows go through its line as through every other, in every form of the menu")
  func arrows() throws {
    let lessons = Classroom.course.ids.count
    for size in [(60, 16), (80, 24), (200, 60)].map(Size.init) {
      func selection(_ keys: String) throws -> Int { try Self.screen(keys, size).state.selected }
      #expect(try selection("") == -1)
      #expect(try selection("Down") == 0)
      #expect(try selection("Down Up") == -1)
      #expect(try selection("Up") == lessons + HomeTool.all.count - 1)
      #expect(try selection("End Down") == -1)
      #expect(try selection("End Home") == -1)
      #expect(try selection("3") == 2)
    }
  }

  @Test("Who comes back is where he was; once nothing is due, at the first lesson that is not done")
  func comingBack() throws {
    let due = try Self.state(questions: 2)
    var again = try Self.state(questions: 1)
    again.goOn(from: due)
    #expect(again.isReviewing)
    var done = try Self.state(questions: 0)
    done.goOn(from: due)
    #expect(done.selected == 0)
    done.selectReview()
    #expect(done.selected == 0)
  }

  @Test("Every size draws whole rows, whatever is selected")
  func sizes() throws {
    var random = SplitMix64(seed: 8)
    for round in 0..<120 {
      let size = Size(
        columns: Int.random(in: 1...220, using: &random),
        rows: Int.random(in: 1...70, using: &random))
      let keys = Array(repeating: "Down", count: round % 30).joined(separator: " ")
      let screen = try Self.screen(keys, questions: 1 + round % 40, size)
      #expect(screen.view(size, Look()).flaw == nil, "\(size)")
    }
  }

  @Test("Frames that were looked at are kept")
  func frames() throws {
    let kept = KeptFolder("Tests/ScreensTests/Home/Snapshots")
    for (columns, rows) in [(60, 16), (80, 24), (120, 36), (200, 60)] {
      let size = Size(columns: columns, rows: rows)
      for (language, glyphs) in [(Language.chinese, GlyphSet.full), (.english, .ascii)] {
        let look = Look(language: language, glyphs: glyphs)
        let screen = try Self.screen(questions: 5, size, look)
        try kept.check("due-\(columns)x\(rows)-\(language)", screen.view(size, look).plainText)
      }
    }
  }

  // MARK: The loop

  /// A course in which one question is due until it is answered.
  private final class Due: CourseService {
    private let course = FakeCourse()
    private(set) var events: [RecordEvent] = []
    private(set) var places: [String] = []
    private var open: [String: QuizState] = [:]

    func home(_ look: Look) throws -> HomeState {
      try HomeReviewTests.state(look, questions: events.isEmpty ? 1 : 0)
    }
    func lesson(_ name: String, _ look: Look) throws -> LessonState {
      try course.lesson(name, look)
    }
    func due(_ look: Look) throws -> LessonState? {
      guard events.isEmpty else { return nil }
      let lesson = try Classroom.course.lesson("03-recomputing", look.language)
      var progress = LessonProgress()
      progress.quizzes = ["cells-at-4": .right]
      var state = LessonState(
        lesson, progress: progress, look: look, traces: try runs(of: lesson.steps[0].scene))
      state.askAnew("cells-at-4")
      open = state.quizzes
      return state
    }
    func next(after id: String) throws -> String? { nil }
    func translation(of lesson: Lesson, _ language: Language) -> Lesson? { nil }
    func reread(_ lesson: Lesson, _ language: Language) throws -> Lesson { lesson }
    func runs(of scene: SceneSpec) throws -> SceneRuns { try course.runs(of: scene) }
    func keep(_ lesson: LessonState) -> String? {
      events += lesson.events(since: open, at: 7)
      open = lesson.quizzes
      if !lesson.isReview { places.append(lesson.step.id) }
      return nil
    }
  }

  @Test("Enter asks the question anew, keeps how it was answered, and then leads to the menu")
  func asking() throws {
    func frames(_ keys: String, _ course: Due) throws -> [String] {
      let services = Services(course: course, stamp: { _ in nil }) { throw Refusal() }
      var app = try App(opening: .home, Look(), services)
      let display = StagedDisplay(.keys(keys))
      app.run(on: display)
      return display.frames.map(\.canvas.plainText)
    }
    // Asked anew it has another number.
    let asked = try #require(try frames("Enter", Due()).last)
    let length = try #require(asked.firstMatch(of: /有 (\d+) 个字/).flatMap { Int($0.1) })
    #expect(length != 4)
    let right = "\(length * length)"
    let course = Due()
    let typed = right.map(String.init).joined(separator: " ")
    let texts = try frames("Enter 1 0 Enter \(typed) Enter Enter", course)
    #expect(texts[1].contains("复习 第 3 课") && texts[1].contains("> _"), "\(texts[1])")
    let told = course.events
    #expect(told.map(\.answer) == [.text("10"), .text(right)])
    #expect(told.map(\.isRight) == [false, true] && told.map(\.result) == [nil, .helped])
    #expect(told.allSatisfy { $0.seconds == 7 && $0.question == "cells-at-4" })
    #expect(course.places.isEmpty, "the learner's place stays")
    #expect(texts.last?.contains("自己动手") == true && texts.last?.contains("复习") == false)
  }
}
