internal import Base
internal import Trace
internal import Viz

/// The numbers of the passes that are looked at.
extension PhasesState {
  private func name(_ run: PhaseRun) -> [String] {
    if run.phase == .prefill {
      return [language("prefill \(run.rows) 个词元", "prefill of \(run.rows)"), label(run)]
    }
    let requests = run.batch
    return [
      requests == 1
        ? language("decode，前有 \(run.past)", "decode behind \(run.past)")
        : language(
          "decode \(requests) 个请求，各有 \(run.past)", "decode of \(requests), each behind \(run.past)"),
      label(run),
    ]
  }

  /// A pass in a line, the longest that fits first.
  func summaries(_ run: PhaseRun, _ machine: Phases.Machine) -> [String] {
    let amounts = intensity(run) + " FLOP/B  " + secondsText(run)
    return [
      name(run)[0] + "  " + amounts + "  " + limit(run, machine), name(run)[0] + "  " + amounts,
      name(run)[1] + "  " + amounts, name(run)[0], name(run)[1],
    ]
  }

  private func intensity(_ run: PhaseRun) -> String { Quantity.count.text(run.intensity, glyphs) }

  private func secondsText(_ run: PhaseRun) -> String {
    seconds(run).map { Quantity.seconds.text($0, glyphs) } ?? glyphs.dash
  }

  private func limit(_ run: PhaseRun, _ machine: Phases.Machine) -> String {
    if timesMemory(run, machine) != nil {
      return language("不等内存：在 CPU 缓存里", "not memory: in CPU caches")
    }
    return run.limit(flops: machine.flops, bandwidth: machine.bandwidth) == .memory
      ? language("等内存", "waits for memory") : language("等算术", "waits for compute")
  }

  /// How much faster than memory a pass read that was run here.
  private func timesMemory(_ run: PhaseRun, _ machine: Phases.Machine) -> Double? {
    isTimed ? run.timesMemory(bandwidth: machine.bandwidth) : nil
  }

  /// Decode above prefill: of each as many rows as leave room for both.
  func drawSide(_ machine: Phases.Machine, x: Int, bottom: Int, on canvas: inout Canvas) {
    var y = 3
    // Beside the rows each has its name and its limit, and there is a blank between them.
    let most = (bottom - y - 1) / 2 - 2
    for run in [chosenDecode, chosenPrefill].compactMap({ $0 }) {
      let rows = rows(run, machine, most: max(Self.fewestRows, most))
      let hasLimit = y + rows.count + 1 < bottom
      guard y + rows.count < bottom || y == 3 else { return }
      put(name(run), at: Point(x, y), Style(.heading, bold: true), on: &canvas)
      for (index, row) in rows.enumerated() where y + 1 + index < bottom {
        draw(row, x: x, y: y + 1 + index, on: &canvas)
      }
      if hasLimit {
        put(
          [limit(run, machine)], at: Point(x, y + 1 + rows.count), Style(.prediction), on: &canvas)
      }
      y += rows.count + (bottom - 3 > 2 * (rows.count + 2) ? 3 : 2)
    }
  }

  private func draw(_ row: (String, String), x: Int, y: Int, on canvas: inout Canvas) {
    put([row.0], at: Point(x, y), Style(.dim), on: &canvas)
    put(
      [row.1], at: Point(canvas.size.columns - 2 - ScalarWidth.of(glyphs.shown(row.1)), y),
      Style(.heading), on: &canvas)
  }

  /// Below that one pass is shown whole rather than two in part.
  private static let fewestRows = 4

  private func rows(
    _ run: PhaseRun, _ machine: Phases.Machine, most: Int
  ) -> [(String, String)] {
    var rows = rows(run, machine)
    for name in dispensable where rows.count > most { rows.removeAll { $0.0 == name } }
    return rows
  }

  /// Rows that follow from others, those first that are left out first.
  private var dispensable: [String] {
    [
      language("每秒词元", "tokens a second"), language("不用缓存，这一步", "without a cache"), "FLOP",
      language("搬权重", "weights"), language("搬 K、V", "K and V"),
    ]
  }

  private func rows(_ run: PhaseRun, _ machine: Phases.Machine) -> [(String, String)] {
    let seconds = seconds(run)
    var rows: [(String, String)] = [
      ("FLOP", Quantity.count.text(Double(run.flops), glyphs)),
      (language("搬权重", "weights"), Quantity.bytes.text(Double(run.weightBytes), glyphs)),
      (language("搬 K、V", "K and V"), Quantity.bytes.text(Double(run.keyValueBytes), glyphs)),
      (language("每字节 FLOP", "FLOP a byte"), intensity(run)),
      (
        isTimed ? language("一遍，实测", "a pass, measured") : language("一遍，至少", "a pass, at least"),
        secondsText(run)
      ),
      (
        language("每秒搬", "bytes a second"),
        seconds.map { Quantity.of("B/s").text(Double(run.bytes) / $0, glyphs) } ?? glyphs.dash
      ),
      (
        language("每秒词元", "tokens a second"),
        seconds.map { Quantity.count.text(Double(run.batch * run.rows) / $0, glyphs) }
          ?? glyphs.dash
      ),
      (
        language("算术用上", "arithmetic in use"),
        seconds.map { share(Double(run.flops) / $0 / machine.flops) } ?? glyphs.dash
      ),
    ]
    if run.phase == .decode, let uncached = withoutCache {
      rows.append((language("不用缓存，这一步", "without a cache"), secondsText(uncached)))
    }
    return rows
  }

  private func share(_ part: Double) -> String {
    Quantity.count.text((part * 1000).rounded() / 10, glyphs) + " %"
  }
}
