@testable import Base
@testable import Lessons
import Screens
import Viz

/// Reads an input as a lesson and as the prose of one, lints it, draws every screen, and answers what is asked.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ start: UnsafePointer<UInt8>, _ count: Int) -> CInt {
  let text = LessonInput.text(start, count)
  LessonInput.findings { () throws(Finding) in _ = try LessonInput.parser.lesson(text) }
  LessonInput.findings { () throws(Finding) in
    let lesson = try LessonInput.parser.lesson(LessonInput.head + text)
    var state = LessonState(
      lesson, progress: nil, look: .init(language: .english, theme: .dark, glyphs: .narrow),
      traces: SceneRuns(LessonInput.trace))
    for line in ["", "1", "2,1", "1", "a", "s", "", "h", "s", "", "n"] {
      state.answer(line: line)
      // Other scenes ask for runs of their own, which is not what is tried here.
      guard state.index == 0, state.request == nil else { return }
      _ = state.pageText(columns: 30)
      for (columns, rows) in [(80, 24), (60, 16), (20, 5)] {
        let size = Size(columns: columns, rows: rows)
        precondition(state.view(size).size == size)
      }
    }
  }
  return 0
}
