internal import Base
import Foundation
import TestSupport
import Testing

@testable import Lessons

/// The tables of the lessons' README: on which screens each section, misconception and outcome is done, and which question shows it.
@Suite struct CourseTableTests {
  static let files = ["README.md", "README.zh.md"]
  private static let last = "13-finish"

  /// A row: what it is about, the screens where that is done, the questions that show it.
  struct Row: Equatable, CustomStringConvertible {
    let key: String
    let middle: String
    let screens: [String]
    let questions: [String]

    var description: String { key }
    var isSection: Bool { key.hasPrefix("22.") }
    var misconception: Int? { Int(key) }
    var isOutcome: Bool { !isSection && misconception == nil }
  }

  /// Screens and questions of the course, by `lesson#id`.
  struct Places {
    var lessons: [Lesson] = []
    var screens: [String: LessonStep] = [:]
    /// The screen of each question.
    var homes: [String: String] = [:]

    init(_ language: Language) throws {
      lessons = try Classroom.course.ids.map { try Classroom.course.lesson($0, language) }
      for lesson in lessons {
        for step in lesson.steps {
          screens["\(lesson.id)#\(step.id)"] = step
          for quiz in step.quizzes {
            homes["\(lesson.id)#\(quiz.id)"] = "\(lesson.id)#\(step.id)"
          }
        }
      }
    }

    func lesson(of place: String) -> Lesson? { lessons.first { place.hasPrefix($0.id + "#") } }

    /// Quizzes that name a misconception.
    func asking(after number: Int) -> [String] {
      lessons.flatMap { lesson in
        lesson.quizzes.filter { $0.misconceptions.contains(number) }.map { "\(lesson.id)#\($0.id)" }
      }
    }
  }

  static func text(_ file: String) throws -> String {
    try String(contentsOfFile: Checkout.root + "/lessons/" + file, encoding: .utf8)
  }

  private static func cells(_ line: Substring) -> [String] {
    line.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }
  }

  static func rows(_ file: String) throws -> [Row] {
    func places(_ cell: String) -> [String] {
      cell.split(separator: "`").map(String.init).filter { $0.contains("#") }
    }
    return try text(file).split(separator: "\n").filter { $0.hasPrefix("|") }.compactMap { line in
      let cells = cells(line)
      guard cells.count == 4, cells[2].contains("#") || cells[3].contains("#") else { return nil }
      return Row(
        key: cells[0], middle: cells[1], screens: places(cells[2]), questions: places(cells[3]))
    }
  }

  /// Whether a question is more than a look at what stands there: it is worked out, marked or set, or of what is not shown yet.
  private func isDone(_ quiz: Quiz) -> Bool {
    if case .choice = quiz.kind { return quiz.at != nil || quiz.place != nil }
    return true
  }

  private func isDone(_ step: LessonStep) -> Bool {
    !step.quizzes.isEmpty && (step.scene.tool != nil || step.quizzes.contains(where: isDone))
  }

  @Test("Each section, each misconception and each outcome has one row", arguments: files)
  func complete(file: String) throws {
    let rows = try Self.rows(file)
    #expect(rows.filter(\.isSection).map(\.key) == CourseTests.sections)
    #expect(rows.compactMap(\.misconception) == Array(1...Linter.misconceptions))
    #expect(rows.count(where: \.isOutcome) == 5)
  }

  @Test(
    "Its screens are there, something is to be done on one, and its questions are asked on them",
    arguments: files)
  func done(file: String) throws {
    let places = try Places(.chinese)
    for row in try Self.rows(file) {
      #expect(!row.screens.isEmpty && !row.questions.isEmpty, "\(row)")
      #expect(Set(row.screens).count == row.screens.count, "\(row): a screen twice")
      for screen in row.screens {
        #expect(places.screens[screen] != nil, "\(row): there is no screen \(screen)")
        #expect(
          places.screens[screen]?.quizzes.isEmpty == false, "\(row): \(screen) asks nothing")
      }
      #expect(
        row.screens.contains { places.screens[$0].map { isDone($0) } ?? false },
        "\(row): nothing is to be done")
      for question in row.questions {
        let home = places.homes[question]
        #expect(home != nil, "\(row): there is no question \(question)")
        #expect(
          home.map { row.screens.contains($0) } ?? true,
          "\(row): \(question) is asked on none of its screens")
      }
    }
  }

  @Test("A section's screens are of lessons that have it; each of these has one", arguments: files)
  func sections(file: String) throws {
    let (rows, places) = (try Self.rows(file).filter(\.isSection), try Places(.chinese))
    for row in rows {
      for screen in row.screens {
        #expect(
          places.lesson(of: screen)?.sections.contains(row.key) == true, "\(row) \(screen)")
      }
    }
    for lesson in places.lessons {
      for section in lesson.sections {
        let row = rows.first { $0.key == section }
        #expect(
          row?.screens.contains { $0.hasPrefix(lesson.id + "#") } == true,
          "\(lesson.id) \(section)")
      }
    }
  }

  @Test("A misconception's questions are all those that name it", arguments: files)
  func misconceptions(file: String) throws {
    let places = try Places(.chinese)
    for row in try Self.rows(file) {
      guard let number = row.misconception else { continue }
      #expect(Set(row.questions) == Set(places.asking(after: number)), "misconception \(number)")
    }
  }

  @Test(
    "An outcome is done in the lessons that it names and asked for by questions of the last, which are no other's",
    arguments: files)
  func outcomes(file: String) throws {
    let rows = try Self.rows(file).filter(\.isOutcome)
    let asked = rows.flatMap(\.questions)
    #expect(Set(asked).count == asked.count)
    #expect(asked.allSatisfy { $0.hasPrefix(Self.last + "#") })
    for row in rows {
      let named = row.middle.split { !$0.isNumber }.compactMap { Int($0) }
      let before = row.screens.filter { !$0.hasPrefix(Self.last) }
      #expect(Set(before.compactMap { Int($0.prefix(2)) }) == Set(named), "\(row)")
      #expect(row.screens.contains { $0.hasPrefix(Self.last + "#") }, "\(row)")
    }
  }

  @Test("Both documents say the same, and so do the lessons in both languages")
  func languages() throws {
    let rows = try Self.files.map { try Self.rows($0) }
    for (english, chinese) in zip(rows[0], rows[1]) {
      #expect(english.isOutcome ? chinese.isOutcome : english.key == chinese.key)
      #expect(english.screens == chinese.screens, "\(english)")
      #expect(english.questions == chinese.questions, "\(english)")
    }
    let lessons = try [Places(.english).lessons, Places(.chinese).lessons]
    for (english, chinese) in zip(lessons[0], lessons[1]) {
      #expect(english.sections == chinese.sections, "\(english.id)")
      #expect(
        english.quizzes.map(\.misconceptions) == chinese.quizzes.map(\.misconceptions),
        "\(english.id)")
    }
  }

  @Test("The list of lessons says what their heads do", arguments: files)
  func heads(file: String) throws {
    let text = try Self.text(file)
    for lesson in try Places(.chinese).lessons {
      let line = text.split(separator: "\n").first {
        $0.hasPrefix("| [") && $0.contains("(\(lesson.id)/")
      }
      let cells = line.map { Self.cells($0) } ?? []
      #expect(cells.count == 3, "\(lesson.id)")
      guard cells.count == 3 else { continue }
      let separator = file.contains("zh") && cells[1].contains("、") ? "、" : ", "
      #expect(cells[1] == lesson.sections.joined(separator: separator), "\(lesson.id)")
      #expect(cells[2] == "\(lesson.minutes)", "\(lesson.id)")
    }
  }
}
