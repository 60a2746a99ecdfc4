internal import Base
internal import Trace
internal import Viz

/// The cells of all steps in two piles of one width, so that height is number.
struct GrowthPiles {
  private let state: GrowthState
  private let sums: SquareSums
  private let last: Growth.Point
  /// The step whose cells there must be room for.
  private let planned: Growth.Point

  init(
    _ state: GrowthState, _ sums: SquareSums, _ last: Growth.Point, planned: Growth.Point
  ) {
    (self.state, self.sums, self.last, self.planned) = (state, sums, last, planned)
  }

  /// How both are drawn.
  private struct Form {
    let cell: SquaresLayout.CellSize
    /// Cells in a row of a pile.
    let width: Int
    /// Counted cells that a drawn one stands for.
    let scale: Int
  }

  /// Cells as large as there is room for, and as many in a row as the last planned square has, where there is room.
  private func form(_ area: Area) -> Form? {
    let columns = (area.columns - 2) / 2
    let sizes = SquaresLayout.sizes
    for scale in [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000] {
      for cell in scale == 1 ? sizes : sizes.suffix(1) {
        let most = columns / cell.columns
        let rows = (area.rows - (scale == 1 ? 2 : 3)) / cell.rows
        let least = min(most, planned.length)
        guard least > 0, rows > 0 else { continue }
        let units = ((planned.uncached.total.cells ?? 0) + scale - 1) / scale
        if let width = (least...most).first(where: { (units + $0 - 1) / $0 <= rows }) {
          return Form(cell: cell, width: width, scale: scale)
        }
      }
    }
    return nil
  }

  func draw(in area: Area, on canvas: inout Canvas) {
    guard let form = form(area) else { return }
    let columns = form.width * form.cell.columns
    let base = area.y + area.rows - (form.scale == 1 ? 1 : 2)
    let second = area.x + columns + 2
    let names = state.language
    drawPile(
      SquareCells.Kind.allCases, form, at: Point(area.x, base),
      [names("不用缓存", "without"), names("不用", "w/o")], Style(.uncachedBar, bold: true),
      limit: second - 1, on: &canvas)
    let top = drawPile(
      [.needed], form, at: Point(second, base),
      [names("用 KV 缓存", "with KV cache"), names("用缓存", "with"), names("用", "kv")],
      Style(.cachedBar, bold: true), limit: area.x + area.columns, on: &canvas)
    if form.scale > 1 {
      state.put(
        [
          names("画一格 = \(form.scale) 格", "1 drawn = \(form.scale) cells"),
          names("1 = \(form.scale) 格", "1 = \(form.scale)"),
        ], at: Point(area.x, base + 1), Style(.dim), limit: area.x + area.columns, on: &canvas)
    }
    drawRatios(x: second, end: area.x + area.columns, above: top, on: &canvas)
  }

  /// A pile on `corner`, its number above and its name below; returns the row of the number.
  @discardableResult
  private func drawPile(
    _ kinds: [SquareCells.Kind], _ form: Form, at corner: Point, _ names: [String], _ style: Style,
    limit: Int, on canvas: inout Canvas
  ) -> Int {
    var (counted, drawn) = (0, 0)
    for kind in kinds {
      counted += sums.count(kind)
      let end = (counted + form.scale / 2) / form.scale
      for index in drawn..<max(drawn, end) {
        let place = Point(
          corner.x + index % form.width * form.cell.columns,
          corner.y - (index / form.width + 1) * form.cell.rows)
        state.put(kind, form.cell, at: place, on: &canvas)
      }
      drawn = max(drawn, end)
    }
    let rows = (drawn + form.width - 1) / form.width * form.cell.rows
    state.put(
      [Quantity.count.text(Double(counted), state.glyphs)],
      at: Point(corner.x, corner.y - rows - 1),
      style, limit: limit, on: &canvas)
    state.put(names, at: corner, style, limit: limit, on: &canvas)
    return corner.y - rows - 1
  }

  /// By how much one pile is higher, here and at the longest length that is known.
  private func drawRatios(
    x: Int, end: Int, above top: Int, on canvas: inout Canvas
  ) {
    var lines: [(texts: [String], style: Style)] = []
    for point in [last, state.growth.points.last].compactMap({ $0 }) {
      guard let all = point.uncached.total.cells, let needed = point.cached.total.cells,
        needed > 0, lines.isEmpty || point.length > last.length
      else { continue }
      let factor = Quantity.count.text(Double(all) / Double(needed), state.glyphs)
      let isComputed = point.source == .computed
      lines += [
        (
          isComputed
            ? [
              state.language("n = \(point.length)，算的", "n = \(point.length), computed"),
              state.language("n=\(point.length) 算的", "n=\(point.length) calc."),
            ] : ["n = \(point.length)", "\(point.length)"], Style(.dim)
        ),
        (
          factor == "1"
            ? [state.language("两边格子一样多", "as many cells in both"), "x 1"]
            : [
              state.language("不用缓存要 \(factor) 倍的格子", "without: \(factor) times the cells"),
              state.language("不用缓存：\(factor) 倍", "w/o: \(factor) times the cells"),
              state.language("不用：\(factor) 倍", "without: x \(factor)"),
              state.language("\(factor) 倍", "\(factor) times"), "x \(factor)",
            ],
          Style(.uncachedBar, bold: true)
        ),
        ([""], Style()),
      ]
    }
    for (index, line) in lines.enumerated() where 2 + lines.count <= top {
      state.put(line.texts, at: Point(x, 2 + index), line.style, limit: end, on: &canvas)
    }
  }
}
