internal import Screens
internal import Trace
internal import Viz

/// A run that was recorded: all of its steps are there at once.
final class RecordedRun: RunService {
  let start: RunStart

  init(_ recording: Recording, from step: Int, _ replay: ReplayState) {
    start = RunStart(
      trace: recording.trace, longest: recording.longest, step: step, replay: replay)
  }

  var wake: Int32? { nil }
  var news: (trace: Trace, progress: StepProgress.Amount?) { (start.trace, nil) }

  func want(_ step: Int) {}
  func begin(over text: String) throws -> RunStart { throw CommandError.recordingOnly }
  func cancel() {}
}
