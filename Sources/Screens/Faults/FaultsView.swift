internal import Base
internal import Trace
internal import Viz

extension FaultsState {
  /// The frame at a size.
  func view(_ size: Size) -> Canvas {
    var canvas = Canvas(size)
    drawTitle(titles, rights: rights, on: &canvas)
    if isHelp {
      drawHelp(on: &canvas)
    } else if let run {
      FaultsTable(self, run, size).draw(on: &canvas)
    } else if !hasFailed {
      put([waiting], at: Point(2, 2), Style(.dim), on: &canvas)
    }
    drawFooter(on: &canvas)
    return canvas
  }

  private var waiting: String {
    let all = Fault.allCases.count + 1
    return round.map {
      language(
        "正在抽题：\(all) 遍里算完了 \($0.runs) 遍", "drawing a round: \($0.runs) of \(all) runs computed")
    } ?? language("正在算第 1 步", "computing step 1")
  }

  private var titles: [String] {
    let name = run?.fault?.title(language)
    let mended = language("没有弄坏：处处相同", "mended: the same everywhere")
    guard let round else {
      let name = fault?.title(language)
      return [
        name.map { language("弄坏缓存：\($0)", "a broken cache: \($0)") } ?? mended, name ?? mended,
      ]
    }
    let number = language("第 \(round.seed) 题", "round \(round.seed)")
    guard isGuessing else { return [number + language("：", ": ") + (name ?? ""), number] }
    return [
      number + language("：缓存哪里坏了？", ": what is wrong with this cache?"), number,
    ]
  }

  private var rights: [String] {
    guard let run else { return [start.model] }
    let all = run.trace.plannedSteps
    let step = language("第 \(step)/\(all) 步", "step \(step)/\(all)")
    let phase = step + " \(glyphs.dot) " + run.steps[self.step - 1].phase.rawValue
    let points =
      score.all == 0
      ? nil : language("猜对 \(score.right)/\(score.all)", "\(score.right) of \(score.all) right")
    guard let points else { return [phase, step] }
    return [points + "   " + phase, points + "   " + step, step]
  }
}

extension FaultsState: ToolState {
  mutating func receive(_ findings: Findings) {
    if case .faults(let found) = findings { receive(found) }
  }

  static var keys: KeyMap<FaultsAction> { FaultsKeys.map }
  var keysNow: KeyMap<FaultsAction> {
    let keys = round == nil ? FaultsKeys.map : isGuessing ? FaultsKeys.round : FaultsKeys.over
    return cell == nil ? keys : FaultsKeys.cell(keys)
  }

  func isOffered(_ action: FaultsAction) -> Bool {
    switch action {
    case .mend: fault != nil
    // Nothing is there to step through yet.
    case .next, .back, .inspect, .giveUp: run != nil
    default: true
    }
  }

  var about: [String] {
    [
      language(
        "两遍都真的跑了：一遍不用缓存，没有错；一遍用缓存，故意弄坏。两遍喂的是同样的词元，是没坏的那遍选的。",
        "Both were really run: one without a cache, which is sound, and one with a cache that is broken on purpose. Both are fed the tokens that the sound one chooses."
      ),
      language(
        "一格是一个词元在一层：两边的 K（或 V）最大差多少；= 是一个比特都不差，<.1 是差得不到 0.05，* 是不小于全程所有步里最大的一半（舍入前比）。! 是错的：位置、字或别的。",
        "A cell is a token in a layer: the largest difference of its K (or V); = where not one bit differs, <.1 where it is below 0.05, * where it is, before rounding, at least half the largest of the whole run. ! marks what is wrong: a position, a character."
      ),
    ] + (round.map { [FaultsWords.seed($0.seed, language)] } ?? [])
  }
}
