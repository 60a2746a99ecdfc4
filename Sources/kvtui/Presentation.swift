internal import ArgumentParser
internal import Base
internal import Classroom
internal import Lessons
internal import Screens
internal import Viz

/// Opens what a lecture shows: for who presents it, and for who follows on another terminal.
struct Exhibits {
  private let course: StoredCourse
  private let isLive: Bool

  init(_ course: StoredCourse, isLive: Bool) {
    self.course = course
    self.isLive = isLive
  }

  /// Opens a part of a lecture at its beginning.
  ///
  /// - Throws: why it cannot be shown.
  func open(_ source: LectureItem.Source, _ look: Look) throws -> OpenExhibit {
    switch source {
    case .lesson(let name, let screens):
      var lesson = try course.fresh(name, look)
      if let first = screens.first { lesson = try course.fresh(name, look, screen: first) }
      return .lesson(lesson)
    case .run(let arguments):
      let session = try RunOptions.parse(arguments).session()
      return .run(isLive ? try ComputedRun(session) : ImmediateRun(session), nil)
    case .recording(let path):
      let opened = try OpenRecording(path, from: nil).service(of: path, isLive: isLive) { $0 }
      return .run(opened.run, opened.recorder)
    }
  }
}

/// A presentation as the program around its screen sees it.
final class Presentation: ClassroomService {
  private let lecture: Lecture
  private let exhibits: Exhibits

  init(_ lecture: Lecture, _ exhibits: Exhibits) {
    self.lecture = lecture
    self.exhibits = exhibits
  }

  func opening(_ look: Look) throws -> PresentOpening { PresentOpening(lecture) }

  func exhibit(_ item: LectureItem, _ look: Look) throws -> OpenExhibit {
    try exhibits.open(item.source, look)
  }

  func publish(_ update: PresentUpdate) {}

  var news: AudienceNews? { nil }

  var wakes: [Int32] { [] }
}
