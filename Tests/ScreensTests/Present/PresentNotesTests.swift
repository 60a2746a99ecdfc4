import Base
import Lessons
import TestSupport
import Testing
import Viz

@testable import Screens

/// A presenter's notes go backstage, filled in from the run, and nowhere else.
@Suite struct PresentNotesTests {
  private static let text = Classroom.text(
    scene: "id: one\nstep: 3\nnotes: [\"**看** `左边`：{{uncached.cells}} 格\", 问 2×3×4, 1. 先等]")
  private static let filled = ["看 左边：9 格", "问 2×3×4", "1. 先等"]

  @Test("Notes are plain lines, the run's numbers in their places")
  func plain() throws {
    #expect(try Classroom.state(Self.text).notes == Self.filled)
    #expect(try Classroom.state(Classroom.text()).notes == [])
  }

  @Test("Learners see none of them: not on the screen, on a page or on paper")
  func hidden() throws {
    let state = try Classroom.state(Self.text)
    for columns in [60, 80, 120, 200] {
      let text = state.view(Size(columns: columns, rows: 60)).plainText
      #expect(!text.contains("先等") && !text.contains("左边：9"))
    }
    #expect(!state.pageText(columns: 80).joined().contains("先等"))
    let handout = LessonHandout(state.lesson, Classroom.look, size: Size(columns: 80, rows: 24)) {
      _ in SceneRuns(state.viewer.trace)
    }.handout
    #expect(!String(describing: handout).contains("先等"))
  }

  @Test("Every note of the course fits into a line or two of a terminal, in both languages")
  func bundled() throws {
    for language in Language.allCases {
      let look = Look(language: language, theme: .dark, glyphs: .full)
      for id in Classroom.course.ids {
        let lesson = try Classroom.course.lesson(id, language)
        for step in lesson.steps {
          var progress = LessonProgress()
          progress.current = step.id
          let state = LessonState(
            lesson, progress: progress, look: look,
            traces: try Classroom.runs().runs(of: step.scene))
          #expect(state.notes.count == step.scene.notes.count)
          for note in state.notes {
            #expect(
              !note.contains("{{") && ScalarWidth.of(note) <= 124, "\(id) \(step.id): \(note)")
          }
        }
      }
    }
  }
}
