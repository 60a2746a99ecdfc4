internal import Base

/// The names of curves with their last values and slopes: beside their ends where there is room, else above the plot.
struct CurveNames {
  private let chart: Curves
  private let blocks: [[String]]
  /// Columns taken at the right.
  let right: Int
  /// Rows taken at the top.
  let top: Int

  init(_ chart: Curves, _ size: Size) {
    self.chart = chart
    blocks = chart.series.enumerated().map { Self.block($1, $0, chart) }
    let columns = (blocks.joined().map { ScalarWidth.of($0) }.max() ?? 0) + 2
    let isBeside = columns <= size.columns / 3 && size.rows >= 3 && !blocks.isEmpty
    right = isBeside ? columns : 0
    let named = blocks.count { !$0.isEmpty }
    let isAbove = !isBeside && size.rows >= named + 5
    top = isAbove ? named : 0
  }

  /// A curve in words, the longest wording first.
  func texts(_ series: Curves.Series) -> [String] {
    let name = chart.clean(series.name)
    let value = Self.value(series, chart)
    return [name + " " + value, value]
  }

  private static func block(
    _ series: Curves.Series, _ index: Int, _ chart: Curves
  ) -> [String] {
    guard !series.name.isEmpty else { return [] }
    let mark = chart.glyphs == .full ? "" : chart.sign(index) + " "
    let slope = slope(series, chart).map {
      chart.word("斜率 \($0)", "slope \($0)") + (series.note.map { "  " + chart.clean($0) } ?? "")
    }
    let rest = slope ?? series.note.map(chart.clean)
    return [mark + chart.clean(series.name), value(series, chart)] + (rest.map { [$0] } ?? [])
  }

  private static func value(_ series: Curves.Series, _ chart: Curves) -> String {
    chart.y.quantity.text(series.points.last?.y ?? .nan, chart.glyphs)
  }

  /// The slope over the last factor of ten, on two logarithmic axes.
  private static func slope(_ series: Curves.Series, _ chart: Curves) -> String? {
    guard chart.x.isLogarithmic, chart.y.isLogarithmic, let last = series.points.last,
      let first = series.points.first(where: { $0.x >= last.x / 10 * 0.999_999 }),
      let slope = Scale.slope(from: first, to: last)
    else { return nil }
    return Quantity.count.text(slope, chart.glyphs)
  }

  func draw(_ plot: Plot, on sheet: inout Canvas) {
    if right > 0 { drawBeside(plot, on: &sheet) }
    if top > 0 { drawAbove(on: &sheet) }
  }

  private func drawAbove(on sheet: inout Canvas) {
    let named = blocks.indices.filter { !blocks[$0].isEmpty }
    for (y, index) in named.enumerated() {
      let block = blocks[index]
      let texts = (1...block.count).reversed().map { block.prefix($0).joined(separator: "  ") }
      sheet.put(
        chart.fitting(texts, columns: sheet.size.columns), at: Point(0, y),
        Style(chart.series[index].role))
    }
  }

  /// Blocks of as many lines as fit for all, each as near to its curve's end as the others let it.
  private func drawBeside(_ plot: Plot, on sheet: inout Canvas) {
    let rows = plot.area.rows
    guard
      let lines = [3, 2, 1].first(where: { count in
        blocks.reduce(0) { $0 + min(count, $1.count) } <= rows
      })
    else { return }
    let order = chart.series.indices.sorted { end($0, plot) < end($1, plot) }
    var next = plot.area.y
    var left = order.reduce(0) { $0 + min(lines, blocks[$1].count) }
    for index in order {
      let block = blocks[index].prefix(lines)
      let y = max(next, min(end(index, plot), plot.area.y + rows - left))
      for (line, text) in block.enumerated() {
        sheet.put(
          text, at: Point(plot.area.end + 1, y + line),
          Style(chart.series[index].role, bold: line == 0))
      }
      next = y + block.count
      left -= block.count
    }
  }

  /// The row where a curve ends; the last one if it is nowhere.
  private func end(_ index: Int, _ plot: Plot) -> Int {
    let cells = chart.series[index].points.reversed().lazy.compactMap { plot.cell($0.x, $0.y) }
    return cells.first?.y ?? plot.area.y + plot.area.rows - 1
  }
}
