internal import Base
internal import Trace

/// Every head as a small map of its triangle: queries downwards, keys across.
///
/// A map has few lines: its queries are evenly chosen ones, the newest last; a column is the largest weight of the keys that it stands for.
/// Where there is room for all heads of all layers, it has as many more as there is room for.
struct HeadMapsView {
  let scene: Scene
  let area: Area
  /// How many times as large as the least a map is.
  private var scale = 1

  init(scene: Scene, area: Area) {
    (self.scene, self.area) = (scene, area)
    scale = (2...3).last(where: isWhole) ?? 1
  }

  private static let leastColumns = 8
  private static let leastRows = 4
  private static let gap = 2

  private var mapColumns: Int { Self.leastColumns * scale }
  private var mapRows: Int { Self.leastRows * scale }

  /// Whether maps of a size show all heads of all layers, and more of a text than smaller ones.
  private func isWhole(_ scale: Int) -> Bool {
    var larger = self
    larger.scale = scale
    guard scene.state.longest > Self.leastColumns * (scale - 1), let layout = larger.layout else {
      return false
    }
    return layout.heads.count == scene.model.heads && layout.layers.count == scene.model.layers
  }

  func draw(on canvas: inout Canvas) {
    guard let layout else { return }
    canvas.put(
      titles(layout).first(fitting: area.columns), at: Point(area.x, area.y), Style(.dim))
    let layerColumns = columns(of: layout.heads) + Self.gap + 1
    for (index, layer) in layout.layers.enumerated() {
      let (line, place) = index.quotientAndRemainder(dividingBy: layout.layersPerLine)
      let start = Point(
        area.x + place * layerColumns, area.y + 1 + line * layout.linesOfLayer * blockRows)
      for (index, heads) in layout.lines.enumerated() {
        for head in heads {
          let x = x(ofHead: head) - x(ofHead: heads.lowerBound)
          draw(
            layer: layer, head: head, isFirst: head == heads.lowerBound,
            at: Point(start.x + x, start.y + index * blockRows), on: &canvas)
        }
      }
    }
  }

  private var blockRows: Int { mapRows + 1 }

  /// Which maps there is room for.
  private struct Layout {
    /// The heads in view, line by line; the shown one is among them.
    let lines: [Range<Int>]
    /// The layers in view; the shown one is among them.
    let layers: Range<Int>
    let layersPerLine: Int

    var linesOfLayer: Int { lines.count }
    var heads: Range<Int> { lines[0].lowerBound..<lines[lines.count - 1].upperBound }
  }

  /// All heads of the shown layer before any other layer, on as many lines as that takes; nil where there is room for none.
  private var layout: Layout? {
    let model = scene.model
    let most = (0...model.heads).last(where: fits) ?? 0
    let room = (area.rows - 1) / blockRows
    guard most > 0, room > 0 else { return nil }
    // Evenly filled lines, and a window around the shown head where all of them would not fit.
    let wanted = (model.heads + most - 1) / most
    let lines = min(wanted, room)
    let perLine = lines < wanted ? most : (model.heads + lines - 1) / lines
    let heads = window(lines * perLine, of: model.heads, around: scene.state.head)
    let rows = stride(from: heads.lowerBound, to: heads.upperBound, by: perLine).map {
      $0..<min($0 + perLine, heads.upperBound)
    }
    // Layers one below the other, and side by side where that makes room for more.
    let layersPerLine =
      rows.count > 1
      ? 1 : max(1, (area.columns + Self.gap + 1) / (columns(of: heads) + Self.gap + 1))
    let layers = window(
      room / rows.count * layersPerLine, of: model.layers, around: scene.state.layer)
    return Layout(lines: rows, layers: layers, layersPerLine: layersPerLine)
  }

  /// Whether there is room for so many heads on a line, with whichever it begins.
  private func fits(_ count: Int) -> Bool {
    (0...scene.model.heads - count).allSatisfy { columns(of: $0..<$0 + count) <= area.columns }
  }

