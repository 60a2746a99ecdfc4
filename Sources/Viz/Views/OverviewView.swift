internal import Base
internal import Trace

/// A head's triangle in few cells.
struct TriangleMap {
  let attention: AttentionRows
  let length: Int

  func draw(at point: Point, columns: Int, rows: Int, on canvas: inout Canvas) {
    // A short sequence has a line and a column for each token, no more.
    let rows = min(rows, length)
    let columns = min(columns, length)
    for line in 0..<rows {
      let query = (line + 1) * length / rows - 1
      let weights = attention.weights(ofRow: query)
      for column in 0..<columns {
        let keys = bin(column, of: columns)
        guard keys.lowerBound <= query else { continue }
        let weight = weights[keys].max() ?? 0
        canvas.put(
          NumberText.weightDigit(weight), at: Point(point.x + column, point.y + line),
          Style(.weight(PaneView.level(weight))))
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
      language("整个三角  \(scene.length) 行 \(scene.length) 列", "whole triangle, \(scene.length) rows"),
      at: Point(area.x, area.y), Style(.dim), limit: area.end)
    guard scene.isDone(.softmax) else { return }
    TriangleMap(attention: scene.attention, length: scene.length)
      .draw(at: Point(area.x, area.y + 1), columns: columns, rows: lines, on: &canvas)
    guard let window, area.columns - columns > 30 else { return }
    let x = area.x + columns + 3
    let notes = [
      language(
        "窗口：第 \(window.rows.lowerBound + 1)–\(window.rows.upperBound) 行，"
          + "第 \(window.columns.lowerBound + 1)–\(window.columns.upperBound) 列",
        "in view: rows \(window.rows.lowerBound + 1)-\(window.rows.upperBound), "
          + "columns \(window.columns.lowerBound + 1)-\(window.columns.upperBound)"),
      language("行均匀取样，末行最新；列取最大权重", "rows: evenly chosen, newest last; columns: largest weight"),
      language("↑ ↓ 滚动   o 回到计数", "Up Down scroll   o counters"),
    ]
    for (line, note) in notes.enumerated() where line < area.rows - 1 {
      canvas.put(
        scene.glyphs.adapted(note), at: Point(x, area.y + 1 + line), Style(.dim), limit: area.end)
    }
  }
}
