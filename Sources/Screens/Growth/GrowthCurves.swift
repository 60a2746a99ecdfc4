internal import Base
internal import Trace
internal import Viz

/// Curves of both runs, and what share of the FLOP attention has.
struct GrowthCurves {
  private let state: GrowthState

  init(_ state: GrowthState) { self.state = state }

  private var language: Language { state.language }

  func draw(on canvas: inout Canvas) {
    let size = canvas.size
    let shares = size.rows >= 18 && size.columns >= 44 ? shares : []
    let below = shares.isEmpty ? 0 : shares.count + 2
    let notes = outlook.isEmpty ? reasons : outlook
    let above = size.rows >= 12 && !notes.isEmpty ? 1 : 0
    if above > 0 {
      state.put(
        notes, at: Point(2, 1), Style(.heading), limit: size.columns - 1, on: &canvas)
    }
    chart.draw(
      in: Area(
        x: 1, y: 1 + above, columns: size.columns - 2, rows: size.rows - 2 - above - below),
      on: &canvas)
    if !shares.isEmpty { draw(shares, y: size.rows - 1 - shares.count - 1, on: &canvas) }
  }

  // MARK: Curves

  private typealias Side = KeyPath<Growth.Point, Growth.Side>

  private func values(_ side: Side, _ points: some Sequence<Growth.Point>) -> [Curves.Value] {
    points.compactMap { point in
      state.amount.value(point[keyPath: side].total).map { Curves.Value(Double(point.length), $0) }
    }
  }

  /// The last measured point, and those that are computed behind it.
  private var computed: ArraySlice<Growth.Point> {
    state.growth.points.drop { $0.length < (state.runs.last?.length ?? 0) }
  }

  /// Whether what is computed is drawn: on linear axes what was run would be a speck beside it.
  private var drawsComputed: Bool {
    state.isLogarithmic && values(\.cached, computed).count > 1
  }

  /// Both runs, measured and, on logarithmic axes, computed: names stand at the last end of each.
  var chart: Curves {
    Curves(
      series,
      x: Axis(language("n 个词元", "n tokens"), .count, isLogarithmic: state.isLogarithmic),
      y: Axis(
        state.amount.title(language) + axesWords, state.amount.quantity,
        isLogarithmic: state.isLogarithmic),
      marks: marks, rises: rises, language: language, glyphs: state.glyphs)
  }

  /// Whether both runs have the same numbers at every length: then one curve stands for both.
  private var isOne: Bool {
    let points = state.growth.points
    return points.count > 1 && values(\.uncached, points) == values(\.cached, points)
  }

  /// Why both curves are one.
  private var reasons: [String] {
    guard isOne, state.amount == .bytes else { return [] }
    return [
      language(
        "两种一样：每步都把全部权重和 K、V 读一遍；缓存省的是算，不是读",
        "both alike: a step reads all weights, K and V once; the cache saves arithmetic"),
      language(
        "两种一样：每步都把全部权重和 K、V 读一遍", "both alike: a step reads all weights, K and V once"),
      language("两种一样", "both alike"),
    ]
  }

  /// What of the counts is not continued, and why: the axes reach as far as what there is.
  private var outlook: [String] {
    guard state.isLogarithmic, let last = state.runs.last?.length else { return [] }
    if state.hasFailed {
      return [
        language("跑到 n=\(last) 就停了：更长的没有算", "stopped at n=\(last): nothing is computed beyond"),
        language("停在 n=\(last)", "stopped at n=\(last)"),
      ]
    }
    if state.amount == .seconds {
      return state.willContinue || computed.count > 1
        ? [language("秒只有实测的，不接着算", "seconds are measured, and not continued")] : []
    }
    if state.willContinue {
      return [
        language(
          "还在跑；跑完后由计数接着算到 n=\(state.start.end)（虚线），两轴随之变长",
          "still running; dashes then go on to n=\(state.start.end), computed, and the axes grow"),
        language("还在跑；接着算到 n=\(state.start.end)", "still running, then on to n=\(state.start.end)"),
      ]
    }
    if state.growth.isHeldBack {
      return [
        language(
          "更长的没有算：跑的步数太少（至少 7 步），或计数不成多项式",
          "nothing is computed beyond: fewer than 7 steps were run, or the counts lie on no polynomial"
        ),
        language("更长的没有算：步数太少，或不成多项式", "not continued: too few steps, or no polynomial"),
      ]
    }
    return []
  }

  private var series: [Curves.Series] {
    let names =
      isOne
      ? [language("两种一样", "both alike")]
      : [language("不用缓存", "without"), language("用 KV 缓存", "with the cache")]
    let sides: [Side] = isOne ? [\.cached] : [\.uncached, \.cached]
    let roles: [Role] = isOne ? [.text] : [.uncachedBar, .cachedBar]
    func end(_ points: some Collection<Growth.Point>) -> String? {
      points.reduce(nil) { $1.length }.map { "n=\($0)" }
    }
    let hasMore = drawsComputed
    var series = sides.indices.map { place in
      Curves.Series(
        hasMore ? "" : names[place], roles[place], values(sides[place], state.runs),
        note: end(state.runs))
    }
    guard hasMore else { return series }
    series += sides.indices.map { place in
      Curves.Series(
        names[place] + language("，算的", ", computed"), roles[place],
        values(sides[place], computed), note: end(computed), isDashed: true, goesOn: place)
    }
    return series
  }

