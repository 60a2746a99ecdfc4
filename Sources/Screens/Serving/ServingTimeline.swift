internal import Base
internal import Trace
internal import Viz

/// The timeline: what each request computed in each step, and how much of the budget that took.
struct ServingTimeline {
  let state: ServingState
  let layout: TimelineLayout
  let labels: ServingLabels

  init(_ state: ServingState, _ layout: TimelineLayout) {
    (self.state, self.layout) = (state, layout)
    labels = ServingLabels(glyphs: state.glyphs)
  }

  private var language: Language { state.language }
  private var glyphs: GlyphSet { state.glyphs }

  /// Draws it; beside the mark of the chosen step are its signs, or else `notes`, from the longest wording to the shortest.
  func draw(at corner: Point, limit: Int, notes: [String] = [], on canvas: inout Canvas) {
    drawAxis(at: corner, limit: limit, on: &canvas)
    drawKey(at: corner, limit: limit, on: &canvas)
    for request in layout.requests {
      let y = corner.y + layout.y(ofRequest: request)
      drawLabel(
        request, at: Point(corner.x, y + (layout.height - 1) / 2), on: &canvas)
      for place in layout.steps where state.steps.indices.contains(place) {
        drawCell(request, place, at: Point(corner.x + layout.x(ofStep: place), y), on: &canvas)
      }
      if layout.isNarrow { drawWords(request, at: corner, y: y, limit: limit, on: &canvas) }
    }
    drawSums(at: corner, limit: limit, on: &canvas)
    let y = corner.y + layout.rows - 1
    let caret = drawCaret(at: corner, y: y, limit: limit, on: &canvas)
    drawNotes(signWords + notes, beside: caret, at: corner, y: y, limit: limit, on: &canvas)
  }

  // MARK: Axis

  private func drawAxis(at corner: Point, limit: Int, on canvas: inout Canvas) {
    state.put(
      [
        language("时间线  一列一步", "one column per step"), language("一列一步", "column = step"),
        language("步", "step"),
      ], at: corner, Style(.heading), limit: corner.x + layout.labelColumns - 1, on: &canvas)
    var end = corner.x + layout.labelColumns
    for place in layout.steps where state.steps.indices.contains(place) {
      let number = state.steps[place].number
      guard place == layout.steps.lowerBound || number % 5 == 0 else { continue }
      let x = corner.x + layout.x(ofStep: place) + layout.numberEnd - String(number).count
      guard x >= end else { continue }
      end = state.put(["\(number)"], at: Point(x, corner.y), Style(.dim), limit: limit, on: &canvas)
      end += 1
    }
  }

  private func drawLabel(_ request: Int, at place: Point, on canvas: inout Canvas) {
    let isChosen = request == state.request
    let name = isChosen ? glyphs.cursor + labels.name(request) : " " + labels.name(request)
    canvas.put(
      name.padded(to: layout.nameColumns - 1), at: place,
      isChosen ? Style(.chosen) : ServingLabels.prefill(request))
    guard layout.promptColumns > 3, let board = state.board else { return }
    let prompt = board.question.requests[request - 1].prompt
    canvas.put(
      shortened(prompt, columns: layout.promptColumns - 2),
      at: Point(place.x + layout.nameColumns, place.y))
  }

  /// The end of a prompt, where it differs from the others.
  private func shortened(_ prompt: String, columns: Int) -> String {
    let line =
      prompt.split(whereSeparator: \.isNewline).map(String.init)
      .last { $0.unicodeScalars.count > 2 } ?? prompt
    let text = glyphs.shown(line)
    guard ScalarWidth.of(text) > columns else { return text }
    return text.fitted(to: columns - ScalarWidth.of(glyphs.ellipsis)) + glyphs.ellipsis
  }

  // MARK: Cells

  private func row(_ request: Int, _ place: Int) -> RequestStep? {
    state.steps[place].requests.first { $0.request == request }
  }

  private func drawCell(
    _ request: Int, _ place: Int, at point: Point, on canvas: inout Canvas
  ) {
    guard let row = row(request, place), let (words, style) = cell(row) else { return }
    let text = layout.isNarrow ? String(words.suffix(1)) : words
    if row.state == .prefill || row.state == .decode {
      canvas.fill(point, columns: layout.cell, rows: layout.height, style)
    }
    let y = point.y + (layout.height - 1) / 2
    canvas.put(text.padded(to: layout.numberEnd, right: true), at: Point(point.x, y), style)
    if row.state == .decode, layout.cell >= Self.leastLineCell {
      drawLine(at: Point(point.x, y), style, on: &canvas)
    }
  }

