internal import Base
internal import Trace

/// Every head as a small map of its triangle: queries downwards, keys across.
///
/// A map has few lines: its queries are evenly chosen ones, the newest last; a column is the largest weight of the keys that it stands for.
struct HeadMapsView {
  let scene: Scene
  let area: Area

  private static let mapColumns = 8
  private static let mapRows = 4
  private static let gap = 2

  func draw(on canvas: inout Canvas) {
    let model = scene.model
    let heads = (0...model.heads).last { columns(ofHeads: $0) <= area.columns } ?? 0
    guard heads > 0, area.rows > Self.mapRows else { return }
    canvas.put(
      scene.language("各头的权重", "weights of every head"), at: Point(area.x, area.y), Style(.dim),
      limit: area.end)
    let blockRows = Self.mapRows + 1
    let layerColumns = columns(ofHeads: heads) + Self.gap + 1
    // Layers one below the other, and side by side where that makes room for more.
    let perLine = max(1, (area.columns + 3) / layerColumns)
    let layers = layersInView((area.rows - 1) / blockRows * perLine)
    for (index, layer) in layers.enumerated() {
      let (line, place) = index.quotientAndRemainder(dividingBy: perLine)
      let start = Point(area.x + place * layerColumns, area.y + 1 + line * blockRows)
      for head in 0..<heads {
        draw(layer: layer, head: head, at: Point(start.x + x(ofHead: head), start.y), on: &canvas)
      }
    }
  }

  /// Where a head's map begins in its layer; a line stands between heads that read different K and V.
  private func x(ofHead head: Int) -> Int {
    let lines = scene.model.sharesHeads ? scene.model.kvHead(of: head) : 0
    return head * (Self.mapColumns + Self.gap) + lines * Self.gap
  }

  private func columns(ofHeads count: Int) -> Int {
    count > 0 ? x(ofHead: count - 1) + Self.mapColumns : 0
  }

  /// All layers where they fit, else those around the shown one.
  private func layersInView(_ most: Int) -> Range<Int> {
    let count = min(most, scene.model.layers)
    let first = min(max(0, scene.state.layer - count / 2), scene.model.layers - count)
    return first..<first + count
  }

  private func draw(layer: Int, head: Int, at point: Point, on canvas: inout Canvas) {
    drawLine(before: head, at: point, on: &canvas)
    canvas.put(name(layer: layer, head: head), at: point, nameStyle(layer: layer, head: head))
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

  private func drawLine(before head: Int, at point: Point, on canvas: inout Canvas) {
    let model = scene.model
    guard model.sharesHeads, head > 0, model.kvHead(of: head) != model.kvHead(of: head - 1) else {
      return
    }
    for y in point.y...point.y + Self.mapRows {
      canvas.put(scene.glyphs.divider, at: Point(point.x - Self.gap, y), Style(.dim))
    }
  }

  private func name(layer: Int, head: Int) -> String {
    let place = scene.language("层\(layer + 1) ", "L\(layer + 1) ")
    guard scene.model.sharesHeads else {
      return place + scene.language("头\(head + 1)", "H\(head + 1)")
    }
    let name = place + scene.queryAndKey(head)
    return ScalarWidth.of(name) <= Self.mapColumns + 1 ? name : place + "Q\(head + 1)"
  }

  private func nameStyle(layer: Int, head: Int) -> Style {
    guard layer == scene.state.layer else { return Style(.dim) }
    if head == scene.state.head { return Style(.selected, reversed: true) }
    let model = scene.model
    return Style(model.sharesHeads && model.kvHead(of: head) == scene.kvHead ? .heading : .dim)
  }
}
