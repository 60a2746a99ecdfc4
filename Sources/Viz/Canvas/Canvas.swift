/// A position on a canvas, in columns and rows from the top left.
public struct Point: Hashable, Sendable {
  /// Columns from the left, 0-based.
  public var x: Int
  /// Rows from the top, 0-based.
  public var y: Int

  /// Creates a point.
  public init(_ x: Int, _ y: Int) {
    self.x = x
    self.y = y
  }
}

/// Columns and rows of a screen or of a part of it.
public struct Size: Hashable, Sendable {
  /// Columns.
  public var columns: Int
  /// Rows.
  public var rows: Int

  /// Creates a size; neither side is below 1.
  public init(columns: Int, rows: Int) {
    self.columns = max(1, columns)
    self.rows = max(1, rows)
  }
}

/// One column of one row.
///
/// A glyph two columns wide is a cell of width 2 followed by a cell of width 0.
public struct Cell: Hashable, Sendable {
  /// One base scalar with its marks; empty in the right half of a wide glyph.
  public var text: String
  /// 1 or 2 where a glyph starts, 0 in the right half of a wide one.
  public var width: UInt8
  /// How it is drawn.
  public var style: Style

  /// A blank of one column.
  public static let blank = Cell(text: " ", width: 1, style: Style())
}

/// A frame as values: rows of cells, drawn by any renderer.
///
///     var canvas = Canvas(Size(columns: 10, rows: 1))
///     canvas.put("中国", at: Point(0, 0), Style(.heading))
///
/// Invariant: the widths of a row's cells add up to the row's columns; a wide glyph is whole or absent.
public struct Canvas: Hashable, Sendable {
  /// Columns and rows.
  public let size: Size
  /// Row by row, `size.columns` cells each.
  public private(set) var cells: [Cell]
  /// Where text is being typed, for input methods that open a window there.
  public package(set) var caret: Point?

  /// Creates a blank canvas.
  public init(_ size: Size) {
    self.size = size
    cells = Array(repeating: .blank, count: size.columns * size.rows)
  }

  /// The cells of row `y`.
  public func row(_ y: Int) -> ArraySlice<Cell> {
    cells[y * size.columns..<(y + 1) * size.columns]
  }

  /// Writes text of a known width that has no control characters; what passes `limit` is cut.
  ///
  /// - Parameters:
  ///   - text: sanitised text.
  ///   - point: where its first glyph goes.
  ///   - style: how it is drawn.
  ///   - limit: the first column that must stay as it is; the canvas's width by default.
  /// - Returns: the column after the last glyph.
  @discardableResult
  public mutating func put(
    _ text: String, at point: Point, _ style: Style = Style(), limit: Int = .max
  ) -> Int {
    guard point.y >= 0, point.y < size.rows else { return point.x }
    let end = min(limit, size.columns)
    let start = point.y * size.columns
    var x = point.x
    var last: Int?
    for scalar in text.unicodeScalars {
      let width = ScalarWidth.of(scalar)
      if width == 0, let last { cells[last].text.unicodeScalars.append(scalar) }
      if width <= 0 { continue }
      if x + width > end { break }
      last = nil
      if x >= 0 {
        place(Cell(text: String(scalar), width: UInt8(width), style: style), at: x, rowStart: start)
        last = start + x
      }
      x += width
    }
    return x
  }

  /// Fills `columns` × `rows` from `point` with blanks in `style`.
  public mutating func fill(_ point: Point, columns: Int, rows: Int = 1, _ style: Style) {
    for y in max(0, point.y)..<max(0, min(size.rows, point.y + rows), point.y) {
      for x in max(0, point.x)..<max(0, min(size.columns, point.x + columns), point.x) {
        place(Cell(text: " ", width: 1, style: style), at: x, rowStart: y * size.columns)
      }
    }
  }

  /// Copies another canvas onto this one with its top left corner at `point`; the rest is cut.
  public mutating func draw(_ other: Canvas, at point: Point) {
    for y in 0..<other.size.rows where 0..<size.rows ~= point.y + y {
      var x = point.x
      for cell in other.row(y) where cell.width > 0 {
        let end = x + Int(cell.width)
        if x >= 0, end <= size.columns {
          place(cell, at: x, rowStart: (point.y + y) * size.columns)
        }
        x = end
      }
    }
  }

  /// Changes how glyphs within an area are drawn, a wide one by its first column; nil leaves one as it is.
  package mutating func restyle(_ area: Area, _ change: (Point, Style) -> Style?) {
    for y in max(0, area.y)..<max(0, area.y, min(size.rows, area.y + area.rows)) {
      for x in max(0, area.x)..<max(0, area.x, min(size.columns, area.end)) {
        let index = y * size.columns + x
        guard cells[index].width > 0, let style = change(Point(x, y), cells[index].style) else {
          continue
        }
        cells[index].style = style
        if cells[index].width == 2 { cells[index + 1].style = style }
      }
    }
  }

  private mutating func place(_ cell: Cell, at x: Int, rowStart: Int) {
    let index = rowStart + x
    // What is one column wide has no other half.
    for covered in index..<index + Int(cell.width) where cells[covered].width != 1 {
      blankGlyph(at: covered, rowStart: rowStart)
    }
    cells[index] = cell
    if cell.width == 2 { cells[index + 1] = Cell(text: "", width: 0, style: cell.style) }
  }

  /// Blanks both halves of the glyph at `index`, or neither half would be whole.
  private mutating func blankGlyph(at index: Int, rowStart: Int) {
    if cells[index].width == 0, index > rowStart {
      cells[index - 1] = Cell(text: " ", width: 1, style: cells[index - 1].style)
    }
    if cells[index].width == 2 {
      cells[index + 1] = Cell(text: " ", width: 1, style: cells[index].style)
    }
    cells[index] = Cell(text: " ", width: 1, style: cells[index].style)
  }

  /// The frame as text: a line a row, trailing blanks cut, no escape sequence.
  public var plainText: String {
    (0..<size.rows).map { y in
      var line = row(y).map(\.text).joined()
      while line.last == " " { line.removeLast() }
      return line
    }.joined(separator: "\n")
  }
}
