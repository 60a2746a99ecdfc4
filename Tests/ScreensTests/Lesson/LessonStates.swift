internal import Base
import Lessons
import TestSupport
import Testing
import Viz

@testable import Screens

extension Classroom {
  static let look = Look(language: .chinese, theme: .dark, glyphs: .full)

  /// A state at the beginning of a lesson made from text.
  static func state(_ text: String, progress: LessonProgress? = nil) throws -> LessonState {
    let lesson = try parse(text)
    let step = lesson.steps[LessonState.index(of: progress?.current, in: lesson)]
    return LessonState(
      lesson, progress: progress, look: look, traces: try runs().runs(of: step.scene))
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
