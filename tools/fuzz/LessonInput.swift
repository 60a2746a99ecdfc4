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

  /// What a command printed that expressions may ask for.
  private static let printed = """
    [{"type":"step","step":1,"kl":null,"kept":[0],"next":[{"text":"a"}]},{"type":"step","step":2,"kl":0.5,"kept":[0,1]},
    {"type":"total","policy":"window:4","mean_kl":0.5,"groups":[{"layers":2},{"layers":30}]}]
    """

  static var evaluator: Evaluator {
    var tools = ToolFacts()
    if let link = ToolLink("lab --policy window:4 --step 13"),
      let lines = try? JSON.parse(Array(printed.utf8), file: "lab")
    {
      tools[link] = .success(lines)
      tools = tools.at(link)
    }
    return Evaluator(trace, step: 4, tools: tools)
  }

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
