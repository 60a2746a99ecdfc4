internal import Base
internal import Trace

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
