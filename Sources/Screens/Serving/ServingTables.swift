internal import Base
internal import Trace
internal import Viz

/// Block tables: where the blocks of each request lie, in the order of its text.
struct ServingTables {
  let state: ServingState
  let step: ServingStep
  let labels: ServingLabels
  private let blocks: [ServingBlock]

  init(_ state: ServingState, _ step: ServingStep) {
    (self.state, self.step) = (state, step)
    labels = ServingLabels(glyphs: state.glyphs)
    blocks = ServingBlock.all(step)
  }

  /// Columns of a number with the blank before it.
  private var numberColumns: Int { String(step.pool.blocks).count + 1 }

  /// Draws tables from `rows` on, whole ones, the chosen request's first where not all fit.
  func draw(_ rows: [RequestStep], in area: Area, on canvas: inout Canvas) {
    var y = area.y
    // Where not even the first has room, it is cut, which is said.
    if let first = rows.first, area.rows >= 3, lineCount(first, columns: area.columns) > area.rows {
      let shown = (area.rows - 1) * perLine(area.columns)
      draw(first, limit: shown, at: Point(area.x, y), columns: area.columns, on: &canvas)
      let rest = first.blocks.count - shown
      let others = rows.count - 1
      state.put(
        [
          state.language(
            "还有 \(rest) 块；另有 \(others) 个请求",
            "\(rest) more blocks; \(others) more \(plural(others, "request"))"),
          state.language("还有 \(rest) 块", "\(rest) more blocks"),
        ], at: Point(area.x, y + area.rows - 1), Style(.dim), limit: area.end, on: &canvas)
      return
    }
    for (index, row) in rows.enumerated() {
      let lines = lineCount(row, columns: area.columns)
      guard y + lines <= area.y + area.rows else {
        let rest = rows.count - index
        state.put(
          [state.language("另有 \(rest) 个", "\(rest) more")], at: Point(area.x, y), Style(.dim),
          limit: y < area.y + area.rows ? area.end : area.x, on: &canvas)
        return
      }
      draw(row, at: Point(area.x, y), columns: area.columns, on: &canvas)
      y += lines
      // A blank between tables, where all fit with it.
      let total = rows.reduce(0) { $0 + lineCount($1, columns: area.columns) } + rows.count - 1
      if total <= area.rows { y += 1 }
    }
  }

  private var headColumns: Int { 4 + String(step.pool.blocks * step.pool.blockSize).count + 2 }

  private func perLine(_ columns: Int) -> Int {
    max(1, (columns - headColumns) / numberColumns)
  }

  func lineCount(_ row: RequestStep, columns: Int) -> Int {
    max(1, (row.blocks.count + perLine(columns) - 1) / perLine(columns))
  }

  private func draw(
    _ row: RequestStep, limit: Int = .max, at place: Point, columns: Int, on canvas: inout Canvas
  ) {
    let isChosen = row.request == state.request
    canvas.put(
      " \(labels.name(row.request)) ", at: place,
      isChosen ? Style(.chosen) : ServingLabels.prefill(row.request))
    let width = headColumns - 5
    canvas.put("\(row.held)".padded(to: width, right: true), at: Point(place.x + 4, place.y))
    for (index, block) in row.blocks.prefix(limit).enumerated() {
      let (line, column) = index.quotientAndRemainder(dividingBy: perLine(columns))
      let point = Point(
        place.x + headColumns + column * numberColumns, place.y + line)
      guard point.x + numberColumns <= place.x + columns else { return }
      let text = "\(block)".padded(to: numberColumns, right: true)
      canvas.put(text, at: point, style(block, row.request))
    }
  }

  private func style(_ block: Int, _ request: Int) -> Style {
    if block == state.block { return Style(.chosen) }
    return blocks[block - 1].holders.count > 1
      ? Style(.cached) : Style(.requestInk((request - 1) % Role.requestHues))
  }
}
