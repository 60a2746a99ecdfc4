internal import Base
internal import Trace

/// One run's whole triangle in its pane, with a frame around the part that the pane shows otherwise.
///
/// A place of the map stands for several keys, and for the last of several queries where there are more than lines.
struct PaneOverview {
  let pane: PaneScene
  let area: Area
  /// What the pane shows otherwise.
  let window: PaneWindow

  private var scene: Scene { pane.scene }
  private var glyphs: GlyphSet { scene.glyphs }

  /// The frame takes a line and a column on each side of what it holds.
  private var lines: Int { max(1, min(scene.length, area.rows - 3)) }
  private var columns: Int { max(1, min(scene.length, area.columns - 2)) }
  /// Two columns a key where all keys have them.
  private var width: Int { 2 * columns + 2 <= area.columns ? 2 : 1 }

  /// The lines and columns of the map that show something of the window.
  private var frame: (rows: Range<Int>, columns: Range<Int>) {
    (places(window.rows, in: lines), places(window.columns, in: columns))
  }

  private func places(_ positions: Range<Int>, in count: Int) -> Range<Int> {
    let length = max(1, scene.length)
    let first = positions.lowerBound * count / length
    return first..<max(first + 1, (positions.upperBound * count + length - 1) / length)
  }

  func draw(on canvas: inout Canvas) {
    guard area.rows > 3, area.columns > 3, scene.isDone(.softmax) else { return }
    let frame = frame
    let keys = (0..<columns).map(keys)
    for line in 0..<lines {
      let cell = pane.weightCells(ofRow: (line + 1) * scene.length / lines - 1)
      for (column, keys) in keys.enumerated() {
        let (text, style) = place(keys.lazy.map(cell))
        let at = Point(x(column, frame.columns), y(line, frame.rows))
        if style.role != .text { canvas.fill(at, columns: width, style) }
        canvas.put(text, at: at, style)
      }
    }
    draw(frame, on: &canvas)
  }

  /// The keys that a column stands for.
  private func keys(_ column: Int) -> Range<Int> {
    let start = column * scene.length / columns
    return start..<max(start + 1, (column + 1) * scene.length / columns)
  }

  /// What the run did for a query with some keys, cell by cell: the largest weight, thrown away, not computed, or nothing to come.
  private func place(_ cells: some Sequence<CellState>) -> (String, Style) {
    var largest: Float?
    var isMasked = false
    for cell in cells {
      switch cell {
      case .weight(let weight):
        // A NaN is no number, and `max` would drop it.
        largest = largest.map { $0.isNaN || weight.isNaN ? .nan : max($0, weight) } ?? weight
      case .masked: isMasked = true
      default: break
      }
    }
    if let largest {
      return (NumberText.weightDigit(largest, glyphs), PaneView.style(ofWeight: largest))
    }
    if isMasked { return (glyphs.masked, Style(.masked)) }
    return (glyphs.notNeeded, Style(.notNeeded))
  }

  private func x(_ column: Int, _ frame: Range<Int>) -> Int {
    area.x + column * width + offset(column, frame)
  }

  private func y(_ line: Int, _ frame: Range<Int>) -> Int {
    area.y + 1 + line + offset(line, frame)
  }

  /// What the frame's two lines move a place by.
  private func offset(_ place: Int, _ frame: Range<Int>) -> Int {
    place < frame.lowerBound ? 0 : frame.contains(place) ? 1 : 2
  }

  private func draw(_ frame: (rows: Range<Int>, columns: Range<Int>), on canvas: inout Canvas) {
    let (left, top) = (
      x(frame.columns.lowerBound, frame.columns) - 1, y(frame.rows.lowerBound, frame.rows) - 1
    )
    let right = left + frame.columns.count * width + 1
    let bottom = top + frame.rows.count + 1
    let edge = "+" + String(repeating: glyphs.line, count: right - left - 1) + "+"
    for y in [top, bottom] { canvas.put(edge, at: Point(left, y), Style(.selected)) }
    for y in top + 1..<bottom {
      for x in [left, right] { canvas.put(glyphs.divider, at: Point(x, y), Style(.selected)) }
    }
  }
}

/// What the map in the panes shows, and which part of it the panes show otherwise.
struct OverviewNote {
  let scene: Scene
  let window: PaneWindow
  let area: Area

  func draw(on canvas: inout Canvas) {
    let language = scene.language
    let (rows, keys) = (window.rows, window.columns)
    let places = [
      language(
        "窗口：第 \(rows.lowerBound + 1)–\(rows.upperBound) 行，",
        "in view: rows \(rows.lowerBound + 1)-\(rows.upperBound),"),
      language(
        "第 \(keys.lowerBound + 1)–\(keys.upperBound) 列",
        "columns \(keys.lowerBound + 1)-\(keys.upperBound)"),
    ]
    let lines = [
      language("整个三角：\(scene.length) 行 \(scene.length) 列", "whole triangle, \(scene.length) rows"),
      places.joined(separator: language("", " ")),
      language("框：回到计数后看得见的格", "frame: the cells in view without o"),
      language(
        "几行合为一行时取末行，几列合为一列时取最大权重",
        "of several rows the last, of several columns the largest weight"),
      language("↑ ↓ 滚动   o 回到计数", "Up Down scroll   o counters"),
    ]
    var y = area.y
    // A note that does not fit whole is left out, and what follows it.
    for note in lines {
      let wrapped = scene.glyphs.adapted(note).wrapped(to: area.columns)
      guard y + wrapped.count <= area.y + area.rows else { return }
      for line in wrapped {
        canvas.put(
          line, at: Point(area.x, y), Style(y == area.y ? .heading : .text), limit: area.end)
        y += 1
      }
    }
  }
}
