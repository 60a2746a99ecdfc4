@testable import Base
@testable import Lessons
import TinyModel
import Trace
import Viz

/// The bundled model's run that expressions are asked of, and a lesson around an input.
enum LessonInput {
  /// One thread runs all inputs.
  nonisolated(unsafe) private static let runs = RunLibrary(
    models: ModelLibrary(searchPaths: ["models"]))

  static let head = "---\nformat: 1\ntitle: T\n---\n## S\n\n```scene\nid: s\nstep: 4\n```\n\n"

  nonisolated(unsafe) static let traces: (Trace, Trace?) = {
    guard let scene = try? parser.lesson(head).steps[0].scene, let runs = try? runs.traces(of: scene)
    else { preconditionFailure("run this from the repository's root") }
    return (runs.run, runs.comparison)
  }()

  static let parser = LessonParser(path: "lesson.en.md", id: "01-fuzz", language: .english)

  static var evaluator: Evaluator { Evaluator(traces.0, step: 4) }

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
