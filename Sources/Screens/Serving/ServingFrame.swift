internal import Base
internal import Trace
internal import Viz

/// How the frame is divided: the timeline first, then the pool, then what the numbers come to.
struct ServingFrame {
  let state: ServingState
  let board: ServingBoard
  let step: ServingStep
  let size: Size
  let labels: ServingLabels

  init(_ state: ServingState, _ board: ServingBoard, _ step: ServingStep, _ size: Size) {
    (self.state, self.board, self.step, self.size) = (state, board, step, size)
    labels = ServingLabels(glyphs: state.glyphs)
  }

  var language: Language { state.language }
  var margin: Int { size.columns >= 70 ? 2 : 1 }
  var columns: Int { max(1, size.columns - 2 * margin) }
  /// Rows between title and footer.
  private var room: Int { max(0, size.rows - 2) }
  var trace: ServingTrace { board.trace }

  // MARK: Dividing

  /// A way to divide the rows, from the roomiest to the one with the timeline alone.
  private struct Plan {
    /// Rows of a request, and blank ones behind it.
    let height: Int
    let gap: Int
    let forms: ArraySlice<PoolLayout.Form>
    /// Whether only the chosen request's blocks are drawn.
    var isOwn = false
    /// Blank rows, a legend, and lines of what it comes to.
    let gaps: Int
    let legend: Int
    let lines: Int

    private static let forms = PoolLayout.Form.all
    static let all: [Plan] = [
      Plan(height: 3, gap: 1, forms: forms[0..<3], gaps: 3, legend: 1, lines: 5),
      Plan(height: 2, gap: 1, forms: forms[0..<4], gaps: 3, legend: 1, lines: 5),
      Plan(height: 1, gap: 1, forms: forms[0..<6], gaps: 3, legend: 1, lines: 5),
      Plan(height: 1, gap: 0, forms: forms[3..<6], gaps: 2, legend: 1, lines: 4),
      Plan(height: 1, gap: 0, forms: forms[5..<7], gaps: 1, legend: 0, lines: 2),
      Plan(height: 1, gap: 0, forms: forms[7...], gaps: 0, legend: 0, lines: 2),
      Plan(height: 1, gap: 0, forms: forms[7...], gaps: 0, legend: 0, lines: 1),
      Plan(height: 1, gap: 0, forms: forms[5..<7], isOwn: true, gaps: 0, legend: 0, lines: 2),
      Plan(height: 1, gap: 0, forms: forms[5...], isOwn: true, gaps: 0, legend: 0, lines: 1),
      Plan(height: 1, gap: 0, forms: forms[5...], isOwn: true, gaps: 0, legend: 0, lines: 0),
    ]
  }

  /// The plan, what it needs, and the rows that it leaves.
  private struct Fit {
    let plan: Plan
    let timeline: TimelineLayout
    let pool: PoolLayout
    let rest: Int
  }

  private var fit: Fit? {
    for plan in Plan.all {
      // Of many requests some are shown, so that the pool has room.
      let timeline = TimelineLayout(
        state, columns: columns, mostRows: max(4, room * 3 / 5), height: plan.height, gap: plan.gap)
      guard timeline.requests.count == trace.requests || plan.gap == 0 else { continue }
      let others = timeline.rows + 1 + plan.gaps + plan.legend + plan.lines
      let pool = PoolLayout.fitting(
        count: plan.isOwn ? ownMost : trace.blocks, blockSize: trace.blockSize,
        number: trace.blocks, columns: poolColumns, rows: room - others, forms: Array(plan.forms))
      if let pool {
        return Fit(plan: plan, timeline: timeline, pool: pool, rest: room - others - pool.rows)
      }
    }
    return nil
  }

  /// The most blocks that a request holds in any step.
  private var ownMost: Int {
    trace.steps.flatMap { $0.requests.map(\.blocks.count) }.max() ?? 1
  }

  /// Columns of the pool, where tables stand beside it.
  private var poolColumns: Int { hasTables ? columns * 3 / 5 : columns }
  private var hasTables: Bool { columns >= 96 }

  // MARK: Drawing

