internal import Base
import Testing

@testable import Lessons
internal import TestSupport

/// What could be better in a lesson.
@Suite struct WarningTests {
  private func warnings(scene: String = "id: one\nstep: 3", _ body: String) throws -> [String] {
    let lesson = try Classroom.parse(Classroom.text(scene: scene, body: body))
    let findings = Linter(Classroom.runs()).warnings(in: lesson)
    #expect(findings.allSatisfy { $0.isWarning })
    return findings.map { $0.sentence(.english) }
  }

  private func number(_ more: String = "", answer: String = "uncached.cells") -> String {
    Classroom.quiz("id: q1\nkind: number\nat: 4\nask: 几格？\nanswer: \(answer)\nwhy: 好\n" + more)
  }

  private static let plain = "id: one\nstep: 3\ncounters: false"

  @Test("A screen without a question")
  func noQuestion() throws {
    #expect(try warnings("话").contains { $0.contains("asks nothing") })
    #expect(try warnings(scene: Self.plain, number()).isEmpty)
  }

  @Test("A number of the text, of the question or of the counters that nothing is said to")
  func noReply() throws {
    let text = try warnings(scene: Self.plain, "这里有 {{length}} 行，那里 77 格。\n\n" + number())
    #expect(text.count == 1 && text[0].contains("3, 77"))
    let counters = try warnings(number())
    #expect(counters.count == 1 && counters[0].contains("14") && counters[0].contains("6"))
    #expect(try warnings("77\n\n" + number("replies: {else: 再想}")).isEmpty)
    #expect(try warnings(scene: Self.plain, "77\n\n" + number("replies: {70 + 7: 不是}")).isEmpty)
    #expect(try warnings(scene: Self.plain, "见 22.1.3、GPT2、7B、第 3 课。\n\n" + number()).isEmpty)
  }

  @Test("An answer that stands above its question, or in the counters")
  func answered() throws {
    let text = try warnings(scene: Self.plain, "共 16 格。\n\n" + number("replies: {else: 再想}"))
    #expect(text.count == 1 && text[0].contains("16"))
    let counters = try warnings(number("replies: {else: 再想}", answer: "at(3, sum(uncached.cells))"))
    #expect(counters.count == 1 && counters[0].contains("14"))
    // What stands below is seen afterwards.
    #expect(try warnings(scene: Self.plain, number("replies: {else: 再想}") + "\n共 16 格。").isEmpty)
  }

  @Test("Numbers as they stand in a text")
  func numbers() {
    #expect(
      PrintedNumbers.all(in: "28 和 1,024，3.5 倍；22.1.3、tiny-2、f32、7B、Lesson 4") == [28, 1024, 3.5])
    #expect(PrintedNumbers.all(in: "4×4=16, 2,3") == [4, 4, 16])
  }

  @Test("The course's warnings are warnings, and its terms' file has no error")
  func course() {
    let linter = Linter(Classroom.runs())
    #expect(linter.warnings(in: Classroom.course).allSatisfy { $0.isWarning })
    #expect(linter.findings(in: Classroom.course).isEmpty)
  }
}
