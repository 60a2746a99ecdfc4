public import Base
internal import Foundation

#if canImport(Glibc)
  internal import Glibc
#else
  internal import Darwin
#endif

/// What a learner has done, on disk.
///
/// Places and first results are `progress.json`, replaced whole; each answer is a line of `record.jsonl`, appended to. Several windows of one learner keep both: each joins what is new with what is there, under a lock that is held for a moment.
public final class ProgressFile {
  /// Why progress is not kept, or not all of it.
  public enum Trouble: Equatable, Sendable {
    /// Neither the environment nor the password database names a folder.
    case noFolder
    /// The folder or a file cannot be written.
    case cannotWrite(SystemFailure)
    /// The file was no progress, or no record; it was set aside under this name.
    case setAside(String)
    /// Some values of the file were not understood; the file as it was is kept under this name.
    case partlySetAside(String, values: Int)
  }

  /// What the learner has done.
  public private(set) var progress = Progress()
  /// What he was asked.
  public private(set) var record = LearnerRecord()
  /// What went wrong, to be said.
  public private(set) var trouble: Trouble?
  /// Whether what is done is on disk.
  public var isKept: Bool {
    if case .cannotWrite? = trouble { false } else { lock != nil }
  }
  private let snapshot: ProgressSnapshot
  private let journal: RecordJournal
  private var lock: StateLock?
  /// What is not on disk yet.
  private var unsaved: [(id: String, done: LessonProgress, events: [RecordEvent])] = []

  /// Opens the files of a state folder, such as `$XDG_STATE_HOME/kvtui`; without one nothing is kept.
  public init(folder: String?) {
    snapshot = ProgressSnapshot(path: (folder ?? "") + "/progress.json")
    journal = RecordJournal(path: (folder ?? "") + "/record.jsonl")
    guard let folder else {
      trouble = .noFolder
      return
    }
    attempt { () throws(SystemFailure) in
      try Self.make(folder)
      lock = try StateLock(folder: folder)
    }
    if lock == nil { try? read() }
    refresh()
  }

  // MARK: Changing

  /// Joins what was done of a lesson with what is known, and keeps it.
  ///
  /// - Parameters:
  ///   - done: what is new.
  ///   - id: the lesson's id.
  ///   - events: what was answered, in its order.
  public func add(_ done: LessonProgress, to id: String, events: [RecordEvent] = []) {
    guard done != LessonProgress() || !events.isEmpty else { return }
    progress.lessons[id] = progress.lessons[id]?.joined(by: done) ?? done
    for event in events { record.take(event) }
    guard lock != nil else { return }
    unsaved.append((id, done, events))
    save()
  }

  /// Changes the progress of a lesson, and keeps it.
  public func update(_ id: String, _ change: (inout LessonProgress) -> Void) {
    let old = progress.lessons[id] ?? LessonProgress()
    var lesson = old
    change(&lesson)
    add(lesson.news(since: old), to: id)
  }

  /// Forgets a lesson.
  public func reset(_ id: String) {
    unsaved.removeAll { $0.id == id }
    progress.lessons[id] = nil
    record.forget(lesson: id)
    change { () throws(SystemFailure) in
      try load()
      progress.lessons[id] = nil
      record.forget(lesson: id)
      try journal.replace(with: record)
      try snapshot.write(progress)
    }
  }

  /// Takes over what other windows have kept since, and keeps what could not be kept before.
  public func refresh() {
    guard lock != nil else { return }
    change { () throws(SystemFailure) in try load() }
    if !unsaved.isEmpty { save() }
  }

  private func save() {
    change { () throws(SystemFailure) in
      try keepAnswers()
      var places = try loadPlaces()
      let old = places
      for (id, done, _) in unsaved {
        places.lessons[id] = places.lessons[id]?.joined(by: done) ?? done
      }
      if places != old { try snapshot.write(places) }
      progress = places.joined(by: record)
      unsaved = []
    }
  }

