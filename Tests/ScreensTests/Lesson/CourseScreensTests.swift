internal import Base
import Lessons
import TestSupport
import Testing
import Viz

@testable import Screens

/// The screens of the lessons that come with the program.
@Suite struct CourseScreensTests {
  @Test("Every screen of every lesson is whole at every size", arguments: Classroom.course.ids)
  func screens(id: String) throws {
    let runs = Classroom.runs()
    for language in Language.allCases {
      let lesson = try Classroom.course.lesson(id, language)
      for step in lesson.steps {
        var progress = LessonProgress()
        progress.current = step.id
        let look = Look(language: language, theme: .dark, glyphs: .full)
        var state = LessonState(
          lesson, progress: progress, look: look, traces: try runs.runs(of: step.scene))
        for size in [
          (80, 24), (120, 40), (76, 20), (75, 40), (60, 16), (60, 40), (200, 60), (30, 8), (1, 1),
        ] {
          #expect(state.view(Size(columns: size.0, rows: size.1)).flaw == nil, "\(id) \(step.id)")
        }
        for quiz in step.quizzes {
          try state.press("Tab s")
          #expect(state.results[quiz.id] == .shown)
          #expect(state.view(Size(columns: 80, rows: 24)).flaw == nil, "\(id) \(quiz.id)")
          try state.press("Enter")
        }
      }
    }
  }
}
