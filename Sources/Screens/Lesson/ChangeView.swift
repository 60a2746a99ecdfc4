internal import Base
internal import Lessons
internal import Trace
internal import Viz

/// What of K and V moves when another text takes the first one's place: layers downwards, tokens across.
///
/// Every number is the largest |Δ| between two real runs; `=` is not a single bit.
struct ChangeView {
  let trace: Trace
  let comparison: Trace
  let length: Int
  let longest: Int
  let language: Language
  let glyphs: GlyphSet

  private static let columns = 5
  private static let labelColumns = 5

  /// Columns that all tokens take.
  var wantedColumns: Int { Self.labelColumns + longest * Self.columns }
  /// Lines of two tables, a blank one between them.
  var wantedRows: Int { 2 * (trace.model.layers + 2) + 1 }
  /// Lines of both tables under one line of tokens.
  var fewestRows: Int { 2 * trace.model.layers + 1 }

  private var rows: [(name: String, path: KeyPath<Activations, [[Float]]>)] {
    [("K", \Activations.keys), ("V", \Activations.values)]
  }

  func draw(in area: Area, on canvas: inout Canvas) {
    guard area.rows >= wantedRows else {
      drawTokens(y: area.y, area, on: &canvas)
      canvas.put("|\(glyphs.delta)|", at: Point(area.x, area.y), Style(.dim))
      for (index, row) in rows.enumerated() {
        drawLayers(
          row.path, y: area.y + 1 + index * trace.model.layers, area, label: row.name, on: &canvas)
      }
      return
    }
    for (index, row) in rows.enumerated() {
      let y = area.y + index * (trace.model.layers + (area.rows > wantedRows ? 4 : 3))
      canvas.put(
        language(
          "\(row.name) 变了多少（max|\(glyphs.delta)|）",
          "how far \(row.name) moved (max|\(glyphs.delta)|)"),
        at: Point(area.x, y), Style(.heading), limit: area.end)
      drawTokens(y: y + 1, area, on: &canvas)
      drawLayers(row.path, y: y + 2, area, label: nil, on: &canvas)
    }
  }

  private func shown(_ area: Area) -> Int {
    min(length, (area.columns - Self.labelColumns) / Self.columns)
  }

  /// The tokens, those that were changed with an arrow.
  private func drawTokens(y: Int, _ area: Area, on canvas: inout Canvas) {
    for position in 0..<shown(area) {
      let x = area.x + Self.labelColumns + position * Self.columns
      let (own, other) = (trace.tokens[position].text, comparison.tokens[position].text)
      let label = { TokenLabel.short($0, columns: 2, glyphs) }
      let text = own == other ? label(own) : label(own) + glyphs.arrow + label(other)
      canvas.put(
        text, at: Point(x, y), Style(own == other ? .text : .selected), limit: area.end)
    }
  }

  /// A line a layer; where both tables share their tokens, K or V stands before its number.
  private func drawLayers(
    _ rows: KeyPath<Activations, [[Float]]>, y: Int, _ area: Area, label: String?,
    on canvas: inout Canvas
  ) {
    for layer in 0..<trace.model.layers where y + layer < area.y + area.rows {
      canvas.put(
        label.map { "\($0) L\(layer + 1)" } ?? language("层 \(layer + 1)", "L\(layer + 1)"),
        at: Point(area.x, y + layer), Style(.dim))
      for position in 0..<shown(area) {
        let difference = trace.largestDifference(
          from: comparison, rows, layer: layer, position: position)
        let x = area.x + Self.labelColumns + position * Self.columns
        draw(difference, at: Point(x, y + layer), limit: area.end, on: &canvas)
      }
    }
  }

  private func draw(
    _ difference: Float?, at point: Point, limit: Int, on canvas: inout Canvas
  ) {
    guard let difference else { return }
    if difference == 0 {
      canvas.put(" \(glyphs.read)  ", at: point, Style(.cached), limit: limit)
    } else {
      canvas.put(
        NumberText.score(
          difference, columns: Self.columns - 1, glyphs, digits: difference < 9.995 ? 2 : 1
        ).padded(to: Self.columns - 1, right: true), at: point,
        Style(.wrong), limit: limit)
    }
  }
}
