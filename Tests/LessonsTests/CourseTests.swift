internal import Base
import Foundation
import Testing

@testable import Lessons
internal import TestSupport

/// The lessons that come with the program.
@Suite struct CourseTests {
  private static let ids = [
    "01-token-by-token", "02-attention", "03-recomputing", "04-why-k-and-v", "05-with-the-cache",
    "06-honest-counting", "07-memory", "08-conversations", "09-code-and-speed",
    "10-prefill-and-decode", "11-misconceptions", "12-cheaper-caches", "13-finish",
    "14-what-a-server-does",
  ]
  private static let sections = [
    "22.1.1", "22.1.2", "22.1.3", "22.2.1", "22.2.2", "22.3.1", "22.3.2", "22.3.3", "22.4.1",
    "22.4.2",
    "22.4.3", "22.4.4", "22.5.1", "22.5.2", "22.5.3", "22.6.1", "22.6.2", "22.6.3", "22.6.4",
    "22.7.1",
    "22.7.2", "22.8.1", "22.8.2", "22.8.3", "22.8.4", "22.9.1", "22.9.2", "22.9.3", "22.10.1",
    "22.10.2", "22.10.3",
  ]

  private var chinese: [Lesson] {
    get throws {
      try Classroom.course.ids.map { id in try Classroom.course.lesson(id, .chinese) }
    }
  }

  @Test("The lessons are there")
  func lessons() {
    #expect(Classroom.course.ids == Self.ids)
  }

  @Test("The linter finds nothing in any lesson, nor between the languages")
  func lint() {
    let findings = Linter(Classroom.runs()).findings(in: Classroom.course)
    #expect(findings.map { $0.sentence(.english) } == [])
  }

  @Test("Every lesson says in both languages what it is for, in a phrase and in lines")
  func outcomes() throws {
    for language in Language.allCases {
      for id in Classroom.course.ids {
        let lesson = try Classroom.course.lesson(id, language)
        #expect(
          !lesson.outcome.isEmpty && (3...4).contains(lesson.abilities.count), "\(id) \(language)")
      }
    }
  }

  @Test("There are some 60 to 100 questions, no lesson without, no screen that asks nothing")
  func questions() throws {
    let counts = try chinese.map(\.quizzes.count)
    #expect((60...100).contains(counts.reduce(0, +)))
    #expect(counts.allSatisfy { $0 >= 2 })
    for step in try chinese.flatMap(\.steps) where !step.scene.review {
      #expect(!step.quizzes.isEmpty, "\(step.id)")
    }
  }

  @Test("Every section of the chapter and every misconception is covered")
  func coverage() throws {
    let lessons = try chinese
    #expect(Set(lessons.flatMap(\.sections)) == Set(Self.sections))
    let asked = Set(lessons.flatMap(\.quizzes).flatMap(\.misconceptions))
    #expect(asked == Set(1...Linter.misconceptions))
  }

  /// The rows of the tables in a document: the first cell, and the ids in backticks of the last.
  private func rows(_ file: String) throws -> [(first: String, ids: [Substring])] {
    let text = try String(contentsOfFile: Checkout.root + "/lessons/" + file, encoding: .utf8)
    return text.split(separator: "\n").filter { $0.hasPrefix("|") }.compactMap { line in
      let cells = line.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }
      guard let first = cells.first, let last = cells.last else { return nil }
      let ids = last.split(separator: "`").filter { $0.contains("#") }
      return ids.isEmpty ? nil : (first, ids)
    }
  }

  @Test("The tables of the README hold to the files", arguments: ["README.md", "README.zh.md"])
  func tables(file: String) throws {
    let lessons = try chinese
    let rows = try rows(file)
    let known = Set(
      lessons.flatMap { lesson in
        (lesson.steps.map(\.id) + lesson.quizzes.map(\.id)).map { "\(lesson.id)#\($0)" }
      })
    for row in rows {
      for id in row.ids { #expect(known.contains(String(id)), "\(row.first)") }
    }
    let firsts = Set(rows.map(\.first))
    #expect(firsts.isSuperset(of: Self.sections))
    #expect(firsts.isSuperset(of: (1...Linter.misconceptions).map(String.init)))
    for row in rows where Int(row.first) != nil {
      let number = Int(row.first) ?? 0
      let quizzes = Set(
        lessons.flatMap { lesson in
          lesson.quizzes.filter { $0.misconceptions.contains(number) }.map {
            "\(lesson.id)#\($0.id)"
          }
        })
      #expect(Set(row.ids.map(String.init)) == quizzes, "misconception \(number)")
    }
    for row in rows where row.first.hasPrefix("22.") {
      for id in row.ids {
        let lesson = lessons.first { id.hasPrefix($0.id + "#") }
        #expect(lesson?.sections.contains(row.first) == true, "\(row.first) \(id)")
      }
    }
  }

  @Test(
    "Every section of a lesson has a screen of it in the tables, and the list of lessons says what their heads do",
    arguments: ["README.md", "README.zh.md"])
  func heads(file: String) throws {
    let rows = try rows(file)
    let text = try String(contentsOfFile: Checkout.root + "/lessons/" + file, encoding: .utf8)
    for lesson in try chinese {
      for section in lesson.sections {
        let row = rows.first { $0.first == section }
        #expect(
          row?.ids.contains { $0.hasPrefix(lesson.id + "#") } == true, "\(lesson.id) \(section)")
      }
      let line = text.split(separator: "\n").first {
        $0.hasPrefix("| [") && $0.contains("(\(lesson.id)/")
      }
      let cells = line?.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) } ?? []
      #expect(cells.count == 3, "\(lesson.id)")
      #expect(
        cells.dropFirst().first
          == lesson.sections.joined(
            separator: file.contains("zh") && cells[1].contains("、") ? "、" : ", "))
      #expect(cells.last == "\(lesson.minutes)", "\(lesson.id)")
    }
  }

  @Test(
    "Each of the five outcomes is asked for by a question of the last lesson",
    arguments: ["README.md", "README.zh.md"])
  func outcomeRows(file: String) throws {
    let quizzes = Set(
      try chinese.flatMap { lesson in lesson.quizzes.map { "\(lesson.id)#\($0.id)" } })
    let rows = try rows(file).filter { $0.first.first?.isNumber == false }
    let asked = rows.flatMap(\.ids).map(String.init)
    #expect(rows.count == 5 && rows.allSatisfy { !$0.ids.isEmpty })
    #expect(Set(asked).count == asked.count)
    for id in asked { #expect(quizzes.contains(id) && id.hasPrefix("13-finish#")) }
  }

  @Test(
    "A lesson is found by its number, its name or both",
    arguments: ["3", "03-recomputing", "recomputing"])
  func matching(name: String) {
    #expect(Classroom.course.id(matching: name) == "03-recomputing")
    #expect(Classroom.course.id(matching: "99") == nil)
  }
}
