internal import Dispatch
internal import Screens
internal import Synchronization
internal import Base
internal import TinyModel
internal import Trace

/// A measurement of growth that is ready to begin.
struct GrowthSession {
  let model: Transformer
  let plan: RunPlan
  /// How far counts are continued by arithmetic.
  let end: Int

  var meter: GrowthMeter { GrowthMeter(model, plan: plan) }

  var start: GrowthStart {
    GrowthStart(model: model.name, steps: plan.steps, mask: meter.mask)
  }

  /// A measurement that is over, with computed points behind it.
  func continued(_ growth: Growth) -> Growth {
    var growth = growth
    growth.continueTo(Self.lengths(behind: plan.longest, until: end))
    return growth
  }

  /// Powers of two behind a length, and the end.
  private static func lengths(behind last: Int, until end: Int) -> [Int] {
    let powers = (1...30).map { 1 << $0 }.filter { $0 > last && $0 < end }
    return end > last ? powers + [end] : []
  }
}

/// A measurement that is made at once: for frames without a terminal.
final class ImmediateGrowth: GrowthService {
  private let session: GrowthSession
  private var result: Result<Growth, ModelError> = .success(Growth())

  init(_ session: GrowthSession) { self.session = session }

  var start: GrowthStart { session.start }
  var wake: Int32? { nil }
  var news: Growth { get throws { try result.get() } }

  func begin() {
    do throws(ModelError) {
      result = .success(session.continued(try session.meter.measure()))
    } catch {
      result = .failure(error)
    }
  }

  func cancel() {}
}

/// A measurement that is made beside the screen, on a queue, and says through a pipe that there is more.
final class MeasuredGrowth: GrowthService, Sendable {
  /// What is known to both sides.
  private struct Shared {
    var growth = Growth()
    var failure: ModelError?
    var isCancelled = false
  }

  /// The model, touched on the queue only.
  private struct Work: @unchecked Sendable {
    let session: GrowthSession
  }

  private let work: Work
  private let shared = Mutex(Shared())
  private let pipe: WakePipe
  let start: GrowthStart

  /// One queue for all: a measurement that was left ends before the next begins.
  private static let queue = DispatchQueue(label: "kvtui.growth", qos: .userInitiated)

  init(_ session: GrowthSession) throws(CommandError) {
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

  var news: Growth {
    get throws {
      let (growth, failure) = shared.withLock { ($0.growth, $0.failure) }
      if let failure { throw failure }
      return growth
    }
  }

  func begin() { Self.queue.async { self.measure() } }

  func cancel() { shared.withLock { $0.isCancelled = true } }

  private func measure() {
    guard !shared.withLock({ $0.isCancelled }) else { return }
    do throws(ModelError) {
      let growth = try work.session.meter.measureSteps { growth in
        let goesOn = shared.withLock { shared in
          shared.growth = growth
          return !shared.isCancelled
        }
        pipe.wake()
        return goesOn
      }
      shared.withLock { if !$0.isCancelled { $0.growth = work.session.continued(growth) } }
    } catch {
      shared.withLock { $0.failure = error }
    }
    pipe.wake()
  }
}
