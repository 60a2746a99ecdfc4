/// Where the parts of a figure go: the grids come first, then what stands below them, then blank lines.
struct FigureLayout: Equatable {
  /// Whether the panes stand side by side.
  let isBeside: Bool
  /// Lines of a pane.
  let paneRows: Int
  /// Lines from one pane to the next below it.
  let paneStep: Int
  /// Lines below the panes; 0 where there is no room.
  let footRows: Int
  /// The first of them, counted from the panes' top.
  let footY: Int

  private static let sideBySide = 34
  private static let sideBySideLow = 26
  private static let fewestGridRows = 3
  private static let fewestFootRows = 3

  /// - Parameters:
  ///   - area: below the tokens and the operations.
  ///   - panes: how many.
  ///   - longest: the longest sequence of the run, in tokens.
  ///   - foot: lines that what stands below would like to have.
  ///   - keepsFoot: whether it has them before the grids have all their rows.
  ///   - cells: for how many tokens lines to spare go into higher cells; nil where they do not.
  ///   - isForHall: whether cells may be as large as there is room for.
  init(
    _ area: Area, panes: Int, longest: Int, foot: Int, keepsFoot: Bool, cells: Int? = nil,
    isForHall: Bool = false
  ) {
    let wanted = Self.paneRows(longest: longest, columns: area.columns)
    let least = ScreenLayout.paneHead + Self.fewestGridRows + 1
    let fitsWide = area.columns >= 2 * Self.sideBySide + 2
    let fitsLow = area.columns >= 2 * Self.sideBySideLow + 2 && area.rows < 2 * least + foot
    isBeside = panes == 2 && (fitsWide || fitsLow)
    let stacked = isBeside ? 1 : panes
    let beside = isBeside ? area.columns / 2 - 1 : area.columns
    let pane = isBeside ? Self.paneRows(longest: longest, columns: beside) : wanted
    let free = area.rows - stacked * pane
    let most = area.rows - stacked * least
    let fewest = keepsFoot ? foot : min(foot, Self.fewestFootRows)
    let given = min(foot, max(free, min(fewest, most)))
    footRows = given >= min(foot, Self.fewestFootRows) ? given : 0
    let lowest = min(pane, (area.rows - footRows) / stacked)
    // Blank lines between the parts, and the legend, come before higher cells.
    let blanks = (footRows > 0 ? 1 : 0) + (stacked > 1 ? 1 : 0) + Self.legendRows
    let room = (area.rows - footRows - blanks) / stacked
    let grown = cells.map {
      Self.grownRows(columns: beside, cells: $0, room: room, isForHall)
    }
    paneRows = max(lowest, grown ?? 0)
    let spare = area.rows - footRows - stacked * paneRows
    let hasBlankAboveFoot = spare > 0 && footRows > 0
    paneStep = paneRows + (stacked > 1 && spare > (hasBlankAboveFoot ? 1 : 0) ? 1 : 0)
    footY = paneStep * (stacked - 1) + paneRows + (hasBlankAboveFoot ? 1 : 0)
  }

  /// The legend and a blank line above it.
  private static let legendRows = 2

  /// Lines of a pane whose cells have as many lines as there is room for.
  private static func grownRows(
    columns: Int, cells: Int, room: Int, _ isForHall: Bool
  ) -> Int {
    let single = paneRows(longest: cells, columns: columns)
    let highest = PaneWindow.mostCellRows(
      columns: columns, longest: cells, isForHall: isForHall)
    let lines = (1...highest).last { single + ($0 - 1) * cells <= room }
    return lines.map { single + ($0 - 1) * cells } ?? 0
  }

  /// Lines of a pane that shows every row.
  static func paneRows(longest: Int, columns: Int) -> Int {
    let isNarrow = 4 * longest + 8 > columns
    return ScreenLayout.paneHead + (isNarrow ? 1 : 0) + longest
  }
}

extension RunFigure {
  /// Lines at which a figure of these columns shows all that it has.
  package func wantedRows(columns: Int) -> Int {
    let room = Area(x: 0, y: 0, columns: columns, rows: 10_000)
    let layout = layout(room, foot: baseFootRows, grows: false)
    return headRows + layout.footY + layout.footRows
  }

  /// Columns at which every cell of one pane has its number, and the counters have room.
  package var wantedColumns: Int { max(31, 4 * longest + 8) }
}
