/// Which rows and columns of the grid a pane shows, and where.
struct PaneWindow: Equatable {
  /// Columns of a cell: 10 to 4 with a number, more for a hall, 2 with a shade only.
  let cellColumns: Int
  /// Lines of a cell: as many as there is room for, up to those that make it a square.
  let cellRows: Int
  /// Columns of the Q strip.
  let queryColumns: Int
  /// Columns of the V and output strips.
  let stripColumns: Int
  /// Positions of the keys in view.
  let columns: Range<Int>
  /// Positions of the queries in view.
  let rows: Range<Int>
  /// Where the grid of scores begins, on screens that show it beside the weights.
  let scoresX: Int?
  /// Where the grid begins.
  let gridX: Int
  /// The grid's first line.
  let gridY: Int
  /// Where the V strip begins.
  let valuesX: Int
  /// Where the output strip begins, where there is room for it.
  let outputX: Int?
  /// Whether the marks of the K strip have a line of their own.
  let hasMarkLine: Bool

  private static let narrow = 2
  private static let least = 4
  /// The most columns of a cell, and in a hall, where numbers are drawn in large letters.
  private static let (most, mostInHall) = (10, 30)
  /// The most lines of a cell, likewise.
  private static let (mostRows, mostRowsInHall) = (4, 12)

  /// - Parameters:
  ///   - area: the pane's.
  ///   - length: tokens in the sequence.
  ///   - longest: the longest sequence of the run.
  ///   - cells: how many tokens the cells are made to have room for; the longest sequence without it.
  ///   - scrollBack: how many tokens the window stands back from the newest.
  ///   - cursor: the selected cell, which stays in view.
  ///   - cornerColumns: what the names of the Q and K strips take, in the corner above the one and before the other.
  ///   - cellRows: lines of a cell, where they do not follow from the area's.
  ///   - isForHall: whether one grid has all the room, and its cells as much of it as they can.
  init(
    _ area: Area, length: Int, longest: Int, cells: Int? = nil, scrollBack: Int,
    cursor: (query: Int, key: Int)?, cornerColumns: Int = 0, cellRows: Int? = nil,
    isForHall: Bool = false
  ) {
    let cells = cells ?? longest
    let widths = Array((Self.least...(isForHall ? Self.mostInHall : Self.most)).reversed())
    let isWide = area.columns >= 56
    let strip = isWide ? 4 : 3
    // The names stand apart where there is room for it.
    let query = max(strip, isWide && cornerColumns > 0 ? cornerColumns + 1 : cornerColumns)
    stripColumns = strip
    queryColumns = query
    let outputColumns = isWide ? strip + 1 : 0
    let room = area.columns - query - 1 - 1 - strip - outputColumns
    // Two grids where the whole run fits twice.
    func fitsTwice(_ width: Int, _ tokens: Int) -> Bool { 2 * width * tokens + 2 <= room }
    let hasTwo = isWide && !isForHall && fitsTwice(5, longest)
    let twice = hasTwo ? widths.first { fitsTwice($0, cells) } : nil
    // At worst the least width with a number.
    let whole = widths.first { $0 * cells <= room }
    let single = whole ?? widths.last { $0 * length <= room }
    cellColumns = twice ?? single ?? Self.narrow
    let shown = max(0, min(length, room / cellColumns))
    hasMarkLine = cellColumns == Self.narrow
    gridY = area.y + ScreenLayout.paneHead + (hasMarkLine ? 1 : 0)
    let lines = area.y + area.rows - gridY
    let own = max(1, min(Self.squareRows(cellColumns, isForHall), lines / max(1, cells)))
    self.cellRows = cellRows ?? own
    let shownRows = max(0, min(length, lines / self.cellRows))

    columns = Self.range(shown, of: length, back: scrollBack, keeping: cursor?.key)
    rows = Self.range(shownRows, of: length, back: scrollBack, keeping: cursor?.query)
    scoresX = twice == nil ? nil : area.x + query + 1
    let gridColumns = columns.count * cellColumns
    gridX = area.x + query + 1 + (twice == nil ? 0 : gridColumns + 2)
    valuesX = gridX + gridColumns + 1
    outputX = isWide ? valuesX + strip + 1 : nil
  }

  /// The lines of a square cell: a glyph is twice as high as wide.
  private static func squareRows(_ columns: Int, _ isForHall: Bool) -> Int {
    min(isForHall ? mostRowsInHall : mostRows, (columns + 1) / 2)
  }

  /// The most lines that cells of a pane of so many columns take.
  static func mostCellRows(columns: Int, longest: Int, isForHall: Bool = false) -> Int {
    let area = Area(x: 0, y: 0, columns: columns, rows: 10_000)
    return PaneWindow(
      area, length: longest, longest: longest, scrollBack: 0, cursor: nil, isForHall: isForHall
    ).cellRows
  }

  /// A range of `count` positions that ends `back` before the end and contains `position`.
  private static func range(
    _ count: Int, of length: Int, back: Int, keeping position: Int?
  ) -> Range<Int> {
    var end = max(count, length - back)
    if let position {
      end = min(max(end, position + 1), max(count, position + count))
    }
    return max(0, end - count)..<end
  }

  /// Whether part of the sequence is out of view.
  func isPartial(of length: Int) -> Bool {
    rows.count < length || columns.count < length
  }
}