  /// More than one digit, where there is no room for two and what parts them.
  private let many = "#"

  private func number(_ count: Int) -> String {
    layout.isNarrow && count > 9 ? many : "\(count)"
  }

  /// The bar of who decodes, for those who see no grounds: through cells that are much wider than their number.
  private func drawLine(at point: Point, _ style: Style, on canvas: inout Canvas) {
    // One digit, with a blank at either side.
    let (before, after) = (layout.numberEnd - 2, layout.numberEnd + 1)
    canvas.put(String(repeating: glyphs.line, count: before), at: point, style)
    canvas.put(
      String(repeating: glyphs.line, count: layout.cell - after),
      at: Point(point.x + after, point.y), style)
  }

  private static let leastLineCell = 5

  /// What stands in a cell; nil for what is over.
  private func cell(_ row: RequestStep) -> (text: String, style: Style)? {
    switch row.state {
    case .waiting: ("..", Style(.dim))
    case .preempted: ("!", Style(.wrong))
    case .done: nil
    case .prefill:
      (
        row.computed > 0 ? number(row.computed) : glyphs.notNeeded,
        ServingLabels.prefill(row.request)
      )
    case .decode:
      (
        row.computed > 0 ? "\(row.computed)" : glyphs.notNeeded,
        ServingLabels.decode(row.request)
      )
    }
  }

  /// What a request does in the chosen step, in words.
  private func drawWords(
    _ request: Int, at corner: Point, y: Int, limit: Int, on canvas: inout Canvas
  ) {
    guard state.steps.indices.contains(state.step), let row = row(request, state.step) else {
      return
    }
    let words: [String] =
      switch row.state {
      case .waiting: [language("在排队", "waits")]
      case .preempted: [language("! 块被收回", "! lost blocks"), "!"]
      case .done: []
      case .prefill: ["prefill \(row.computed)", "\(row.computed)"]
      case .decode: ["decode \(row.computed)", "\(row.computed)"]
      }
    state.put(
      words, at: Point(wordsX(corner), y), Style(.heading), limit: limit, on: &canvas)
  }

  private func wordsX(_ corner: Point) -> Int {
    corner.x + layout.x(ofStep: layout.steps.upperBound) + 2
  }

  /// What a column is, and what stands for numbers that it has no room for.
  private func drawKey(at corner: Point, limit: Int, on canvas: inout Canvas) {
    guard layout.isNarrow else { return }
    let shown = layout.steps.filter(state.steps.indices.contains)
    let hasMany = shown.contains { state.steps[$0].computed > 9 }
    state.put(
      hasMany
        ? [
          language("一列一步，# 至少 10 个", "a column a step, # 10+"),
          language("# 至少 10 个", "# = 10 or more"), "# 10+",
        ].suffix(layout.promptColumns > 0 ? 2 : 3)
        : layout.promptColumns > 0 ? [""] : [language("一列一步", "one column per step")],
      at: Point(wordsX(corner), corner.y), Style(.dim), limit: limit, on: &canvas)
  }

  // MARK: Sums

  private func drawSums(at corner: Point, limit: Int, on canvas: inout Canvas) {
    let y = corner.y + layout.rows - 2
    guard let budget = state.board?.trace.budget else { return }
    state.put(
      [
        language("这步算几个", "tokens per step"), language("算几个", "tokens"), language("共", "all"),
      ],
      at: Point(corner.x, y), Style(.dim), limit: corner.x + layout.labelColumns - 1, on: &canvas)
    for place in layout.steps where state.steps.indices.contains(place) {
      let (computed, x) = (state.steps[place].computed, corner.x + layout.x(ofStep: place))
      let isChosen = place == state.step
      let style = isChosen ? Style(.selected) : Style(computed == budget ? .heading : .dim)
      let text = number(computed)
      canvas.put(text.padded(to: layout.numberEnd, right: true), at: Point(x, y), style)
      drawBar(place, of: budget, at: Point(x, y), on: &canvas)
    }
    drawBudget(budget, at: corner, y: y, on: &canvas)
    if layout.isNarrow, state.steps.indices.contains(state.step) {
      let computed = state.steps[state.step].computed
      state.put(
        [
          language("\(computed) 个，至多 \(budget)", "\(computed) of \(budget) tokens"),
          "\(computed) of \(budget)",
          "\(computed)/\(budget)",
        ],
        at: Point(wordsX(corner), y), Style(.selected), limit: limit, on: &canvas)
    }
  }

