internal import Base
internal import Trace
internal import Viz

extension PoliciesState {
  /// The frame at a size.
  func view(_ size: Size) -> Canvas {
    var canvas = Canvas(size)
    drawTitle(
      PolicyWords(policy: policy, language: language).titles(budget: numbers.budget),
      rights: rights, on: &canvas)
    if isHelp {
      drawHelp(on: &canvas)
    } else if runs.isEmpty {
      put([computing], at: Point(2, 2), Style(.dim), on: &canvas)
    } else {
      drawPicture(on: &canvas)
    }
    drawFooter(on: &canvas)
    return canvas
  }

  private var computing: String {
    language("正在读模型，算第一步", "reading the model, computing the first step")
  }

  /// Where one is; while it is computed, how far that has come.
  private var rights: [String] {
    guard let run, step > 0 else { return [] }
    let name = run.trace.model.name
    let place =
      (isPlaying ? glyphs.playing + " " : "")
      + language("第 \(step)/\(run.plannedSteps) 步", "step \(step)/\(run.plannedSteps)")
    let model = run.trace.model
    let shared = model.kvHeads < model.heads ? " (K\(model.kvHead(of: head) + 1))" : ""
    let head =
      language("层 \(layer + 1) 头 \(head + 1)", "layer \(layer + 1) head \(head + 1)") + shared
    let dot = " \(glyphs.dot) "
    var all = [name + dot + head + dot + place, head + dot + place, place]
    if !run.isComplete {
      let far = language(
        "已算 \(run.steps.count)/\(run.plannedSteps) 步",
        "computed \(run.steps.count)/\(run.plannedSteps)")
      all = all.dropLast().map { far + dot + $0 } + all
    }
    return all
  }

  private func drawPicture(on canvas: inout Canvas) {
    let panes = [PolicyPane(self, isCompanion: false), PolicyPane(self, isCompanion: true)]
    let compared = companion == .full ? Array(panes.prefix(1)) : panes
    let kinds = panes.map { PolicyKind($0.policy) }
    let extras = PolicyExtra.of(kinds, rows: canvas.size.rows)
    let layout = PoliciesLayout(
      canvas.size, longest: longest, lines: compared.count + 1, extras: extras.count)
    drawDivider(layout, on: &canvas)
    for (index, area) in layout.panes.enumerated() {
      PolicyPaneView(
        pane: panes[index], state: self, layout: layout, area: area, extras: extras,
        isChosen: index == 0, others: panes
      ).draw(on: &canvas)
    }
    let columns = canvas.size.columns - 2
    guard layout.tableY > 2 else { return }
    if let y = layout.legendY {
      put(legends(panes, layout), at: Point(1, y), Style(.dim), limit: columns, on: &canvas)
    }
    if cell == nil {
      PolicyTable(
        state: self, panes: compared, columns: columns, hasHead: layout.hasTableHead
      ).draw(at: Point(1, layout.tableY), on: &canvas)
    } else {
      let view = PolicyCellView(state: self, panes: compared, columns: columns)
      let room = layout.barsY - layout.tableY
      // Where the numbers of a cell do not fit above the bars, they stand in their place.
      let takesBars = room < view.lines
      view.draw(
        at: Point(1, layout.tableY), lines: takesBars ? room + layout.bars : room, on: &canvas)
      if takesBars { return }
    }
    PolicyBars(state: self, panes: compared, columns: columns)
      .draw(at: Point(1, layout.barsY), lines: layout.bars, on: &canvas)
  }

