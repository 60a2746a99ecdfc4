internal import Base
internal import Trace

/// Both runs' FLOPs of each step so far as bars of one scale, each with its count.
struct BarsView {
  let scene: Scene
  let area: Area

  private static let labelColumns = 3
  private static let gap = 2
  /// A run's bar and its count, with a blank before it.
  private var runColumns: Int { (area.columns - Self.labelColumns - Self.gap) / 2 }
  private var barColumns: Int { runColumns - 1 - NumberText.countColumns }

  private func x(of run: Run) -> Int {
    area.x + Self.labelColumns + (run == .uncached ? 0 : runColumns + Self.gap)
  }

  func draw(on canvas: inout Canvas) {
    guard barColumns > 0 else { return }
    drawTitle(on: &canvas)
    let last = scene.step.number
    let steps = scene.state.trace.steps[max(0, last - max(0, area.rows - 1))..<last]
    let largest = steps.reduce(1) { largest, step in
      max(largest, step.uncached.flops ?? 0, step.cached.flops ?? 0)
    }
    for (line, step) in steps.enumerated() {
      draw(step, largest: largest, y: area.y + 1 + line, on: &canvas)
    }
  }

  private func drawTitle(on canvas: inout Canvas) {
    let language = scene.language
    let x = canvas.put(
      language("每步 FLOP  ", "FLOP/step  "), at: Point(area.x, area.y), Style(.dim),
      limit: area.end)
    canvas.put(
      language("不用缓存", "no cache"), at: Point(x, area.y), Style(.uncachedBar), limit: area.end)
    canvas.put(
      language("用 KV 缓存", "KV cache"), at: Point(self.x(of: .cached), area.y), Style(.cachedBar),
      limit: area.end)
  }

  private func draw(_ step: Step, largest: Int, y: Int, on canvas: inout Canvas) {
    let label = TokenLabel.short(
      scene.state.trace.tokens[step.length - 1].text, columns: 2, scene.glyphs)
    canvas.put(label, at: Point(area.x, y), Style(.dim))
    for run in Run.allCases {
      let counted = run == .uncached ? step.uncached : step.cached
      let count =
        step.number == scene.step.number
        ? scene.countersOfStep(run).total : counted.flops
      guard let count else {
        canvas.put(
          scene.glyphs.dash, at: Point(x(of: run), y), Style(.dim), limit: area.end)
        continue
      }
      let end = canvas.put(
        bar(count, of: largest), at: Point(x(of: run), y),
        Style(run == .uncached ? .uncachedBar : .cachedBar))
      canvas.put(" " + NumberText.count(count), at: Point(end, y), Style(.dim), limit: area.end)
    }
  }

  /// A bar in eighths of a column where the glyphs have them; what is not nothing is never drawn as nothing.
  private func bar(_ count: Int, of largest: Int) -> String {
    let exact = Double(count) / Double(largest) * Double(barColumns * 8)
    let eighths = max(count > 0 ? 1 : 0, min(barColumns * 8, Int(exact.rounded())))
    let (whole, rest) = eighths.quotientAndRemainder(dividingBy: 8)
    return String(repeating: scene.glyphs.bar, count: whole)
      + scene.glyphs.barEnd(eighths: rest, isAlone: whole == 0)
  }
}
