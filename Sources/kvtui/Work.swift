internal import Base
internal import Dispatch
internal import Screens
internal import Synchronization

/// What works out the questions of one kind of screen; it may keep what it has between them.
protocol WorkSession: SendableMetatype {
  /// A question as this session takes it.
  associatedtype Asked: Sendable
  /// What it gives.
  associatedtype News: Sendable

  /// The question, if it is one of this session's.
  static func asked(_ question: Question) -> Asked?
  /// What was worked out, as the screen gets it.
  static func findings(_ news: News) -> Findings

  /// Works something out.
  ///
  /// - Parameters:
  ///   - asked: the question.
  ///   - goesOn: gets what there is so far, again and again; false ends the work.
  /// - Returns: all.
  /// - Throws: why it goes no further.
  func work(on asked: Asked, _ goesOn: (News) -> Bool) throws -> News
}

extension WorkSession {
  /// The service of this session: beside a live screen, or at once for frames without a terminal.
  func service(isLive: Bool) throws(CommandError) -> any WorkService {
    isLive ? try BackgroundWork(self) : ImmediateWork(self)
  }
}

/// Work that is done at once.
final class ImmediateWork<Session: WorkSession>: WorkService {
  private let session: Session
  private var result: Result<Session.News, any Error>?

  init(_ session: Session) { self.session = session }

  var wake: Int32? { nil }

  var news: Findings? {
    get throws {
      defer { result = nil }
      return try result.map { Session.findings(try $0.get()) }
    }
  }

  func ask(_ question: Question) {
    result = Session.asked(question).map { asked in
      Result { try session.work(on: asked) { _ in true } }
    }
  }

  func cancel() {}
}

/// One queue for all: work that was given up ends before the next begins.
private let queue = DispatchQueue(label: "kvtui.work", qos: .userInitiated)

/// Work that is done beside the screen, on a queue, and says through a pipe that there is more.
final class BackgroundWork<Session: WorkSession>: WorkService, Sendable {
  /// What is known to both sides.
  private struct Shared {
    var news: Result<Session.News, any Error>?
    /// How many questions were asked; the work for an older one is given up.
    var round = 0
  }

  /// Touched on the queue only.
  private struct Worker: @unchecked Sendable {
    let session: Session
  }

  private let worker: Worker
  private let shared = Mutex(Shared())
  private let pipe: WakePipe

  init(_ session: Session) throws(CommandError) {
    do throws(SystemFailure) {
      pipe = try WakePipe()
    } catch {
      throw .system(error)
    }
    worker = Worker(session: session)
  }

  deinit { cancel() }

  var wake: Int32? { pipe.readEnd }

  var news: Findings? {
    get throws {
      let news = shared.withLock { shared in
        defer { shared.news = nil }
        return shared.news
      }
      return try news.map { Session.findings(try $0.get()) }
    }
  }

  func ask(_ question: Question) {
    let round = begin()
    guard let asked = Session.asked(question) else { return }
    queue.async { self.work(on: asked, round) }
  }

  func cancel() { _ = begin() }

  private func begin() -> Int {
    shared.withLock { shared in
      shared.news = nil
      shared.round += 1
      return shared.round
    }
  }

  private func work(on asked: Session.Asked, _ round: Int) {
    guard shared.withLock({ $0.round == round }) else { return }
    let result = Result {
      try worker.session.work(on: asked) { tell(.success($0), round) }
    }
    _ = tell(result, round)
  }

  /// Says what there is, and returns whether it is still wanted.
  private func tell(_ news: Result<Session.News, any Error>, _ round: Int) -> Bool {
    let isWanted = shared.withLock { shared in
      guard shared.round == round else { return false }
      shared.news = news
      return true
    }
    if isWanted { pipe.wake() }
    return isWanted
  }
}
