internal import Viz

/// Where everything of the screen of cache policies goes; it depends on the size, on the longest sequence and on what is
/// compared only, so that nothing moves while one steps.
struct PoliciesLayout {
  /// The panes, one or two side by side.
  let panes: [Area]
  /// Columns of a cell: 10 to 4 with a number, fewer with a digit.
  let cellColumns: Int
  /// Lines of a cell.
  let cellRows: Int
  /// Lines of the strip of tokens above the grid.
  let stripRows: Int
  /// Lines of the grid.
  let gridRows: Int
  /// The table's first line, and whether it has a line of names.
  let tableY: Int
  let hasTableHead: Bool
  /// The line that says what the signs are; nil where there is no room.
  let legendY: Int?
  /// The memory bars' first line.
  let barsY: Int
  /// How many bars there are.
  let bars: Int

  /// Columns of a query's name, with a blank behind it.
  static let labelColumns = 4
  private static let widths = [10, 9, 8, 7, 6, 5, 4, 3, 2, 1]

  /// - Parameters:
  ///   - size: the screen's.
  ///   - longest: tokens of the longest sequence.
  ///   - lines: lines of the table without its head.
  ///   - extras: lines between strip and grid.
  init(_ size: Size, longest: Int, lines: Int, extras: Int) {
    let rows = size.rows
    bars = rows < 12 ? 0 : rows >= 26 ? lines - 1 : 1
    hasTableHead = rows >= 14
    let gap = rows >= 14 ? 1 : 0
    let footer = rows - 1
    barsY = footer - gap - bars
    tableY = barsY - (rows >= 24 ? 1 : 0) - lines - (hasTableHead ? 1 : 0)
    legendY = rows >= 28 ? tableY - 1 : nil
    let isPair = size.columns >= 40
    let columns = isPair ? (size.columns - 4) / 2 : size.columns - 2
    let room = columns - Self.labelColumns
    cellColumns = Self.widths.first { $0 * longest <= room } ?? 1
    stripRows = cellColumns > 3 ? 1 : cellColumns > 1 ? 2 : rows >= 20 ? 3 : 1
    let y = rows >= 32 ? 2 : 1
    // On low screens the names of the table's columns stand where others have a gap.
    let area = Area(
      x: 1, y: y, columns: columns, rows: max(0, (legendY ?? tableY) - (rows >= 20 ? 1 : 0) - y))
    panes = isPair ? [area, Area(x: columns + 3, y: y, columns: columns, rows: area.rows)] : [area]
    gridRows = max(0, area.rows - 1 - stripRows - extras)
    cellRows = max(1, min((cellColumns + 1) / 2, 4, gridRows / max(1, longest)))
  }

  /// How many keys there is room for.
  var keys: Int {
    max(1, ((panes.first?.columns ?? 1) - Self.labelColumns) / cellColumns)
  }
  /// How many queries there is room for.
  var queries: Int { gridRows / cellRows }
  /// The queries in view of a sequence, by position.
  func queries(of length: Int) -> Range<Int> { max(0, length - queries)..<length }

  /// The keys in view of a sequence, by position; nil where some are left out between the first and the newest.
  func keys(of length: Int, first: Int) -> [Int?] {
    guard length > keys else { return (0..<length).map { $0 } }
    let pinned = min(first, max(0, keys / 2 - 1))
    guard pinned > 0 else { return (length - keys..<length).map { $0 } }
    return (0..<pinned).map { $0 } + [nil] + (length - keys + pinned + 1..<length).map { $0 }
  }
}
