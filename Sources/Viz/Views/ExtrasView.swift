internal import TinyModel

/// What a tall screen has room for below the counters: FLOPs per step, the heads as small maps, the opened cell or the whole
/// triangle.
struct ExtrasView {
  let scene: Scene
  let area: Area
  let isPartial: Bool

  private static let barsColumns = 44
  private static let inspectorColumns = 66
  private static let gap = 3

  func draw(on canvas: inout Canvas) {
    let isInspecting = if case .cell = scene.state.mode { true } else { false }
    let hasBars =
      !isInspecting || area.columns >= Self.barsColumns + Self.gap + Self.inspectorColumns
    var rest = area
    if hasBars {
      let bars = Area(
        x: area.x, y: area.y, columns: min(Self.barsColumns, area.columns), rows: area.rows)
      BarsView(scene: scene, area: bars).draw(on: &canvas)
      rest.x = bars.end + Self.gap
      rest.columns = area.end - rest.x
    }
    if case .cell(let query, let key) = scene.state.mode {
      let inspector = Area(x: rest.x, y: rest.y, columns: rest.columns, rows: min(10, rest.rows))
      InspectorView(scene: scene, query: query, key: key, area: inspector).draw(on: &canvas)
      rest.y += inspector.rows
      rest.rows -= inspector.rows
    }
    drawMaps(rest, on: &canvas)
  }

  private func drawMaps(_ area: Area, on canvas: inout Canvas) {
    var maps = area
    if isPartial && scene.state.panel != .overview && area.columns >= 70 {
      let overview = Area(x: area.end - 30, y: area.y, columns: 30, rows: area.rows)
      OverviewView(scene: scene, window: nil, area: overview).draw(on: &canvas)
      maps.columns -= 30 + Self.gap
    }
    // At the depth of operations the code stands beside the maps where there is room.
    if scene.state.depth == .operation, scene.state.panel != .code, maps.columns >= 90 {
      let code = Area(x: maps.end - 46, y: maps.y, columns: 46, rows: maps.rows)
      CodeView(scene: scene, area: code).draw(on: &canvas)
      maps.columns -= 46 + Self.gap
    }
    HeadMapsView(scene: scene, area: maps).draw(on: &canvas)
  }
}

/// Both runs' FLOPs of each step so far as bars of one scale.
struct BarsView {
  let scene: Scene
  let area: Area

  func draw(on canvas: inout Canvas) {
    let language = scene.language
    let half = area.columns / 2
    let x = canvas.put(
      language("每步 FLOP  ", "FLOP per step  "), at: Point(area.x, area.y), Style(.dim))
    canvas.put(
      language("不用缓存", "no cache"), at: Point(x, area.y), Style(.uncachedBar),
      limit: area.x + half + 5)
    canvas.put(
      language("用 KV 缓存", "KV cache"), at: Point(area.x + half + 6, area.y), Style(.cachedBar),
      limit: area.end)
    let last = scene.step.number
    let steps = scene.state.trace.steps[max(0, last - (area.rows - 1))..<last]
    let largest = steps.map(\.uncached.counter.flops).max() ?? 1
    for (line, step) in steps.enumerated() {
      draw(step, largest: largest, y: area.y + 1 + line, on: &canvas)
    }
  }

  private func draw(_ step: Step, largest: Int, y: Int, on canvas: inout Canvas) {
    let half = area.columns / 2
    let label = TokenLabel.short(
      scene.state.trace.tokens[step.length - 1].text, columns: 2, scene.glyphs)
    canvas.put(label, at: Point(area.x, y), Style(.dim))
    let isCurrent = step.number == scene.step.number
    let counts: [(Int, Style, Int)] = [
      (
        isCurrent ? scene.countersOfStep(.uncached).total : step.uncached.counter.flops,
        Style(.uncachedBar), area.x + 3
      ),
      (
        isCurrent ? scene.countersOfStep(.cached).total : step.cached.counter.flops,
        Style(.cachedBar), area.x + half + 6
      ),
    ]
    for (count, style, x) in counts {
      let room = half - 7
      let length = max(count > 0 ? 1 : 0, count * room / max(1, largest))
      let end = canvas.put(
        String(repeating: scene.glyphs.bar, count: length), at: Point(x, y), style)
      canvas.put(
        " " + NumberText.count(count), at: Point(end, y), Style(.dim), limit: area.end)
    }
  }
}

/// Every head as a small map of its triangle: queries downwards, keys across.
///
/// A map has few lines: its queries are evenly chosen ones, the newest last; a column is the largest weight of the keys that it stands for.
struct HeadMapsView {
  let scene: Scene
  let area: Area

  private static let mapColumns = 8
  private static let mapRows = 4

