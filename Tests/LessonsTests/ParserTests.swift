internal import Base
import TestSupport
import Testing

@testable import Lessons

/// A lesson file is read as it is written, and what is wrong is said with its line.
@Suite struct ParserTests {
  @Test("A whole lesson is read")
  func wholeLesson() throws {
    let lesson = try Classroom.parse(
      Classroom.text(
        scene: "id: one\ntext: 床前明月\nstep: 2\nlayer: 4\nhead: 2\npanes: cached\npoint: [2, 1]",
        body: "Some **strong** prose.\n\n- a\n- b\n\n"
          + Classroom.quiz(
            "id: q1\nkind: number\nask: 几格？\nanswer: cached.cells\nhints: [想一想, 再想]\n"
              + "replies:\n  1: 不是\nwhy: 因为\nmisconceptions: [2, 7]")))
    #expect(lesson.title == "试课")
    #expect(lesson.sections == ["22.1.1"])
    let step = try #require(lesson.steps.first)
    #expect(step.scene.text == "床前明月")
    #expect(step.scene.layer == 4 && step.scene.head == 2 && step.scene.point == [2, 1])
    #expect(step.scene.panes == .cached)
    #expect(step.items.count == 3)
    let quiz = try #require(step.quizzes.first)
    #expect(quiz.hints == ["想一想", "再想"])
    #expect(quiz.misconceptions == [2, 7])
    #expect(quiz.replies.map(\.wrong) == ["1"])
  }

  @Test("What one will be able to do is read, and is short enough for the menu")
  func outcome() throws {
    func text(_ head: String) -> String {
      Classroom.text().replacing("sections:", with: head + "\nsections:")
    }
    let lesson = try Classroom.parse(
      text("outcome: 亲手数出 140 格\nabilities: [数一步, 数全程]\npreview: one"))
    #expect(lesson.outcome == "亲手数出 140 格" && lesson.abilities == ["数一步", "数全程"])
    #expect(lesson.previewScene.id == "one")
    let plain = try Classroom.parse(Classroom.text())
    #expect(plain.outcome.isEmpty && plain.abilities.isEmpty && plain.previewScene.id == "one")
    let long = [
      "outcome: " + String(repeating: "数", count: 14),
      "outcome: a\u{1}" + "bcdefghijklmnopqrstuvwxyz",
      "abilities: [" + String(repeating: "x", count: 51) + "]", "abilities: [a, b, c, d, e]",
    ]
    for head in long { #expect(finding(text(head)) != nil, "\(head)") }
  }

  @Test("A preview is of a screen that the lesson has")
  func preview() throws {
    let text = Classroom.text().replacing("sections:", with: "preview: two\nsections:")
    let findings = Linter(Classroom.runs()).findings(in: try Classroom.parse(text))
    let expected = Expectation.notation("one")
    #expect(
      findings.map(\.problem) == [.badValue(field: "preview", value: "two", expected: expected)])
  }

  /// The findings of a text, by line and problem.
  private func finding(_ text: String) -> Finding? {
    do throws(Finding) {
      _ = try Classroom.parse(text)
      return nil
    } catch {
      return error
    }
  }

