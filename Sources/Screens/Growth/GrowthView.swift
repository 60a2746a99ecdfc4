internal import Base
internal import Trace
internal import Viz

extension GrowthState {
  /// The frame at a size.
  func view(_ size: Size) -> Canvas {
    var canvas = Canvas(size)
    drawTitle(titles(size), rights: rights, on: &canvas)
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

  /// The steps that are drawn at a size.
  func drawnSteps(_ size: Size) -> Int {
    showsCurves ? step : min(step, SquaresLayout.most(size, runs))
  }

  /// How far the measurement has come, while it goes on, and the model.
  private var rights: [String] {
    let progress = language(
      "已跑 \(runs.count)/\(start.steps) 步", "run: \(runs.count)/\(start.steps)")
    return isMeasured ? [start.model] : [progress + "  " + start.model, progress]
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
}

extension GrowthState: ToolState {
  mutating func receive(_ findings: Findings) {
    if case .growth(let found) = findings { receive(found) }
  }

  static var keys: KeyMap<GrowthAction> { GrowthKeys.map }

  func isOffered(_ action: GrowthAction) -> Bool {
    showsCurves || (action != .axes && action != .quantity)
  }

  var about: [String] {
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
