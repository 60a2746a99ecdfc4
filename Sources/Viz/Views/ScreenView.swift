package import Base
internal import Trace

extension ViewerState {
  /// The frame of this state at a size; its last row says which keys work, unless it has none.
  public func view(_ size: Size, hasKeys: Bool = true) -> Canvas {
    var canvas = Canvas(size)
    let smallest = ScreenLayout.smallest
    guard size.columns >= smallest.columns, size.rows >= smallest.rows else {
      TooSmall.draw(
        size, needs: smallest, way: language("把窗口拉大；q 离开", "enlarge the window; q leaves"),
        language,
        on: &canvas)
      return canvas
    }
    if case .help(let page) = mode {
      HelpView(state: self).draw(page, on: &canvas)
    } else if !hasStep {
      ComputingView(state: self).draw(on: &canvas)
    } else {
      let scene = Scene(self)
      let layout = ScreenLayout(size, longest: longest, near: scene.near)
      ScreenView(scene: scene, layout: layout, hasKeys: hasKeys).draw(on: &canvas)
    }
    return canvas
  }
}

extension ViewerState {
  /// The picture alone for a narrow page: the panes one above the other, as many rows as show all of it.
  public func narrowView(columns: Int, most rows: Int) -> Canvas {
    func figure(_ rows: Int) -> RunFigure {
      RunFigure(
        self, area: Area(x: 0, y: 0, columns: columns, rows: rows), runs: Run.allCases)
    }
    guard hasStep else { return Canvas(Size(columns: columns, rows: 1)) }
    let wanted = min(rows, figure(rows).wantedRows(columns: columns))
    var canvas = Canvas(Size(columns: columns, rows: wanted))
    figure(wanted).draw(on: &canvas)
    return canvas
  }
}

extension ViewerState {
  /// What a light on this state's frame at a size shades, and where it falls; nil where no panes are seen.
  package func light(_ light: Light, _ size: Size) -> (area: Area, lit: [LitPart])? {
    let smallest = ScreenLayout.smallest
    guard hasStep, size.columns >= smallest.columns, size.rows >= smallest.rows else { return nil }
    if case .help = mode { return nil }
    let scene = Scene(self)
    let view = ScreenView(
      scene: scene, layout: ScreenLayout(size, longest: longest, near: scene.near))
    let lit = view.lit(light, size)
    return lit.isEmpty ? nil : (Area(x: 0, y: 1, columns: size.columns, rows: size.rows - 2), lit)
  }
}

/// The run screen: both panes of one step and what was counted.
struct ScreenView {
  let scene: Scene
  let layout: ScreenLayout
  var hasKeys = true

  func draw(on canvas: inout Canvas) {
    HeaderView(scene: scene).draw(on: &canvas)
    drawPlace(on: &canvas)
    let window = drawPanes(on: &canvas)
    drawTable(window, on: &canvas)
    if let extras = layout.extras {
      ExtrasView(scene: scene, area: extras, isPartial: window.isPartial(of: scene.length))
        .draw(on: &canvas)
    }
    if let legend = layout.legend { drawLegend(window, y: legend, on: &canvas) }
    if let replay = scene.state.replay, layout.hasFreeLine {
      TimelineView(scene: scene, replay: replay, y: layout.footer - 1).draw(on: &canvas)
    }
    guard hasKeys else { return }
    FooterView(
      state: scene.state, isNoteShown: layout.hasFreeLine,
      isPartial: window.isPartial(of: scene.length)
    ).draw(on: &canvas)
  }

  private func drawLegend(_ window: PaneWindow, y: Int, on canvas: inout Canvas) {
    let area = Area(
      x: ScreenLayout.margin, y: y, columns: canvas.size.columns - ScreenLayout.margin - 1, rows: 1)
    // In the last layer a wide screen shows output rows that nobody reads.
    let hasWaste = window.outputX != nil && scene.state.layer == scene.model.layers - 1
    LegendView(
      scene: scene, area: area, hasWaste: hasWaste, cellColumns: isOverview ? 2 : window.cellColumns
    ).draw(on: &canvas)
  }

  /// The sequence and the operations, and at their right the layer and the head.
  private func drawPlace(on canvas: inout Canvas) {
    let columns = canvas.size.columns
    let tokens = TokensView(scene: scene, y: layout.tokens, columns: columns)
    tokens.draw(on: &canvas)
    let end = tokens.sharedHeads.map { columns - $0.columns - 4 } ?? columns - 1
    OperationsView(scene: scene, y: layout.operations, end: end).draw(on: &canvas)
    SharingView(scene: scene, y: layout.operations, end: end).draw(on: &canvas)
  }

