internal import Base
internal import Trace
internal import Viz

extension GrowthState {
  /// The frame at a size.
  func view(_ size: Size) -> Canvas {
    var canvas = Canvas(size)
    drawTitle(on: &canvas)
    if isHelp {
      drawHelp(on: &canvas)
    } else if runs.isEmpty {
      put([language("正在跑第 1 步", "running step 1")], at: Point(2, 2), Style(.dim), on: &canvas)
    } else if showsCurves {
      GrowthCurves(self).draw(on: &canvas)
    } else {
      GrowthSquares(self, size).draw(on: &canvas)
    }
    drawFooter(on: &canvas)
    return canvas
  }

  /// Writes the first wording that fits, whole, or none; returns where it ends.
  @discardableResult
  func put(
    _ wordings: [String], at point: Point, _ style: Style, limit: Int = .max,
    on canvas: inout Canvas
  ) -> Int {
    let columns = min(limit, canvas.size.columns) - point.x
    let fitting = wordings.map { glyphs.shown($0) }.first { ScalarWidth.of($0) <= columns }
    guard let fitting else { return point.x }
    return canvas.put(fitting, at: point, style)
  }

  /// The steps that are drawn at a size.
  func drawnSteps(_ size: Size) -> Int {
    showsCurves ? step : min(step, SquaresLayout.most(size, runs))
  }

  private func drawTitle(on canvas: inout Canvas) {
    let columns = canvas.size.columns
    canvas.fill(Point(0, 0), columns: columns, Style(.titleBar))
    var x = put([" kvtui  "], at: Point(0, 0), Style(.titleBar), on: &canvas)
    x = put(
      isHelp ? [language("帮助", "help")] : titles(canvas.size), at: Point(x, 0), Style(.titleBar),
      limit: columns - 1, on: &canvas)
    let model = start.model
    let progress = language(
      "已跑 \(runs.count)/\(start.steps) 步", "run: \(runs.count)/\(start.steps)")
    let rights = isMeasured ? [model] : [progress + "  " + model, progress]
    guard
      let right = rights.map({ glyphs.shown($0) }).first(where: {
        x + ScalarWidth.of($0) + 3 <= columns
      })
    else { return }
    canvas.put(right, at: Point(columns - 1 - ScalarWidth.of(right), 0), Style(.titleBarDim))
  }

  private func titles(_ size: Size) -> [String] {
    let steps = drawnSteps(size)
    guard !showsCurves, steps > 0 else {
      return [
        language("增长：越长，差得越多", "growth: the longer, the wider apart"), language("增长", "growth"),
      ]
    }
    let (without, with) = (text(runs[steps - 1].uncached), text(runs[steps - 1].cached))
    return [
      language(
        "增长：同一句话，\(without) 格对 \(with) 格", "growth: the same text, \(without) cells or \(with)"),
      language("增长", "growth"),
    ]
  }

  /// The cells so far, as text.
  func text(_ side: Growth.Side) -> String {
    Quantity.count.text(side.total.cells.map(Double.init) ?? .nan, glyphs)
  }

  // MARK: Keys

  private func drawFooter(on canvas: inout Canvas) {
    let y = canvas.size.rows - 1
    guard y > 0 else { return }
    if let notice {
      put([notice, language("不行", "no")], at: Point(1, y), Style(.selected), on: &canvas)
      return
    }
    var x = 1
    let map = isHelp ? GrowthKeys.help : GrowthKeys.map
    let hints = map.hints(look, columns: canvas.size.columns - x) {
      showsCurves || ($0 != .axes && $0 != .quantity)
    }
    for hint in hints {
      x = canvas.put(" \(hint.name) ", at: Point(x, y), Style(.key)) + 1
      x = canvas.put(hint.label, at: Point(x, y), Style()) + 2
    }
  }

  private func drawHelp(on canvas: inout Canvas) {
    var y = 2
    for row in GrowthKeys.map.rows where y < canvas.size.rows - 1 {
      guard let help = row.help else { continue }
      put([" \(row.name(look)) "], at: Point(2, y), Style(.key), limit: 13, on: &canvas)
      put([help(language)], at: Point(14, y), Style(), on: &canvas)
      y += 1
    }
    for line in about.flatMap({ glyphs.adapted($0).wrapped(to: canvas.size.columns - 4) })
    where y + 1 < canvas.size.rows - 1 {
      y += 1
      put([line], at: Point(2, y), Style(), on: &canvas)
    }
  }

  private var about: [String] {
    [
      language(
        "每一步真的跑两遍，数和秒是那时记下的。格子是第一层一个头的 QKᵀ；FLOP 和字节是整个模型的。",
        "Each step is really run twice, counted and timed then. Cells are QKᵀ of one head of the first layer; FLOP and bytes are those of the whole model."
      ),
      language(
        "虚线没有跑：是过所有实测计数的多项式在更长处的值。时间不推算。",
        "Dashes were not run: they are the polynomial through all counts, at greater lengths. Seconds are not continued."
      ),
    ]
  }
}
