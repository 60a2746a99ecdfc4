internal import Base
internal import Viz

/// The options of a question with their letters, as large as there is room for.
struct OptionsBlock {
  /// How they are drawn.
  enum Form: Hashable {
    /// A row each, as it wraps.
    case rows
    /// Two in a row.
    case pairs
    /// A row each, its letter four rows high.
    case tall
    /// All in letters four rows high.
    case big
    /// These, two side by side.
    case bigPairs
  }

  let options: [String]
  let glyphs: GlyphSet
  var form = Form.rows
  /// The right one, once it may be seen.
  var right: Int?

  /// Columns of a letter with what separates it from its option.
  private var lead: Int { isBig || form == .tall ? 8 : 5 }
  private var isBig: Bool { form == .big || form == .bigPairs }
  private var perRow: Int { form == .pairs || form == .bigPairs ? 2 : 1 }
  private var rowCount: Int { (options.count + perRow - 1) / perRow }
  private static let gap = 2

  /// The letter of an option.
  static func letter(_ index: Int) -> String { VoteLetter.of(index) }

  /// Whether all of them can be drawn in large letters.
  var canBeBig: Bool { options.allSatisfy { $0.count <= 6 && BigText($0, glyphs) != nil } }

  /// Columns at which nothing wraps.
  var columns: Int {
    let widest =
      options.map { option in
        isBig ? BigText(option, glyphs)?.size.columns ?? 0 : ScalarWidth.of(option)
      }.max() ?? 0
    return perRow * (lead + widest) + (perRow - 1) * Self.gap * 2
  }

  /// Rows that it takes at a width, without blank rows between the options.
  func rows(_ columns: Int) -> Int {
    if isBig { return rowCount * bigRows }
    guard perRow == 1 else { return rowCount }
    let least = form == .tall ? bigRows : 1
    return options.map { max(least, lines($0, columns).count) }.reduce(0, +)
  }

  private var bigRows: Int { BigText("A", glyphs)?.size.rows ?? 4 }

  private func lines(_ option: String, _ columns: Int) -> [[TextFlow.Span]] {
    let lines = TextFlow.wrap(
      [TextFlow.Span(option, Style(.text, bold: true))], columns: columns - lead)
    return lines.isEmpty ? [[]] : lines
  }

  /// All of them in lines of text, where they have to scroll.
  func textLines(_ columns: Int) -> [[TextFlow.Span]] {
    options.enumerated().flatMap { index, option in
      lines(option, columns).enumerated().map { row, line in
        let letter = TextFlow.Span(" \(Self.letter(index)) ", Style(.chosen, bold: true))
        let head =
          row == 0 ? [letter, TextFlow.Span("  ", Style())] : [TextFlow.Span("     ", Style())]
        return head + line
      }
    }
  }

  /// Draws them, spread over an area of at least so many rows.
  func draw(in area: Area, most: Int = 1, on canvas: inout Canvas) {
    let spare = max(0, area.rows - rows(area.columns))
    let gap = rowCount > 1 ? min(most, spare / (rowCount - 1)) : 0
    let share = area.columns / perRow
    var y = area.y
    for row in 0..<rowCount {
      var height = 1
      for index in row * perRow..<min(options.count, (row + 1) * perRow) {
        let x = area.x + index % perRow * share
        let part = Area(x: x, y: y, columns: perRow == 1 ? area.columns : share, rows: area.rows)
        height = max(height, draw(index, in: part, on: &canvas))
      }
      y += height + gap
    }
  }

  /// Draws one; returns its rows.
  private func draw(_ index: Int, in area: Area, on canvas: inout Canvas) -> Int {
    let letter = Self.letter(index)
    if isBig || form == .tall {
      BigText(letter, glyphs)?.draw(at: Point(area.x, area.y), Style(.selected), on: &canvas)
      drawBeside(index, in: area, on: &canvas)
      return max(bigRows, isBig ? 0 : lines(options[index], area.columns).count)
    }
    let lines =
      perRow == 1
      ? lines(options[index], area.columns)
      : [
        [TextFlow.Span(options[index], Style(.text, bold: true))]
      ]
    canvas.put(" \(letter) ", at: Point(area.x, area.y), Style(.chosen, bold: true))
    canvas.put(
      lines,
      in: Area(
        x: area.x + lead, y: area.y, columns: area.columns - lead, rows: lines.count))
    return lines.count
  }

  /// What stands beside a large letter.
  private func drawBeside(_ index: Int, in area: Area, on canvas: inout Canvas) {
    let x = area.x + lead
    if isBig {
      BigText(options[index], glyphs)?.draw(at: Point(x, area.y), Style(.heading), on: &canvas)
      return
    }
    let lines = lines(options[index], area.columns)
    let y = area.y + max(0, (bigRows - lines.count) / 2)
    canvas.put(lines, in: Area(x: x, y: y, columns: area.end - x, rows: lines.count))
  }
}