  func draw(on canvas: inout Canvas) {
    let model = scene.model
    let perLine = max(0, (area.columns + 2) / (Self.mapColumns + 2))
    guard perLine > 0, area.rows > Self.mapRows else { return }
    canvas.put(
      scene.language("各头的权重", "weights of every head"), at: Point(area.x, area.y), Style(.dim),
      limit: area.end)
    let blockRows = Self.mapRows + 1
    let lines = (area.rows - 1) / blockRows
    let heads = min(model.heads, perLine)
    let layers = layersInView(lines)
    for (line, layer) in layers.enumerated() {
      for head in 0..<heads {
        let at = Point(area.x + head * (Self.mapColumns + 2), area.y + 1 + line * blockRows)
        draw(layer: layer, head: head, at: at, on: &canvas)
      }
    }
  }

  /// All layers where they fit, else those around the shown one.
  private func layersInView(_ lines: Int) -> Range<Int> {
    let count = min(lines, scene.model.layers)
    let first = min(max(0, scene.state.layer - count / 2), scene.model.layers - count)
    return first..<first + count
  }

  private func draw(layer: Int, head: Int, at point: Point, on canvas: inout Canvas) {
    let isShown = layer == scene.state.layer && head == scene.state.head
    canvas.put(
      scene.language("层\(layer + 1) 头\(head + 1)", "L\(layer + 1) H\(head + 1)"), at: point,
      isShown ? Style(.selected, reversed: true) : Style(.dim))
    guard
      scene.state.moment.progress(in: layer).map({ $0.rawValue >= Operation.softmax.rawValue })
        ?? false
    else { return }
    let attention = AttentionRows(
      HeadAttention(scene.state.trace, step: scene.step, layer: layer, head: head))
    TriangleMap(attention: attention, length: scene.length)
      .draw(
        at: Point(point.x, point.y + 1), columns: Self.mapColumns, rows: Self.mapRows, on: &canvas)
  }
}

/// A head's triangle in few cells.
struct TriangleMap {
  let attention: AttentionRows
  let length: Int

  func draw(at point: Point, columns: Int, rows: Int, on canvas: inout Canvas) {
    // A short sequence has a line and a column for each token, no more.
    let rows = min(rows, length)
    let columns = min(columns, length)
    for line in 0..<rows {
      let query = (line + 1) * length / rows - 1
      let weights = attention.weights(ofRow: query)
      for column in 0..<columns {
        let keys = bin(column, of: columns)
        guard keys.lowerBound <= query else { continue }
        let weight = weights[keys].max() ?? 0
        canvas.put(
          NumberText.weightDigit(weight), at: Point(point.x + column, point.y + line),
          Style(.weight(PaneView.level(weight))))
      }
    }
  }

  /// The keys that a column stands for.
  private func bin(_ column: Int, of columns: Int) -> Range<Int> {
    let start = column * length / columns
    return start..<max(start + 1, (column + 1) * length / columns)
  }
}

/// The whole triangle of the shown head, small, with the part that the panes show.
struct OverviewView {
  let scene: Scene
  let window: PaneWindow?
  let area: Area

  func draw(on canvas: inout Canvas) {
    let language = scene.language
    let lines = min(area.rows - 1, scene.length, 16)
    let columns = min(area.columns, 2 * max(lines, 8), max(scene.length, 8))
    guard lines > 0, columns > 0 else { return }
    canvas.put(
      language("整个三角  \(scene.length) 行 \(scene.length) 列", "whole triangle, \(scene.length) rows"),
      at: Point(area.x, area.y), Style(.dim), limit: area.end)
    guard scene.isDone(.softmax) else { return }
    TriangleMap(attention: scene.attention, length: scene.length)
      .draw(at: Point(area.x, area.y + 1), columns: columns, rows: lines, on: &canvas)
    guard let window, area.columns - columns > 30 else { return }
    let x = area.x + columns + 3
    let notes = [
      language(
        "窗口：第 \(window.rows.lowerBound + 1)–\(window.rows.upperBound) 行，"
          + "第 \(window.columns.lowerBound + 1)–\(window.columns.upperBound) 列",
        "in view: rows \(window.rows.lowerBound + 1)-\(window.rows.upperBound), "
          + "columns \(window.columns.lowerBound + 1)-\(window.columns.upperBound)"),
      language("行均匀取样，末行最新；列取最大权重", "rows: evenly chosen, newest last; columns: largest weight"),
      language("↑ ↓ 滚动   o 回到计数", "Up Down scroll   o counters"),
    ]
    for (line, note) in notes.enumerated() where line < area.rows - 1 {
      canvas.put(
        scene.glyphs.adapted(note), at: Point(x, area.y + 1 + line), Style(.dim), limit: area.end)
    }
  }
}
