internal import Base
internal import Trace
internal import Viz

/// Squares that stack to one pile beside rows that stack to another, a cell for each that was counted.
struct GrowthSquares {
  private let state: GrowthState
  private let layout: SquaresLayout?
  private let points: ArraySlice<Growth.Point>
  /// The steps that there is room for.
  private let planned: ArraySlice<Growth.Point>

  init(_ state: GrowthState, _ size: Size) {
    self.state = state
    points = state.runs.prefix(state.drawnSteps(size))
    // The frame stands still while one steps: it has room for the first steps from the beginning.
    let most = SquaresLayout.most(size, state.runs)
    planned = state.runs.prefix(max(points.count, min(most, GrowthState.firstSteps)))
    layout = points.isEmpty ? nil : SquaresLayout(size, planned)
  }

  private static let margin = 2
  private var language: Language { state.language }

  func draw(on canvas: inout Canvas) {
    guard let layout, let last = points.last,
      let sums = SquareSums(last.uncached.total, last.cached.total)
    else {
      drawWords(on: &canvas)
      return
    }
    let hasTotals = layout.spareRows >= 5
    var y = layout.spareRows >= 6 ? 2 : 1
    y = drawRun(isCached: false, layout, hasTotals, y: y, on: &canvas)
    y += layout.spareRows >= 7 ? 1 : 0
    y = drawRun(isCached: true, layout, hasTotals, y: y, on: &canvas)
    y += layout.spareRows >= 8 ? 1 : 0
    drawSum(sums, layout, y: y, on: &canvas)
    drawCurves(layout, y: y + 5, on: &canvas)
    let x = Self.margin + layout.columns + 3
    GrowthPiles(state, sums, last, planned: planned.last ?? last).draw(
      in: Area(
        x: x, y: 1, columns: canvas.size.columns - x - 1, rows: canvas.size.rows - 2), on: &canvas)
  }

  /// What is left of the picture where it has no room.
  private func drawWords(on canvas: inout Canvas) {
    guard let point = state.runs.prefix(max(1, state.step)).last,
      let sums = SquareSums(point.uncached.total, point.cached.total)
    else { return }
    let lines = [
      ["n = \(point.length)"],
      [language("不用缓存 \(sums.all) 格", "without \(sums.all) cells"), "\(sums.all)"],
      [language("用 KV 缓存 \(sums.needed) 格", "with \(sums.needed) cells"), "\(sums.needed)"],
    ]
    for (y, line) in lines.enumerated() where y + 1 < canvas.size.rows - 1 {
      state.put(line, at: Point(0, y + 1), Style(.heading), on: &canvas)
    }
  }

  /// The same counts as curves, where there is room left.
  private func drawCurves(_ layout: SquaresLayout, y: Int, on canvas: inout Canvas) {
    let rows = canvas.size.rows - 1 - y
    guard rows >= 9, layout.columns >= 40 else { return }
    GrowthCurves(state).chart.draw(
      in: Area(x: Self.margin, y: y, columns: layout.columns, rows: rows), on: &canvas)
  }

  // MARK: Squares

  private func drawRun(
    isCached: Bool, _ layout: SquaresLayout, _ hasTotals: Bool, y: Int, on canvas: inout Canvas
  ) -> Int {
    let limit = Self.margin + layout.columns + 1
    let role: Role = isCached ? .cachedBar : .uncachedBar
    let name = isCached ? language("用 KV 缓存", "with the KV cache") : language("不用缓存", "without")
    let work =
      isCached
      ? language("只算新来的一行", "the new row alone") : language("每步从头算", "all anew at each step")
    let head = name + language("：", ": ") + work
    let short = isCached ? language(head, "with the cache: " + work) : head
    let totals = language("；下面是累计", "; below: in all so far")
    state.put(
      (hasTotals ? [head + totals] : []) + [head, short, name],
      at: Point(Self.margin, y), Style(role, bold: true), limit: limit, on: &canvas)
    let rows = isCached ? layout.rows.cached : layout.rows.uncached
    let bottom = y + 1 + rows
    var x = Self.margin
    for point in points {
      let width = point.length * layout.cell.columns
      drawCells(point, isCached: isCached, layout.cell, at: Point(x, bottom), on: &canvas)
      let side = isCached ? point.cached : point.uncached
      putNumber(
        side.step.cells, x: x, width: width, y: bottom, Style(.heading), limit: limit, on: &canvas)
      if hasTotals {
        putNumber(
          side.total.cells, x: x, width: width, y: bottom + 1, Style(role, bold: true),
          limit: limit, on: &canvas)
      }
      x += width + 1
    }
    return bottom + (hasTotals ? 2 : 1)
  }

