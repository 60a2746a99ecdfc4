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
      language("慢在算，还是慢在搬", "waiting for arithmetic, or for bytes"),
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
    let lists = listRows(size)
    drawHead(machine, on: &canvas)
    chart(machine).draw(
      in: Area(
        x: 1, y: Self.headRows, columns: size.columns - 2 - (isBeside ? Self.sideColumns : 0),
        rows: max(0, size.rows - Self.headRows - 1 - below - lists)), on: &canvas)
    if lists > 0 { drawLists(rows: lists, on: &canvas) }
    if isBeside {
      drawSide(
        machine, x: size.columns - Self.sideColumns + 1, bottom: size.rows - 1 - max(1, lists),
        on: &canvas)
    } else {
      drawSummaries(
        Array(chosen.prefix(below)), machine, y: size.rows - 1 - below - lists, on: &canvas)
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
    let measured = language("极限实测", "limits measured")
    let best = language("\(measurements) 次里最好的", "best of \(measurements)")
    let fast = fastest.map {
      language("算力是 \(label($0)) 跑出的", "compute as \(label($0)) had it")
    }
    let sources =
      otherMachine == nil
      ? fast.map { [$0 + language("，带宽是\(best)", ", memory the \(best)"), $0] }
        ?? [measured + language("，", ", ") + best, language("实测\(best)", best + " measured")]
      : [language("极限查表", "limits from its table")]
    put(
      sources.map { name + "  " + limits + "  " + $0 } + [name + "  " + limits, name],
      at: Point(2, 1), Style(.heading), limit: canvas.size.columns - 1, on: &canvas)
    put(
      modelWords, at: Point(2, 2), Style(isTimed ? .text : .prediction),
      limit: canvas.size.columns - 1, on: &canvas)
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
    let whole = name + language("：", ": ") + all
    let chosen = glyphs.chosenPoint
    let less = language(
      "；权重不含词嵌入表，只读其中几行", "; weights less the embedding table, of which a few rows are read")
    let marks = [
      language(
        "   P：prefill 和长度；D×：几个请求一起 decode；\(chosen)：正在看的",
        "   P: prefill, its length   D×: sequences in a decode   \(chosen): looked at"),
      language(
        "   P prefill，D decode，\(chosen) 正在看的", "   P prefill, D decode, \(chosen) looked at"),
    ]
    return (planned == nil || isTimed ? marks : [less]).map { whole + $0 } + [
      whole,
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
      label(run), intensity: run.intensity,
      performance: isTimed ? run.flopsPerSecond : nil,
      role: isChosen ? .prediction : role(run), fits: fits(run), isChosen: isChosen)
  }

  func label(_ run: PhaseRun) -> String {
    run.phase == .prefill ? "P\(run.rows)" : "D×\(run.batch)"
  }

  func role(_ run: PhaseRun) -> Role { run.phase == .prefill ? .uncachedBar : .cachedBar }
}

extension PhasesState: ToolState {
  mutating func receive(_ findings: Findings) {
    if case .phases(let found) = findings { receive(found) }
  }

  static var keys: KeyMap<PhasesAction> { PhasesKeys.map }

  var about: [String] {
    [
      language(
        "P：prefill 和它的长度；D×：decode，几个请求合成一遍；\(glyphs.chosenPoint)：正在看的。",
        "P: prefill, its length. D×: sequences in a decode. \(glyphs.chosenPoint): looked at."),
      language(
        "字节：权重一遍，每个请求的 K、V 一遍。词嵌入只查几行，不算在内，所以比内存规划的权重少一张表。",
        "Bytes: the weights once, K and V of each sequence once; of the embedding a few rows are looked up, so that the planner's weights are larger by that table."
      ),
      language(
        "极限取最好的一次：别的程序只会让它变慢。r 重测。",
        "Limits: the best measured; other programs only slow it. r again."),
      language(
        "高出斜线的点：权重在 CPU 缓存里，不从内存搬。",
        "A point above the slope was read from CPU caches."),
    ]
  }
}
