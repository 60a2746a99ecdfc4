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

  /// The runner, touched on the queue only.
  private struct Work: @unchecked Sendable {
    let runner: LockStep
  }

  private let work: Work
  private let shared: Mutex<Shared>
  private let wake: WakePipe
  /// How far the step has come that is being computed.
  let progress: StepProgress

  /// One queue for all: a run that was cancelled ends before the next begins.
  private static let queue = DispatchQueue(label: "kvtui.steps", qos: .userInitiated)

  /// - Parameters:
  ///   - runner: nobody else may use it from now on.
  ///   - wake: is woken for each new step.
  init(_ runner: sending LockStep, wake: WakePipe) {
    shared = Mutex(Shared(trace: runner.trace))
    progress = runner.progress
    work = Work(runner: runner)
    self.wake = wake
  }

  /// The run as far as it is computed.
  func trace() throws(ModelError) -> Trace {
    let (trace, failure) = shared.withLock { ($0.trace, $0.failure) }
    if let failure { throw failure }
    return trace
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
        let step = try work.runner.computeNextStep()
        shared.withLock { shared in
          shared.trace = work.runner.trace
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
