internal import Base
internal import Trace
internal import Viz

/// Opens a recording a few times and presses keys on its screen; times are in milliseconds.
func measureRecording(path: String) throws {
  var opening: [Double] = []
  var recording = try Recording(path)
  for _ in 0..<5 { opening.append(try seconds { recording = try Recording(path) }) }
  print("open: \(summary(opening, of: "times"))")
  print("  \(recording.trace.steps.count) steps, peak memory so far: \(peakMemory()) MiB")
  for size in [Size(columns: 80, rows: 24), Size(columns: 200, rows: 60)] {
    var state = ViewerState(
      trace: recording.trace, longest: recording.longest,
      replay: ReplayState(name: "recording", marks: []))
    let times = frames(
      of: [
        [.right, .end], repeated(.left, 40), characters("i]]}}oo"), repeated(.right, 40),
        repeated(.up, 20), [.home, .end],
      ], on: &state, size: size)
    print("  update and view at \(size.columns) × \(size.rows): \(summary(times))")
  }
}
