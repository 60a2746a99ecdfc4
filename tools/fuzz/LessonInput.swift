@testable import Base
@testable import Lessons
import TinyModel
import Trace
import Viz

/// The bundled model's run that expressions are asked of, and a lesson around an input.
enum LessonInput {
  static let head = "---\nformat: 1\ntitle: T\n---\n## S\n\n```scene\nid: s\nstep: 4\n```\n\n"

  /// One thread runs all inputs.
  nonisolated(unsafe) static let trace: Trace = {
    guard let scene = try? parser.lesson(head).steps[0].scene, let trace = try? run(scene) else {
      preconditionFailure("run this from the repository's root")
    }
    return trace
  }()

  private static func run(_ scene: SceneSpec) throws -> Trace {
    let checkpoint = try Checkpoint(folder: "models/" + scene.model)
    let (model, tokenizer) = (try Transformer(checkpoint), try checkpoint.tokenizer())
    let plan = try RunPlan(
      start: scene.start, ids: tokenizer.encode(scene.text), newTokens: scene.tokens,
      contextLength: model.configuration.contextLength)
    let runner = LockStep(model: model, tokenizer: tokenizer, plan: plan)
    while try runner.computeNextStep() != nil {}
    return runner.trace
  }

  static let parser = LessonParser(path: "lesson.en.md", id: "01-fuzz", language: .english)

  static var evaluator: Evaluator { Evaluator(trace, step: 4) }

  static func text(_ start: UnsafePointer<UInt8>, _ count: Int) -> String {
    String(decoding: UnsafeBufferPointer(start: start, count: count), as: UTF8.self)
  }

  /// Calls `body`, and makes a message of the finding that a bad file deserves.
  static func findings(_ body: () throws(Finding) -> Void) {
    do throws(Finding) {
      try body()
    } catch {
      precondition(error.line >= 1 && error.sentence(.chinese) != error.sentence(.english))
    }
  }
}
