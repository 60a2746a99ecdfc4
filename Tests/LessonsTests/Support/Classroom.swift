internal import Base
import TestSupport
import Testing
import Viz

@testable import Lessons

/// The bundled model, the course, and lessons made from text.
enum Classroom {
  /// The checkout's root.
  static let root = BundledRuns.root

  static func runs() -> BundledRuns { BundledRuns() }

  static var course: Course { Course(folder: root + "/lessons") }

  static func parse(_ text: String) throws(Finding) -> Lesson {
    try LessonParser(path: "lesson.zh.md", id: "01-test", language: .chinese).lesson(text)
  }

  static let head = """
    ---
    format: 1
    title: 试课
    sections: [22.1.1]
    ---

    """

  /// A lesson of one step with a scene and what `body` adds.
  static func text(scene: String = "id: one\nstep: 3", body: String = "") -> String {
    head + "## 一步\n\n```scene\n\(scene)\n```\n\n" + body
  }

  static func quiz(_ yaml: String) -> String { "```quiz\n\(yaml)\n```\n" }

  static let look = Look(language: .chinese, theme: .dark, glyphs: .full)

  /// A state at the beginning of a lesson made from text.
  static func state(_ text: String, progress: LessonProgress? = nil) throws -> LessonState {
    let lesson = try parse(text)
    let runs = runs()
    let index = LessonState.index(of: progress?.current, in: lesson)
    return LessonState(
      lesson, progress: progress, look: look, traces: try runs.runs(of: lesson.steps[index].scene)
    )
  }

  /// The run of 中华人民共和国 as an evaluator at a step.
  static func evaluator(step: Int) throws -> Evaluator {
    let lesson = try parse(text())
    return Evaluator(try runs().runs(of: lesson.steps[0].scene).run, step: step)
  }
}

extension LessonState {
  /// Presses keys by their names as tmux writes them.
  mutating func press(_ names: String) throws {
    for name in names.split(separator: " ").map(String.init) {
      update(.key(try #require(Key(tmuxName: name))))
    }
  }
}

extension Canvas {
  /// Whether the widths of every row's cells add up to the columns.
  var isWhole: Bool {
    (0..<size.rows).allSatisfy { y in
      row(y).reduce(0) { $0 + Int($1.width) } == size.columns
    }
  }
}
