internal import Base
import TestSupport
import Testing

@testable import Lessons

/// A presenter's notes: a field of the scene, checked like all that a lesson says.
@Suite struct NotesTests {
  private func scene(_ notes: String) -> String {
    Classroom.text(scene: "id: one\nstep: 3\nnotes: \(notes)")
  }

  private func problem(_ notes: String) -> Problem? {
    do throws(Finding) {
      _ = try Classroom.parse(scene(notes))
      return nil
    } catch {
      return error.problem
    }
  }

  @Test("Notes are read as they stand, and a scene without any has none")
  func read() throws {
    let lesson = try Classroom.parse(scene("[\"看 {{length}} 行\", 问一句]"))
    #expect(lesson.steps[0].scene.notes == ["看 {{length}} 行", "问一句"])
    #expect(try Classroom.parse(Classroom.text()).steps[0].scene.notes == [])
  }

  @Test(
    "Notes that are none, too many or too long are refused",
    arguments: [
      "a text", "{a: b}", "[\"\"]", "[[a]]", "[\"" + String(repeating: "长", count: 301) + "\"]",
      "[" + Array(repeating: "a", count: 13).joined(separator: ", ") + "]",
    ])
  func refused(notes: String) { #expect(problem(notes) != nil) }

  @Test("As much as there may be is read")
  func most() {
    let long = String(repeating: "长", count: 300)
    #expect(problem("[" + Array(repeating: long, count: 12).joined(separator: ", ") + "]") == nil)
  }

  @Test("A note's expressions are held against the run of its scene")
  func expressions() throws {
    let linter = Linter(Classroom.runs())
    func findings(_ note: String) throws -> [Problem] {
      linter.findings(in: try Classroom.parse(scene("[\"\(note)\"]"))).map(\.problem)
    }
    #expect(try findings("{{uncached.cells}} 格，第 7 步 {{at(7, uncached.cells)}} 格") == [])
    #expect(try findings("{{uncached.cels}}").count == 1)
    #expect(try findings("{{at(8, length)}}").count == 1)
    #expect(try findings("{{length").count == 1)
  }

  @Test("Languages may say different things, but as many")
  func languages() throws {
    let linter = Linter(Classroom.runs())
    let one = try Classroom.parse(scene("[看左边, 看右边]"))
    #expect(linter.differences(one, try Classroom.parse(scene("[look left, look right]"))) == [])
    let findings = linter.differences(one, try Classroom.parse(scene("[look]")))
    #expect(
      findings.map(\.problem) == [.languagesDiffer(what: "notes one", chinese: "2", english: "1")])
    let other = try Classroom.parse(Classroom.text(scene: "id: one\nstep: 4\nnotes: [a, b]"))
    #expect(linter.differences(one, other).count == 1)
  }

  @Test("Every screen of the course has two to five notes in each language, none of them long")
  func bundled() throws {
    for language in Language.allCases {
      for id in Classroom.course.ids {
        for step in try Classroom.course.lesson(id, language).steps {
          #expect((2...5).contains(step.scene.notes.count), "\(id) \(step.id) \(language)")
        }
      }
    }
  }
}
