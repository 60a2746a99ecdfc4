internal import Base
internal import Dispatch
internal import Screens
internal import Synchronization
internal import TinyModel

/// A measurement that is ready to begin.
protocol MeasurementSession: SendableMetatype {
  associatedtype Start
  associatedtype News
  /// What is measured.
  var start: Start { get }
  /// What there is before anything is measured.
  static var nothing: News { get }

  /// Measures.
  ///
  /// - Parameter goesOn: gets what is measured, again and again; false ends the measurement.
  /// - Returns: all that was measured.
  /// - Throws: `ModelError.notFinite`, where a logit is no finite number.
  func measure(_ goesOn: (News) -> Bool) throws(ModelError) -> News
}

/// A measurement that is made at once: for frames without a terminal.
final class ImmediateMeasurement<Session: MeasurementSession>: MeasurementService {
  private let session: Session
  private var result: Result<Session.News, ModelError> = .success(Session.nothing)

  init(_ session: Session) { self.session = session }

  var start: Session.Start { session.start }
  var wake: Int32? { nil }
  var news: Session.News { get throws { try result.get() } }

  func begin() {
    do throws(ModelError) {
      result = .success(try session.measure { _ in true })
    } catch {
      result = .failure(error)
    }
  }

  func cancel() {}
}

/// One queue for all: a measurement that was left ends before the next begins.
private let measurements = DispatchQueue(label: "kvtui.measurements", qos: .userInitiated)

/// A measurement that is made beside the screen, on a queue, and says through a pipe that there is more.
final class BackgroundMeasurement<Session: MeasurementSession>: MeasurementService, Sendable
where Session.Start: Sendable, Session.News: Sendable {
  /// What is known to both sides.
  private struct Shared {
    var news = Session.nothing
    var failure: ModelError?
    var isCancelled = false
  }

  /// The model, touched on the queue only.
  private struct Work: @unchecked Sendable {
    let session: Session
  }

  private let work: Work
  private let shared = Mutex(Shared())
  private let pipe: WakePipe
  let start: Session.Start

  init(_ session: Session) throws(CommandError) {
    do throws(SystemFailure) {
      pipe = try WakePipe()
    } catch {
      throw .system(error)
    }
    start = session.start
    work = Work(session: session)
  }

  deinit { cancel() }

  var wake: Int32? { pipe.readEnd }

  var news: Session.News {
    get throws {
      let (news, failure) = shared.withLock { ($0.news, $0.failure) }
      if let failure { throw failure }
      return news
    }
  }

  func begin() { measurements.async { self.measure() } }

  func cancel() { shared.withLock { $0.isCancelled = true } }

  private func measure() {
    guard !shared.withLock({ $0.isCancelled }) else { return }
    do throws(ModelError) {
      let all = try work.session.measure { news in
        let goesOn = shared.withLock { shared in
          shared.news = news
          return !shared.isCancelled
        }
        pipe.wake()
        return goesOn
      }
      shared.withLock { if !$0.isCancelled { $0.news = all } }
    } catch {
      shared.withLock { $0.failure = error }
    }
    pipe.wake()
  }
}