  /// What the signs of the picture are, the longest wording first.
  private func legends(_ panes: [PolicyPane], _ layout: PoliciesLayout) -> [String] {
    let isCoarse = panes.contains { PolicyKind($0.policy).isFormat }
    let drops = panes.contains { PolicyKind($0.policy).isRetention }
    let read = isCoarse ? language(" 读到原数", " read exactly") : language(" 读缓存", " from the cache")
    var signs = [glyphs.read + read]
    if drops { signs.append("- " + language("已丢", "dropped")) }
    if isCoarse { signs.append(PolicyExtra.quantised + language(" 位数更少", " in fewer bits")) }
    signs.append(glyphs.computed + language(" 新来的", " new"))
    var (extra, brief): ([String], [String]) = ([], [])
    if panes.contains(where: { PolicyKind($0.policy) == .h2o }) {
      extra = [PolicyExtra.sums.name(glyphs) + language(" 到此共得的权重", " weights so far")]
    } else if isCoarse {
      extra = [glyphs.delta + language(" 差多少，占最大的十分之几", " how far off, tenths of the largest")]
    }
    if isCoarse {
      brief = [glyphs.delta + language(" 最大的十分之几", " tenths of the largest")]
    }
    let weights = language("末行：权重", "last row: weights")
    let tenths = language(
      "，十分之几，\(glyphs.slight) 不足二十分之一", " in tenths, \(glyphs.slight) below a twentieth")
    let whole = layout.cellColumns < 4 ? weights + tenths : weights
    let short = layout.cellColumns < 4 ? weights + language("，十分之几", ", tenths") : weights
    let endings: [[String]] = [
      extra + [whole], extra + [short], brief + [short], brief + [weights], [whole], [weights], [],
    ]
    return endings.map { (signs + $0).joined(separator: "   ") }
  }

  private func drawDivider(_ layout: PoliciesLayout, on canvas: inout Canvas) {
    guard layout.panes.count == 2, let area = layout.panes.first else { return }
    for y in area.y..<area.y + area.rows {
      canvas.put(glyphs.divider, at: Point(area.end, y), Style(.dim))
    }
  }
}

extension PoliciesState: ToolState {
  mutating func receive(_ findings: Findings) {
    if case .policies(let found) = findings { take(found) }
  }

  static var keys: KeyMap<PoliciesAction> { PoliciesKeys.map }
  var keysNow: KeyMap<PoliciesAction> {
    isPlaying ? PoliciesKeys.playing : cell == nil ? PoliciesKeys.map : PoliciesKeys.cell
  }

  var about: [String] {
    [
      language(
        "同一段文字走两遍，一遍用这种缓存，一遍全部留着；喂入的字相同，由完整缓存选。= 读缓存，- 已丢，q 位数更少，+ 新来的；最下一行是最新查询的权重，写十分之几（' 不足二十分之一）。",
        "One text, run with this cache and with the full one, which chooses the tokens. = read from the cache, - dropped, q in fewer bits, + new; the last row are the newest query's weights, in tenths (' is less than a twentieth)."
      ),
      language(
        "位数更少时：int8 每个词元一来就压；fp8 先读原数，缩放由提示词定（逐字走时由前 8 个），此后全压；kivi 最近 16 个读原数，更旧的 V 逐个压，K 满 16 个一组才压。",
        "In fewer bits: int8 rounds each token at once; fp8 reads exactly until the prompt (of a text, the first 8 tokens) has set its scale, then rounds all; kivi leaves the newest 16 exact, rounds older V one by one, and K once 16 fill a group."
      ),
      language(
        "丢掉的注意力：完整缓存里，这个头看向已丢位置的权重之和。一个头丢得再多，下一个字也可能几乎不变：后果看 KL。KL：下一个字的概率离完整缓存多远（nat）；每步一个记号：\(glyphs.notNeeded) 不到 0.01，- 不到 0.1，+ 不到 1，# 更大。ΔK、ΔV：存下的离算出的最多差多少，一行里写占最大的十分之几。\(PolicyExtra.sums.name(glyphs))：到此为止所有查询给的权重之和。",
        "Attention lost: what this head of the full cache looks at and the policy has dropped. A head can lose much while the next token hardly changes: KL says what it came to. KL: how far the next token's probabilities are from the full cache's, in nats; one mark per step: \(glyphs.notNeeded) below 0.01, - below 0.1, + below 1, # more. ΔK, ΔV: how far off what was stored is at most, in tenths of the largest. \(PolicyExtra.sums.name(glyphs)): the weights that all queries so far gave."
      ),
    ]
  }
}
