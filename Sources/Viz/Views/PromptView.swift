internal import Base
internal import Trace

/// The line in which a new prompt is typed.
struct PromptView {
  let scene: Scene
  let field: TextField
  let area: Area

  func draw(on canvas: inout Canvas) {
    let language = scene.language
    canvas.put(
      language("新的提示词", "A new prompt"), at: Point(area.x, area.y), Style(.heading),
      limit: area.end)
    drawField(on: &canvas)
    canvas.put(
      ViewerKeys.prompt.line(scene.state.look), at: Point(area.x, area.y + 2), Style(.dim),
      limit: area.end)
  }

  /// The text before the cursor, as much of its end as fits, the cursor, and what follows.
  private func drawField(on canvas: inout Canvas) {
    let scalars = field.text.unicodeScalars
    let split = scalars.index(scalars.startIndex, offsetBy: field.cursor)
    let isASCII = scene.glyphs == .ascii
    // As many columns as fit can be at most as many scalars.
    let near = String(String.UnicodeScalarView(scalars[..<split].suffix(area.columns)))
    let before = Sanitiser.clean(near, ascii: isASCII).fittedEnd(to: area.columns - 6)
    let after = Sanitiser.clean(String(scalars[split...]), ascii: isASCII)
    let y = area.y + 1
    var x = canvas.put("> " + before, at: Point(area.x, y), Style(.text), limit: area.end)
    canvas.caret = Point(x, y)
    let under = after.isEmpty ? " " : String(after.prefix(1))
    x = canvas.put(under, at: Point(x, y), Style(.selected, reversed: true), limit: area.end)
    canvas.put(String(after.dropFirst()), at: Point(x, y), Style(.text), limit: area.end)
  }
}
