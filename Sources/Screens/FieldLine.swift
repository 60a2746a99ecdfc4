internal import Base
internal import Viz

/// A line at the foot of a screen in which a text is typed, with its keys at the right where there is room.
struct FieldLine {
  let field: TextField
  let glyphs: GlyphSet
  let hints: [KeyHint]
  /// What is to be typed, the longest wording first: the first that leaves room for the keys is taken.
  var asks: [String] = []
  /// Columns that what is typed has at least where the keys stand beside it.
  var least = 16

  /// The end of what stands before the cursor, the cursor, and what follows.
  func draw(on canvas: inout Canvas) {
    let (y, columns) = (canvas.size.rows - 1, canvas.size.columns)
    let hintColumns = hints.reduce(0) {
      $0 + ScalarWidth.of($1.name) + ScalarWidth.of($1.label) + 5
    }
    let leads = asks.map { glyphs.shown($0) + " " }
    let lead =
      leads.first { columns - hintColumns >= least + ScalarWidth.of($0) }
      ?? leads.first { columns >= ScalarWidth.of($0) + 24 } ?? ""
    let hasHints = columns - hintColumns >= least + ScalarWidth.of(lead)
    let limit = hasHints ? columns - hintColumns - 1 : columns
    let scalars = field.text.unicodeScalars
    let before = shown(scalars.prefix(field.cursor)).fittedEnd(
      to: max(0, limit - 5 - ScalarWidth.of(lead)))
    let after = shown(scalars.dropFirst(field.cursor))
    var x = canvas.put(lead, at: Point(1, y), Style(.heading), limit: limit)
    x = canvas.put("> " + before, at: Point(x, y), limit: limit)
    canvas.caret = Point(x, y)
    let under = after.isEmpty ? " " : String(after.prefix(1))
    x = canvas.put(under, at: Point(x, y), Style(.selected, reversed: true), limit: limit)
    canvas.put(String(after.dropFirst()), at: Point(x, y), limit: limit)
    if hasHints { canvas.put(hints, at: Point(columns - hintColumns, y)) }
  }

  private func shown(_ scalars: some Sequence<Unicode.Scalar>) -> String {
    var view = String.UnicodeScalarView()
    view.append(contentsOf: scalars)
    return glyphs.shown(String(view))
  }
}
