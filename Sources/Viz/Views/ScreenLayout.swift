/// A part of the screen.
package struct Area: Hashable, Sendable {
  package var x: Int
  package var y: Int
  package var columns: Int
  package var rows: Int

  package init(x: Int, y: Int, columns: Int, rows: Int) {
    self.x = x
    self.y = y
    self.columns = columns
    self.rows = rows
  }

  /// The first column behind it.
  package var end: Int { x + columns }
}

/// Where everything goes; it depends on the size and on the planned length of the run only, so that nothing moves while one steps;
/// what grows with the room are the cells (`Scene.room`).
struct ScreenLayout: Equatable {
  /// Row of the token line.
  let tokens: Int
  /// Row of the operations.
  let operations: Int
  /// The two panes with their titles and strips.
  let panes: Area
  /// The counters, or what stands in their place.
  let table: Area
  /// Row of the identity line.
  let identity: Int
  /// Room below for more pictures; nil where there is none.
  let extras: Area?
  /// Row of the legend; nil where there is no room.
  let legend: Int?
  /// Row of the keys.
  let footer: Int
  /// Whether the row above the keys is free.
  let hasFreeLine: Bool

  /// The smallest size at which the picture still tells its story.
  static let smallest = Size(columns: 60, rows: 16)
  /// Rows of a pane that are not grid rows: the title and the K strip.
  static let paneHead = 2
  static let margin = 2

  private static let counterRows = 4
  private static let fewestGridRows = 4
  private static let extrasRows = 8
  /// From here on there is room for all of what stands below the counters.
  private static let rich = 116

  /// - Parameters:
  ///   - size: of the screen, at least `smallest`.
  ///   - longest: the longest sequence of the run, in tokens.
  ///   - near: how many tokens the cells are made to have room for, where that is less (`Scene.near`).
  init(_ size: Size, longest: Int, near: Int? = nil) {
    // Rows that are always there: header, tokens, operations, pane head, counters, identity, footer.
    let fixed = 3 + Self.paneHead + Self.counterRows + 2
    var spare = size.rows - fixed - Self.fewestGridRows
    func take(_ wanted: Int) -> Int {
      let taken = max(0, min(wanted, spare))
      spare -= taken
      return taken
    }
    // In falling order of what the picture gains.
    let hasLegend = take(1) == 1
    let blankBelowPanes = take(1)
    // For a hall blank lines are the cells' before they separate anything.
    let blankBelowTable = near == nil ? take(1) : 0
    let blankBelowHeader = near == nil ? take(1) : 0
    let moreRows = take(max(0, min(longest, 7) - Self.fewestGridRows))
    if near == nil { _ = take(1) }  // above the legend
    let blankAboveFooter = take(1)
    var gridRows = Self.fewestGridRows + moreRows
    let wanted = max(7, longest + 1)
    // Cells of more lines, the most that all rows can have.
    let cells = near ?? longest
    let highest = PaneWindow.mostCellRows(columns: size.columns / 2 - 3, longest: cells)
    func grow() {
      let lines = (1...highest).last { $0 * cells - gridRows <= spare } ?? 1
      gridRows += take(max(0, lines * cells - gridRows))
    }
    // For a hall, and where little else would fit, larger cells come before more pictures.
    if near != nil || size.columns < Self.rich {
      gridRows += take(wanted - gridRows)
      grow()
    }
    let hasExtras = spare >= Self.extrasRows + 1
    if hasExtras { spare -= Self.extrasRows + 1 }
    gridRows += take(wanted - gridRows)
    grow()
    let extraRows = hasExtras ? Self.extrasRows + take(spare) : 0

    tokens = 1 + blankBelowHeader
    operations = tokens + 1
    panes = Area(x: 0, y: operations + 1, columns: size.columns, rows: Self.paneHead + gridRows)
    let tableY = panes.y + panes.rows + blankBelowPanes
    table = Area(
      x: Self.margin, y: tableY, columns: size.columns - 2 * Self.margin,
      rows: Self.counterRows)
    identity = tableY + Self.counterRows + blankBelowTable
    extras =
      hasExtras
      ? Area(
        x: Self.margin, y: identity + 2, columns: size.columns - 2 * Self.margin, rows: extraRows)
      : nil
    footer = size.rows - 1
    hasFreeLine = blankAboveFooter > 0
    legend = hasLegend ? footer - 1 - blankAboveFooter : nil
  }

  /// The table's place and all that stands free around it, for what needs more lines than the counters.
  func tableAndAround(in size: Size) -> Area {
    let end = extras.map { $0.y - 1 } ?? legend ?? footer
    return Area(
      x: table.x, y: table.y, columns: table.columns, rows: max(table.rows, end - table.y))
  }
}
