internal import Dispatch
internal import Synchronization
internal import Base
internal import TinyModel
internal import Trace

/// Computes the steps of a run on a queue, ahead of the viewer, and says through a pipe that there are more.
final class StepProducer: Sendable {
  /// What is known to both sides.
  private struct Shared {
    var trace: Trace
    var wanted = 0
    var isWorking = false
    var failure: ModelError?
  }

  /// The run and its runner, touched on the queue only.
  private final class Work: @unchecked Sendable {
    private let run: OpenedRun
    private var made: LockStep?

    init(_ run: OpenedRun) { self.run = run }

    /// The first step as soon as the model can be run at all; nil where it is to be had with the others.
    func preview(_ progress: StepProgress) throws(ModelError) -> Trace? {
      made == nil ? try run.preview(progress) : nil
    }

    /// The runner, whose model is read where nobody has read it.
    func runner(_ progress: StepProgress) throws(ModelError) -> LockStep {
      if let made { return made }
      let runner = try run.runner(progress)
      made = runner
      return runner
    }
  }

  private let work: Work
  private let shared: Mutex<Shared>
  private let wake: WakePipe
  /// How far the step has come that is being computed.
  let progress = StepProgress()

  /// One queue for all: a run that was cancelled ends before the next begins.
  private static let queue = DispatchQueue(label: "kvtui.steps", qos: .userInitiated)

  /// - Parameters:
  ///   - run: what is computed.
  ///   - wake: is woken for each new step.
  init(_ run: OpenedRun, wake: WakePipe) {
    shared = Mutex(Shared(trace: run.beginning))
    work = Work(run)
    self.wake = wake
  }

  /// The run as far as it is computed.
  func trace() throws(ModelError) -> Trace {
    let (trace, failure) = shared.withLock { ($0.trace, $0.failure) }
    if let failure { throw failure }
    return trace
  }

  /// Why there is no step, where it has failed before its first.
  var refusal: ModelError? {
    shared.withLock { $0.trace.steps.isEmpty ? $0.failure : nil }
  }

  /// Asks for every step up to `step`.
  func want(_ step: Int) {
    let mustStart = shared.withLock { shared in
      shared.wanted = max(shared.wanted, step)
      let mustStart = !shared.isWorking && shared.trace.steps.count < shared.wanted
      if mustStart { shared.isWorking = true }
      return mustStart
    }
    if mustStart { Self.queue.async { self.compute() } }
  }

  /// Computes no further layer, for good.
  func cancel() { progress.cancel() }

  private func compute() {
    while shared.withLock({ isNeeded(&$0) }) {
      do throws(ModelError) {
        if let preview = try work.preview(progress) {
          shared.withLock { $0.trace = preview }
          wake.wake()
        }
        let runner = try work.runner(progress)
        let step = try runner.computeNextStep()
        shared.withLock { shared in
          shared.trace = runner.trace
          if step == nil { shared.wanted = 0 }
        }
      } catch {
        shared.withLock { $0.failure = error }
      }
      wake.wake()
    }
  }

  private func isNeeded(_ shared: inout Shared) -> Bool {
    shared.isWorking =
      !progress.isCancelled && shared.failure == nil && shared.trace.steps.count < shared.wanted
      && !shared.trace.isComplete
    return shared.isWorking
  }
}