  private func keepAnswers() throws(SystemFailure) {
    let events = unsaved.flatMap(\.events).filter(RecordLines.canHold)
    guard !events.isEmpty else { return }
    let length = try journal.append(events.map(RecordLines.line).joined())
    // What fails from here on must not have them kept twice.
    for index in unsaved.indices { unsaved[index].events = [] }
    if length > RecordJournal.usual { record = try loadRecord(sumsUp: true) }
  }

  /// Does something under the lock; what goes wrong is said until it goes well.
  private func change(_ work: () throws(SystemFailure) -> Void) {
    guard let lock else { return }
    attempt { () throws(SystemFailure) in
      try lock.held(work)
      if case .cannotWrite = trouble { trouble = nil }
    }
  }

  private func attempt(_ work: () throws(SystemFailure) -> Void) {
    do throws(SystemFailure) {
      try work()
    } catch {
      trouble = .cannotWrite(error)
    }
  }

  private static func make(_ folder: String) throws(SystemFailure) {
    var made = ""
    for part in folder.split(separator: "/") {
      made += "/" + part
      guard mkdir(made, 0o700) != 0, errno != EEXIST, errno != EISDIR else { continue }
      // Asking whether it is there would put another reason in the place of this one.
      let failure = SystemFailure.last
      guard access(made, F_OK) == 0 else { throw failure }
    }
  }

  // MARK: Reading

  /// Reads both files, puts aside what is none of them, and takes over results of which the record knows nothing.
  private func load() throws(SystemFailure) {
    let places = try loadPlaces()
    record = try loadRecord(sumsUp: false)
    try takeOver(places)
    progress = places.joined(by: record)
    for (id, done, events) in unsaved {
      progress.lessons[id] = progress.lessons[id]?.joined(by: done) ?? done
      for event in events { record.take(event) }
    }
  }

  private func loadPlaces() throws(SystemFailure) -> Progress {
    switch try snapshot.read() {
    case .nothing: return Progress()
    case .noProgress:
      trouble = .setAside(try snapshot.setAside())
      return Progress()
    case .progress(let places, let unknown):
      if unknown > 0 {
        trouble = .partlySetAside(try snapshot.keepCopy(), values: unknown)
        try snapshot.write(places)
      }
      return places
    }
  }

  private func loadRecord(sumsUp: Bool) throws(SystemFailure) -> LearnerRecord {
    var record = LearnerRecord()
    switch try journal.read() {
    case .nothing: break
    case .foreign: trouble = .setAside(try SetAside.move(journal.path))
    case .bytes(let bytes):
      _ = RecordLines.read(bytes, into: &record)
      if sumsUp || bytes.count > RecordJournal.usual { try journal.replace(with: record) }
    }
    return record
  }

  /// Results that were kept without a record: when is told by the file alone.
  private func takeOver(_ kept: Progress) throws(SystemFailure) {
    var events: [RecordEvent] = []
    for (id, lesson) in kept.lessons {
      for (quiz, result) in lesson.quizzes
      where record.questions[QuestionID(id, quiz)]?.first == nil {
        events.append(
          RecordEvent(
            seconds: snapshot.seconds, lesson: id, question: quiz, answer: nil, result: result,
            isTakenOver: true))
      }
    }
    events = events.filter(RecordLines.canHold)
      .sorted { ($0.lesson, $0.question) < ($1.lesson, $1.question) }
    // What finds no room is not appended again and again.
    events = Array(events.prefix(LearnerRecord.mostQuestions - record.questions.count))
    guard !events.isEmpty else { return }
    for event in events { record.take(event) }
    _ = try journal.append(events.map(RecordLines.line).joined())
  }

  /// Reads what is there where nothing can be written.
  private func read() throws(SystemFailure) {
    if case .bytes(let bytes) = try journal.read() { _ = RecordLines.read(bytes, into: &record) }
    if case .progress(let kept, _) = try snapshot.read() {
      progress = kept.joined(by: record)
    }
  }
}
