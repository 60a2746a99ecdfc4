internal import Base
internal import Trace

/// Draws one run's pane: the K strip on top, the Q strip at the left, the grid, the V strip at the right.
package struct PaneView {
  let pane: PaneScene
  let area: Area
  let window: PaneWindow
  var painting: Painting?
  /// Whether the rows that are out of view are of old queries, of which there is nothing to see.
  var hidesOldRows = false
  /// Whether numbers are drawn in large letters where a cell has room for them.
  var isForHall = false

  private var scene: Scene { pane.scene }
  private var rowHeight: Int { window.cellRows }
  /// The line of a cell or a label that its text stands on.
  private var textLine: Int { (rowHeight - 1) / 2 }
  private var glyphs: GlyphSet { scene.glyphs }
  private var language: Language { scene.language }

  func draw(on canvas: inout Canvas) {
    drawTitle(on: &canvas)
    drawKeys(on: &canvas, x: window.gridX, cellColumns: window.cellColumns)
    if let scoresX = window.scoresX {
      drawKeys(on: &canvas, x: scoresX, cellColumns: window.cellColumns)
    }
    for index in 0..<window.rows.count {
      drawRow(window.rows.lowerBound + index, y: window.gridY + index * rowHeight, on: &canvas)
    }
  }

  // MARK: Head

  func drawTitle(on canvas: inout Canvas) {
    let name =
      pane.run == .uncached ? language("不用缓存", "No cache") : language("用 KV 缓存", "KV cache")
    let x = canvas.put(name, at: Point(area.x, area.y), Style(.heading), limit: area.end)
    let (scrolled, text) = scrolledAndStory(isAsked ? [] : stories, columns: area.end - x - 1)
    canvas.put(text, at: Point(x + 2, area.y), Style(.dim), limit: area.end)
    canvas.put(
      scrolled, at: Point(area.end - 1 - ScalarWidth.of(scrolled), area.y), Style(.selected),
      limit: area.end)
  }

  private func drawKeys(on canvas: inout Canvas, x: Int, cellColumns: Int) {
    let y = area.y + 1
    if x == window.gridX || window.scoresX == x {
      canvas.put(corner, at: Point(area.x, y), nameStyle, limit: area.end)
    }
    for (index, position) in window.columns.enumerated() {
      let at = Point(x + index * cellColumns, y)
      let state = pane.keyValue(position)
      if let painting = strip {
        drawPainted(position, painting, at: at, columns: cellColumns, on: &canvas)
        continue
      }
      drawLabel(
        position, at: at, columns: cellColumns, mark: mark(state), style: style(state, .newKey),
        on: &canvas)
    }
    canvas.put(
      "V\(scene.kvMark)", at: Point(window.valuesX + 1, y), nameStyle, limit: area.end)
    if let outputX = window.outputX {
      canvas.put(language("输出", "Out"), at: Point(outputX, y), Style(.dim), limit: area.end)
    }
  }

  /// The names of the Q strip below and the K strip beside.
  private var corner: String {
    guard scene.model.sharesHeads else { return "Q K" }
    let isApart = window.queryColumns > scene.cornerColumns
    return scene.queryAndKey(scene.state.head, between: isApart ? " " : "")
  }

  /// Where heads share K and V, the numbers say what changes with the head and what does not.
  private var nameStyle: Style { Style(scene.model.sharesHeads ? .heading : .dim) }

  // MARK: Painting

  /// Whether this pane is being painted: nothing in it may say what the run did.
  private var isAsked: Bool { painting.map { $0.run == pane.run && $0.truth == nil } ?? false }

  private var strip: Painting? { painting.flatMap { $0.run == pane.run && $0.isStrip ? $0 : nil } }
  private var grid: Painting? { painting.flatMap { $0.run == pane.run && !$0.isStrip ? $0 : nil } }

  /// A token of the K strip: marked or not, and right or wrong once the truth is out.
  private func drawPainted(
    _ position: Int, _ painting: Painting, at point: Point, columns: Int, on canvas: inout Canvas
  ) {
    let place = GridPoint(query: 0, key: position)
    let state = pane.keyValue(position)
    let style = painting.truth == nil ? Style(.text) : style(state, .newKey)
    drawLabel(
      position, at: point, columns: columns,
      mark: paintMark(place, painting) ?? (painting.truth == nil ? "" : mark(state)),
      style: paintStyle(place, painting) ?? style, on: &canvas)
  }

  private func drawPainted(
    _ cell: CellState, _ place: GridPoint, _ painting: Painting, at point: Point,
    on canvas: inout Canvas
  ) {
    let columns = window.cellColumns
    let own = painting.truth == nil ? Style(.notNeeded) : style(of: cell)
    let style = paintStyle(place, painting) ?? own
    canvas.fill(point, columns: columns, rows: rowHeight, style)
    let hidden: CellState = painting.truth == nil ? .notNeeded : cell
    let mark = paintMark(place, painting).map { columns < 4 ? $0 : " " + $0 }
    let text = mark ?? text(of: hidden, columns: columns)
    let inset = columns < 4 ? 0 : max(0, (columns - max(3, ScalarWidth.of(text))) / 2)
    canvas.put(
      text, at: Point(point.x + inset, point.y + textLine), style, limit: point.x + columns)
  }

  /// The mark of a place: what was painted before the truth is out, what was painted wrongly or missed after.
  private func paintMark(_ place: GridPoint, _ painting: Painting) -> String? {
    guard painting.truth != nil else { return painting.marks.contains(place) ? "#" : nil }
    if painting.isExtra(place) { return glyphs.wrong }
    return painting.isMissed(place) ? glyphs.missed : nil
  }

  private func paintStyle(_ place: GridPoint, _ painting: Painting) -> Style? {
    if painting.truth != nil {
      if painting.isExtra(place) { return Style(.wrong, reversed: true) }
      // No hue: all that the cells have say what was computed.
      return painting.isMissed(place) ? Style(.text, bold: true, reversed: true) : nil
    }
    if place == painting.cursor { return Style(.selected, bold: true, reversed: true) }
    return painting.marks.contains(place) ? Style(.selected, bold: true) : nil
  }

  // MARK: Rows

  private func drawRow(_ row: Int, y: Int, on canvas: inout Canvas) {
    let query = pane.query(row)
    drawLabel(
      row, at: Point(area.x, y), columns: window.queryColumns, mark: isAsked ? "" : mark(query),
      style: isAsked ? Style(.text) : style(query, .newQuery), on: &canvas, rows: rowHeight)
    for (index, column) in window.columns.enumerated() {
      if let scoresX = window.scoresX {
        drawCell(
          pane.scoreCell(row, column), row, column,
          at: Point(scoresX + index * window.cellColumns, y), on: &canvas)
        drawCell(
          pane.weightCell(row, column), row, column,
          at: Point(window.gridX + index * window.cellColumns, y), on: &canvas)
      } else {
        drawCell(
          pane.cell(row, column), row, column,
          at: Point(window.gridX + index * window.cellColumns, y), on: &canvas)
      }
    }
    let value = pane.keyValue(row)
    drawLabel(
      row, at: Point(window.valuesX, y), columns: window.stripColumns,
      mark: isAsked ? "" : mark(value), style: isAsked ? Style(.text) : style(value, .newValue),
      on: &canvas, rows: rowHeight)
    if let outputX = window.outputX, !isAsked {
      drawOutput(row, at: Point(outputX, y), on: &canvas)
    }
  }

  private func drawCell(
    _ cell: CellState, _ row: Int, _ column: Int, at point: Point, on canvas: inout Canvas
  ) {
    if let painting = grid {
      drawPainted(cell, GridPoint(query: row, key: column), painting, at: point, on: &canvas)
      return
    }
    if isAsked { return }
    let columns = window.cellColumns
    let isSelected = isSelected(row, column)
    var style = style(of: cell)
    style.isBold = isSelected
    if isSelected && columns < 4 { style.isReversed = true }
    if style.role != .text { canvas.fill(point, columns: columns, rows: rowHeight, style) }
    let text = text(of: cell, columns: columns)
    if drawLarge(text, at: point, style, isSelected: isSelected, on: &canvas) { return }
    let inset = columns < 4 ? 0 : max(0, (columns - max(3, ScalarWidth.of(text))) / 2)
    let at = Point(point.x + inset, point.y + textLine)
    canvas.put(text, at: at, style, limit: point.x + columns)
    // Before the number there is a blank, of the cell itself or of the one before it.
    if isSelected && columns >= 4 { canvas.put(glyphs.cursor, at: Point(at.x - 1, at.y), style) }
  }

  /// Draws a number in letters four lines high; false where the cell has no room for them, or none is wanted.
  private func drawLarge(
    _ text: String, at point: Point, _ style: Style, isSelected: Bool, on canvas: inout Canvas
  ) -> Bool {
    // All of a grid or none: a mark takes less room than a number.
    let text = text.filter { $0 != " " }
    guard isForHall, let number = BigText(".00", glyphs)?.size,
      number.columns + 2 <= window.cellColumns, number.rows <= rowHeight,
      let large = BigText(text, glyphs), large.size.columns + 1 <= window.cellColumns
    else { return false }
    let x = point.x + (window.cellColumns - large.size.columns) / 2
    let y = point.y + (rowHeight - large.size.rows) / 2
    large.draw(at: Point(x, y), style, on: &canvas)
    if isSelected { canvas.put(glyphs.cursor, at: Point(x - 1, y), style) }
    return true
  }

  private func isSelected(_ row: Int, _ column: Int) -> Bool {
    if case .cell(let query, let key) = scene.state.mode { return query == row && key == column }
    return false
  }

  private func style(of cell: CellState) -> Style {
    switch cell {
    case .pending: Style(.text)
    case .notNeeded: Style(.notNeeded)
    case .masked: Style(.masked)
    case .weight(let weight): Self.style(ofWeight: weight)
    case .score(let score):
      score.isNaN ? Style(.text) : Style(.signed(Self.signedLevel(score, of: largestScore)))
    }
  }

  private func text(of cell: CellState, columns: Int) -> String {
    switch cell {
    case .pending: return ""
    case .notNeeded: return columns < 4 ? glyphs.notNeeded : " " + glyphs.notNeeded
    case .masked: return columns < 4 ? glyphs.masked : " " + glyphs.masked
    case .weight(let weight):
      return columns < 4
        ? NumberText.weightDigit(weight, glyphs) : NumberText.weight(weight, glyphs)
    case .score(let score):
      return columns < 4
        ? NumberText.scoreSign(score, glyphs)
        : NumberText.score(score, columns: columns - 1, glyphs, digits: columns > 5 ? 2 : 1)
    }
  }

  /// The shade of a weight.
  package static func level(_ weight: Float) -> Int {
    let highest = Role.weightLevels - 1
    return (weight.squareRoot() * Float(highest)).whole(in: 0...highest) ?? 0
  }

  /// A weight on its shade; what is no number has none.
  package static func style(ofWeight weight: Float) -> Style {
    weight.isNaN ? Style(.text) : Style(.weight(level(weight)))
  }

  /// The shade of a signed number among others up to `largest`.
  static func signedLevel(_ value: Float, of largest: Float) -> Int {
    largest > 0 ? (value / largest * 3).whole(in: -3...3) ?? 0 : 0
  }

  /// The largest |score| of the newest query, by which the scores are shaded.
  private var largestScore: Float {
    scene.attention.scaledScores(ofRow: scene.length - 1).filter(\.isFinite).map(abs).max() ?? 0
  }

  private func drawOutput(_ row: Int, at point: Point, on canvas: inout Canvas) {
    let (mark, style): (String, Style) =
      switch pane.output(row) {
      case .predicts: (glyphs.arrow, Style(.prediction))
      case .feedsNextLayer: (glyphs.computed, Style(.text))
      case .wasted: (glyphs.wasted, Style(.wasted))
      case .absent: ("", Style(.notNeeded))
      case .pending: ("", Style(.dim))
      }
    drawLabel(
      row, at: point, columns: window.stripColumns, mark: mark, style: style, on: &canvas,
      rows: rowHeight)
  }

  // MARK: Labels

  private func mark(_ state: VectorState) -> String {
    switch state {
    case .computed: glyphs.computed
    case .read: glyphs.read
    case .absent, .pending: ""
    }
  }

  private func style(_ state: VectorState, _ new: Role) -> Style {
    switch state {
    case .computed: Style(new)
    case .read: Style(.cached)
    case .absent: Style(.notNeeded)
    case .pending: Style(.dim)
    }
  }

  /// A token and its mark, on a ground of its style; two columns have room for the token alone, the mark goes below.
  private func drawLabel(
    _ position: Int, at point: Point, columns: Int, mark: String, style: Style,
    on canvas: inout Canvas, rows: Int = 1
  ) {
    let text = TokenLabel.short(
      scene.tokens[position].text, columns: columns > 4 ? columns - 1 : 2, glyphs)
    let isGround = style.role != .dim && style.role != .notNeeded && style.role != .text
    if isGround { canvas.fill(point, columns: columns, rows: rows, style) }
    let labelColumns = ScalarWidth.of(text) + ScalarWidth.of(mark)
    let inset = columns > 4 ? max(0, (columns - labelColumns) / 2) : 0
    let y = point.y + (rows - 1) / 2
    let x = canvas.put(text, at: Point(point.x + inset, y), style, limit: point.x + columns)
    if columns > 2 {
      let markX = columns <= 4 ? max(x, point.x + 2) : x
      canvas.put(mark, at: Point(markX, y), style, limit: point.x + columns)
    } else if window.hasMarkLine {
      canvas.put(
        mark.padded(to: columns), at: Point(point.x, point.y + 1), style, limit: point.x + columns)
    }
  }
}
