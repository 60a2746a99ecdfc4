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
        ? language("decode，前文 \(run.past)", "decode, context \(run.past)")
        : language(
          "decode \(requests) 个请求，前文各 \(run.past)",
          "decode of \(requests), context \(run.past) each"),
      label(run),
    ]
  }

  /// Passes in a line each, in the longest wording that fits for all: what is said of one is said of the others too.
  func drawSummaries(_ runs: [PhaseRun], _ machine: Phases.Machine, y: Int, on canvas: inout Canvas)
  {
    let lines = runs.map { summaries($0, machine) }
    let fitting = (lines.first ?? []).indices.first { form in
      lines.allSatisfy { ScalarWidth.of(glyphs.shown($0[form])) <= canvas.size.columns - 2 }
    }
    guard let fitting else { return }
    for (index, run) in runs.enumerated() {
      put([lines[index][fitting]], at: Point(1, y + index), Style(role(run)), on: &canvas)
    }
  }

  /// A pass in a line, the longest first.
  private func summaries(_ run: PhaseRun, _ machine: Phases.Machine) -> [String] {
    let amounts = "  " + intensity(run) + " FLOP/B  " + secondsText(run)
    let (long, brief) = (name(run)[0], briefName(run))
    let verdict = "  " + limit(run, machine)
    return [
      long + amounts + verdict + (cached(run, machine).map { "  " + $0 } ?? ""),
      long + amounts + verdict, brief + amounts + verdict, brief + amounts, long, brief,
    ]
  }

  private func briefName(_ run: PhaseRun) -> String {
    run.phase == .prefill
      ? label(run) : language("\(label(run))，前文 \(run.past)", "\(label(run)), context \(run.past)")
  }

  private func intensity(_ run: PhaseRun) -> String { Quantity.count.text(run.intensity, glyphs) }

  private func secondsText(_ run: PhaseRun) -> String {
    seconds(run).map { Quantity.seconds.text($0, glyphs) } ?? glyphs.dash
  }

  /// What the pass waits for, by its side of the ridge, wherever its bytes lie.
  private func limit(_ run: PhaseRun, _ machine: Phases.Machine) -> String {
    run.limit(flops: machine.flops, bandwidth: machine.bandwidth) == .memory
      ? language("等搬运", "waits for bytes") : language("等算术", "waits for compute")
  }

  /// Where the bytes of a pass lie that was run here and had them faster than memory gives them; nil of any other.
  private func cached(_ run: PhaseRun, _ machine: Phases.Machine) -> String? {
    guard isTimed, run.timesMemory(bandwidth: machine.bandwidth) != nil else { return nil }
    let bytes = Quantity.bytes.text(Double(run.bytes), glyphs)
    return language("\(bytes) 在 CPU 缓存里", "its \(bytes) lie in CPU caches")
  }

  /// What a pass waits for, and where its bytes lie: in two lines where there is room, or in one.
  private func verdict(
    _ run: PhaseRun, _ machine: Phases.Machine, isTall: Bool
  ) -> [[String]] {
    let limit = limit(run, machine)
    guard let cached = cached(run, machine) else { return [[limit]] }
    guard !isTall else { return [[limit], [cached]] }
    return [
      [
        limit + language("：", ": ") + cached,
        limit + language("（在 CPU 缓存里）", " (in CPU caches)"), limit,
      ]
    ]
  }

  /// Decode above prefill: of each as many rows as leave room for both.
  func drawSide(_ machine: Phases.Machine, x: Int, bottom: Int, on canvas: inout Canvas) {
    var y = 3
    // Beside the rows each has its name and its limit, and there is a blank between them.
    let most = (bottom - y - 1) / 2 - 2
    let isTall = bottom - y > 24
    for run in [chosenDecode, chosenPrefill].compactMap({ $0 }) {
      let verdict = verdict(run, machine, isTall: isTall)
      let rows = rows(run, machine, most: max(Self.fewestRows, most))
      guard y + rows.count < bottom || y == 3 else { return }
      put(name(run), at: Point(x, y), Style(.heading, bold: true), on: &canvas)
      for (index, row) in rows.enumerated() where y + 1 + index < bottom {
        draw(row, x: x, y: y + 1 + index, on: &canvas)
      }
      for (index, words) in verdict.enumerated() where y + 1 + rows.count + index < bottom {
        put(words, at: Point(x, y + 1 + rows.count + index), Style(.prediction), on: &canvas)
      }
      y += rows.count + verdict.count + (bottom - 3 > 2 * (rows.count + 2) ? 2 : 1)
    }
    drawAll(machine, x: x, y: y + 1, bottom: bottom, on: &canvas)
  }

  /// Every pass of the picture in a line, where there is room for all of them.
  private func drawAll(
    _ machine: Phases.Machine, x: Int, y: Int, bottom: Int, on canvas: inout Canvas
  ) {
    let runs = trail + allPrefills
    guard y + 1 + runs.count < bottom else { return }
    let chosen = [chosenDecode, chosenPrefill].compactMap { $0 }
    drawLine(
      [
        language("图里的", "all"), "FLOP/B", language("一遍", "a pass"),
        language("用上", "in use"),
      ], x: x, y: y, [Style(.dim), Style(.dim)], on: &canvas)
    for (index, run) in runs.enumerated() {
      let isChosen = chosen.contains(run)
      let name = fits(run) ? label(run) : "(" + label(run) + ")"
      drawLine(
        [
          name, intensity(run), secondsText(run),
          seconds(run).map { share(Double(run.flops) / $0 / machine.flops) } ?? glyphs.dash,
        ], x: x, y: y + 1 + index,
        [
          Style(isChosen ? .prediction : fits(run) ? role(run) : .dim, bold: isChosen),
          Style(isChosen ? .prediction : .heading),
        ], on: &canvas)
    }
  }

  /// A name, and numbers that end below one another.
  private func drawLine(
    _ texts: [String], x: Int, y: Int, _ styles: [Style], on canvas: inout Canvas
  ) {
    put([texts[0]], at: Point(x, y), styles[0], on: &canvas)
    var end = canvas.size.columns - 2
    for (text, columns) in zip(texts.dropFirst().reversed(), [8, 9, 0]) {
      put(
        [text], at: Point(end - ScalarWidth.of(glyphs.shown(text)), y), styles[1], on: &canvas)
      end -= columns
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
    for names in dispensable(run) where rows.count > most {
      rows.removeAll { names.contains($0.0) }
    }
    return rows
  }

  /// Rows that follow from others, those first that are left out first.
  private func dispensable(_ run: PhaseRun) -> [[String]] {
    // Where seconds are computed, bytes a second follow from the limits above.
    (isTimed ? [] : [[language("每秒搬", "bytes per second")]]) + [
      [language("每秒词元", "tokens per second")],
      [language("不用缓存，这一步", "without a cache"), sameBytes(run)], ["FLOP"],
      [language("搬权重", "weights")], [language("搬 K、V", "K and V")],
    ]
  }

  private func rows(_ run: PhaseRun, _ machine: Phases.Machine) -> [(String, String)] {
    let seconds = seconds(run)
    var rows: [(String, String)] = [
      ("FLOP", Quantity.count.text(Double(run.flops), glyphs)),
      (language("搬权重", "weights"), Quantity.bytes.text(Double(run.weightBytes), glyphs)),
      (language("搬 K、V", "K and V"), Quantity.bytes.text(Double(run.keyValueBytes), glyphs)),
      (language("每字节 FLOP", "FLOP per byte"), intensity(run)),
      (
        isTimed ? language("一遍，实测", "a pass, measured") : language("一遍，至少", "a pass, at least"),
        secondsText(run)
      ),
      (
        language("每秒搬", "bytes per second"),
        seconds.map { Quantity.of("B/s").text(Double(run.bytes) / $0, glyphs) } ?? glyphs.dash
      ),
      (
        language("每秒词元", "tokens per second"),
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
      if waitsAlike(run, uncached, machine) { rows.append((sameBytes(run), "")) }
    }
    return rows
  }

  /// Whether both passes wait for bytes, and for as many: where seconds are computed they take the same then.
  private func waitsAlike(_ run: PhaseRun, _ other: PhaseRun, _ machine: Phases.Machine) -> Bool {
    !isTimed && run.bytes == other.bytes
      && [run, other].allSatisfy {
        $0.limit(flops: machine.flops, bandwidth: machine.bandwidth) == .memory
      }
  }

  /// Why a step takes the same without a cache.
  private func sameBytes(_ run: PhaseRun) -> String {
    run.weightBytes > run.keyValueBytes
      ? language("两边搬的一样多，多半是权重", "same bytes read, mostly weights")
      : language("两边搬的一样多", "same bytes read")
  }

  private func share(_ part: Double) -> String {
    Quantity.count.text((part * 1000).rounded() / 10, glyphs) + " %"
  }
}