  /// All where there is room, else a window around the shown one.
  private func window(_ room: Int, of count: Int, around shown: Int) -> Range<Int> {
    let inView = min(room, count)
    let first = min(max(0, shown - inView / 2), count - inView)
    return first..<first + inView
  }

  /// What is left out is said, and what a map's rows and columns are; the longest wording first.
  private func titles(_ layout: Layout) -> [String] {
    let title = title(layout)
    return [
      title + scene.language("；行是查询，最新在末行", "; rows: queries, newest last"),
      title + scene.language("；行是查询", "; rows: queries"), title, scene.language("权重", "weights"),
    ]
  }

  private func title(_ layout: Layout) -> String {
    let model = scene.model
    var notes: [String] = []
    if layout.heads.count < model.heads {
      notes.append(
        scene.language(
          "\(model.heads) 个头里的 \(layout.heads.count) 个",
          "\(layout.heads.count) of \(model.heads) heads"))
    }
    if layout.layers.count < model.layers {
      notes.append(
        scene.language(
          "\(model.layers) 层里的 \(layout.layers.count) 层",
          "\(layout.layers.count) of \(model.layers) layers"))
    }
    let title = scene.language("各头的权重", "weights of every head")
    guard !notes.isEmpty else { return title }
    return scene.language("各头的权重：", "weights: ")
      + notes.joined(separator: scene.language("，", ", "))
  }

  /// Where a head's map begins in its layer; a line stands between heads that read different K and V.
  private func x(ofHead head: Int) -> Int {
    let lines = scene.model.sharesHeads ? scene.model.kvHead(of: head) : 0
    return head * (mapColumns + Self.gap) + lines * Self.gap
  }

  private func columns(of heads: Range<Int>) -> Int {
    guard let last = heads.last else { return 0 }
    return x(ofHead: last) - x(ofHead: heads.lowerBound) + mapColumns
  }

  private func draw(
    layer: Int, head: Int, isFirst: Bool, at point: Point, on canvas: inout Canvas
  ) {
    if !isFirst { drawLine(before: head, at: point, on: &canvas) }
    canvas.put(name(layer: layer, head: head), at: point, nameStyle(layer: layer, head: head))
    guard
      scene.state.moment.progress(in: layer).map({ $0.rawValue >= Operation.softmax.rawValue })
        ?? false
    else { return }
    let attention = AttentionRows(
      HeadAttention(scene.state.trace, step: scene.step, layer: layer, head: head))
    TriangleMap(attention: attention, length: scene.length, glyphs: scene.glyphs)
      .draw(
        at: Point(point.x, point.y + 1), columns: mapColumns, rows: mapRows, on: &canvas)
  }

  private func drawLine(before head: Int, at point: Point, on canvas: inout Canvas) {
    let model = scene.model
    guard model.sharesHeads, model.kvHead(of: head) != model.kvHead(of: head - 1) else {
      return
    }
    for y in point.y...point.y + mapRows {
      canvas.put(scene.glyphs.divider, at: Point(point.x - Self.gap, y), Style(.dim))
    }
  }

  private func name(layer: Int, head: Int) -> String {
    let place = scene.language("层\(layer + 1) ", "L\(layer + 1) ")
    guard scene.model.sharesHeads else {
      return place + scene.language("头\(head + 1)", "H\(head + 1)")
    }
    let name = place + scene.queryAndKey(head)
    return ScalarWidth.of(name) <= mapColumns + 1 ? name : place + "Q\(head + 1)"
  }

  private func nameStyle(layer: Int, head: Int) -> Style {
    guard layer == scene.state.layer else { return Style(.dim) }
    if head == scene.state.head { return Style(.selected, reversed: true) }
    let model = scene.model
    return Style(model.sharesHeads && model.kvHead(of: head) == scene.kvHead ? .heading : .dim)
  }
}
