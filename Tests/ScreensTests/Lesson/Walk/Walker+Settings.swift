import Base
import Planner
import TestSupport
import Testing
import Viz

@testable import Lessons
@testable import Screens

/// Settings of a screen's tool: a right one, those that the lesson's replies are to, and absurd ones.
extension Walker {
  func settings(_ quiz: Quiz, _ state: LessonState) throws -> [Given] {
    let tool = try #require(step.scene.tool)
    let right = try #require(quiz.place).options(unlike: tool)
    var replies: Set<String> = []
    var wrong: [Given] = []
    for options in try Self.options(of: tool.command) {
      var tried = state
      try Self.set(options, &tried)
      guard tried.quizzes[quiz.id]?.mistakes == 1 else { continue }
      let evaluator = tried.grader(quiz).evaluator
      let known = try quiz.replies.first { try evaluator.truth(Expression($0.wrong)) }
      guard let reply = known?.reply, replies.insert(reply).inserted else { continue }
      wrong.append(
        Given(options, .wrong(filled(reply, tried, quiz))) { state in
          try Self.set(options, &state)
        })
    }
    for (known, reply, _) in quiz.replies where !replies.contains(reply) {
      Issue.record("\(name(known, Self.sizes[0])): no setting is answered by this")
    }
    let absurd = [
      "", "xyz", "--frob 3", "--context 1" + String(repeating: "0", count: 30), "--batch -1",
      "--gpu 显卡", "--policy window:10^30", "--context １０２４", "--model ../x",
    ]
    return [Given(right, .right) { state in try Self.set(right, &state) }] + wrong
      + absurd.map { options in
        Given(options, .sentence) { state in
          if options.isEmpty { try state.press("Enter") } else { try Self.set(options, &state) }
        }
      }
  }

  /// Answers with options, as somebody without keys does.
  private static func set(_ options: String, _ state: inout LessonState) throws {
    state.answer(line: options)
    guard case .facts(let link)? = state.request else { return }
    state.clearRequest()
    state.receive(ToolFacts(of: [link], BuiltProgram.facts))
  }

  /// What a learner may turn to.
  private static func options(of command: String) throws -> [String] {
    guard command == "memory" else {
      return ["int8", "fp8", "window:4", "window:6", "window:10", "sinks:4+8", "full"].map {
        "--policy \($0)"
      }
    }
    return try [
      "--context 1024", "--gpu t4", "--weights-dtype fp32", "--batch 7", "--dtype fp32",
      "--dtype fp16 --batch 5",
    ] + Catalogue.models().map { "--model \($0.name)" }
  }
}
