@testable import Base
@testable import Trace
@testable import Viz

private let sizes = [(1, 1), (60, 16), (80, 24), (120, 40), (200, 60)]
  .map { Size(columns: $0.0, rows: $0.1) }

private let keys: [Key] =
  [.right, .left, .up, .down, .home, .end, .enter, .escape, .tab, .backspace]
  + "[]{}ipdfcogtL?+- 0$mM'\"/nT49aZ中".map { .character($0) }

/// Opens an input as a recording, and presses keys on its screen.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ start: UnsafePointer<UInt8>, _ count: Int) -> CInt {
  withFile(start, count) { path throws(FileError) in
    let recording = try Recording(path)
    let trace = recording.trace
    for step in trace.steps { precondition(!StepFields.json(step).text.isEmpty) }
    precondition(!StepFields.total(trace).text.isEmpty)
    var state = ViewerState(
      trace: trace, longest: recording.longest,
      look: Look(language: count % 2 == 0 ? .chinese : .english),
      replay: ReplayState(name: "a", marks: []))
    // The keys come from the end of the file, which is tensors.
    for place in 0..<24 {
      let byte = Int(start[max(0, count - 1 - place)]) &+ place
      state.update(.key(keys[byte % keys.count]))
      _ = state.view(sizes[byte / keys.count % sizes.count])
    }
  }
}
