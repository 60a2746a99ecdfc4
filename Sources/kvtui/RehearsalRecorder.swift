internal import Screens
internal import Viz

/// What serves a session that is kept or performed: it begins with the marks that are there, and leaves them alone.
final class RehearsalRecorder: RecorderService {
  private let recorder: RunRecorder
  private let writes: Bool

  /// - Parameters:
  ///   - recorder: does the rest.
  ///   - writes: whether runs are kept; what a file presses writes none.
  init(_ recorder: RunRecorder, writes: Bool = true) {
    self.recorder = recorder
    self.writes = writes
  }

  func keep(
    _ start: RunStart, plannedSteps: Int, as name: String, replaces: Bool,
    progress: (Int, Int) -> Void
  ) throws -> Bool {
    guard writes else { throw CommandError.writesNothing }
    return try recorder.keep(
      start, plannedSteps: plannedSteps, as: name, replaces: replaces, progress: progress)
  }

  func keep(_ marks: [Mark]) {}

  func takeOver(from step: Int) throws -> any RunService { try recorder.takeOver(from: step) }
}
