internal import Base
internal import Screens
internal import TinyModel
internal import Trace

/// A run that is computed beside the screen, some steps ahead of the viewer.
final class ComputedRun: RunService {
  private(set) var start: RunStart
  private var run: OpenedRun
  private var producer: StepProducer
  private let pipe: WakePipe

  /// Steps that are computed ahead of the viewer.
  private static let lookahead = 16

  /// Prepares a run; it is computed as soon as a step is wanted.
  ///
  /// A model that is read at once is read here, so that what is wrong with it is said before there is a screen; one that
  /// takes a while is read beside the screen.
  init(_ run: OpenedRun) throws {
    do throws(SystemFailure) {
      pipe = try WakePipe()
    } catch {
      throw CommandError.system(error)
    }
    if !run.model.isLarge { try run.model.read() }
    self.run = run
    start = run.start(run.beginning)
    producer = StepProducer(run, wake: pipe)
  }

  deinit { producer.cancel() }

  var wake: Int32? { pipe.readEnd }

  var news: (trace: Trace, progress: StepProgress.Amount?) {
    get throws { (try producer.trace(), producer.progress.amount) }
  }

  /// Why there is no step, where the run has failed before its first; nil where it has not.
  var refusal: ModelError? { producer.refusal }

  func want(_ step: Int) { producer.want(step + Self.lookahead) }

  func begin(over text: String) throws -> RunStart {
    run = try run.over(text)
    producer.cancel()
    start = run.start(run.beginning)
    producer = StepProducer(run, wake: pipe)
    return start
  }

  func cancel() { producer.cancel() }
}
