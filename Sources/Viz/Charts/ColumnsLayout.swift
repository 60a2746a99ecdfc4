/// Where the columns of a column chart stand.
struct ColumnsLayout {
  private let chart: Columns
  private let stacks: [Columns.Stack]
  /// Neighbours that a column stands for.
  private let perColumn: Int
  private let width: Int
  private let gap: Int
  /// The first row of the columns, and how many there are.
  private let top: Int
  private let rows: Int
  private let scale: Double
  private let hasValues: Bool

  private static let widest = 12

  init(_ chart: Columns, _ size: Size) {
    self.chart = chart
    let perColumn = (chart.stacks.count + size.columns - 1) / size.columns
    self.perColumn = perColumn
    let stacks = Self.binned(chart.stacks, by: perColumn)
    self.stacks = stacks
    let spare = size.columns / stacks.count
    gap = spare >= 2 ? 1 : 0
    let width = max(1, min(Self.widest, spare - gap))
    self.width = width
    let texts = stacks.map { chart.quantity.text($0.total, chart.glyphs) }
    hasValues = perColumn == 1 && size.rows >= 4 && texts.allSatisfy { ScalarWidth.of($0) <= width }
    top = size.rows >= 3 ? 1 : 0
    rows = size.rows - top - (size.rows >= 2 ? 1 : 0)
    scale = ([chart.largest ?? 0] + stacks.map(Columns.height)).filter(\.isFinite).max() ?? 0
  }

  /// Of each few neighbours the largest; the chosen one stays chosen.
  private static func binned(_ stacks: [Columns.Stack], by count: Int) -> [Columns.Stack] {
    guard count > 1 else { return stacks }
    return stride(from: 0, to: stacks.count, by: count).map { start in
      let bin = stacks[start..<min(stacks.count, start + count)]
      var largest = bin.max { Columns.height($0) < Columns.height($1) } ?? bin[start]
      let chosen = bin.first { $0.isChosen }
      largest.label = (chosen ?? bin[start]).label
      largest.isChosen = chosen != nil
      return largest
    }
  }

  private func x(_ index: Int) -> Int { index * (width + gap) }

  func draw(on sheet: inout Canvas) {
    for (index, stack) in stacks.enumerated() { draw(stack, x: x(index), on: &sheet) }
    if !hasValues, top > 0 { drawSummary(on: &sheet) }
    drawLabels(on: &sheet)
  }

  /// What the highest column stands for, and how many neighbours are one.
  private func drawSummary(on sheet: inout Canvas) {
    let highest = stacks.map(Columns.height).max() ?? 0
    let value = chart.quantity.text(highest, chart.glyphs)
    let largest = chart.word("最高 \(value)", "highest \(value)")
    let several = chart.word("一列代表 \(perColumn) 个", "1 column stands for \(perColumn)")
    let texts = perColumn > 1 ? [largest + "  " + several, several] : [largest, value]
    sheet.put(chart.fitting(texts, columns: sheet.size.columns), at: Point(0, 0), Style(.dim))
  }

  /// The names below, as many as stand apart; the chosen one first.
  private func drawLabels(on sheet: inout Canvas) {
    let y = top + rows
    guard y < sheet.size.rows else { return }
    var taken = Set<Int>()
    let order = stacks.indices.sorted { stacks[$0].isChosen && !stacks[$1].isChosen }
    for index in order {
      let label = chart.clean(stacks[index].label)
      let columns = ScalarWidth.of(label)
      let start = max(0, min(x(index) + (width - columns) / 2, sheet.size.columns - columns))
      let needed = start - 1..<start + columns + 1
      guard columns > 0, columns <= sheet.size.columns, taken.isDisjoint(with: needed) else {
        continue
      }
      taken.formUnion(start..<start + columns)
      sheet.put(label, at: Point(start, y), Style(stacks[index].isChosen ? .selected : .dim))
    }
  }

  // MARK: A column

  private func draw(_ stack: Columns.Stack, x: Int, on sheet: inout Canvas) {
    let isFine = chart.glyphs == .full && stack.parts.count == 1 && stack.parts[0].mark == nil
    let fineness = isFine ? 2 : 1
    var (sum, bottom) = (0.0, 0)
    for (index, part) in stack.parts.enumerated() {
      sum += Columns.height(part)
      let end = units(sum, of: rows * fineness)
      draw(part, index, bottom..<max(bottom, end), fineness, x: x, on: &sheet)
      bottom = max(bottom, end)
    }
    drawValue(stack, row: top + rows - (bottom + fineness - 1) / fineness - 1, x: x, on: &sheet)
  }

  /// Ends are rounded, not heights, so that no error adds up; the least of things is seen.
  private func units(_ sum: Double, of all: Int) -> Int {
    guard scale > 0, sum > 0 else { return 0 }
    return max(1, Int((min(1, sum / scale) * Double(all)).rounded()))
  }

  private func draw(
    _ part: Columns.Part, _ index: Int, _ units: Range<Int>, _ fineness: Int, x: Int,
    on sheet: inout Canvas
  ) {
    for row in stride(from: units.lowerBound, to: units.upperBound, by: fineness) {
      let isHalf = fineness == 2 && row + 1 == units.upperBound
      let glyph = part.mark.map(chart.clean) ?? (isHalf ? "▄" : block(index))
      sheet.put(
        String(repeating: glyph, count: width), at: Point(x, top + rows - 1 - row / fineness),
        Style(part.role), limit: x + width)
    }
  }

  /// A block, in ASCII another sign for each part.
  private func block(_ index: Int) -> String {
    guard chart.glyphs != .full else { return chart.glyphs.bar }
    let signs = [chart.glyphs.bar, "=", "+", "~"]
    return signs[index % signs.count]
  }

  /// The number over a column, a dash for none.
  private func drawValue(_ stack: Columns.Stack, row: Int, x: Int, on sheet: inout Canvas) {
    guard hasValues || !stack.total.isFinite else { return }
    let text = chart.quantity.text(stack.total, chart.glyphs)
    guard row >= 0, ScalarWidth.of(text) <= width else { return }
    sheet.put(
      text, at: Point(x + (width - ScalarWidth.of(text)) / 2, row),
      Style(.text, bold: stack.isChosen))
  }
}