  func draw(on canvas: inout Canvas) {
    guard let fit else { return drawTimelineAlone(on: &canvas) }
    var (y, rest, timeline) = (1, fit.rest, fit.timeline)
    // What the signs are comes before blank rows.
    let legend = fit.plan.legend > 0 || fit.plan.isOwn || rest < 1 ? fit.plan.legend : 1
    rest -= legend - fit.plan.legend
    // It must not be taken for the pool's last row.
    let gapBeforeLegend = legend > 0 && fit.plan.gaps < 2 && rest > 0
    if gapBeforeLegend { rest -= 1 }
    // A second view of the same numbers, where there is much room.
    if fit.plan.gaps >= 3, rest >= 5, !timeline.isNarrow {
      timeline.barRows = min(8, rest - 1)
      rest -= timeline.barRows
    }
    /// A blank row, where there are any left.
    func skip(_ planned: Int) -> Int {
      if fit.plan.gaps >= planned { return 1 }
      guard rest > 0 else { return 0 }
      rest -= 1
      return 1
    }
    y += skip(9)
    ServingTimeline(state, timeline).draw(
      at: Point(margin, y), limit: margin + columns,
      notes: fit.pool.form.hasHead ? [] : ServingPool(state, step).markWords, on: &canvas)
    y += timeline.rows + skip(1)
    drawPool(fit, y: y, hasLegend: legend > 0, on: &canvas)
    let height = 1 + fit.pool.rows
    y += height
    if legend > 0 {
      y += gapBeforeLegend ? 1 : skip(2)
      ServingPool(state, step).drawLegend(
        at: Point(margin, y), limit: margin + columns, on: &canvas)
      y += 1
    }
    y += skip(3)
    // Words do not touch the keys, where there is room.
    drawLines(
      y: y, rows: size.rows - 1 - y - (fit.plan.gaps > 1 ? 1 : 0), on: &canvas)
  }

  private func drawTimelineAlone(on canvas: inout Canvas) {
    guard room > 3 else {
      let words = "\(labels.name(state.request)): \(step.number)"
      return _ = state.put([words], at: Point(0, 1), Style(), on: &canvas)
    }
    let layout = TimelineLayout(state, columns: columns, mostRows: room, height: 1, gap: 0)
    guard layout.labelColumns + layout.cell <= columns else { return }
    ServingTimeline(state, layout).draw(at: Point(margin, 1), limit: margin + columns, on: &canvas)
    let y = 1 + layout.rows
    drawLines(y: y, rows: size.rows - 1 - y, on: &canvas)
  }

  private func drawPool(_ fit: Fit, y: Int, hasLegend: Bool, on canvas: inout Canvas) {
    let pool = ServingPool(state, step)
    let isOwn = fit.plan.isOwn
    let own = step.requests.first { $0.request == state.request }?.blocks ?? []
    drawPoolHead(
      own: isOwn ? own.count : nil, hasLegend: hasLegend, y: y, limit: margin + poolColumns,
      on: &canvas)
    pool.draw(
      isOwn ? own : Array(1...trace.blocks), blockSize: trace.blockSize, fit.pool,
      at: Point(margin, y + 1), on: &canvas)
    guard hasTables else { return }
    let x = margin + poolColumns + 3
    state.put(
      [
        language("块表  放了几个词元，放在第几块", "block tables: tokens held, and in which blocks"),
        language("块表", "block tables: tokens held, in which blocks"),
        language("块表", "block tables"),
      ], at: Point(x, y), Style(.heading), limit: margin + columns, on: &canvas)
    let rows = step.requests.filter { !$0.blocks.isEmpty }
    ServingTables(state, step).draw(
      rows, in: Area(x: x, y: y + 1, columns: margin + columns - x, rows: fit.pool.rows),
      on: &canvas)
  }

