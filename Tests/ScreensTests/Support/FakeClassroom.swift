import Base
import Classroom
import TestSupport
import Trace
import Viz

@testable import Lessons
@testable import Screens

/// A class of nobody: it opens lessons made from text and a run that is known, and keeps what it is told.
final class FakeClassroom: ClassroomService {
  let lecture: Lecture
  var place: PresentPlace?
  var invitation: JoinInvitation?
  /// What is told the next time.
  var news: AudienceNews? {
    get {
      defer { waiting = nil }
      return waiting
    }
    set { waiting = newValue }
  }
  private var waiting: AudienceNews?
  private(set) var updates: [PresentUpdate] = []
  /// How many parts were opened.
  private(set) var opened = 0
  private let body: String
  private let scene: String
  private let library = BundledRuns()

  /// - Parameters:
  ///   - body: of the second screen of its lessons.
  ///   - items: the parts of the lecture.
  ///   - title: what it is called; one without a title has no first and no last screen.
  ///   - scene: of the second screen.
  init(
    _ body: String = "", items: [LectureItem] = [LectureItem(.lesson("01-test", screens: []))],
    title: String = "", scene: String = "id: two\nstep: 3"
  ) {
    (self.body, self.scene) = (body, scene)
    lecture = Lecture(title: Bilingual(title), items: items)
  }

  func opening(_ look: Look) throws -> PresentOpening {
    PresentOpening(lecture, place: place, invitation: invitation)
  }

  func exhibit(_ item: LectureItem, _ look: Look) throws -> OpenExhibit {
    opened += 1
    guard case .lesson = item.source else { return .run(FakeRun(try Material.trace()), nil) }
    let lesson = try Material.lesson(body, scene: scene, language: look.language)
    return .lesson(
      LessonState(
        lesson, progress: nil, look: look,
        traces: try library.runs(of: lesson.steps[0].scene)))
  }

  func publish(_ update: PresentUpdate) { updates.append(update) }

  var wakes: [Int32] { [] }

  /// The phases of the question, as they were told, each once.
  var phases: [QuestionPhase?] {
    updates.map(\.document.question?.phase).reduce(into: []) { phases, phase in
      if phases.last != phase { phases.append(phase) }
    }
  }
}
