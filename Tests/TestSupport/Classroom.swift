internal import Base
package import Lessons

/// The course, and lessons made from text.
package enum Classroom {
  /// Where scenes' runs come from.
  package static func runs() -> BundledRuns { BundledRuns() }

  /// The course that comes with the program.
  package static var course: Course { Course(folder: Checkout.root + "/lessons") }

  /// A lesson made from text.
  package static func parse(_ text: String) throws(Finding) -> Lesson {
    try LessonParser(path: "lesson.zh.md", id: "01-test", language: .chinese).lesson(text)
  }

  /// Front matter.
  package static let head = """
    ---
    format: 1
    title: 试课
    sections: [22.1.1]
    ---

    """

  /// A lesson of one step with a scene and what `body` adds.
  package static func text(scene: String = "id: one\nstep: 3", body: String = "") -> String {
    head + "## 一步\n\n```scene\n\(scene)\n```\n\n" + body
  }

  /// A quiz of some fields.
  package static func quiz(_ yaml: String) -> String { "```quiz\n\(yaml)\n```\n" }

  /// The run of 中华人民共和国 as an evaluator at a step.
  package static func evaluator(step: Int) throws -> Evaluator {
    Evaluator(try runs().runs(of: parse(text()).steps[0].scene).run, step: step)
  }
}
