internal import Base
internal import Trace
internal import Viz

extension PhasesState {
  /// The frame at a size.
  func view(_ size: Size) -> Canvas {
    var canvas = Canvas(size)
    drawTitle(titles, rights: [right], on: &canvas)
    if isHelp {
      drawHelp(on: &canvas)
    } else if let machine {
      draw(machine, on: &canvas)
    } else {
      put(
        [language("正在测第一遍", "measuring the first pass")], at: Point(2, 2), Style(.dim), on: &canvas)
    }
    drawFooter(on: &canvas)
    return canvas
  }

  private var titles: [String] {
    [
      language("慢在算，还是慢在搬", "waiting for arithmetic, or for memory"),
      language("算还是搬", "roofline"),
    ]
  }

  /// How far the measurement has come, while it goes on; then the model.
  private var right: String {
    isMeasured
      ? start.model
      : language(
        "已跑 \(phases.runs.count)/\(start.passes) 遍", "run: \(phases.runs.count)/\(start.passes)")
  }

  // MARK: The picture

  private static let sideColumns = 34

  private func draw(_ machine: Phases.Machine, on canvas: inout Canvas) {
    let size = canvas.size
    let isBeside = size.columns >= 76
    let lines = isBeside ? 0 : min(2, max(0, size.rows - 12))
    drawMachine(machine, on: &canvas)
    Roofline(
      peak: machine.flops, bandwidth: machine.bandwidth, points: points, language: language,
      glyphs: glyphs
    ).draw(
      in: Area(
        x: 1, y: 3, columns: size.columns - 2 - (isBeside ? Self.sideColumns : 0),
        rows: size.rows - 4 - lines), on: &canvas)
    if isBeside {
      drawSide(machine, x: size.columns - Self.sideColumns + 1, on: &canvas)
    } else {
      for (index, run) in [decode, prefill].compactMap({ $0 }).prefix(lines).enumerated() {
        put(
          [name(run) + "  " + summary(run, machine), name(run)],
          at: Point(1, size.rows - 1 - lines + index), Style(role(run)), on: &canvas)
      }
    }
  }

  private func drawMachine(_ machine: Phases.Machine, on canvas: inout Canvas) {
    guard canvas.size.rows > 4 else { return }
    let limits =
      Quantity.of("FLOP/s").text(machine.flops, glyphs) + language("，", ", ")
      + Quantity.of("B/s").text(machine.bandwidth, glyphs)
    let name =
      machine.name.map { language("\($0)：算的，没有跑", "\($0): computed, not run") }
      ?? language("这台机器：实测", "this machine: measured")
    put([name + "  " + limits, name], at: Point(2, 1), Style(.heading), on: &canvas)
  }

  /// All passes; those that are looked at last, so that their names stand.
  private var points: [Roofline.Point] {
    let chosen = [decode, prefill].compactMap { $0 }
    return chosen.map { point($0, isChosen: true) }
      + phases.runs.filter { !chosen.contains($0) }.map { point($0, isChosen: false) }
  }

  /// On this machine at the speed that was measured, on another at the most that it could reach.
  private func point(_ run: PhaseRun, isChosen: Bool) -> Roofline.Point {
    Roofline.Point(
      (run.phase == .prefill ? "P\(run.rows)" : "D\(run.past)"), intensity: run.intensity,
      performance: place == nil ? Double(run.flops) / run.seconds : nil,
      role: isChosen ? .prediction : role(run))
  }

  private func role(_ run: PhaseRun) -> Role { run.phase == .prefill ? .uncachedBar : .cachedBar }

  private func name(_ run: PhaseRun) -> String {
    run.phase == .prefill
      ? "prefill \(run.rows)" : language("decode，前有 \(run.past)", "decode behind \(run.past)")
  }

  // MARK: Numbers

  private func summary(_ run: PhaseRun, _ machine: Phases.Machine) -> String {
    intensity(run) + " FLOP/B  " + seconds(run, machine) + "  " + waits(run, machine)
  }

  private func intensity(_ run: PhaseRun) -> String { Quantity.count.text(run.intensity, glyphs) }

  private func seconds(_ run: PhaseRun, _ machine: Phases.Machine) -> String {
    Quantity.seconds.text(
      place == nil
        ? run.seconds : run.leastSeconds(flops: machine.flops, bandwidth: machine.bandwidth), glyphs
    )
  }

  private func waits(_ run: PhaseRun, _ machine: Phases.Machine) -> String {
    run.limit(flops: machine.flops, bandwidth: machine.bandwidth) == .memory
      ? language("等内存", "waits for memory") : language("等算术", "waits for compute")
  }

  private func drawSide(_ machine: Phases.Machine, x: Int, on canvas: inout Canvas) {
    var y = 3
    for run in [decode, prefill].compactMap({ $0 }) {
      let rows: [(String, String)] = [
        ("FLOP", Quantity.count.text(Double(run.flops), glyphs)),
        (language("搬权重", "weights"), Quantity.bytes.text(Double(run.weightBytes), glyphs)),
        (language("搬 K、V", "K and V"), Quantity.bytes.text(Double(run.keyValueBytes), glyphs)),
        (language("每字节 FLOP", "FLOP a byte"), intensity(run)),
        (
          place == nil ? language("实测", "measured") : language("至少（算的）", "at least, computed"),
          seconds(run, machine)
        ),
      ]
      guard y + rows.count + 2 < canvas.size.rows else { return }
      put([name(run)], at: Point(x, y), Style(role(run), bold: true), on: &canvas)
      for (index, row) in rows.enumerated() {
        put([row.0], at: Point(x, y + 1 + index), Style(.dim), on: &canvas)
        put(
          [row.1],
          at: Point(canvas.size.columns - 2 - ScalarWidth.of(glyphs.shown(row.1)), y + 1 + index),
          Style(.heading), on: &canvas)
      }
      put([waits(run, machine)], at: Point(x, y + 1 + rows.count), Style(.prediction), on: &canvas)
      y += rows.count + 3
    }
  }
}

extension PhasesState: WorkState {
  static var keys: KeyMap<PhasesAction> { PhasesKeys.map }
  static var helpKeys: KeyMap<PhasesAction> { PhasesKeys.help }

  var about: [String] {
    [
      language(
        "P：prefill，D：decode，后面是长度。每一遍都真的跑了；字节是权重一遍、K 和 V 一遍。小模型留在处理器的缓存里，可以超过内存的极限。",
        "P: prefill, D: decode, with their lengths. Each pass was really run; bytes are the weights once, K and V once. A small model stays in the processor's caches and can pass the limit of memory."
      )
    ]
  }
}
