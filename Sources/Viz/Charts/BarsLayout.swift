/// Where names, bars and numbers of a bar chart go.
struct BarsLayout {
  private let chart: Bars
  /// Columns of the groups' names; 0 where there is no room for them.
  private let labelColumns: Int
  /// Columns of the longest number.
  private let valueColumns: Int
  /// Columns of a bar with its number.
  private let share: Int
  private let isBeside: Bool
  private let hasNames: Bool
  /// The groups that are shown, and the row of the first.
  private let groups: ArraySlice<Bars.Group>
  private let top: Int

  private static let gap = 2

  init(_ chart: Bars, _ size: Size) {
    self.chart = chart
    let values = chart.groups.flatMap { group in
      chart.series.indices.map { chart.quantity.text(chart.value(group, $0), chart.glyphs) }
    }
    valueColumns = values.map { ScalarWidth.of($0) }.max() ?? 0
    let longest = chart.groups.map { ScalarWidth.of(chart.clean($0.label)) }.max() ?? 0
    let labels = min(longest, size.columns / 3)
    let start = labels > 0 ? labels + 1 : 0
    let count = chart.series.count
    let third = (size.columns - start - Self.gap * (count - 1)) / count
    isBeside = chart.arrangement == .beside && count > 1 && third >= valueColumns + 2
    let wide = isBeside ? third : size.columns - start
    // Where a number fits behind no bar, it stands alone.
    let hasLabels = wide >= valueColumns
    labelColumns = hasLabels ? labels : 0
    share = hasLabels ? wide : size.columns
    let names = chart.series.indices.contains { !chart.name($0).isEmpty }
    hasNames = names && count > 1 && size.rows >= (isBeside ? 1 : count) + 1
    let rows = size.rows - (hasNames ? 1 : 0)
    (groups, top) = Self.shown(chart.groups, of: isBeside ? 1 : count, rows: rows)
  }

  /// The last groups are those that stay where there are too many; a line above them then says how many went.
  private static func shown(
    _ groups: [Bars.Group], of lines: Int, rows: Int
  ) -> (ArraySlice<Bars.Group>, Int) {
    guard groups.count * lines > rows else { return (groups[...], 0) }
    let fitting = (rows - 1) / lines
    return fitting > 0 ? (groups.suffix(fitting), 1) : (groups.suffix(1), 0)
  }

  func draw(on sheet: inout Canvas) {
    if hasNames { drawNames(on: &sheet) }
    var y = hasNames ? 1 : 0
    if top > 0 {
      let count = chart.groups.count - groups.count
      let texts = [chart.word("上面还有 \(count) 行", "\(count) more above"), "+\(count)"]
      sheet.put(
        chart.fitting(texts, columns: sheet.size.columns), at: Point(0, y), Style(.dim))
      y += 1
    }
    for group in groups {
      draw(group, y: y, on: &sheet)
      y += isBeside ? 1 : chart.series.count
    }
  }

  /// The column where a series' bars begin.
  private func start(_ index: Int) -> Int {
    (labelColumns > 0 ? labelColumns + 1 : 0) + (isBeside ? index * (share + Self.gap) : 0)
  }

  /// The series' names in their colours, those that fit.
  private func drawNames(on sheet: inout Canvas) {
    var x = 0
    for (index, series) in chart.series.enumerated() {
      let name = chart.name(index)
      if isBeside { x = start(index) }
      let room = isBeside ? share : sheet.size.columns - x
      x = sheet.put(chart.fitting([name], columns: room), at: Point(x, 0), Style(series.role))
      x += Self.gap
    }
  }

  private func draw(_ group: Bars.Group, y: Int, on sheet: inout Canvas) {
    sheet.put(
      chart.shortened(chart.clean(group.label), columns: labelColumns), at: Point(0, y),
      Style(group.isChosen ? .selected : .dim))
    for index in chart.series.indices {
      draw(group, index, at: Point(start(index), y + (isBeside ? 0 : index)), on: &sheet)
    }
  }

  private func draw(
    _ group: Bars.Group, _ index: Int, at point: Point, on sheet: inout Canvas
  ) {
    let value = chart.value(group, index)
    let number = chart.quantity.text(value, chart.glyphs)
    let length = length(value)
    sheet.put(
      String(repeating: value < 0 ? "-" : chart.glyph(index), count: length), at: point,
      Style(chart.series[index].role))
    sheet.put(
      chart.fitting([number], columns: share),
      at: Point(point.x + length + (length > 0 ? 1 : 0), point.y),
      Style(.text, bold: group.isChosen))
  }

  /// Columns of a bar: none for nothing, one for the least of things.
  private func length(_ value: Double) -> Int {
    let room = share - valueColumns - 1
    let scale = chart.scale
    guard room > 0, value.isFinite, value != 0, scale > 0 else { return 0 }
    return max(1, Int((min(1, abs(value) / scale) * Double(room)).rounded()))
  }
}
