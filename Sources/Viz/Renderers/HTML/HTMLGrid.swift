internal import Base

/// Canvases as rows of a web page: each run of cells stands where its column says, whatever font draws it.
///
/// A row is written once as markup, or once as a pair of texts that the page's script turns into the same markup.
struct HTMLGrid {
  /// The styles that were met, in the order of their classes.
  private(set) var styles: [Style] = []
  private var classes: [Style: Int] = [:]
  /// The widest canvas.
  private(set) var columns = 1
  /// The highest canvas.
  private(set) var rows = 1
  private var packed: [PackedRow: Int] = [:]
  /// Rows in the order of their numbers, a text and its styles each.
  private(set) var packedRows: [String] = []

  private struct PackedRow: Hashable {
    let text: String
    let styles: String
  }

  /// What styles are called in a packed row.
  var alphabet: String { styles.indices.map(Self.letter).joined() }

  // MARK: Markup

  /// The picture as markup.
  mutating func markup(_ canvas: Canvas, isNarrow: Bool = false) -> String {
    if !isNarrow { note(canvas.size) }
    var lines = "<div class=\"grid\" aria-hidden=\"true\">"
    for y in 0..<canvas.size.rows {
      lines += "<div>" + runs(canvas.row(y)).map(markup).joined() + "</div>\n"
    }
    return lines + "</div>"
  }

  private func markup(_ run: GlyphRun) -> String {
    "<i class=\"x\(run.column) n\(run.columns) s\(classes[run.style] ?? 0)\">"
      + Markup.escaped(run.text) + "</i>"
  }

  /// The runs of a row up to its last that shows anything, their styles noted.
  private mutating func runs(_ row: ArraySlice<Cell>) -> [GlyphRun] {
    var runs = GlyphRun.runs(of: row)
    while let last = runs.last, last.style == Style(), last.text.utf8.allSatisfy({ $0 == 0x20 }) {
      runs.removeLast()
    }
    for run in runs where classes[run.style] == nil {
      classes[run.style] = styles.count
      styles.append(run.style)
    }
    return runs
  }

  private mutating func note(_ size: Size) {
    columns = max(columns, size.columns)
    rows = max(rows, size.rows)
  }

  // MARK: Packed

  /// The picture as the numbers of its rows; equal rows have one number.
  mutating func pack(_ canvas: Canvas, isNarrow: Bool = false) -> [Int] {
    if !isNarrow { note(canvas.size) }
    return (0..<canvas.size.rows).map { pack(runs(canvas.row($0))) }
  }

  private mutating func pack(_ runs: [GlyphRun]) -> Int {
    let row = PackedRow(
      text: runs.map(\.text).joined(), styles: runs.map(packed).joined())
    if let known = packed[row] { return known }
    let number = packed.count
    packed[row] = number
    packedRows += [row.text, row.styles]
    return number
  }

  /// A style's letter, `.` or `:` before a glyph that stands alone in one or two columns, and how many scalars, if not one.
  private func packed(_ run: GlyphRun) -> String {
    let letter = Self.letter(classes[run.style] ?? 0)
    let count = run.text.unicodeScalars.count
    let isPlain = run.text.utf8.count == run.columns
    return letter + (isPlain ? "" : run.columns == 2 ? ":" : ".") + (count == 1 ? "" : "\(count)")
  }

  private static let letters = Array(
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ".unicodeScalars)

  private static func letter(_ index: Int) -> String {
    let beyond = Unicode.Scalar(UInt32(0x100 + index)) ?? "?"
    return String(index < letters.count ? letters[index] : beyond)
  }
}
