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

/// The whole triangle of the shown head, small, with the part that the panes show.
struct OverviewView {
  let scene: Scene
  let window: PaneWindow?
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
    guard let window, area.columns - columns > 30 else { return }
    let x = area.x + columns + 3
    let (rows, keys) = (window.rows, window.columns)
    let places = [
      language(
        "窗口：第 \(rows.lowerBound + 1)–\(rows.upperBound) 行，",
        "in view: rows \(rows.lowerBound + 1)-\(rows.upperBound),"),
      language(
        "第 \(keys.lowerBound + 1)–\(keys.upperBound) 列",
        "columns \(keys.lowerBound + 1)-\(keys.upperBound)"),
    ]
    let place = places.joined(separator: language("", " "))
    // A note that does not fit whole is left out, and what follows it.
    let notes =
      (ScalarWidth.of(place) <= area.end - x ? [place] : places) + [
        language("行均匀取样，末行最新；列取最大权重", "rows: evenly chosen, newest last; columns: largest weight"),
        language("↑ ↓ 滚动   o 回到计数", "Up Down scroll   o counters"),
      ]
    var y = area.y + 1
    for note in notes {
      let lines = scene.glyphs.adapted(note).wrapped(to: area.end - x)
      guard y + lines.count <= area.y + area.rows else { return }
      for line in lines {
        canvas.put(line, at: Point(x, y), Style(.dim), limit: area.end)
        y += 1
      }
    }
  }
}
