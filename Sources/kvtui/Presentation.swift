internal import ArgumentParser
internal import Base
internal import Classroom
internal import ClassroomServer
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

/// A presentation as the program around its screen sees it: it tells all who follow, and what came from them.
final class Presentation: ClassroomService {
  typealias Clock = () -> ContinuousClock.Instant

  private let lecture: Lecture
  private let exhibits: Exhibits
  private let outlets: PresentOutlets?
  private let clock: Clock
  private var teller: PresentTeller
  /// The question whose votes may still come.
  private var asked: String?
  /// Votes of phones by question and round, as far as they are known.
  private var votes: [String: [VoteCounts]] = [:]
  /// What was said last of who follows.
  private var told = AudienceNews()

  /// A picture on a phone of 360 × 640 is read at this size, turned or moved with a finger.
  private static let pictureSize = Size(columns: 60, rows: 20)
  /// More than this of a picture is not sent to two hundred phones.
  private static let mostMarkup = 96 << 10

  /// - Parameter outlets: where it is told; nil where nobody follows.
  init(
    _ lecture: Lecture, _ exhibits: Exhibits, _ outlets: PresentOutlets? = nil,
    clock: @escaping Clock = { .now }
  ) {
    self.lecture = lecture
    self.exhibits = exhibits
    self.outlets = outlets
    self.clock = clock
    teller = PresentTeller()
  }

  func opening(_ look: Look) throws -> PresentOpening {
    PresentOpening(lecture, invitation: outlets?.invitation)
  }

  func exhibit(_ item: LectureItem, _ look: Look) throws -> OpenExhibit {
    try exhibits.open(item.source, look)
  }

  func publish(_ update: PresentUpdate) {
    guard let outlets else { return }
    asked = update.document.question?.id
    let picture = outlets.phones == nil ? nil : Self.markup(update)
    let state = PresentTeller.State(
      document: update.document, backstage: update.backstage, canvas: picture, poll: update.poll)
    for telling in teller.take(state, at: clock()) { outlets.tell(telling) }
  }

  private static func markup(_ update: PresentUpdate) -> CanvasMarkup? {
    guard let canvas = update.picture(pictureSize) else { return nil }
    let markup = CanvasMarkup(HTMLPicture(canvas), canvas.size)
    return markup.html.utf8.count <= mostMarkup ? markup : nil
  }

  var news: AudienceNews? {
    guard let outlets else { return nil }
    for telling in teller.due(at: clock()) { outlets.tell(telling) }
    if let asked, let count = outlets.phones?.ballot(of: asked) { votes[asked] = count.rounds }
    let news = AudienceNews(
      phones: outlets.phones?.news.followers, terminals: outlets.terminals?.readers, votes: votes,
      commands: outlets.owner?.commands.compactMap(Classroom.PresentCommand.init) ?? [])
    guard news != told else { return nil }
    told = news
    told.commands = []
    return news
  }

  /// Votes and followers are looked at as the clock tells the time; what another terminal wants is done at once.
  var wakes: [Int32] { (outlets?.owner?.wake).map { [$0] } ?? [] }
}

extension BallotCount {
  /// The votes of each round.
  fileprivate var rounds: [VoteCounts] {
    counts.map { row in
      let choices = values ?? row.indices.map(Double.init)
      return VoteCounts(Dictionary(zip(choices, row)) { first, _ in first })
    }
  }
}

extension CanvasMarkup {
  fileprivate init(_ picture: HTMLPicture, _ size: Size) {
    self.init(
      columns: size.columns, rows: size.rows, html: picture.html,
      styles: picture.styles.map { style in
        Style(
          colours: [style.lightInk, style.lightGround, style.darkInk, style.darkGround],
          isBold: style.isBold)
      })
  }
}