  private var axesWords: String {
    if state.isLogarithmic { return language("（两轴取对数）", " (log-log)") }
    return computed.count > 1 ? language("（只画跑过的）", " (what was run)") : ""
  }

  /// The step that one is at, on both curves; then where what was run ends, if the curves go on.
  private var marks: [Curves.Mark] {
    guard state.step > 0, let last = state.runs.last else { return [] }
    let point = state.runs[state.step - 1]
    let isEndNamed = point == last || !drawsComputed
    // A point on a curve is the curve's: where a ground is light, what one has picked is as blue as the cached run.
    let roles: [Role] = isOne ? [.text, .text] : [.uncachedBar, .cachedBar]
    let marks = self.marks(at: point, roles)
    return marks + (isEndNamed ? [] : self.marks(at: last, roles))
  }

  private func marks(at point: Growth.Point, _ roles: [Role]) -> [Curves.Mark] {
    func mark(_ side: Side, _ name: String, _ role: Role) -> Curves.Mark? {
      state.amount.value(point[keyPath: side].total).map { value in
        Curves.Mark(
          Curves.Value(Double(point.length), value),
          name + state.amount.quantity.text(value, state.glyphs), role)
      }
    }
    let upper = mark(\.uncached, "n=\(point.length) ", roles[0])
    return [upper, isOne ? nil : mark(\.cached, "", roles[1])].compactMap { $0 }
  }

  /// The growth from the longest length whose tenfold was run too, or as much of a factor of ten as was run, with measured
  /// factors.
  private var rises: [Curves.Rise] {
    guard state.isLogarithmic, let (from, to) = decade else { return [] }
    let up = state.amount.unit(language)
    let isTenfold = state.runs[to].length == 10 * state.runs[from].length
    // On small screens the numbers of the points come first.
    let across = isTenfold && state.size.columns >= 76 ? "n \(state.glyphs.times) 10:" : "n"
    return (isOne ? [true] : [true, false]).enumerated().map { place, isAbove in
      Curves.Rise(series: place, from: from, to: to, isAbove: isAbove, across: across, up: up)
    }
  }

  /// Places of two runs, the later of ten times the length where there is one.
  private var decade: (from: Int, to: Int)? {
    let runs = state.runs
    guard let last = runs.last?.length else { return nil }
    for (from, run) in runs.enumerated().reversed() where 10 * run.length <= last {
      if let to = runs.firstIndex(where: { $0.length == 10 * run.length }) { return (from, to) }
    }
    return runs.firstIndex { 10 * $0.length >= last }.map { ($0, runs.count - 1) }
  }

  // MARK: Shares

  /// A length, and what of the FLOP so far attention takes there.
  private struct Share {
    let length: Int
    let isComputed: Bool
    let value: Double
  }

  private var shares: [Share] {
    let runs = state.runs
    let points = [
      state.step > 0 ? runs[state.step - 1] : nil, runs.last,
      state.growth.points.last { $0.source == .computed },
    ].compactMap { $0 }
    var shares: [Share] = []
    for point in points where shares.last.map({ $0.length < point.length }) ?? true {
      let total = point.uncached.total
      guard let attention = total.attentionFlops, let all = total.flops, all > 0 else { continue }
      shares.append(
        Share(
          length: point.length, isComputed: point.source == .computed,
          value: Double(attention) / Double(all)))
    }
    return shares
  }

  private func draw(_ shares: [Share], y: Int, on canvas: inout Canvas) {
    let glyphs = state.glyphs
    state.put(
      [
        language(
          "不用缓存的全部 FLOP：\(glyphs.bar) 注意力 \(glyphs.notNeeded) 投影、MLP 和输出",
          "all FLOP without the cache: \(glyphs.bar) attention \(glyphs.notNeeded) projections, MLP, head"
        ),
        language("FLOP：\(glyphs.bar) 注意力", "FLOP: \(glyphs.bar) attention"),
      ], at: Point(2, y), Style(.uncachedBar), on: &canvas)
    let columns = min(60, canvas.size.columns - 32)
    for (index, share) in shares.enumerated() {
      let row = y + 1 + index
      let label = "n = \(share.length)"
      state.put([label], at: Point(2, row), Style(.dim), limit: 13, on: &canvas)
      let filled = (share.value * Double(columns)).whole(in: 0...columns) ?? 0
      var x = canvas.put(
        String(repeating: glyphs.bar, count: filled), at: Point(13, row), Style(.uncachedBar))
      x = canvas.put(
        String(repeating: glyphs.notNeeded, count: columns - filled), at: Point(x, row), Style(.dim)
      )
      x = state.put(
        [Self.percent(share.value)], at: Point(x + 1, row), Style(.heading), on: &canvas)
      if share.isComputed {
        state.put([language("算的", "computed")], at: Point(x + 1, row), Style(.dim), on: &canvas)
      }
    }
  }

  /// A share in tenths of a percent.
  static func percent(_ share: Double) -> String {
    let tenths = (share * 1000).whole(in: 0...1000) ?? 0
    return "\(tenths / 10).\(tenths % 10) %"
  }
}
