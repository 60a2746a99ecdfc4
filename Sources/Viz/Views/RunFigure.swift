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
  private let isForHall: Bool
  private let hidden: Set<FigurePart>
  private let asked: Set<FigurePart>

  /// - Parameters:
  ///   - state: where in which run.
  ///   - area: where to draw.
  ///   - runs: the panes.
  ///   - painting: cells that are being marked.
  ///   - counters: whether the table is drawn where there is room.
  ///   - code: whether the pseudo-code is drawn in its place.
  ///   - hidesNext: whether the next token stays unsaid, since it is being asked for.
  ///   - hidden: what is left out.
  ///   - asked: columns of the counters that stay longest where room is short.
  ///   - isForHall: whether one grid a pane has all the room, and its cells as much of it as they can.
  package init(
    _ state: ViewerState, area: Area, runs: [Run], painting: Painting? = nil, counters: Bool = true,
    code: Bool = false, hidesNext: Bool = false, hidden: Set<FigurePart> = [],
    asked: Set<FigurePart> = [], isForHall: Bool = false
  ) {
    scene = Scene(state)
    self.area = area
    self.runs = runs
    self.painting = painting
    hasCounters = counters && !code
    hasCode = code
    self.hidesNext = hidesNext
    self.hidden = hidden
    self.asked = asked
    self.isForHall = isForHall
  }

  private static let tableRows = 4
  private static let inspectorRows = 11
  /// From here on a line that says what digits and shades mean is worth more than one of the parts.
  private static let legendFrom = 14

  /// A line of its own for the legend, unless a row of the grid or the parts below would have to go for it.
  private func layoutWithLegend(_ rest: Area) -> FigureLayout {
    let whole = layout(rest, foot: wantedFootRows)
    guard painting == nil, rest.rows >= Self.legendFrom else { return whole }
    var parts = rest
    parts.rows -= 1
    let less = layout(parts, foot: wantedFootRows)
    let columns = less.isBeside ? rest.columns / 2 - 1 : rest.columns
    let rows = FigureLayout.paneRows(longest: scene.room, columns: columns)
    let isFree =
      less.footRows == whole.footRows && less.isBeside == whole.isBeside
      && less.paneRows >= min(whole.paneRows, rows)
    return isFree ? less : whole
  }

  var longest: Int { scene.state.longest }
  /// How many tokens the cells are made to have room for.
  private var room: Int { isForHall ? scene.roomInHall : scene.room }

  /// Lines of the tokens and the operations.
  var headRows: Int { scene.state.depth == .token ? 1 : 2 }

  /// Where the parts go; where it `grows`, lines to spare go into higher cells.
  func layout(_ area: Area, foot: Int, grows: Bool = true) -> FigureLayout {
    FigureLayout(
      area, panes: runs.count, longest: longest, foot: foot, keepsFoot: foot > Self.tableRows,
      cells: grows ? (isForHall ? room : scene.near ?? longest) : nil, isForHall: isForHall)
  }

  /// Draws tokens, operations, panes and counters from top to bottom.
  package func draw(on canvas: inout Canvas) {
    drawTokens(on: &canvas, y: area.y)
    if scene.state.depth != .token {
      OperationsView(scene: scene, y: area.y + 1, x: area.x, end: area.end).draw(on: &canvas)
    }
    let (rest, layout) = placed
    if isCodeAlone(layout) {
      // Where the two do not fit, the code is what the page speaks of.
      drawFoot(in: rest, on: &canvas)
      return
    }
    let panes = panes(rest, layout)
    for pane in panes { pane.draw(on: &canvas) }
    let end = layout.footY + layout.footRows
    if let window = panes.last?.window, painting == nil, rest.rows > end {
      let line = Area(x: rest.x, y: rest.y + rest.rows - 1, columns: rest.columns, rows: 1)
      LegendView(
        scene: scene, area: line, hasCache: runs.contains(.cached),
        cellColumns: window.cellColumns
      ).draw(on: &canvas)
    }
    guard layout.footRows > 0 else { return }
    drawFoot(
      in: Area(
        x: rest.x, y: rest.y + layout.footY, columns: rest.columns, rows: layout.footRows),
      on: &canvas)
  }

  /// Lines that what stands below the panes would like to have; 0 for nothing.
  private var wantedFootRows: Int {
    if case .cell = scene.state.mode { return Self.inspectorRows }
    return baseFootRows
  }

  /// Those of the screen while no cell is opened.
  var baseFootRows: Int { hasCode ? PseudoCode.lines.count : hasCounters ? Self.tableRows : 0 }

  /// The opened cell, the code, or the counters.
  private func drawFoot(in area: Area, on canvas: inout Canvas) {
    if case .cell(let query, let key) = scene.state.mode {
      InspectorView(scene: scene, query: query, key: key, area: area).draw(on: &canvas)
    } else if hasCode {
      CodeView(scene: scene, area: area).draw(on: &canvas)
    } else {
      TableView(scene: scene, area: area, hidden: hidden, asked: asked).draw(on: &canvas)
    }
  }

  private func drawTokens(on canvas: inout Canvas, y: Int) {
    let step = scene.language(
      "第 \(scene.step.number)/\(scene.state.knownSteps) 步",
      "step \(scene.step.number)/\(scene.state.knownSteps)")
    let place = scene.language(
      "层 \(scene.state.layer + 1) \(scene.headName)",
      "layer \(scene.state.layer + 1) \(scene.headName)")
    // What does not fit whole is left out.
    func put(_ text: String, _ x: Int, _ style: Style) -> Int {
      guard x + ScalarWidth.of(text) <= area.end else { return area.end }
      return canvas.put(text, at: Point(x, y), style)
    }
    var x = put(step, area.x, Style(.heading))
    if !hidden.contains(.layer) {
      x = put(place, x + 2, Style(.dim))
      if let note = scene.layerNote { x = put(note, x + 2, Style(.dim)) }
    }
    guard !hidesNext, let best = scene.step.next.first, scene.state.moment.isEndOfStep,
      painting?.truth != nil || painting == nil
    else { return }
    let next =
      scene.glyphs.arrow + " " + TokenLabel.quoted(best.text, scene.glyphs) + " "
      + NumberText.percent(best.probability, of: best.probability)
    _ = put(next, x + 2, Style(.prediction))
  }

  /// What is below the tokens and the operations, and where its parts go.
  private var placed: (rest: Area, layout: FigureLayout) {
    let rest = Area(
      x: area.x, y: area.y + headRows, columns: area.columns, rows: area.rows - headRows)
    return (rest, layoutWithLegend(rest))
  }

  private func isCodeAlone(_ layout: FigureLayout) -> Bool {
    hasCode && layout.footRows == 0 && wantedFootRows == baseFootRows
  }

  private func panes(_ rest: Area, _ layout: FigureLayout) -> [PaneView] {
    runs.enumerated().map { index, run in
      let columns = layout.isBeside ? rest.columns / 2 - 1 : rest.columns
      return pane(
        run,
        Area(
          x: rest.x + (layout.isBeside ? index * (columns + 2) : 0),
          y: rest.y + (layout.isBeside ? 0 : index * layout.paneStep), columns: columns,
          rows: layout.paneRows))
    }
  }

  private func pane(_ run: Run, _ pane: Area) -> PaneView {
    var cursor: (query: Int, key: Int)?
    if case .cell(let query, let key) = scene.state.mode { cursor = (query, key) }
    if let painting, painting.run == run {
      cursor = (painting.isStrip ? scene.length - 1 : painting.cursor.query, painting.cursor.key)
    }
    let window = PaneWindow(
      pane, length: scene.length, longest: longest, cells: room,
      scrollBack: scene.state.scrollBack,
      cursor: cursor, cornerColumns: scene.cornerColumns, isForHall: isForHall)
    return PaneView(
      pane: scene.pane(run), area: pane, window: window, painting: painting, isForHall: isForHall)
  }

  /// Where a light falls in the panes; nowhere where the code stands in their place.
  package func lit(_ light: Light) -> [LitPart] {
    let (rest, layout) = placed
    return isCodeAlone(layout) ? [] : panes(rest, layout).flatMap { $0.lit(light) }
  }

  /// Whether part of the sequence is out of view.
  package var isPartial: Bool {
    let (rest, layout) = placed
    return panes(rest, layout).contains { $0.window.isPartial(of: scene.length) }
  }

  /// Columns and lines of a cell.
  package var cellSize: Size? {
    let (rest, layout) = placed
    return panes(rest, layout).first.map {
      Size(columns: $0.window.cellColumns, rows: $0.window.cellRows)
    }
  }
}

/// Where in a step the figure's code and captions are: what the pseudo-code lights its lines by.
extension ViewerState {
  /// The cells of a run that a mark can mean, as the run left them at the end of the shown step.
  package func cells(_ run: Run, where isMeant: (_ isComputed: Bool, _ isMasked: Bool) -> Bool)
    -> Set<GridPoint>
  {
    let pane = Scene(self).pane(run)
    let head = pane.scene.attention(run).head
    var cells: Set<GridPoint> = []
    for query in 0..<step.length {
      for key in 0..<step.length {
        let isComputed = pane.computes(query, key)
        if isMeant(isComputed, isComputed && head.hides(key: key, fromQuery: query)) {
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
      (0..<step.length).filter { computed ? pane.lane.computes($0) : pane.reads($0) }
        .map { GridPoint(query: 0, key: $0) })
  }
}