  @Test("Each mistake is found at its line")
  func mistakes() {
    let cases: [(String, Int, Problem)] = [
      ("## 一步\n", 1, .noFrontMatter),
      ("---\ntitle: x\n", 1, .noFrontMatter),
      (
        "---\nformat: 2\ntitle: x\n---\n", 2,
        .badValue(field: "format", value: "\"2\"", expected: .notation("1"))
      ),
      ("---\nformat: 1\n---\n## a\n```scene\nid: a\n```\n", 2, .missingField("title")),
      ("---\nformat: 1\ntilte: x\n---\n", 3, .unknownField("tilte", nearest: "title")),
      (Classroom.head, 1, .missingField("##")),
      (Classroom.head + "Prose first\n\n## a\n", 1, .blockBeforeFirstStep("\"Prose first\"")),
      (Classroom.head + "## a\n\nno scene\n", 6, .sceneCount(step: "a", count: 0)),
      (Classroom.text(scene: "id: one\nsetp: 3"), 10, .unknownField("setp", nearest: "step")),
      (
        Classroom.text(scene: "id: one\nstep: 0"), 10,
        .badValue(field: "step", value: "\"0\"", expected: .notation("1 … 512"))
      ),
      (
        Classroom.text(scene: "id: One"), 9,
        .badValue(field: "id", value: "\"One\"", expected: .notation("a-z 0-9 -"))
      ),
      (Classroom.text(body: "```scnee\nid: x\n```\n"), 13, .unknownBlock("scnee")),
      (Classroom.text(body: "<div>x</div>\n"), 13, .notSupported("HTML")),
      (Classroom.text(body: Classroom.quiz("id: q\nask: x\nwhy: y")), 13, .missingField("kind")),
      (
        Classroom.text(body: Classroom.quiz("id: q\nkind: number\nask: x\nwhy: y\nanswer: 1 +")),
        18,
        .badExpression("1 +", .unexpectedEnd)
      ),
      (
        Classroom.text(body: Classroom.quiz("id: q\nkind: choice\nask: x\nwhy: y\noptions: []")),
        13,
        .badValue(field: "options", value: "0", expected: .notation("2 … 6"))
      ),
    ]
    for (text, line, problem) in cases {
      let found = finding(text)
      #expect(found?.problem == problem, "\(text)")
      #expect(found?.line == line, "\(text)")
    }
  }

  @Test(
    "Broken YAML is a finding, never a crash",
    arguments: ["a: b: c", "- x\ny", "{", "a: [", "\t", "&a *a", "a: &x [*x]"])
  func brokenYAML(yaml: String) {
    #expect(finding(Classroom.text(scene: yaml)) != nil)
  }

  @Test("A key that stands twice is a finding")
  func duplicateKey() {
    #expect(finding(Classroom.text(scene: "id: one\nid: two")) != nil)
  }

  @Test("Random damage to a lesson never traps")
  func damage() throws {
    let path = Classroom.course.path(try #require(Classroom.course.ids.first), .chinese)
    let bytes = Array(try Course.text(of: path).utf8)
    var state: UInt64 = 22
    func random(_ limit: Int) -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int(state >> 33) % limit
    }
    for _ in 0..<300 {
      var damaged = bytes
      for _ in 0...random(4) {
        let at = random(damaged.count)
        switch random(3) {
        case 0: damaged[at] = UInt8(random(256))
        case 1: damaged.removeSubrange(at..<min(damaged.count, at + 1 + random(40)))
        default: damaged.insert(contentsOf: "```scene\n{{:-[".utf8.shuffledByNobody, at: at)
        }
        if damaged.isEmpty { damaged = bytes }
      }
      _ = finding(String(decoding: damaged, as: UTF8.self))
    }
  }

  @Test("Every problem has a sentence in both languages")
  func wording() {
    let finding = Finding("a/b.md", 7, .unknownField("setp", nearest: "step"))
    #expect(finding.sentence(.english) == "a/b.md:7: unknown field setp; did you mean step?")
    #expect(finding.sentence(.chinese).hasPrefix("a/b.md:7: "))
  }

  @Test("The reason inside a finding is in the finding's language")
  func reasons() {
    let problems: [Problem] = [
      .badExpression("1 +", .unexpectedEnd), .noValue("x", .divisionByZero),
      .badValue(field: "hints", value: "{…}", expected: .texts),
      .cannotRun(.tooLong(tokens: 600, most: 512)),
    ]
    let english = ["ends too early", "division by zero", "a list of strings", "the scene runs to"]
    for (problem, reason) in zip(problems, english) {
      let finding = Finding("a.md", 1, problem)
      #expect(finding.sentence(.english).contains(reason))
      let chinese = finding.sentence(.chinese)
      #expect(chinese != finding.sentence(.english) && !chinese.contains(reason), "\(chinese)")
    }
  }
}

extension String.UTF8View {
  fileprivate var shuffledByNobody: [UInt8] { Array(self) }
}
