internal import Base
internal import Trace

/// What the colours and glyphs mean.
struct LegendView {
  let scene: Scene
  let y: Int

  func draw(on canvas: inout Canvas) {
    let (language, glyphs) = (scene.language, scene.glyphs)
    // In the last layer a wide screen shows output rows that nobody reads.
    let hasWaste = canvas.size.columns >= 116 && scene.state.layer == scene.model.layers - 1
    let entries: [(String, Style, String)] =
      [
        ("K\(glyphs.computed)", Style(.newKey), language("新算 K", "new K")),
        ("V\(glyphs.computed)", Style(.newValue), language("新算 V", "new V")),
        ("Q\(glyphs.computed)", Style(.newQuery), language("新 Q", "new Q")),
        (" \(glyphs.read) ", Style(.cached), language("读缓存", "cached")),
        (" \(glyphs.masked) ", Style(.masked), language("掩码", "masked")),
        (" \(glyphs.notNeeded) ", Style(.notNeeded), language("不必算", "not needed")),
      ]
      + (hasWaste
        ? [(" \(glyphs.wasted) ", Style(.wasted), language("没人读的输出", "output nobody reads"))] : [])
    var x = ScreenLayout.margin
    for (glyph, style, meaning) in entries
    where x + ScalarWidth.of(glyph) + 1 + ScalarWidth.of(meaning) < canvas.size.columns {
      x = canvas.put(glyph, at: Point(x, y), style) + 1
      x = canvas.put(meaning, at: Point(x, y), Style(.text)) + 2
    }
    drawRamp(x: x, on: &canvas)
  }

  private func drawRamp(x: Int, on canvas: inout Canvas) {
    guard canvas.size.columns - x > 24 else { return }
    var x = x
    for level in 0..<Role.weightLevels {
      x = canvas.put(" ", at: Point(x, y), Style(.weight(level)))
    }
    x = canvas.put(
      scene.language("权重 0 至 1", "weight 0 to 1"), at: Point(x + 1, y), Style(.text))
    let slight = "\(scene.glyphs.slight) " + scene.language("不足 0.05", "below 0.05")
    if x + 2 + ScalarWidth.of(slight) < canvas.size.columns {
      canvas.put(slight, at: Point(x + 2, y), Style(.text))
    }
  }
}
