/// What a light falls on in a picture of a run; the rest is shaded.
package enum Light: Hashable, Sendable {
  /// A cell with the labels of its query and its key: the one that the cursor is on, or the newest.
  case cell
  /// Its row, from the query to the output.
  case row
  /// The strip of keys.
  case strip
  /// A cell, a row where no key is named, a column where no query is: counted from 0.
  case part(query: Int?, key: Int?)
}

/// A part of a picture that a light falls on.
package struct LitPart: Hashable, Sendable {
  package let area: Area
  /// Whether a pointer leads to it: labels are lit with what they belong to.
  package let isPointed: Bool

  init(_ area: Area, isPointed: Bool = true) { (self.area, self.isPointed) = (area, isPointed) }
}

extension PaneView {
  /// Where a light falls in the pane; nowhere where it shows no cell.
  func lit(_ light: Light) -> [LitPart] {
    guard !window.rows.isEmpty, !window.columns.isEmpty else { return [] }
    switch light {
    case .strip: return [LitPart(strip)]
    case .row: return [LitPart(row(rowIndex))]
    case .cell: return cell(rowIndex, columnIndex)
    case .part(let query, let key): return part(query, key)
    }
  }

  /// A part that a sentence speaks of; nowhere where it is out of view.
  private func part(_ query: Int?, _ key: Int?) -> [LitPart] {
    guard query.map(window.rows.contains) ?? true, key.map(window.columns.contains) ?? true,
      max(query ?? 0, key ?? 0) < pane.scene.length
    else { return [] }
    let (row, column) = (
      query.map { $0 - window.rows.lowerBound }, key.map { $0 - window.columns.lowerBound }
    )
    switch (row, column) {
    case (let row?, let column?): return cell(row, column)
    case (let row?, nil): return [LitPart(self.row(row))]
    case (nil, let column?): return self.column(column)
    case (nil, nil): return []
    }
  }

  /// The row that is meant, counted from the first that is in view.
  private var rowIndex: Int {
    index(of: selected?.query, in: window.rows)
  }

  private var columnIndex: Int { index(of: selected?.key, in: window.columns) }

  private var selected: (query: Int, key: Int)? {
    if case .cell(let query, let key) = pane.scene.state.mode { (query, key) } else { nil }
  }

  /// The newest, unless another is selected; what is out of view has the nearest in its place.
  private func index(of position: Int?, in range: Range<Int>) -> Int {
    let wanted = position ?? pane.scene.length - 1
    return min(max(wanted, range.lowerBound), range.upperBound - 1) - range.lowerBound
  }

  private func rowY(_ row: Int) -> Int { window.gridY + row * window.cellRows }

  private var strip: Area {
    Area(
      x: area.x, y: area.y + 1,
      columns: window.gridX + window.columns.count * window.cellColumns - area.x,
      rows: window.hasMarkLine ? 2 : 1)
  }

  private func row(_ row: Int) -> Area {
    Area(
      x: area.x, y: rowY(row),
      columns: (window.outputX ?? window.valuesX) + window.stripColumns - area.x,
      rows: window.cellRows)
  }

  /// A key with all that it meets.
  private func column(_ column: Int) -> [LitPart] {
    [window.gridX, window.scoresX].compactMap { $0 }.map { gridX in
      LitPart(
        Area(
          x: gridX + column * window.cellColumns, y: area.y + 1, columns: window.cellColumns,
          rows: rowY(window.rows.count) - area.y - 1),
        isPointed: false)
    }
  }

  private func cell(_ row: Int, _ column: Int) -> [LitPart] {
    let query = Area(x: area.x, y: rowY(row), columns: window.queryColumns, rows: window.cellRows)
    return [LitPart(query, isPointed: false)]
      + [window.gridX, window.scoresX].compactMap { $0 }.flatMap { gridX in
        let x = gridX + column * window.cellColumns
        let columns = window.cellColumns
        return [
          LitPart(
            Area(x: x, y: area.y + 1, columns: columns, rows: window.hasMarkLine ? 2 : 1),
            isPointed: false),
          // A selected cell has its pointer already.
          LitPart(
            Area(x: x, y: rowY(row), columns: columns, rows: window.cellRows),
            isPointed: selected == nil),
        ]
      }
  }
}

extension Canvas {
  /// Shades an area but for the parts that a light falls on; these are heavier, and a pointer leads to them where there is room before
  /// them, so that they are told apart without colours.
  package mutating func shade(_ area: Area, except lit: [LitPart], _ glyphs: GlyphSet) {
    guard !lit.isEmpty else { return }
    restyle(area) { point, style in
      guard lit.contains(where: { $0.area.contains(point) }) else { return Style(.shaded) }
      return Style(style.role, bold: true, reversed: style.isReversed)
    }
    for part in lit where part.isPointed { point(to: part.area, glyphs) }
  }

  private mutating func point(to part: Area, _ glyphs: GlyphSet) {
    let point = Point(part.x - 1, part.y + (part.rows - 1) / 2)
    guard point.x >= 0, point.y < size.rows, row(point.y).dropFirst(point.x).first?.text == " "
    else { return }
    put(glyphs.cursor, at: point, Style(.selected))
  }
}

extension Area {
  /// Whether a point is within.
  package func contains(_ point: Point) -> Bool {
    (x..<end).contains(point.x) && (y..<y + rows).contains(point.y)
  }
}
