import Base
import TestSupport
import Testing
import Viz

@testable import Lessons

/// Programs to complete: how they are written, what is wrong with them, and that their runs say which is right.
@Suite struct ProgramQuizTests {
  static let tool: String = "fault none --prompt 世界最高峰是 --tokens 4"

  /// A quiz of a program with two gaps and three lines.
  static func quiz(
    program: String = "for i in range(n):\n    [1]\n    x = embed(t, pos)\n    [2]",
    lines: String = "[pos = i, 'c.append(k, v)', pos = len(c)]",
    runs: String = "[{choose: [c, b], fault: none}, "
      + "{choose: [a, b], fault: position-restarted, reply: '差 {{tool(\"x\")}}'}]",
    replies: String = "{b c: 反了, else: 跑不了}", at: String = tool
  ) -> String {
    let program = program.split(separator: "\n", omittingEmptySubsequences: false)
      .map { "  " + $0 }.joined(separator: "\n")
    let reply = runs.replacing("tool(\"x\")", with: "tool(''max_logits'')")
    return "id: loop\nkind: lines\nat: \(at)\nask: 缺什么？\nprogram: |\n\(program)\n"
      + "lines: \(lines)\nruns: \(reply)\nreplies: \(replies)\nwhy: 差 {{tool('max_logits')}}"
  }

  static func lesson(_ text: String = Self.quiz()) throws(Finding) -> Lesson {
    try Classroom.parse(
      Classroom.text(scene: "id: one\ntool: \(tool)", body: Classroom.quiz(text)))
  }

  private static func problem(_ quiz: String) -> Problem? {
    do throws(Finding) {
      _ = try lesson(quiz)
      return nil
    } catch {
      return error.problem
    }
  }

  private static func findings(_ quiz: String) throws -> [Problem] {
    Linter(Classroom.runs()).findings(in: try lesson(quiz)).map(\.problem)
  }

  // MARK: Reading

  @Test("A program, its lines and its runs are read, each run at its own place")
  func whole() throws {
    let quiz = try #require(try Self.lesson().quizzes.first)
    guard case .lines(let gaps) = quiz.kind else {
      Issue.record("\(quiz.kind)")
      return
    }
    #expect(gaps.count == 2 && gaps.lines.count == 3 && gaps.program.count == 4)
    #expect(gaps.arrangements.map(\.chosen) == [[2, 1], [0, 1]])
    #expect(
      gaps.arrangements.map(\.place.line) == [
        Self.tool, "fault position-restarted --prompt 世界最高峰是 --tokens 4",
      ])
    #expect(quiz.otherwise == "跑不了" && quiz.replies.map(\.wrong) == ["b c"])
  }

  @Test("Only a gap alone in its line is one")
  func gaps() {
    #expect(ProgramGaps.gap(in: "   [2] ") == 1 && ProgramGaps.gap(in: "[1]") == 0)
    for line in ["x[1]", "[0]", "[1] x", "[]", "[-1]", "", "[a]", "[1", "[99999999999999999999]"] {
      #expect(ProgramGaps.gap(in: line) == nil, "\(line)")
    }
  }

  @Test("Letters and digits name lines, with or without blanks")
  func letters() {
    for text in ["b a c", "bac", "B,A C", "2 1 3", "b、a、c"] {
      #expect(ProgramGaps.places(text) == [1, 0, 2], "\(text)")
    }
    #expect(ProgramGaps.places("b + c") == nil && ProgramGaps.places("字") == nil)
    #expect(ProgramGaps.letters([1, 0, 2]) == "b a c")
  }

  static let badQuizzes: [String] = [
    quiz(program: "pass"), quiz(program: "[1]\n[3]"), quiz(program: "[1]\n[1]"),
    quiz(program: String(repeating: "x\n", count: 20) + "[1]\n[2]"),
    quiz(program: "[1]\n[2]\n" + String(repeating: "x", count: 61)),
    quiz(lines: "[a, b]"), quiz(lines: "[a, b, b]"), quiz(lines: "[a, b, '']"),
    quiz(lines: "[" + (0..<10).map { "l\($0)" }.joined(separator: ", ") + "]"),
    quiz(runs: "[]"), quiz(runs: "[{choose: [c], fault: none}]"),
    quiz(runs: "[{choose: [c, c], fault: none}]"), quiz(runs: "[{choose: [c, d], fault: none}]"),
    quiz(runs: "[{choose: [c, b], fault: nothing}]"), quiz(runs: "[{choose: [c, b]}]"),
    quiz(runs: "[{choose: [c, b], fault: none}, {choose: [c, b], fault: mask-off}]"),
    quiz(replies: "{b: 少了}"), quiz(replies: "{b d: 没有}"), quiz(replies: "{length: 数}"),
    quiz(at: "memory --model llama-7b"), quiz(at: "3"),
  ]

  @Test("What is no program, no choice or no run is refused", arguments: badQuizzes)
  func refused(quiz: String) { #expect(Self.problem(quiz) != nil, "\(quiz)") }

  // MARK: What the runs say

  @Test("A program whose sound run is the only one without a gap is clean")
  func clean() throws { #expect(try Self.findings(Self.quiz()) == []) }

  @Test("No sound run, and two, are found")
  func soundRuns() throws {
    let none = Self.quiz(runs: "[{choose: [a, b], fault: position-restarted}]")
    let two = Self.quiz(
      runs: "[{choose: [c, b], fault: none}, {choose: [a, b], fault: none}]")
    #expect(try Self.findings(none) == [.soundRuns(quiz: "loop", count: 0)])
    #expect(try Self.findings(two) == [.soundRuns(quiz: "loop", count: 2)])
  }

  @Test("A reply to lines that run belongs to their run")
  func replyToRun() throws {
    let quiz = Self.quiz(replies: "{a b: 错了}")
    #expect(try Self.findings(quiz) == [.replyToRun(quiz: "loop", lines: "a b")])
  }

  @Test("Answers are judged by their runs, others by the replies to them")
  func judged() throws {
    let lesson = try Self.lesson()
    let quiz = try #require(lesson.quizzes.first)
    let runs = try Classroom.runs().runs(of: lesson.steps[0].scene)
    let evaluator = Evaluator(runs.run, step: 1, tools: runs.tools.at(quiz.place))
    let grader = Grader(
      quiz: quiz, evaluator: evaluator,
      state: .init(trace: runs.run, longest: 7, look: .init()))
    #expect(try grader.judge(.lines([2, 1])).isRight)
    let broken = try grader.judge(.lines([0, 1]))
    #expect(!broken.isRight && broken.reply?.hasPrefix("差") == true)
    #expect(try grader.judge(.lines([1, 2])).reply == "反了")
    #expect(try grader.judge(.lines([2, 0])).reply == "跑不了")
    #expect(try grader.answer() == "c b")
  }
}
