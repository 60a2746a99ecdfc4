internal import Base
internal import Trace

/// Panes and counters of a run in a part of the screen, for pages that say more beside them.
package struct RunFigure {
  private let scene: Scene
  private let area: Area
  private let runs: [Run]
  private let painting: Painting?
  private let hasCounters: Bool
  private let hasCode: Bool
  private let hidesNext: Bool

  /// - Parameters:
  ///   - state: where in which run.
  ///   - area: where to draw.
  ///   - runs: the panes.
  ///   - painting: cells that are being marked.
  ///   - counters: whether the table is drawn where there is room.
  ///   - code: whether the pseudo-code is drawn in its place.
  ///   - hidesNext: whether the next token stays unsaid, since it is being asked for.
  package init(
    _ state: ViewerState, area: Area, runs: [Run], painting: Painting? = nil, counters: Bool = true,
    code: Bool = false, hidesNext: Bool = false
  ) {
    scene = Scene(state)
    self.area = area
    self.runs = runs
    self.painting = painting
    hasCounters = counters && !code
    hasCode = code
    self.hidesNext = hidesNext
  }

  private static let tableRows = 4
  private static let inspectorRows = 11
  private static let fewestPaneRows = 6
  private static let sideBySide = 34

  /// Draws tokens, operations, panes and counters from top to bottom.
  package func draw(on canvas: inout Canvas) {
    var rest = area
    drawTokens(on: &canvas, y: rest.y)
    rest.y += 1
    rest.rows -= 1
    if scene.state.depth != .token {
      OperationsView(scene: scene, y: rest.y, x: rest.x, end: rest.end).draw(on: &canvas)
      rest.y += 1
      rest.rows -= 1
    }
    let isBeside = runs.count == 2 && rest.columns >= 2 * Self.sideBySide + 2
    let stacked = isBeside ? 1 : runs.count
    let spare = rest.rows - stacked * Self.fewestPaneRows - 1
    let footRows = min(spare, wantedFootRows)
    let hasFoot = footRows >= Self.tableRows
    let tableRows = footRows + 1
    let paneRows = (rest.rows - (hasFoot ? tableRows : 0)) / stacked
    let most = ScreenLayout.paneHead + 1 + scene.state.longest
    let rows = min(paneRows, most + (stacked > 1 ? 1 : 0))
    for (index, run) in runs.enumerated() {
      let columns = isBeside ? rest.columns / 2 - 1 : rest.columns
      let pane = Area(
        x: rest.x + (isBeside ? index * (columns + 2) : 0),
        y: rest.y + (isBeside ? 0 : index * rows), columns: columns, rows: rows)
      drawPane(run, pane, on: &canvas)
    }
    guard hasFoot else { return }
    let y = rest.y + stacked * rows + 1
    drawFoot(
      in: Area(
        x: rest.x, y: y, columns: rest.columns, rows: min(wantedFootRows, area.y + area.rows - y)),
      on: &canvas)
  }

  /// Lines that what stands below the panes would like to have; 0 for nothing.
  private var wantedFootRows: Int {
    if case .cell = scene.state.mode { return Self.inspectorRows }
    return hasCode ? PseudoCode.lines.count : hasCounters ? Self.tableRows : 0
  }

  /// The opened cell, the code, or the counters.
  private func drawFoot(in area: Area, on canvas: inout Canvas) {
    if case .cell(let query, let key) = scene.state.mode {
      InspectorView(scene: scene, query: query, key: key, area: area).draw(on: &canvas)
    } else if hasCode {
      CodeView(scene: scene, area: area).draw(on: &canvas)
    } else {
      TableView(scene: scene, area: area).draw(on: &canvas)
    }
  }

  private func drawTokens(on canvas: inout Canvas, y: Int) {
    let step = scene.language(
      "第 \(scene.step.number)/\(scene.state.knownSteps) 步",
      "step \(scene.step.number)/\(scene.state.knownSteps)")
    let place = scene.language(
      "层 \(scene.state.layer + 1) \(scene.headName)",
      "layer \(scene.state.layer + 1) \(scene.headName)")
    var x = canvas.put(step, at: Point(area.x, y), Style(.heading), limit: area.end)
    x = canvas.put(place, at: Point(x + 2, y), Style(.dim), limit: area.end)
    guard !hidesNext, let best = scene.step.next.first, scene.state.moment.isEndOfStep,
      painting?.truth != nil || painting == nil
    else { return }
    let next =
      scene.glyphs.arrow + " " + TokenLabel.quoted(best.text, scene.glyphs) + " "
      + NumberText.fixed(best.probability * 100, 1) + "%"
    canvas.put(next, at: Point(x + 2, y), Style(.prediction), limit: area.end)
  }

  private func drawPane(_ run: Run, _ pane: Area, on canvas: inout Canvas) {
    var cursor: (query: Int, key: Int)?
    if case .cell(let query, let key) = scene.state.mode { cursor = (query, key) }
    if let painting, painting.run == run {
      cursor = (painting.isStrip ? scene.length - 1 : painting.cursor.query, painting.cursor.key)
    }
    let window = PaneWindow(
      pane, length: scene.length, longest: scene.state.longest, rowHeight: 1,
      scrollBack: scene.state.scrollBack, cursor: cursor, cornerColumns: scene.cornerColumns)
    PaneView(
      pane: scene.pane(run), area: pane, rowHeight: 1, window: window, painting: painting
    ).draw(on: &canvas)
  }
}

/// Where in a step the figure's code and captions are: what the pseudo-code lights its lines by.
extension ViewerState {
  /// The cells of a run that a mark can mean, as the run left them at the end of the shown step.
  package func cells(_ run: Run, where isMeant: (_ isComputed: Bool, _ isMasked: Bool) -> Bool)
    -> Set<GridPoint>
  {
    let pane = Scene(self).pane(run)
    let mask = trace.model.mask
    var cells: Set<GridPoint> = []
    for query in 0..<step.length {
      for key in 0..<step.length {
        let isComputed = query >= pane.firstRow
        if isMeant(isComputed, isComputed && mask.hides(key: key, fromQuery: query)) {
          cells.insert(GridPoint(query: query, key: key))
        }
      }
    }
    return cells
  }

  /// The tokens whose K and V a run computed in the shown step, or those that it read.
  package func keyValues(_ run: Run, computed: Bool) -> Set<GridPoint> {
    let pane = Scene(self).pane(run)
    return Set(
      (0..<step.length).filter { ($0 >= pane.firstRow) == computed }
        .map { GridPoint(query: 0, key: $0) })
  }
}