  /// Where a light falls; nowhere on the whole triangle.
  func lit(_ light: Light, _ size: Size) -> [LitPart] {
    isOverview ? [] : panes(size).flatMap { $0.lit(light) }
  }

  private func drawPanes(on canvas: inout Canvas) -> PaneWindow {
    let panes = panes(canvas.size)
    // Where queries share heads the longer names leave the left pane no blank at its end.
    let divider = canvas.size.columns / 2 - (scene.cornerColumns > 0 ? 0 : 1)
    for y in layout.panes.y..<layout.panes.y + layout.panes.rows {
      canvas.put(scene.glyphs.divider, at: Point(divider, y), Style(.dim))
    }
    for view in panes {
      if isOverview {
        view.drawTitle(on: &canvas)
        PaneOverview(pane: view.pane, area: view.area, window: view.window).draw(on: &canvas)
      } else {
        view.draw(on: &canvas)
      }
    }
    return panes[0].window
  }

  /// Both panes side by side, with cells of one size.
  private func panes(_ size: Size) -> [PaneView] {
    let half = size.columns / 2
    let left = Area(
      x: ScreenLayout.margin, y: layout.panes.y, columns: half - 1 - ScreenLayout.margin,
      rows: layout.panes.rows)
    var right = left
    right.x = half + 2
    right.columns = size.columns - right.x - 1
    let columns = min(left.columns, right.columns)
    return zip(Run.allCases, [left, right]).map { run, area in
      let window = PaneWindow(
        Area(x: area.x, y: area.y, columns: columns, rows: area.rows), length: scene.length,
        longest: scene.state.longest, cells: scene.room, scrollBack: scene.state.scrollBack,
        cursor: cursor, cornerColumns: scene.cornerColumns)
      return PaneView(pane: scene.pane(run), area: area, window: window)
    }
  }

  /// Whether the panes show the whole triangle: not while a cell is opened or asked for.
  private var isOverview: Bool {
    guard case .browse = scene.state.mode else { return false }
    return scene.state.panel == .overview
  }

  private var cursor: (query: Int, key: Int)? {
    if case .cell(let query, let key) = scene.state.mode { return (query, key) }
    return nil
  }

  /// The counters, or what the mode puts in their place.
  private func drawTable(_ window: PaneWindow, on canvas: inout Canvas) {
    let around = layout.tableAndAround(in: canvas.size)
    switch scene.state.mode {
    case .cell(let query, let key) where layout.extras == nil:
      InspectorView(scene: scene, query: query, key: key, area: around).draw(on: &canvas)
    case .predict(let prediction):
      PredictionView(scene: scene, prediction: prediction, area: around).drawQuestion(on: &canvas)
    case .verdict(let prediction) where prediction.step == scene.step.number:
      PredictionView(scene: scene, prediction: prediction, area: around).drawVerdict(on: &canvas)
    case .prompt, .note, .search, .name:
      PromptView(scene: scene, area: around)?.draw(on: &canvas)
    case .marks(let index):
      MarksView(scene: scene, chosen: index, area: around).draw(on: &canvas)
    case .jump(let digits):
      JumpView(scene: scene, digits: digits, area: around).draw(on: &canvas)
    default:
      switch scene.state.panel {
      case .overview:
        OverviewNote(scene: scene, window: window, area: around).draw(on: &canvas)
      case .code:
        CodeView(scene: scene, area: around).draw(on: &canvas)
      default:
        TableView(scene: scene, area: layout.table).draw(on: &canvas)
        IdentityView(scene: scene, y: layout.identity).draw(on: &canvas)
      }
    }
  }
}

/// Says which dimension is short and what it needs.
package enum TooSmall {
  /// Draws the sentence over the whole screen.
  package static func draw(
    _ size: Size, needs smallest: Size, way: String? = nil, _ language: Language,
    on canvas: inout Canvas
  ) {
    var sentences: [String] = []
    if size.columns < smallest.columns {
      sentences.append(
        language(
          "太窄：\(size.columns) 列，要 \(smallest.columns) 列",
          "too narrow: \(size.columns) columns, needs \(smallest.columns)"))
    }
    if size.rows < smallest.rows {
      sentences.append(
        language(
          "太矮：\(size.rows) 行，要 \(smallest.rows) 行",
          "too low: \(size.rows) rows, needs \(smallest.rows)"))
    }
    if let way { sentences.append(way) }
    var y = 0
    for line in sentences.flatMap({ $0.wrapped(to: size.columns) }) {
      canvas.put(line, at: Point(0, y), Style(.heading))
      y += 1
    }
  }
}
