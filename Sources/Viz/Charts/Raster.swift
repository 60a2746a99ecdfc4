/// Lines as square pixels: two in a cell where half blocks may be drawn, else one.
struct Raster {
  let columns: Int
  let rows: Int
  let glyphs: GlyphSet
  private var cells: [Cell]

  private struct Cell {
    var ink: Ink?
    var isUpper = false
    var isLower = false
  }

  /// What a line is drawn with.
  struct Ink: Hashable {
    let style: Style
    /// The line's own sign, where it cannot be drawn in blocks.
    let mark: String
    /// Whether every other pair of columns is left out.
    var isDashed = false
  }

  /// The signs of lines in ASCII, so that they differ without colour.
  static let marks = ["*", "+", "o", "x", "@", "%"]

  init(columns: Int, rows: Int, _ glyphs: GlyphSet) {
    (self.columns, self.rows, self.glyphs) = (columns, rows, glyphs)
    cells = Array(repeating: Cell(), count: columns * rows)
  }

  /// Pixels in a cell, one above the other.
  private var perCell: Int { glyphs == .full ? 2 : 1 }

  /// The pixel of a place, from the bottom left, 0 to 1 each.
  func pixel(_ x: Double, _ y: Double) -> Point {
    Point(
      Int((x * Double(columns - 1)).rounded()),
      Int(((1 - y) * Double(rows * perCell - 1)).rounded()))
  }

  /// The cell of a place.
  func cell(_ x: Double, _ y: Double) -> Point {
    let pixel = pixel(x, y)
    return Point(pixel.x, pixel.y / perCell)
  }

  /// Blackens a pixel; where another line was in the same cell, the later one is seen.
  private mutating func set(_ pixel: Point, _ ink: Ink) {
    if ink.isDashed, pixel.x % 4 >= 2 { return }
    guard (0..<columns).contains(pixel.x), (0..<rows * perCell).contains(pixel.y) else { return }
    let index = pixel.y / perCell * columns + pixel.x
    if cells[index].ink != ink { cells[index] = Cell(ink: ink) }
    if pixel.y % perCell == 0 { cells[index].isUpper = true } else { cells[index].isLower = true }
  }

  /// A straight line with both its ends.
  mutating func line(from start: Point, to end: Point, _ ink: Ink) {
    let steps = max(abs(end.x - start.x), abs(end.y - start.y))
    for step in 0...steps {
      let share = steps == 0 ? 0 : Double(step) / Double(steps)
      set(
        Point(
          start.x + Int((share * Double(end.x - start.x)).rounded()),
          start.y + Int((share * Double(end.y - start.y)).rounded())), ink)
    }
  }

  /// Puts what was drawn on a sheet; the rest of the sheet stays.
  func draw(at origin: Point, on sheet: inout Canvas) {
    for (index, cell) in cells.enumerated() {
      guard let ink = cell.ink else { continue }
      let glyph =
        glyphs == .full
        ? (cell.isUpper ? (cell.isLower ? "█" : "▀") : "▄") : ink.mark
      sheet.put(
        glyph, at: Point(origin.x + index % columns, origin.y + index / columns), ink.style)
    }
  }
}