  /// What the pool is, with the knobs; the numbers that keys change are yellow.
  ///
  /// Where the signs have no row of their own, what they are comes before the budget and the tally.
  private func drawPoolHead(
    own: Int?, hasLegend: Bool, y: Int, limit: Int, on canvas: inout Canvas
  ) {
    let name = labels.name(state.request)
    var x = margin
    if let own {
      x = state.put(
        [language("\(name) 的块  ", "blocks of \(name)  ")], at: Point(x, y), Style(.heading),
        on: &canvas)
      x = state.put(
        [language("\(own)/\(trace.blocks) 块 × ", "\(own) of \(trace.blocks) × ")],
        at: Point(x, y), Style(.dim), limit: limit, on: &canvas)
    } else {
      if hasLegend {
        x = state.put(
          [language("块池  ", "pool  ")], at: Point(x, y), Style(.heading), on: &canvas)
      }
      x = state.put(
        [
          language(
            "\(trace.blocks) 块 × ",
            counted(trace.blocks, "block") + (hasLegend ? " × " : " of "))
        ], at: Point(x, y),
        hasLegend ? Style(.dim) : Style(.heading), limit: limit, on: &canvas)
    }
    x = state.put(
      ["\(trace.blockSize)"], at: Point(x, y), Style(.selected), limit: limit, on: &canvas)
    x = state.put(
      // Beside the signs there is no room for the word.
      [
        language(" 个词元", own == nil && !hasLegend ? "" : " " + plural(trace.blockSize, "token")),
        "",
      ], at: Point(x, y), Style(.dim), limit: limit, on: &canvas)
    let sharing = trace.shares ? language("共用 开", "sharing on") : language("共用 关", "sharing off")
    if !hasLegend {
      guard x + 2 + ScalarWidth.of(state.glyphs.shown(sharing)) <= limit else { return }
      x = state.put([sharing], at: Point(x + 2, y), Style(.selected), on: &canvas)
      let words = ServingPool(state, step).legendWords.map { "  " + $0 }
      state.put(words + [""], at: Point(x, y), Style(), limit: limit, on: &canvas)
      return
    }
    for text in [
      sharing, budget(columns: limit - x - 4 - ScalarWidth.of(state.glyphs.shown(sharing))),
    ] {
      guard x + 2 + ScalarWidth.of(state.glyphs.shown(text)) <= limit else { return }
      x = state.put([text], at: Point(x + 2, y), Style(.selected), on: &canvas)
    }
    let tally = poolTally.map { "  " + $0 }
    state.put(tally + [""], at: Point(x, y), Style(.dim), limit: limit, on: &canvas)
  }

  /// The most tokens of a step; in a few words where the tally of the blocks would have no room.
  private func budget(columns: Int) -> String {
    func isFitting(_ text: String) -> Bool {
      ScalarWidth.of(state.glyphs.shown(text + poolTally[1])) + 2 <= columns
    }
    let long = language("每步至多 \(trace.budget) 个", "budget \(trace.budget) tokens per step")
    let few = language(long, "budget \(trace.budget) a step")
    let fewest = language(long, "budget \(trace.budget)")
    if let fitting = [long, few, fewest].first(where: isFitting) { return fitting }
    return ScalarWidth.of(state.glyphs.shown(few)) <= columns ? few : fewest
  }

  /// How many blocks are what.
  private var poolTally: [String] {
    let pool = step.pool
    let evicted =
      pool.evictions > 0
      ? language("，清掉 \(pool.evictions)", ", \(pool.evictions) evicted") : ""
    let all = language(
      "在用 \(pool.used)，共用 \(pool.shared)，留着 \(pool.cached)，空 \(pool.free)",
      "\(pool.used) used, \(pool.shared) shared, \(pool.cached) cached, \(pool.free) free")
    let few = language(
      "在用 \(pool.used)，留着 \(pool.cached)，空 \(pool.free)",
      "\(pool.used) used, \(pool.cached) cached, \(pool.free) free")
    return [
      all + evicted, pool.evictions > 0 ? few + evicted : all, all, few,
      language("在用 \(pool.used)", "\(pool.used) used"),
    ]
  }

  // MARK: Lines

  private func drawLines(y: Int, rows: Int, on canvas: inout Canvas) {
    guard rows > 0 else { return }
    var y = y
    var left = rows
    let money = ServingMoney(state: state, board: board, step: step)
    let lines = money.lines
    let words = state.block.map { blockWords($0) } ?? requestWords
    if state.block != nil || left > lines.count {
      state.put(words, at: Point(margin, y), Style(.selected), limit: margin + columns, on: &canvas)
      (y, left) = (y + 1, left - 1)
    }
    for line in lines where left > 0 {
      money.draw(
        line, area: Area(x: margin, y: y, columns: columns, rows: 1), on: &canvas)
      (y, left) = (y + 1, left - 1)
    }
    drawWritten(y: y, rows: left, on: &canvas)
  }
}
