import Base
import Classroom
import Lessons
import Testing
import Viz

@testable import Screens

/// When those who follow a presentation are told, seen from the loop.
@Suite struct PresentTellingTests {
  private final class Log {
    var entries: [String] = []
  }

  /// Writes down what is shown; keys are pressed several at a time.
  private final class LoggingDisplay: Display {
    let size = Size(columns: 80, rows: 24)
    private let log: Log
    private var presses: [[Key]]

    init(_ log: Log, _ presses: [[Key]]) { (self.log, self.presses) = (log, presses.reversed()) }

    func fitted(_ look: Look) -> Look { look }

    func show(_ frame: Frame, isSettled: Bool) { log.entries.append("frame") }

    func wait(wakes: [Int32], until end: ContinuousClock.Instant?) -> [Message]? {
      presses.popLast()?.map { .key($0) }
    }
  }

  private final class LoggingClassroom: ClassroomService {
    private let log: Log
    private let inner: FakeClassroom

    init(_ log: Log, _ inner: FakeClassroom) { (self.log, self.inner) = (log, inner) }

    func opening(_ look: Look) throws -> PresentOpening { try inner.opening(look) }

    func exhibit(_ item: LectureItem, _ look: Look) throws -> OpenExhibit {
      try inner.exhibit(item, look)
    }

    func publish(_ update: PresentUpdate) {
      log.entries.append("step \(update.document.place.step)")
    }

    var news: AudienceNews? { nil }
    var wakes: [Int32] { [] }
  }

  @Test(
    "Who presents sees each state before anybody is told, and what no frame showed is told to nobody"
  )
  func order() throws {
    let log = Log()
    let classroom = FakeClassroom(items: [LectureItem(.run([]))])
    let services = Services(classroom: LoggingClassroom(log, classroom)) {
      FakeRun(try Material.trace())
    }
    var app = try App(opening: .presentation, Look(), services)
    app.run(on: LoggingDisplay(log, [[.pageDown], [.pageDown, .pageDown], [.pageUp]]))
    #expect(
      log.entries == [
        "frame", "step 1", "frame", "step 2", "frame", "step 4", "frame", "step 3",
      ])
  }

  @Test("An interrupted run goes on at its step, and says so")
  func goesOn() throws {
    let classroom = FakeClassroom(items: [LectureItem(.run([]))])
    classroom.place = PresentPlace(step: 3)
    let services = Services(classroom: classroom) { FakeRun(try Material.trace()) }
    var app = try App(opening: .presentation, Look(), services)
    app.run(on: ScriptDisplay(size: Size(columns: 80, rows: 24), keys: []))
    #expect(classroom.updates.last?.document.place.step == 3)
    let opening = PresentOpening(classroom.lecture, notice: "goes on")
    #expect(PresentState(opening, Look()).notice == "goes on")
  }
}
