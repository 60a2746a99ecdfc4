internal import Base
internal import Screens
internal import TinyModel
internal import Trace

/// A run that is computed beside the screen, some steps ahead of the viewer.
final class ComputedRun: RunService {
  private(set) var start: RunStart
  private var session: RunSession
  private var producer: StepProducer
  private let pipe: WakePipe

  /// Steps that are computed ahead of the viewer.
  private static let lookahead = 16

  /// Prepares a run; it is computed as soon as a step is wanted.
  init(_ session: RunSession) throws(CommandError) {
    do throws(SystemFailure) {
      pipe = try WakePipe()
    } catch {
      throw .system(error)
    }
    self.session = session
    let runner = session.runner()
    start = session.start(runner.trace)
    producer = StepProducer(runner, wake: pipe)
  }

  deinit { producer.cancel() }

  var wake: Int32? { pipe.readEnd }

  var news: (trace: Trace, progress: StepProgress.Amount?) {
    get throws { (try producer.trace(), producer.progress.amount) }
  }

  func want(_ step: Int) { producer.want(step + Self.lookahead) }

  func begin(over text: String) throws -> RunStart {
    session = try session.session(over: text)
    producer.cancel()
    let runner = session.runner()
    start = session.start(runner.trace)
    producer = StepProducer(runner, wake: pipe)
    return start
  }

  func cancel() { producer.cancel() }
}
