internal import Base
internal import Planner
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
    guard let wanted, !hasFailed else { return planned?.title ?? start.model }
    let (done, all) = (count(wanted), start.passes(batch: wanted))
    return language("已跑 \(done)/\(all) 遍", "run: \(done)/\(all)")
  }

  // MARK: The picture

  private static let sideColumns = 34
  private static let headRows = 3

  private func draw(_ machine: Phases.Machine, on canvas: inout Canvas) {
    let size = canvas.size
    let isBeside = size.columns >= 76
    let below = isBeside ? 0 : min(2, max(0, size.rows - 13))
    let hasBatches = batches.count > 1 && size.rows >= 14
    drawHead(machine, on: &canvas)
    chart(machine).draw(
      in: Area(
        x: 1, y: Self.headRows, columns: size.columns - 2 - (isBeside ? Self.sideColumns : 0),
        rows: max(0, size.rows - Self.headRows - 1 - below - (hasBatches ? 1 : 0))), on: &canvas)
    if hasBatches { drawBatches(y: size.rows - 2, on: &canvas) }
    if isBeside {
      drawSide(machine, x: size.columns - Self.sideColumns + 1, bottom: size.rows - 2, on: &canvas)
    } else {
      let y = size.rows - 1 - below - (hasBatches ? 1 : 0)
      for (index, run) in chosen.prefix(below).enumerated() {
        put(summaries(run, machine), at: Point(1, y + index), Style(role(run)), on: &canvas)
      }
    }
  }

  private func chart(_ machine: Phases.Machine) -> Roofline {
    var chart = Roofline(
      peak: machine.flops, bandwidth: machine.bandwidth, points: points, language: language,
      glyphs: glyphs)
    chart.reach = reach
    return chart
  }

  private func drawHead(_ machine: Phases.Machine, on canvas: inout Canvas) {
    guard canvas.size.rows > 4 else { return }
    let limits =
      Quantity.of("FLOP/s").text(machine.flops, glyphs) + language("，", ", ")
      + Quantity.of("B/s").text(machine.bandwidth, glyphs)
    let name =
      otherMachine == nil ? language("这台机器", "this machine") : machine.name ?? ""
    let source =
      otherMachine == nil
      ? language("极限实测", "limits measured") : language("极限查表", "limits from its table")
    put(
      [name + "  " + limits + "  " + source, name + "  " + limits, name], at: Point(2, 1),
      Style(.heading), on: &canvas)
    put(modelWords, at: Point(2, 2), Style(isTimed ? .text : .prediction), on: &canvas)
  }

  /// Whose passes they are, and whether they were run.
  private var modelWords: [String] {
    let name = planned?.title ?? start.model
    let all =
      isTimed
      ? language("每一遍都跑过，实测", "each pass was run and timed")
      : planned == nil
        ? language("这里跑过、数过；时间是算的", "run and counted here; times are computed")
        : language("FP16，照公式算，没有跑", "FP16, computed, not run")
    return [
      name + language("：", ": ") + all,
      isTimed ? language("实测", "measured") : language("算的", "computed"),
    ]
  }

  // MARK: Points

  private var chosen: [PhaseRun] { [chosenDecode, chosenPrefill].compactMap { $0 } }

  /// Those that are looked at first: their names stand; then the other batches and the other prefills.
  private var points: [Roofline.Point] {
    let others = (trail + allPrefills).filter { !chosen.contains($0) }
    return chosen.map { point($0, isChosen: true) } + others.map { point($0, isChosen: false) }
  }

  /// On this machine at the speed that was measured, on another at the most that it could reach.
  private func point(_ run: PhaseRun, isChosen: Bool) -> Roofline.Point {
    Roofline.Point(
      run.phase == .prefill ? "P\(run.rows)" : "D×\(run.batch)", intensity: run.intensity,
      performance: isTimed ? run.flopsPerSecond : nil,
      role: isChosen ? .prediction : role(run), fits: fits(run))
  }

  private func role(_ run: PhaseRun) -> Role { run.phase == .prefill ? .uncachedBar : .cachedBar }

  // MARK: Batches

  /// All batches in a row, the chosen one lit; in brackets what the machine has no memory for.
  private func drawBatches(y: Int, on canvas: inout Canvas) {
    var x = put([language("批", "batch")], at: Point(2, y), Style(.dim), on: &canvas) + 2
    for size in batches {
      let run = context.flatMap { decode(past: $0, batch: size) }
      let fits = run.map(fits) ?? true
      let text = fits ? "\(size)" : "(\(size))"
      guard x + text.count < canvas.size.columns - 1 else { return }
      let style = size == batch ? Style(.selected, bold: true) : Style(fits ? .text : .dim)
      x = put([text], at: Point(x, y), style, on: &canvas) + 2
    }
    guard otherMachine?.memory != nil, planned != nil else { return }
    put([language("( ) 装不下", "( ) does not fit")], at: Point(x + 1, y), Style(.dim), on: &canvas)
  }
}

extension PhasesState: ToolState {
  mutating func receive(_ findings: Findings) {
    if case .phases(let found) = findings { receive(found) }
  }

  static var keys: KeyMap<PhasesAction> { PhasesKeys.map }

  var about: [String] {
    [
      language(
        "P：prefill，后面是长度；D×：decode，后面是几个请求合成一遍。字节是权重一遍、每个请求的 K 和 V 一遍。小模型留在处理器的缓存里，可以超过内存的极限。",
        "P: prefill and its length; D×: decode and how many sequences share the pass. Bytes are the weights once, K and V of each sequence once. A small model stays in the processor's caches and can pass the limit of memory."
      )
    ]
  }
}
