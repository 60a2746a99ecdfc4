import Base
import Foundation
import Lessons
import TestSupport
import Testing
import Viz

@testable import Screens

/// Every screen of every lesson, in both languages, at three sizes, is gone through with right answers, every wrong one that a reply is
/// to, absurd ones and arithmetic.
///
/// All but the plainest right answer take turns at the sizes and the languages; with `KVTUI_WHOLE_WALK=1` each is given in all of them, and
/// no reply stands behind another to the same number.
@Suite struct LessonWalkTests {
  private static let isWhole = ProcessInfo.processInfo.environment["KVTUI_WHOLE_WALK"] == "1"

  @Test(
    "Whatever is answered is answered, and is read whole", arguments: Classroom.course.ids,
    Language.allCases)
  func walk(id: String, language: Language) throws {
    let lesson = try Classroom.course.lesson(id, language)
    let runs = Classroom.runs()
    var frames = 0
    for step in lesson.steps {
      let traces = try runs.runs(of: step.scene)
      for quiz in step.quizzes {
        for tries in 0..<quiz.draw.count {
          let walker = Walker(
            lesson: lesson, step: step, quiz: quiz, traces: traces,
            look: Look(language: language, theme: .dark, glyphs: .full), tries: tries)
          frames += try walker.walk(isWhole: Self.isWhole)
        }
      }
    }
    #expect(frames > 8 * lesson.quizzes.count)
  }
}
