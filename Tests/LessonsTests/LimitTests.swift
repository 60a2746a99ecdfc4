internal import Base
import Foundation
import TestSupport
import Testing

@testable import Lessons

/// A lesson file asks for as much as a lesson needs, and no file keeps the program busy.
@Suite struct LimitTests {
  private func problem(_ text: String) -> Problem? {
    do throws(Finding) {
      _ = try Classroom.parse(text)
      return nil
    } catch {
      return error.problem
    }
  }

  @Test("Sums in sums in 260 bytes are refused, and at once")
  func nestedSums() throws {
    let path = Checkout.root + "/Tests/Fixtures/lessons/nested-sums/lesson.en.md"
    let linter = Linter(Classroom.runs())
    var findings: [Finding] = []
    let time = ContinuousClock().measure {
      findings = linter.findings(path: path, id: "nested-sums", language: .english)
    }
    #expect(findings.map(\.line) == [9])
    #expect(findings.first?.sentence(.english).contains("more than 10000 steps") == true)
    #expect(time < .seconds(10))
  }

  @Test(
    "An expression's work is counted, whatever it is made of",
    arguments: [
      ("length", ""), ("1 + at(step, ", "sum(length))"), ("weight(1, 1, 1, 1)", ""),
      ("max(1, step)", ""),
    ])
  func work(inner: String, tail: String) throws {
    let text =
      String(repeating: "sum(", count: 14) + inner + tail + String(repeating: ")", count: 14)
    let evaluator = try Classroom.evaluator(step: 7)
    #expect(throws: ExpressionError.tooMuchWork(most: LessonLimits.work)) {
      () throws(ExpressionError) in
      try evaluator.value(of: Expression(text))
    }
  }

  @Test("A sum of sums that a lesson may need has its value")
  func modestSums() throws {
    let evaluator = try Classroom.evaluator(step: 7)
    #expect(try evaluator.number(Expression("sum(sum(cached.cells))")) == 84)
  }

  @Test("A long chain of operators is refused before anything calls itself along it")
  func longExpression() {
    let chain = String(repeating: "1+", count: 100_000) + "1"
    #expect(throws: ExpressionError.tooLong(most: LessonLimits.expression)) {
      try Expression(chain)
    }
  }

  @Test(
    "Aliases of aliases do not unfold",
    arguments: [
      "a: &a [x, x]\nb: &b [*a, *a]\nid: *b", "id: &x one\n? *x\n: y", "[&a [b], {*a : c}]",
    ])
  func aliases(yaml: String) {
    #expect(problem(Classroom.text(scene: yaml)) == .notSupported("YAML: &… *…"))
  }

  @Test("A thousand million laughs as keys of a mapping end at once")
  func laughs() {
    var yaml = "- &a0 [x]\n"
    for level in 1...40 {
      yaml += "- &a\(level) {? [*a\(level - 1), *a\(level - 1)] : 1}\n"
    }
    #expect(problem(Classroom.text(scene: yaml)) == .notSupported("YAML: &… *…"))
  }

  @Test("Emphasis and an ampersand in a text are no alias")
  func ampersand() throws {
    let scene = "id: one\ntext: \"Q&A *A* R&D & more\""
    #expect(try Classroom.parse(Classroom.text(scene: scene)).steps[0].scene.text.contains("*A*"))
  }

  @Test(
    "Markdown that nests deeper than a lesson is refused",
    arguments: ["> ", "- ", "1. ", "*a _b "])
  func nesting(mark: String) {
    let text = Classroom.text(body: String(repeating: mark, count: 5000) + "x\n")
    guard case .tooDeep? = problem(text) else {
      // What cmark does not take for nesting is text.
      #expect(mark == "*a _b " && problem(text) == nil)
      return
    }
  }

  @Test("Screens, quizzes, hints, replies and expressions are counted")
  func counts() {
    let step = { (number: Int) in "## s\n\n```scene\nid: s\(number)\n```\n\n" }
    let quiz = Classroom.quiz("id: q\nkind: number\nask: x\nanswer: length\nwhy: y")
    let hints = "[" + Array(repeating: "x", count: 11).joined(separator: ", ") + "]"
    let replies = (0...20).map { "  \($0): x\n" }.joined()
    let cases: [(String, Problem)] = [
      (Classroom.head + (0...50).map(step).joined(), .tooMany("##", most: 50)),
      (
        Classroom.text(body: String(repeating: quiz + "\n", count: 101)),
        .tooMany("quiz", most: 100)
      ),
      (
        Classroom.text(
          body: Classroom.quiz("id: q\nkind: token\nask: x\nwhy: y\nhints: \(hints)")),
        .tooMany("hints", most: 10)
      ),
      (
        Classroom.text(
          body: Classroom.quiz(
            "id: q\nkind: number\nanswer: 1\nask: x\nwhy: y\nreplies:\n\(replies)")),
        .tooMany("replies", most: 20)
      ),
      (
        Classroom.text(body: String(repeating: "{{length}} ", count: 101)),
        .tooMany("{{…}}", most: 100)
      ),
      (
        Classroom.text(scene: "id: one\ntext: " + String(repeating: "中", count: 2001)),
        .badValue(
          field: "text", value: "\"" + String(repeating: "中", count: 40) + "\"",
          expected: .notation("… ≤ 2000"))
      ),
    ]
    for (text, expected) in cases { #expect(problem(text) == expected) }
  }

  @Test("A file that is too large is refused, and long names cost nothing")
  func sizes() throws {
    let path = FileManager.default.temporaryDirectory
      .appending(path: "kvtui-large-\(UUID().uuidString).md").path
    defer { try? FileManager.default.removeItem(atPath: path) }
    try Data(repeating: 0x61, count: LessonLimits.bytes + 1).write(to: URL(filePath: path))
    #expect(throws: Finding(path, 1, .notText)) { () throws(Finding) in try Course.text(of: path) }
    let name = String(repeating: "step", count: 10_000)
    #expect(YAMLFields.nearest(to: name, in: [name + "s"]) == nil)
    let message = Finding("a", 1, .unknownField(name, nearest: nil)).sentence(.english)
    #expect(message.count < 200)
  }
}
