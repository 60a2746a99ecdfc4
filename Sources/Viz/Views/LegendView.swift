internal import Base
internal import Trace

/// What the colours and glyphs mean.
struct LegendView {
  let scene: Scene
  let area: Area
  /// Whether there is a run with a cache.
  var hasCache = true
  /// Whether there are output rows that nobody reads.
  var hasWaste = false
  /// Columns of a cell: two have a digit, more a number.
  var cellColumns = 4

  func draw(on canvas: inout Canvas) {
    let (language, glyphs) = (scene.language, scene.glyphs)
    let new = [("K", Style(.newKey)), ("V", Style(.newValue)), ("Q", Style(.newQuery))]
    var x = area.x
    for (name, style) in new {
      x = canvas.put("\(name)\(glyphs.computed)", at: Point(x, area.y), style, limit: area.end)
    }
    x = canvas.put(language("新算", "new"), at: Point(x + 1, area.y), limit: area.end) + 2
    // Where there is little room the marks have no ground beside them.
    func mark(_ glyph: String) -> String { isNarrow ? glyph : " \(glyph) " }
    let cache = [
      (mark(glyphs.read), Style(.cached), language("读缓存", "cached")),
      (mark(glyphs.notNeeded), Style(.notNeeded), language("不必算", "not needed")),
    ]
    let entries: [(String, Style, String)] =
      [(mark(glyphs.masked), Style(.masked), language("掩码", "masked"))]
      + (hasCache ? cache : [])
      + (hasWaste
        ? [(mark(glyphs.wasted), Style(.wasted), language("没人读的输出", "output nobody reads"))] : [])
    for (glyph, style, meaning) in entries
    where x + ScalarWidth.of(glyph) + 1 + ScalarWidth.of(meaning) <= area.end {
      x = canvas.put(glyph, at: Point(x, area.y), style) + 1
      x = canvas.put(meaning, at: Point(x, area.y), Style(.text)) + 2
    }
    drawRamp(x: x, on: &canvas)
  }

  /// What is drawn of weights, from the least to the most; the longest wording that fits.
  private func drawRamp(x: Int, on canvas: inout Canvas) {
    let wordings = hasDigits ? digitWords : [scene.language("权重", "weight")]
    for marks in hasDigits ? [digits] : [shades(apart: 2), shades(apart: 4)] {
      let columns = marks.reduce(0) { $0 + ScalarWidth.of($1.0) }
      let words = wordings.first(fitting: area.end - x - columns - 1)
      if !words.isEmpty { return draw(marks, words, x: x, on: &canvas) }
    }
    drawDigit(x: x, on: &canvas)
  }

  private func draw(
    _ marks: [(String, Style)], _ words: String, x: Int, on canvas: inout Canvas
  ) {
    var x = x
    for (mark, style) in marks { x = canvas.put(mark, at: Point(x, area.y), style) }
    canvas.put(words, at: Point(x + 1, area.y), Style(.text))
  }

  private var digitWords: [String] {
    let slight = "\(scene.glyphs.slight) " + scene.language("不足 0.05", "below 0.05")
    let most = scene.language("，9 也是更大的", ", 9 or more")
    let tenths = scene.language("权重的十分位", "tenths of a weight")
    return [
      "\(tenths)\(most)\(scene.language("，", ", "))\(slight)",
      tenths + scene.language("，", ", ") + slight, tenths,
    ]
  }

  /// Every digit on its shade; they stand apart, as in the cells: else they read as one number.
  private var digits: [(String, Style)] {
    ([0.01] + (1...9).map { Float($0) / 10 }).map { weight in
      (NumberText.weightDigit(weight, scene.glyphs) + " ", PaneView.style(ofWeight: weight))
    }
  }

  /// Weights on their shades, from 0 to 1, as the cells write them: without colours nothing else is seen of the scale.
  private func shades(apart levels: Int) -> [(String, Style)] {
    let highest = Role.weightLevels - 1
    return stride(from: 0, through: highest, by: levels).map { level in
      let root = Float(level) / Float(highest)
      let text = NumberText.weight(root * root, scene.glyphs)
      return (text + (level == highest ? "" : " "), Style(.weight(level)))
    }
  }

  /// One digit and what it means, where there is no room for all.
  private func drawDigit(x: Int, on canvas: inout Canvas) {
    let meaning = "3 = 0.3"
    let words = [scene.language("权重 ", "weight "), ""]
    guard hasDigits,
      let name = words.first(where: { x + ScalarWidth.of($0 + meaning) <= area.end })
    else { return }
    let at = canvas.put(name, at: Point(x, area.y), Style(.text))
    canvas.put(meaning, at: Point(at, area.y), Style(.text))
    canvas.put("3", at: Point(at, area.y), PaneView.style(ofWeight: 0.3))
  }

  private var hasDigits: Bool { cellColumns < 4 }
  private var isNarrow: Bool { area.columns < 66 }
}
