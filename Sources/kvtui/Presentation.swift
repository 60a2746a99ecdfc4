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
      return .lesson(try course.fresh(name, look, screen: screens.first))
    case .run(let arguments):
      let run = try RunOptions.parse(arguments).opened()
      return .run(try run.service(isLive: isLive), nil)
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
  private let beginning: PresentBeginning
  private let clock: Clock
  private var teller: PresentTeller
  /// What is kept, as far as it has come.
  private var record: PresentRecord
  /// Whether results were written: from then on they are kept up to date.
  private var hasResults = false
  /// The question whose votes may still come.
  private var asked: String?
  /// Votes of phones by question and round, as far as they are known.
  private var votes: [String: [VoteCounts]] = [:]
  /// What was said last of who follows.
  private var told = AudienceNews()

  /// So many columns fit on a phone of 360 × 640 in letters of 12 pixels.
  private static let pictureSize = Size(columns: 44, rows: 22)
  /// More than this of a picture is not sent to two hundred phones.
  private static let mostMarkup = 96 << 10

  /// Makes a presentation of a lecture.
  ///
  /// - Parameters:
  ///   - lecture: what is presented.
  ///   - exhibits: what opens its parts.
  ///   - outlets: where it is told; nil where nobody follows.
  ///   - beginning: where it goes on.
  ///   - clock: the time.
  init(
    _ lecture: Lecture, _ exhibits: Exhibits, _ outlets: PresentOutlets? = nil,
    _ beginning: PresentBeginning = PresentBeginning(), clock: @escaping Clock = { .now }
  ) {
    self.lecture = lecture
    self.exhibits = exhibits
    self.outlets = outlets
    self.beginning = beginning
    self.clock = clock
    teller = PresentTeller(after: beginning.sequence)
    record = PresentRecord(lecture, beginning)
  }

  /// Whether the next start begins anew.
  var isOver: Bool { record.isOver }

  func opening(_ look: Look) throws -> PresentOpening {
    PresentOpening(
      lecture, place: beginning.kept?.place, invitation: outlets?.invitation,
      obstacle: outlets?.obstacle, notice: notice(look.language), results: outlets?.resultsName)
  }

  /// What the wall says first, for the presenter who stands before it.
  private func notice(_ language: Language) -> String? {
    let notices = [
      outlets?.obstacle?(language), outlets?.resultsNotice(language), beginning.notice(language),
    ].compactMap { $0 }
    return notices.isEmpty ? nil : notices.joined(separator: language("；", "; "))
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
    let tellings = teller.take(state, at: clock())
    // Nobody knows of what would be lost.
    keep(update, outlets)
    for telling in tellings { outlets.tell(telling) }
  }

  private func keep(_ update: PresentUpdate, _ outlets: PresentOutlets) {
    let isNew = record.take(update.document.question, update.place)
    if isNew.votes, record.hasVotes || hasResults {
      hasResults = true
      outlets.results?.replace(with: record.results(update.document.language).json)
    }
    guard isNew.place else { return }
    outlets.kept?.replace(
      with: record.kept(
        outlets.phones?.code, outlets.phones?.address, teller.sequence,
        results: outlets.resultsPath
      ).json)
  }

  private static func markup(_ update: PresentUpdate) -> CanvasMarkup? {
    guard let canvas = update.picture(pictureSize) else { return nil }
    let markup = CanvasMarkup(HTMLPicture(canvas), canvas.size)
    return markup.html.utf8.count <= mostMarkup ? markup : nil
  }

  var news: AudienceNews? {
    guard let outlets else { return nil }
    for telling in teller.due(at: clock()) { outlets.tell(telling) }
    if let asked, let count = outlets.phones?.ballot(of: asked) {
      votes[asked] = record.all(count.rounds, of: asked)
    }
    let news = AudienceNews(
      phones: outlets.phones?.news.followers, terminals: outlets.terminals?.readers, votes: votes,
      commands: outlets.owner?.commands.compactMap { Classroom.PresentCommand(line: $0) } ?? [])
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
