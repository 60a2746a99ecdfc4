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
  static let sections = [
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

  @Test(
    "A lesson is found by its number, its name or both",
    arguments: ["3", "03-recomputing", "recomputing"])
  func matching(name: String) {
    #expect(Classroom.course.id(matching: name) == "03-recomputing")
    #expect(Classroom.course.id(matching: "99") == nil)
  }
}
