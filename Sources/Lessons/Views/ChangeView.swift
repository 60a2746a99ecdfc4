internal import Base
internal import TinyModel
internal import Trace
internal import Viz

/// What of K and V moves when another text takes the first one's place: layers downwards, tokens across.
///
/// Every number is the largest |Δ| between two real runs; `=` is not a single bit.
struct ChangeView {
  let trace: Trace
  let comparison: Trace
  let length: Int
  let area: Area
  let language: Language
  let glyphs: GlyphSet

  func draw(on canvas: inout Canvas) {
    var y = area.y
    for (name, rows) in [("K", \FedRows.keys), ("V", \FedRows.values)] {
      guard y + trace.model.layers + 3 <= area.y + area.rows else { return }
      drawTable(name, rows, y: y, on: &canvas)
      y += trace.model.layers + 4
    }
  }

  private var columns: Int { 5 }
  private var labelColumns: Int { 5 }
  private var shown: Int { min(length, (area.columns - labelColumns) / columns) }

  private func drawTable(
    _ name: String, _ rows: KeyPath<FedRows, [[Float]]>, y: Int, on canvas: inout Canvas
  ) {
    canvas.put(
      language(
        "\(name) 变了多少（max|\(glyphs.delta)|）", "how far \(name) moved (max|\(glyphs.delta)|)"),
      at: Point(area.x, y), Style(.heading), limit: area.end)
    for position in 0..<shown {
      let x = area.x + labelColumns + position * columns
      let (own, other) = (trace.tokens[position].text, comparison.tokens[position].text)
      let label = { TokenLabel.short($0, columns: 2, glyphs) }
      let text = own == other ? label(own) : label(own) + glyphs.arrow + label(other)
      canvas.put(
        text, at: Point(x, y + 1), Style(own == other ? .text : .selected), limit: area.end)
    }
    for layer in 0..<trace.model.layers {
      canvas.put(
        language("层 \(layer + 1)", "L\(layer + 1)"), at: Point(area.x, y + 2 + layer), Style(.dim))
      for position in 0..<shown {
        let difference = trace.largestDifference(
          from: comparison, rows, layer: layer, position: position)
        draw(
          difference, at: Point(area.x + labelColumns + position * columns, y + 2 + layer),
          on: &canvas)
      }
    }
  }

  private func draw(_ difference: Float?, at point: Point, on canvas: inout Canvas) {
    guard let difference else { return }
    if difference == 0 {
      canvas.put(" \(glyphs.read)  ", at: point, Style(.cached), limit: area.end)
    } else {
      canvas.put(
        NumberText.fixed(Double(difference), difference < 9.995 ? 2 : 1).padded(
          to: columns - 1, right: true), at: point,
        Style(.wrong), limit: area.end)
    }
  }
}
