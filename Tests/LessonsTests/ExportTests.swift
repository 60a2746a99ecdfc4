internal import Base
import Foundation
import TestSupport
import Testing

@testable import Lessons

/// What a learner hands in, and what a class's files come to.
@Suite struct ExportTests {
  private func read(_ text: String) throws(ExportError) -> ProgressExport {
    let path = FileManager.default.temporaryDirectory
      .appending(path: "kvtui-export-\(UUID().uuidString)").path
    _ = FileManager.default.createFile(atPath: path, contents: Data(text.utf8))
    defer { try? FileManager.default.removeItem(atPath: path) }
    return try ProgressExport(reading: path)
  }

  private var lessons: [Lesson] {
    get throws {
      try Classroom.course.ids.map { try Classroom.course.lesson($0, .english) }
    }
  }

  private func record(_ answers: [(QuestionID, QuizResult, wrong: String?)]) -> LearnerRecord {
    var record = LearnerRecord()
    for (id, result, wrong) in answers {
      if let wrong {
        record.take(
          RecordTests.event(
            id.question, at: 99, wrong, right: false, lesson: id.lesson, result: nil))
      }
      record.take(
        RecordTests.event(
          id.question, at: 100, right: result != .shown, lesson: id.lesson, result: result))
    }
    return record
  }

  @Test("An export reads back, and holds neither a time nor a name")
  func roundTrip() throws {
    let lessons = try lessons
    let ids = CourseRecord(LearnerRecord(), lessons).rows.map(\.place.id)
    let record = record([
      (ids[0], .right, nil), (ids[1], .helped, "10"), (ids[2], .shown, "9"),
      (QuestionID("99-own", "x"), .right, nil),
    ])
    let export = ProgressExport(CourseRecord(record, lessons))
    #expect(try read(export.text) == export)
    #expect(export.questions.map(\.result) == [.right, .helped, .shown, .right])
    #expect(export.questions[1].wrong == [.text("10")])
    for word in ["\"at\"", "since", "due", "99,", "100"] { #expect(!export.text.contains(word)) }
  }

  @Test(
    "What is no export is refused with 65, and its file is named",
    arguments: [
      "", "{", "[]", "{}", "\u{0}", #"{"format":1,"lessons":{}}"#,
      #"{"format":"kvtui progress","version":2,"questions":[]}"#,
      #"{"format":"kvtui progress","version":1,"questions":[{}]}"#,
      #"{"format":"kvtui progress","version":1,"questions":[{"lesson":"a","id":"b","state":"right","tries":1,"hints":0,"wrong":[]},{"lesson":"a","id":"b","state":"right","tries":1,"hints":0,"wrong":[]}]}"#,
      #"{"format":"kvtui progress","version":1,"questions":[{"lesson":"a","id":"b","state":"guessed","tries":1,"hints":0,"wrong":[]}]}"#,
      #"{"format":"kvtui progress","version":1,"questions":[{"lesson":"a","id":"b","state":"right","tries":1e30,"hints":0,"wrong":[]}]}"#,
      #"{"format":"kvtui progress","version":1,"questions":[{"lesson":"a\u001b","id":"b","state":"right","tries":1,"hints":0,"wrong":[]}]}"#,
    ])
  func refused(text: String) {
    do {
      let export = try read(text)
      Issue.record("\(export)")
    } catch {
      #expect(error.status == 65)
      #expect(error.sentence(.english).contains("kvtui-export-"))
      #expect(!error.sentence(.chinese).isEmpty)
    }
  }

  @Test("A class's sums are those of its learners, counted one by one")
  func sums() throws {
    let lessons = try lessons
    let course = CourseRecord(LearnerRecord(), lessons)
    let ids = course.rows.map(\.place.id)
    var random = SplitMix64(seed: 4)
    let results: [QuizResult?] = [.right, .helped, .shown, nil]
    var answers: [[(QuestionID, QuizResult, wrong: String?)]] = []
    for _ in 0..<25 {
      answers.append(
        ids.compactMap { id in
          guard let result = results[Int.random(in: 0..<4, using: &random)] else { return nil }
          let wrong = result == .right ? nil : "\(Int.random(in: 1...3, using: &random))"
          return (id, result, wrong)
        })
    }
    let exports = answers.map { ProgressExport(CourseRecord(record($0), lessons)) }
    let sum = ClassSum(exports, course)
    #expect(sum.learners == 25)
    for row in sum.rows {
      let of = answers.flatMap { $0 }.filter { $0.0 == row.id }
      #expect(row.count == of.count)
      for result in [QuizResult.right, .helped, .shown] {
        #expect(row.results[result] ?? 0 == of.count { $0.1 == result })
      }
      for (answer, count) in row.commonWrong where answer != .text("16") {
        #expect(count == of.count { $0.wrong.map { .text($0) } == answer })
      }
      let counts = row.commonWrong.map(\.count)
      #expect(counts == counts.sorted(by: >))
    }
    for (number, count, right) in sum.misconceptions {
      let asking = Set(
        course.rows.filter { $0.place.misconceptions.contains(number) }.map(\.place.id))
      let asked = answers.map { $0.filter { asking.contains($0.0) } }.filter { !$0.isEmpty }
      #expect(count == asked.count)
      #expect(right == asked.count { $0.allSatisfy { $0.1 == .right } })
    }
  }
}
