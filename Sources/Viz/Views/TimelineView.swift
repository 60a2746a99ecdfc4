internal import Base
internal import Trace

/// A recording from its first step to its last on one line: where we are, and where the marks are.
struct TimelineView {
  let scene: Scene
  let replay: ReplayState
  let y: Int

  private var steps: Int { scene.state.trace.plannedSteps }

  func draw(on canvas: inout Canvas) {
    let (start, end) = (ScreenLayout.margin, canvas.size.columns - ScreenLayout.margin)
    let note = note(columns: (end - start) / 2)
    let columns = end - start - (note.isEmpty ? 0 : ScalarWidth.of(note) + 2)
    guard columns > 2 else { return }
    for x in 0..<columns {
      canvas.put(scene.glyphs.line, at: Point(start + x, y), Style(.dim))
    }
    for (index, mark) in replay.marks.enumerated() {
      let name = index < 9 ? "\(index + 1)" : "^"
      canvas.put(name, at: Point(start + x(of: mark.step, columns), y), Style(.text))
    }
    canvas.put(
      here, at: Point(start + x(of: scene.step.number, columns), y),
      Style(.selected, reversed: true))
    canvas.put(note, at: Point(end - ScalarWidth.of(note), y), Style(.text), limit: end)
  }

  /// The mark's number where there is one, else a blank; both are drawn reversed.
  private var here: String {
    guard let index = replay.marks.firstIndex(where: { $0.step == scene.step.number }) else {
      return "|"
    }
    return index < 9 ? "\(index + 1)" : "^"
  }

  private func x(of step: Int, _ columns: Int) -> Int {
    steps > 1 ? (step - 1) * (columns - 1) / (steps - 1) : 0
  }

  /// The note of the step's mark.
  private func note(columns: Int) -> String {
    guard let mark = scene.state.markHere, !mark.note.isEmpty else { return "" }
    let note = Sanitiser.clean(mark.note, ascii: scene.glyphs == .ascii)
    guard ScalarWidth.of(note) > columns else { return note }
    return note.fitted(to: max(0, columns - ScalarWidth.of(scene.glyphs.ellipsis)))
      + scene.glyphs.ellipsis
  }
}

/// The marks, one a line, one of them chosen; the footer says what keys do with them.
struct MarksView {
  let scene: Scene
  let chosen: Int
  let area: Area

  func draw(on canvas: inout Canvas) {
    let marks = scene.state.replay?.marks ?? []
    let rows = max(1, area.rows)
    let first = max(0, min(chosen - rows / 2, marks.count - rows))
    for (line, index) in (first..<min(marks.count, first + rows)).enumerated() {
      draw(marks[index], isChosen: index == chosen, y: area.y + line, on: &canvas)
    }
  }

  private func draw(_ mark: Mark, isChosen: Bool, y: Int, on canvas: inout Canvas) {
    let glyphs = scene.glyphs
    let lead = isChosen ? glyphs.cursor : " "
    let place = scene.language(
      "第 \(mark.step) 步  层 \(mark.layer + 1) 头 \(mark.head + 1)  ",
      "step \(mark.step)  layer \(mark.layer + 1) head \(mark.head + 1)  ")
    let x = canvas.put(
      lead.padded(to: 2) + place, at: Point(area.x, y), Style(isChosen ? .selected : .text),
      limit: area.end)
    canvas.put(
      Sanitiser.clean(mark.note, ascii: glyphs == .ascii), at: Point(x, y),
      Style(isChosen ? .selected : .text), limit: area.end)
  }
}
