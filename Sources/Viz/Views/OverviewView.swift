internal import Base
internal import Trace

/// A head's triangle in few cells.
struct TriangleMap {
  let attention: AttentionRows
  let length: Int
  let glyphs: GlyphSet

  func draw(at point: Point, columns: Int, rows: Int, on canvas: inout Canvas) {
    // A short sequence has a line and a column for each token, no more.
    let rows = min(rows, length)
    let columns = min(columns, length)
    for line in 0..<rows {
      let query = (line + 1) * length / rows - 1
      let weights = attention.weights(ofRow: query)
      for column in 0..<columns {
        let keys = bin(column, of: columns)
        guard keys.contains(where: { !attention.head.hides(key: $0, fromQuery: query) }) else {
          continue
        }
        // A NaN is no number, and `max` would drop it.
        let weight = weights[keys].first(where: \.isNaN) ?? weights[keys].max() ?? 0
        canvas.put(
          NumberText.weightDigit(weight, glyphs), at: Point(point.x + column, point.y + line),
          PaneView.style(ofWeight: weight))
      }
    }
  }

  /// The keys that a column stands for.
  private func bin(_ column: Int, of columns: Int) -> Range<Int> {
    let start = column * length / columns
    return start..<max(start + 1, (column + 1) * length / columns)
  }
}

/// The whole triangle of the shown head, small.
struct OverviewView {
  let scene: Scene
  let area: Area

  func draw(on canvas: inout Canvas) {
    let language = scene.language
    let lines = min(area.rows - 1, scene.length, 16)
    let columns = min(area.columns, 2 * max(lines, 8), max(scene.length, 8))
    guard lines > 0, columns > 0 else { return }
    canvas.put(
      [
        language(
          "整个三角  \(scene.length) 行 \(scene.length) 列", "whole triangle, \(scene.length) rows"),
        language("整个三角", "whole triangle"),
      ].first(fitting: area.columns), at: Point(area.x, area.y), Style(.dim), limit: area.end)
    guard scene.isDone(.softmax) else { return }
    TriangleMap(attention: scene.attention, length: scene.length, glyphs: scene.glyphs)
      .draw(at: Point(area.x, area.y + 1), columns: columns, rows: lines, on: &canvas)
  }
}
