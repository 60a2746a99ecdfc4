internal import Base
internal import Trace

/// The picture of a step beside something else: the panes alone, their cells as large as the area allows.
///
/// Where two panes do not fit one above the other with all their rows, the cached run's has those that it computed.
package struct RunPreview {
  private let scene: Scene
  private let runs: [Run]
  private let area: Area
  private let layout: Layout

  /// - Parameters:
  ///   - state: where in which run.
  ///   - runs: the panes.
  ///   - area: where to draw.
  package init(_ state: ViewerState, runs: [Run], area: Area) {
    scene = Scene(state)
    self.runs = runs
    // Between one grid and two there is no use for more columns.
    let columns = area.columns < Self.twoGrids ? min(area.columns, Self.oneGrid) : area.columns
    self.area = Area(x: area.x, y: area.y, columns: columns, rows: area.rows)
    let step = state.step
    let new = max(1, runs.map { ($0 == .uncached ? step.uncached : step.cached).rows }.min() ?? 1)
    layout = Layout(self.area, length: step.length, panes: runs.count, newRows: new)
  }

  private static let oneGrid = 55
  private static let twoGrids = 100

  /// Lines that it takes of the area's.
  package var rows: Int { min(area.rows, layout.rows) }
  /// Lines without which something of it is scrolled away.
  package var leastRows: Int { layout.leastRows }

  /// Draws the panes.
  package func draw(on canvas: inout Canvas) {
    var y = area.y
    for (index, run) in runs.enumerated() where index < layout.paneRows.count {
      let x = layout.isBeside ? area.x + index * (layout.columns + Layout.gap) : area.x
      drawPane(
        run, Area(x: x, y: y, columns: layout.columns, rows: layout.paneRows[index]), on: &canvas)
      if !layout.isBeside { y += layout.paneRows[index] + 1 }
    }
  }

  private func drawPane(_ run: Run, _ area: Area, on canvas: inout Canvas) {
    let window = PaneWindow(
      area, length: scene.length, longest: scene.length, scrollBack: 0, cursor: nil,
      cornerColumns: scene.cornerColumns, cellRows: layout.cellRows)
    PaneView(
      pane: scene.pane(run), area: area, window: window,
      hidesOldRows: layout.isCompact && run == .cached
    ).draw(on: &canvas)
  }

  /// How many lines a pane has, and a cell.
  private struct Layout {
    static let gap = 2
    private static let sideBySide = 34

    private(set) var isBeside = false
    /// Whether the cached run's pane has only the rows that it computed.
    private(set) var isCompact = false
    let columns: Int
    let cellRows: Int
    let paneRows: [Int]
    let leastRows: Int

    var rows: Int {
      isBeside ? paneRows.max() ?? 0 : paneRows.reduce(0, +) + max(0, paneRows.count - 1)
    }

    init(_ area: Area, length: Int, panes: Int, newRows: Int) {
      let stacked = Cells(columns: area.columns, length: length)
      let few = [length] + Array(repeating: min(newRows, length), count: panes - 1)
      leastRows = few.reduce(panes - 1) { $0 + stacked.lines($1, 1) }
      let all = Array(repeating: length, count: panes)
      let half = area.columns / 2 - 1
      let beside = Cells(columns: half, length: length)
      let besideRows =
        panes == 2 && half >= Self.sideBySide ? beside.rows(for: [length], in: area.rows) : nil
      let stackedRows = stacked.rows(for: all, in: area.rows)
      if let rows = besideRows, beside.columns * rows > stacked.columns * (stackedRows ?? 0) {
        (isBeside, columns, cellRows) = (true, half, rows)
        paneRows = all.map { beside.lines($0, rows) }
        return
      }
      columns = area.columns
      if let rows = stackedRows {
        cellRows = rows
        paneRows = all.map { stacked.lines($0, rows) }
        return
      }
      isCompact = panes > 1
      cellRows = stacked.rows(for: few, in: area.rows) ?? 1
      let lines = few.map { [cellRows] in stacked.lines($0, cellRows) }
      let over = max(0, lines.reduce(0, +) + panes - 1 - area.rows)
      // What does not fit is scrolled away, of the first pane at first.
      let first = lines[0] - over
      paneRows = first >= stacked.lines(1, 1) ? [first] + lines.dropFirst() : [area.rows]
    }
  }

  /// Cells in a pane of so many columns.
  private struct Cells {
    let columns: Int
    private let most: Int
    private let head: Int

    init(columns: Int, length: Int) {
      let area = Area(x: 0, y: 0, columns: columns, rows: 10_000)
      let window = PaneWindow(
        area, length: length, longest: length, scrollBack: 0, cursor: nil)
      (self.columns, most) = (window.cellColumns, window.cellRows)
      head = ScreenLayout.paneHead + (window.hasMarkLine ? 1 : 0)
    }

    /// Lines of a pane with so many rows.
    func lines(_ rows: Int, _ cellRows: Int) -> Int { head + rows * cellRows }

    /// Lines of a cell with which panes of so many rows stand one above the other; nil where they do not.
    func rows(for panes: [Int], in lines: Int) -> Int? {
      (1...most).last { rows in
        panes.reduce(panes.count - 1) { $0 + self.lines($1, rows) } <= lines
      }
    }
  }
}
