/// Neighbouring cells of one style that any font draws where they belong: ASCII, which a monospaced font has; every other
/// glyph is a run of its own, since it may come from another font with another width.
struct GlyphRun: Hashable {
  /// The first cell's column.
  let column: Int
  /// The cells' style.
  let style: Style
  /// The cells' texts.
  private(set) var text: String
  /// Columns of all cells.
  private(set) var columns: Int

  /// The runs of a row, the blanks too.
  static func runs(of row: ArraySlice<Cell>) -> [GlyphRun] {
    var runs: [GlyphRun] = []
    var joins = false
    for (column, cell) in row.enumerated() where cell.width > 0 {
      let isPlain = cell.text.utf8.count == 1
      if joins, isPlain, let last = runs.last, last.style == cell.style {
        runs[runs.count - 1].text += cell.text
        runs[runs.count - 1].columns += 1
      } else {
        runs.append(
          GlyphRun(
            column: column, style: cell.style, text: cell.text, columns: Int(cell.width)))
      }
      joins = isPlain
    }
    return runs
  }

  /// The parts of a run between its blanks.
  var words: [GlyphRun] {
    var words: [GlyphRun] = []
    var isInWord = false
    for (place, scalar) in text.unicodeScalars.enumerated() {
      if scalar == " " {
        isInWord = false
      } else if isInWord {
        words[words.count - 1].text.unicodeScalars.append(scalar)
        if text.utf8.count == columns { words[words.count - 1].columns += 1 }
      } else {
        // Behind the first scalar of a glyph there are its marks only, which take no column.
        words.append(
          GlyphRun(
            column: column + place, style: style, text: String(scalar),
            columns: text.utf8.count == columns ? 1 : columns))
        isInWord = true
      }
    }
    return words
  }
}