  /// A number in the middle below its square; none where it would touch the next.
  private func putNumber(
    _ number: Int?, x: Int, width: Int, y: Int, _ style: Style, limit: Int, on canvas: inout Canvas
  ) {
    let text = Quantity.count.text(number.map(Double.init) ?? .nan, state.glyphs)
    let columns = ScalarWidth.of(text)
    guard columns <= width else { return }
    state.put([text], at: Point(x + (width - columns) / 2, y), style, limit: limit, on: &canvas)
  }

  /// A step's cells, standing on row `corner.y`.
  private func drawCells(
    _ point: Growth.Point, isCached: Bool, _ cell: SquaresLayout.CellSize, at corner: Point,
    on canvas: inout Canvas
  ) {
    guard let cells = SquareCells(point, state.start.mask) else {
      state.put(["–"], at: Point(corner.x, corner.y - 1), Style(.dim), on: &canvas)
      return
    }
    let first = isCached ? point.length - SquareCells.newRows(point) : 0
    for row in first..<point.length {
      for column in 0..<point.length {
        let place = Point(
          corner.x + column * cell.columns, corner.y - (point.length - row) * cell.rows)
        state.put(cells.kind(row, column), cell, at: place, on: &canvas)
      }
    }
  }

  // MARK: The sum

  private func drawSum(
    _ sums: SquareSums, _ layout: SquaresLayout, y: Int, on canvas: inout Canvas
  ) {
    let limit = Self.margin + layout.columns + 2
    let (all, needed, before, masked) = (sums.all, sums.needed, sums.before, sums.masked)
    guard layout.spareRows >= 3 else {
      let times = state.glyphs.masked
      state.put(
        [
          "\(all) = \(needed) (#) + \(before) (+) + \(masked) (\(times))",
          "\(all) = \(needed) + \(before) + \(masked)",
        ],
        at: Point(Self.margin, y), Style(.heading), limit: limit, on: &canvas)
      return
    }
    state.put(
      ["\(all) = \(needed) + \(before) + \(masked)"], at: Point(Self.margin, y), Style(.heading),
      limit: limit, on: &canvas)
    let words = [
      [
        language("\(needed) 有用：新来的一行，两边都要算", "\(needed) needed: the new row, computed by both"),
        language("\(needed) 有用：新来的一行", "\(needed) needed: the new row"), "\(needed)",
      ],
      [
        language("\(before) 白算：上一步已经算过的旧行", "\(before) again: rows that were computed before"),
        language("\(before) 白算：算过的旧行", "\(before) computed before"), "\(before)",
      ],
      [
        language("\(masked) 白算：算完就被掩码扔掉", "\(masked) for nothing: thrown away by the mask"),
        language("\(masked) 白算：被掩码扔掉", "\(masked) masked away"), "\(masked)",
      ],
    ]
    for (index, kind) in SquareCells.Kind.allCases.enumerated() {
      let place = Point(Self.margin, y + 1 + index)
      state.put(kind, SquaresLayout.CellSize(columns: 2, rows: 1), at: place, on: &canvas)
      state.put(
        words[index], at: Point(place.x + 3, place.y), Style(), limit: limit, on: &canvas)
    }
  }
}

extension GrowthState {
  /// A cell: its colour, and its sign once, in its middle: who counts signs counts cells.
  func put(
    _ kind: SquareCells.Kind, _ size: SquaresLayout.CellSize, at place: Point,
    on canvas: inout Canvas
  ) {
    let (sign, style): (String, Style) =
      switch kind {
      case .needed: ("#", Style(.cachedBar, bold: true, reversed: true))
      case .before: (glyphs.computed, Style(.uncachedBar, reversed: true))
      case .masked: (glyphs.masked, Style(.masked))
      }
    canvas.fill(place, columns: size.columns, rows: size.rows, style)
    let middle = Point(place.x + (size.columns - 1) / 2, place.y + (size.rows - 1) / 2)
    canvas.put(sign, at: middle, style)
  }
}
