@testable import Base
@testable import Trace
@testable import Viz

/// Opens an input as a recording and exports it in every format; no text of it may be more than text there.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ start: UnsafePointer<UInt8>, _ count: Int) -> CInt {
  withFile(start, count) { path throws(FileError) in
    let recording = try Recording(path)
    for (format, glyphs) in zip(ExportFormat.allCases, [.full, .ascii, .full, .full, .narrow] as [GlyphSet]) {
      let look = Look(
        language: count % 2 == 0 ? .chinese : .english, theme: Theme.allCases[count % 3], glyphs: glyphs)
      check(format, shots(of: recording, look))
    }
  }
}

/// Every step that is not too many, in the first layer and head and in the last.
private func shots(of recording: Recording, _ look: Look) -> [Reel.Shot] {
  let model = recording.trace.model
  var state = ViewerState(trace: recording.trace, longest: recording.longest, look: look)
  return recording.trace.steps.prefix(6).flatMap { step in
    Set([(1), model.layers]).sorted().map { layer in
      state.show(step: step.number, layer: layer, head: layer == 1 ? 1 : model.heads)
      return Reel.Shot(
        Frame(state.view(Size(columns: 80, rows: 24)), theme: look.theme), at: Double(step.number),
        state.notes)
    }
  }
}

private func check(_ format: ExportFormat, _ shots: [Reel.Shot]) {
  let file = format.renderer.render(shots, title: "t", .english)
  precondition(!file.isEmpty)
  for scalar in file.unicodeScalars where scalar != "\n" {
    let category = scalar.properties.generalCategory
    precondition(category != .control && category != .format, "\(format): \(scalar.value)")
  }
  switch format {
  case .html:
    precondition(file.ranges(of: "<script").count == 2 && file.ranges(of: "</script").count == 2)
  case .svg: precondition(!file.contains("<script"))
  case .cast: precondition(!file.unicodeScalars.contains(where: ScalarWidth.isAmbiguous))
  case .txt, .md: break
  }
}
