@testable import Base
@testable import Screens
import Trace
import Viz

/// Reads an input as the file of a session, and performs what could be read on a run of the bundled model.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ start: UnsafePointer<UInt8>, _ count: Int) -> CInt {
  do {
    let bytes = Array(UnsafeBufferPointer(start: start, count: count))
    try perform(KeptSession(bytes, file: "fuzz.keys"))
  } catch {
    // A message is made of every error, as a user would see it.
    guard let error = error as? any Explained else { preconditionFailure("\(error)") }
    precondition(!error.sentence(count % 2 == 0 ? .chinese : .english).isEmpty)
  }
  return 0
}

/// Each frame of the first keys is drawn, on a screen that is not too large to be drawn often.
private func perform(_ session: KeptSession) throws {
  let size = Size(columns: min(session.size.columns, 160), rows: min(session.size.rows, 50))
  let events = Array(session.events(includingLast: true).prefix(30))
  precondition(events.allSatisfy { (0...KeptEvent.longest).contains($0.milliseconds) })
  let display = ScriptDisplay(size: size, playing: events)
  var app = try App(opening: .run, session.look, Services { KnownRun() })
  app.run(on: display)
  precondition((1...events.count + 1).contains(display.frames.count))
}

/// A run that was computed before.
private final class KnownRun: RunService {
  private let trace = LessonInput.trace
  var start: RunStart { RunStart(trace: trace, longest: trace.steps.count) }
  var wake: Int32? { nil }
  var news: (trace: Trace, progress: StepProgress.Amount?) { (trace, nil) }

  func want(_ step: Int) {}
  func begin(over text: String) throws -> RunStart { start }
  func cancel() {}
}
