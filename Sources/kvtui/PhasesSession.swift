internal import Dispatch
internal import Synchronization
internal import Base
internal import Kernels
internal import Planner
internal import Screens
internal import TinyModel
internal import Trace

/// A measurement of prefill and decode that is ready to begin.
struct PhasesSession {
  let model: Transformer
  let plan: RunPlan
  let pool: ThreadPool
  let repeats: Int
  let prompts: [Int]
  let contexts: [Int]
  let machines: [PlannedMachine]

  var start: PhasesStart {
    PhasesStart(
      model: model.name, passes: prompts.count + contexts.count,
      machines: machines.compactMap { machine in
        guard let flops = machine.flops.value, let bandwidth = machine.bandwidth.value else {
          return nil
        }
        return Phases.Machine(
          name: machine.title, flops: Double(flops), bandwidth: Double(bandwidth))
      })
  }

  /// All passes, and between them the machine's limits: its speed drifts.
  ///
  /// - Parameter goesOn: gets what is measured after each pass; false ends the measurement.
  /// - Returns: the passes, and the limits.
  /// - Throws: `ModelError.notFinite`, where a logit is no finite number.
  func measure(
    _ goesOn: (Phases) -> Bool
  ) throws(ModelError) -> (runs: [PhaseRun], limits: MachineLimits) {
    let (meter, passes) = (
      MachineLimits.Meter(pool), PhaseMeter(model, plan: plan, repeats: repeats)
    )
    var phases = Phases()
    let all = prompts.map { (Phase.prefill, $0) } + contexts.map { (Phase.decode, $0) }
    for (phase, length) in all {
      meter.measure()
      phases.runs.append(
        phase == .prefill
          ? try passes.prefill(tokens: length) : try passes.decode(past: length))
      let limits = meter.limits
      phases.machine = Phases.Machine(
        flops: limits.flopsPerSecond, bandwidth: limits.bytesPerSecond)
      guard goesOn(phases) else { break }
    }
    return (phases.runs, meter.limits)
  }
}

/// A measurement that is made at once: for frames without a terminal.
final class ImmediatePhases: PhasesService {
  private let session: PhasesSession
  private var result: Result<Phases, ModelError> = .success(Phases())

  init(_ session: PhasesSession) { self.session = session }

  var start: PhasesStart { session.start }
  var wake: Int32? { nil }
  var news: Phases { get throws { try result.get() } }

  func begin() {
    var last = Phases()
    do throws(ModelError) {
      _ = try session.measure { phases in
        last = phases
        return true
      }
      result = .success(last)
    } catch {
      result = .failure(error)
    }
  }

  func cancel() {}
}

/// A measurement that is made beside the screen, on a queue, and says through a pipe that there is more.
final class MeasuredPhases: PhasesService, Sendable {
  /// What is known to both sides.
  private struct Shared {
    var phases = Phases()
    var failure: ModelError?
    var isCancelled = false
  }

  /// The model, touched on the queue only.
  private struct Work: @unchecked Sendable {
    let session: PhasesSession
  }

  private let work: Work
  private let shared = Mutex(Shared())
  private let pipe: WakePipe
  let start: PhasesStart

  /// One queue for all: a measurement that was left ends before the next begins.
  private static let queue = DispatchQueue(label: "kvtui.phases", qos: .userInitiated)

  init(_ session: PhasesSession) throws(CommandError) {
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

  var news: Phases {
    get throws {
      let (phases, failure) = shared.withLock { ($0.phases, $0.failure) }
      if let failure { throw failure }
      return phases
    }
  }

  func begin() { Self.queue.async { self.measure() } }

  func cancel() { shared.withLock { $0.isCancelled = true } }

  private func measure() {
    guard !shared.withLock({ $0.isCancelled }) else { return }
    do throws(ModelError) {
      _ = try work.session.measure { phases in
        let goesOn = shared.withLock { shared in
          shared.phases = phases
          return !shared.isCancelled
        }
        pipe.wake()
        return goesOn
      }
    } catch {
      shared.withLock { $0.failure = error }
    }
    pipe.wake()
  }
}
