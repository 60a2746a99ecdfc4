internal import Base
internal import Trace

/// Asks what the next step will do, and holds the answers against the run.
struct PredictionView {
  let scene: Scene
  let prediction: Prediction
  let area: Area

  private var language: Language { scene.language }
  private var glyphs: GlyphSet { scene.glyphs }

  func drawQuestion(on canvas: inout Canvas) {
    put(
      language(
        "第 \(prediction.step) 步，\(prediction.length) 个字。先预测（每个头）：",
        "Step \(prediction.step), \(prediction.length) tokens. Predict first (per head):"), 0,
      Style(.heading), on: &canvas)
    drawNumber(
      language("不用缓存，算几个 QKᵀ 格？", "Without the cache, how many QKᵀ cells?"),
      prediction.uncachedCells, .uncachedCells, line: 1, on: &canvas)
    drawNumber(
      language("用 KV 缓存，算几个 QKᵀ 格？", "With the KV cache, how many QKᵀ cells?"),
      prediction.cachedCells, .cachedCells, line: 2, on: &canvas)
    put(
      language("用 KV 缓存，新算哪些字的 K、V？", "With the KV cache, whose K and V are computed?"), 3,
      style(.newKeyValues), on: &canvas)
    drawMarks(line: 4, on: &canvas)
    put(hint, min(5, area.rows - 1), Style(.dim), on: &canvas)
  }

  func drawVerdict(on canvas: inout Canvas) {
    let step = scene.step
    let masked = step.uncached.masked().map(String.init) ?? glyphs.dash
    put(
      language("你的预测，与运行核对：", "Your prediction against the run:"), 0, Style(.heading), on: &canvas)
    verdict(
      .uncachedCells, prediction.uncachedCells,
      cellsTruth(
        step.uncached,
        [
          language(
            "，其中 \(masked) 格掩掉，照样算过",
            "; \(masked) masked, computed all the same"),
          language(
            "，\(masked) 格掩掉", "; \(masked) masked"),
        ]), line: 1, on: &canvas)
    verdict(
      .cachedCells, prediction.cachedCells,
      cellsTruth(step.cached, [language("。新字的 Q 要问每一个 K", "; the new Q asks every K")]), line: 2,
      on: &canvas)
    let computed = step.cached.keyValues() ?? step.cached.fed.count
    verdict(
      .newKeyValues, prediction.marks.isEmpty ? glyphs.dash : names(prediction.marks),
      [
        language(
          "\(names(Prediction.newKeyValues(of: step)))：新算 \(computed) 个，其余 \(step.length - computed) 个从缓存读",
          "\(names(Prediction.newKeyValues(of: step))): \(computed) computed, the other \(step.length - computed) read from the cache"
        ),
        language(
          "新算 \(computed) 个，读 \(step.length - computed) 个",
          "\(computed) computed, \(step.length - computed) read"),
      ], line: 3, on: &canvas)
    put(
      scene.state.browseKeys.line(scene.state.look),
      min(5, area.rows - 1),
      Style(.dim), on: &canvas)
  }

  /// How many cells a run computed, with more to say about them where there is room; the longest wording first.
  private func cellsTruth(_ run: LaneStep, _ more: [String]) -> [String] {
    let cells = run.cells().map(String.init) ?? glyphs.dash
    let rows = language("行", plural(run.rows, "row"))
    let long = language(
      "\(cells) 格：\(run.rows) \(rows) \(glyphs.times) \(scene.length) 列",
      "\(cells) cells: \(run.rows) \(rows) \(glyphs.times) \(scene.length) columns")
    let short = "\(cells) = \(run.rows) \(glyphs.times) \(scene.length)"
    return more.map { long + $0 } + more.map { short + $0 }
      + [long, short, language("\(cells) 格", "\(cells) cells")]
  }

  private var hint: String {
    let keys = prediction.keys.line(scene.state.look, gap: "  ")
    return prediction.field == .newKeyValues ? keys : language("数字，", "digits, ") + keys
  }

  private func verdict(
    _ field: Prediction.Field, _ answer: String, _ truths: [String], line: Int,
    on canvas: inout Canvas
  ) {
    let isRight = prediction.isRight(field, in: scene.step)
    let mark = isRight ? glyphs.right : glyphs.wrong
    let y = area.y + line
    var x = canvas.put(
      "\(mark) ", at: Point(area.x, y), Style(isRight ? .right : .wrong), limit: area.end)
    let shown = answer.isEmpty ? glyphs.dash : answer
    // Nine digits can be typed.
    let columns = max(8, min(9, ScalarWidth.of(shown)))
    x = canvas.put(shown.padded(to: columns), at: Point(x, y), Style(.text), limit: area.end)
    canvas.put(
      truths.first(fitting: area.end - x - 1), at: Point(x + 1, y), Style(.text), limit: area.end)
  }

  private func drawNumber(
    _ question: String, _ digits: String, _ field: Prediction.Field, line: Int,
    on canvas: inout Canvas
  ) {
    guard line < area.rows else { return }
    let text = glyphs == .ascii ? question.replacingScores : question
    let x = canvas.put(text, at: Point(area.x, area.y + line), style(field), limit: area.end - 12)
    let isOpen = prediction.field == field
    if isOpen { canvas.caret = Point(min(x + 2 + digits.count, area.end - 1), area.y + line) }
    canvas.put(
      (digits + (isOpen ? "_" : "")).padded(to: 10), at: Point(x + 2, area.y + line),
      isOpen ? Style(.selected, reversed: true) : Style(.text), limit: area.end)
  }

  private func style(_ field: Prediction.Field) -> Style {
    Style(prediction.field == field ? .text : .dim)
  }

  private func drawMarks(line: Int, on canvas: inout Canvas) {
    guard line < area.rows else { return }
    var x = area.x
    let most = max(1, area.columns / 4 - 1)
    let first = max(0, min(prediction.cursor - most / 2, prediction.length - most))
    for position in first..<min(prediction.length, first + most) {
      let isMarked = prediction.marks.contains(position)
      let isCursor = prediction.field == .newKeyValues && prediction.cursor == position
      let text = TokenLabel.short(name(position), columns: 2, glyphs)
      canvas.put(
        text.padded(to: 2) + (isMarked ? glyphs.computed : " "), at: Point(x, area.y + line),
        Style(isMarked ? .newKey : .text, bold: isCursor, reversed: isCursor), limit: area.end)
      x += 4
    }
  }

  /// The token at a position of the step that is asked about.
  private func name(_ position: Int) -> String {
    position < scene.length
      ? scene.tokens[position].text
      : scene.state.trace.token(after: scene.step)?.text ?? glyphs.dash
  }

  private func names(_ positions: Set<Int>) -> String {
    let shown = positions.sorted().prefix(6).map { TokenLabel.short(name($0), columns: 6, glyphs) }
    return shown.joined() + (positions.count > 6 ? glyphs.ellipsis : "")
  }

  private func put(_ text: String, _ line: Int, _ style: Style, on canvas: inout Canvas) {
    guard line < area.rows else { return }
    let shown = glyphs == .ascii ? text.replacingScores : text
    canvas.put(shown, at: Point(area.x, area.y + line), style, limit: area.end)
  }
}

extension String {
  /// ASCII for the one superscript in running text.
  fileprivate var replacingScores: String {
    unicodeScalars.map { $0 == "ᵀ" ? "^T" : String($0) }.joined()
  }
}
