internal import Screens
internal import TinyModel
internal import Trace

/// A run whose steps are computed where they are wanted, and no others: for frames without a terminal.
final class ImmediateRun: RunService {
  private var run: OpenedRun
  private var runner: LockStep
  private var failure: ModelError?

  init(_ run: OpenedRun) throws(ModelError) {
    self.run = run
    runner = try run.read().runner()
  }

  var start: RunStart { run.start(runner.trace) }
  var wake: Int32? { nil }

  var news: (trace: Trace, progress: StepProgress.Amount?) {
    get throws {
      if let failure { throw failure }
      return (runner.trace, nil)
    }
  }

  func want(_ step: Int) {
    do throws(ModelError) {
      while failure == nil, step > runner.trace.steps.count, try runner.computeNextStep() != nil {}
    } catch {
      failure = error
    }
  }

  func begin(over text: String) throws -> RunStart {
    run = try run.over(text)
    runner = try run.read().runner()
    return start
  }

  func cancel() {}
}
