internal import Screens
internal import TinyModel
internal import Trace

/// A run whose steps are computed where they are wanted, and no others: for frames without a terminal.
final class ImmediateRun: RunService {
  private var session: RunSession
  private var runner: LockStep
  private var failure: ModelError?

  init(_ session: RunSession) {
    self.session = session
    runner = session.runner()
  }

  var start: RunStart { session.start(runner.trace) }
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
    session = try session.session(over: text)
    runner = session.runner()
    return start
  }

  func cancel() {}
}
