internal import TinyModel

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
    let heads = min(model.heads, perLine)
    let blockRows = Self.mapRows + 1
    let groupColumns = heads * (Self.mapColumns + 2) + 1
    // Layers one below the other, and side by side where that makes room for more.
    let groups = max(1, (area.columns + 3) / groupColumns)
    let layers = layersInView((area.rows - 1) / blockRows * groups)
    for (index, layer) in layers.enumerated() {
      let (line, group) = index.quotientAndRemainder(dividingBy: groups)
      for head in 0..<heads {
        let x = area.x + group * groupColumns + head * (Self.mapColumns + 2)
        draw(layer: layer, head: head, at: Point(x, area.y + 1 + line * blockRows), on: &canvas)
      }
    }
  }

  /// All layers where they fit, else those around the shown one.
  private func layersInView(_ most: Int) -> Range<Int> {
    let count = min(most, scene.model.layers)
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