  /// A step's tokens as a bar above its number: the whole height is the budget.
  private func drawBar(_ place: Int, of budget: Int, at foot: Point, on canvas: inout Canvas) {
    guard layout.barRows > 0 else { return }
    let (computed, isChosen) = (state.steps[place].computed, place == state.step)
    let rows =
      (Double(computed) / Double(budget) * Double(layout.barRows))
      .whole(in: computed > 0 ? 1...layout.barRows : 0...layout.barRows) ?? 0
    let style = isChosen ? Style(.chosen) : Style(.cachedBar, reversed: true)
    let (columns, x) = (max(1, layout.cell - 1), foot.x)
    canvas.fill(Point(x, foot.y - rows), columns: columns, rows: rows, style)
    for row in 0..<rows {
      canvas.put(
        String(repeating: "#", count: columns), at: Point(x, foot.y - 1 - row), style)
    }
  }

  /// What the whole height of a bar is.
  private func drawBudget(_ budget: Int, at corner: Point, y: Int, on canvas: inout Canvas) {
    guard layout.barRows > 0 else { return }
    state.put(
      [language("满格：\(budget) 个", "full: \(budget) tokens"), "\(budget)", ""],
      at: Point(corner.x, y - layout.barRows), Style(.dim),
      limit: corner.x + layout.labelColumns - 1, on: &canvas)
  }

  /// The mark of the chosen step, with its number beside it; returns its columns.
  private func drawCaret(
    at corner: Point, y: Int, limit: Int, on canvas: inout Canvas
  ) -> Range<Int> {
    guard layout.steps.contains(state.step), state.steps.indices.contains(state.step) else {
      return corner.x..<corner.x
    }
    let x = corner.x + layout.x(ofStep: state.step) + layout.numberEnd - 1
    let number = state.steps[state.step].number
    let words = glyphs.shown(language("第 \(number) 步", "step \(number)"))
    canvas.put("^", at: Point(x, y), Style(.selected))
    let columns = ScalarWidth.of(words)
    // Why it begins there.
    let why = glyphs.shown(language("，用块最多", ", most blocks in use"))
    if state.chosenStep == nil, state.board?.isServed == true,
      x + 2 + columns + ScalarWidth.of(why) <= limit
    {
      canvas.put(words, at: Point(x + 2, y), Style(.selected))
      let end = canvas.put(why, at: Point(x + 2 + columns, y), Style(.dim))
      return x..<end
    } else if x + 2 + columns <= limit {
      canvas.put(words, at: Point(x + 2, y), Style(.selected))
      return x..<x + 2 + columns
    } else if x - 1 - columns >= corner.x {
      canvas.put(words, at: Point(x - 1 - columns, y), Style(.selected))
      return x - 1 - columns..<x + 1
    }
    return x..<x + 1
  }

  // MARK: Signs

  /// What those of the signs mean that are on the screen.
  private var signWords: [String] {
    let cells = layout.steps.filter(state.steps.indices.contains)
      .flatMap { state.steps[$0].requests }.filter { layout.requests.contains($0.request) }
    let wait = layout.isNarrow ? "." : ".."
    var (long, short): ([String], [String]) = ([], [])
    if cells.contains(where: { $0.state == .waiting }) {
      long.append(language("\(wait) 在排队", "\(wait) waits"))
      short.append(language("\(wait) 排队", "\(wait) waits"))
    }
    if cells.contains(where: { $0.state == .preempted }) {
      long.append(language("! 块被收回", "! lost its blocks"))
      short.append(language("! 收回", "! lost"))
    }
    return long.isEmpty ? [] : [long, short].map { $0.joined(separator: "  ") }
  }

  /// Words at the right of the mark of the chosen step, or where they have no room there at its left.
  private func drawNotes(
    _ wordings: [String], beside caret: Range<Int>, at corner: Point, y: Int, limit: Int,
    on canvas: inout Canvas
  ) {
    for words in wordings.map(glyphs.shown) {
      let columns = ScalarWidth.of(words)
      let right = max(caret.upperBound + 3, min(wordsX(corner), limit - columns))
      if right + columns <= limit {
        return _ = canvas.put(words, at: Point(right, y), Style(.dim))
      }
      if corner.x + 1 + columns + 3 <= caret.lowerBound {
        return _ = canvas.put(words, at: Point(corner.x + 1, y), Style(.dim))
      }
    }
  }
}
