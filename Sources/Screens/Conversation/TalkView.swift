internal import Base
internal import Trace
internal import Viz

/// The turns as bars of tokens to one scale, what was said under each, and what they took.
struct TalkView {
  let state: ConversationState
  let size: Size

  private var language: Language { state.language }
  private var glyphs: GlyphSet { state.glyphs }

  /// A turn, answered or not.
  private enum Item {
    case turn(ConversationTurn)
    case asked(ConversationQuestion.Asked)
    case next(String)
  }

  private var items: [Item] {
    let earlier = state.asked?.earlier ?? state.turns
    let turns = earlier.map { Item.turn($0) }
    if let asked = state.asked { return turns + [.asked(asked)] }
    if case .typing = state.mode { return turns + [.next("")] }
    return turns + (state.queue.first.map { [.next($0.question)] } ?? [])
  }

  /// Whether a question is typed or answered, so that the last turn is looked at.
  private var isAsking: Bool {
    if case .typing = state.mode { true } else { state.asked != nil }
  }

  // MARK: Where what stands

  private var isNarrow: Bool { size.columns < 76 }
  /// Rows that a turn has at least.
  private var leastRows: Int { size.rows >= 28 ? 4 : size.rows >= 22 ? 3 : 2 }
  private var top: Int { size.rows >= 20 ? 2 : 1 }
  /// Rows between the title and the footer.
  private var rows: Int { max(0, size.rows - 1 - top - (size.rows >= 20 ? 1 : 0)) }
  private var table: ConversationTable {
    ConversationTable(
      state: state, columns: size.columns, rows: rows - 1 - Self.leastTurns * leastRows)
  }
  private var barsX: Int { 2 + (isNarrow ? 2 : 9) }
  private var barColumns: Int { size.columns - barsX - 6 }
  private static let leastTurns = 4

  private var longest: Int {
    let progress = state.progress.map { $0.prompt + $0.fed } ?? 0
    return max(progress, state.turns.map { $0.prompt.count + $0.fed }.max() ?? 0)
  }

  private var scale: TokenScale { TokenScale(tokens: longest, columns: barColumns) }

  func draw(on canvas: inout Canvas) {
    let table = table
    // A caption stands between both.
    let rest = max(0, rows - table.height - 1)
    let items = items
    let planned = max(Self.leastTurns, items.count)
    let each = min(10, max(2, rest / planned))
    let shown = max(1, rest / each)
    let first = max(0, min(items.count - shown, isAsking ? .max : state.selected))
    for (index, item) in items.enumerated().dropFirst(first).prefix(shown) {
      let y = top + (index - first) * each
      guard y + 1 < size.rows - 1 else { continue }
      draw(item, number: index + 1, y: y, rows: min(each, size.rows - 1 - y), on: &canvas)
    }
    let bottom = size.rows - 1 - (size.rows >= 20 ? 1 : 0)
    guard table.height > 0 else { return }
    if state.turns.isEmpty, state.asked == nil {
      drawBeginning(y: top + 2, end: bottom - table.height - 2, on: &canvas)
    }
    let captionY = min(bottom - table.height - 1, top + shown * each)
    drawCaption(hidden: first, y: captionY, on: &canvas)
    table.draw(y: bottom - table.height, on: &canvas)
  }

  // MARK: Turns

  private func draw(_ item: Item, number: Int, y: Int, rows: Int, on canvas: inout Canvas) {
    let barRows = rows >= 4 ? min(8, rows - 2) : max(1, rows - 1)
    let isHere = state.asked == nil && number == state.selected + 1 && isAnswered(item)
    state.put(
      [state.name(ofTurn: number, isShort: isNarrow)], at: Point(2, y),
      isHere || !isAnswered(item) ? Style(.selected) : Style(), on: &canvas)
    let textY = y + (rows > 1 ? barRows : 0)
    switch item {
    case .turn(let turn):
      drawBar(
        reused: turn.reused, asked: turn.prompt.count - turn.reused, answered: turn.fed,
        tokens: known(turn.held), y: y, rows: barRows, on: &canvas)
      if rows > 1 { drawWords(turn.question, turn.answer, y: textY, on: &canvas) }
    case .asked(let asked):
      if let progress = state.progress {
        drawBar(
          reused: progress.reused, asked: progress.prompt - progress.reused, answered: progress.fed,
          tokens: state.tokens.prefix(progress.reused), y: y, rows: barRows, on: &canvas)
      } else {
        state.put(
          [language("正在读", "reading")], at: Point(barsX, y), Style(.dim), on: &canvas)
      }
      if rows > 1 {
        drawWords(asked.text, state.progress?.answer ?? "", y: textY, on: &canvas)
      }
    case .next(let text): drawNext(text, y: y, on: &canvas)
    }
  }

  private func isAnswered(_ item: Item) -> Bool {
    if case .turn = item { true } else { false }
  }

  /// What the first tokens read, as far as they are those of the last turn.
  private func known(_ ids: [Int]) -> ArraySlice<String> {
    let last = state.turns.last?.held ?? []
    return state.tokens.prefix(zip(ids, last).prefix { $0 == $1 }.count)
  }

  private func drawBar(
    reused: Int, asked: Int, answered: Int, tokens: ArraySlice<String>, y: Int, rows: Int,
    on canvas: inout Canvas
  ) {
    let bar = TokenBar.turn(
      reused: reused, asked: asked, answered: answered, scale: scale, language, glyphs)
    let left = bar.draw(
      at: Point(barsX, y), rows: rows, tokens: Array(tokens), glyphs: glyphs, on: &canvas)
    let x = state.put(
      ["\(bar.count)"], at: Point(barsX + bar.columns + 1, y), Style(.heading), on: &canvas)
    guard !left.isEmpty else { return }
    state.put([left.joined(separator: "  ")], at: Point(x + 2, y), Style(.dim), on: &canvas)
  }

  /// What was asked and answered, as much as fits in a line.
  private func drawWords(
    _ question: String, _ answer: String, y: Int, on canvas: inout Canvas
  ) {
    let end = size.columns - 1
    var x = state.put(
      [language("问", "asked")], at: Point(barsX, y), Style(.dim), limit: end, on: &canvas)
    x = put(question, x: x + 1, y: y, end: end, Style(.heading), on: &canvas)
    guard !answer.isEmpty || state.progress != nil else { return }
    let name = language("答", "answered")
    guard x + 2 + ScalarWidth.of(name) + 2 < end else { return }
    x = state.put([name], at: Point(x + 2, y), Style(.dim), on: &canvas)
    put(answer, x: x + 1, y: y, end: end, Style(), on: &canvas)
  }

  /// A text of others, cut where it does not fit, and then marked so.
  @discardableResult
  private func put(
    _ text: String, x: Int, y: Int, end: Int, _ style: Style, on canvas: inout Canvas
  ) -> Int {
    let clean = Sanitiser.clean(text, ascii: glyphs == .ascii)
    guard x + ScalarWidth.of(clean) > end else {
      return canvas.put(clean, at: Point(x, y), style)
    }
    let ellipsis = glyphs.ellipsis
    let x = canvas.put(
      clean.fitted(to: max(0, end - x - ScalarWidth.of(ellipsis))), at: Point(x, y), style)
    return canvas.put(ellipsis, at: Point(x, y), Style(.dim), limit: end)
  }

  /// What Enter asks, or the field in which it is typed.
  private func drawNext(_ text: String, y: Int, on canvas: inout Canvas) {
    guard case .typing(let field) = state.mode else {
      let x = state.put(
        ["Enter " + glyphs.arrow + " "], at: Point(barsX, y), Style(.dim), on: &canvas)
      put(text, x: x, y: y, end: size.columns - 1, Style(.selected), on: &canvas)
      return
    }
    FieldView(field: field, glyphs: glyphs).draw(
      at: Point(barsX, y), end: size.columns - 1, on: &canvas)
  }

  /// What there will be to see, while there is nothing.
  private func drawBeginning(y: Int, end: Int, on canvas: inout Canvas) {
    let text = language(
      "每一轮，整段对话都要给模型看一遍。前几轮的 K、V 留着，就只算新来的；每轮清空，就全部重算。问一句看看。",
      "In each turn the model has to see the whole conversation. Where K and V of earlier turns are kept, only what is new is computed; where they are emptied, all of it. Ask something."
    )
    let lines = glyphs.shown(text).wrapped(to: min(80, size.columns - barsX - 2))
    guard y + lines.count <= end else { return }
    for (row, line) in lines.enumerated() { canvas.put(line, at: Point(barsX, y + row), Style()) }
  }

  // MARK: The caption

  private func drawCaption(hidden: Int, y: Int, on canvas: inout Canvas) {
    guard y > top else { return }
    var x = TokenBar.caption(scale, at: Point(barsX, y), state, on: &canvas)
    for (glyph, style, word) in [
      (glyphs.read, Style.reusedTokens, language("重用", "reused")),
      (glyphs.computed, .askedTokens, language("新算：问", "computed: asked")),
      (glyphs.computed, .answeredTokens, language("答", "answered")),
    ] {
      let width = 3 + ScalarWidth.of(word)
      guard x + 3 + width < size.columns else { return }
      x = canvas.put(glyph, at: Point(x + 3, y), style)
      x = state.put([word], at: Point(x + 1, y), Style(.dim), on: &canvas)
    }
    guard hidden > 0 else { return }
    state.put(
      [language("前 \(hidden) 轮在上面", "\(hidden) turns above")], at: Point(x + 3, y), Style(.dim),
      on: &canvas)
  }
}

extension TokenBar {
  /// The tokens of a turn.
  static func turn(
    reused: Int, asked: Int, answered: Int, scale: TokenScale, _ language: Language,
    _ glyphs: GlyphSet
  ) -> TokenBar {
    TokenBar(
      parts: [
        Part(
          count: reused, glyph: glyphs.read, style: .reusedTokens,
          labels: [language("重用 \(reused)", "reused \(reused)"), "\(reused)"]),
        Part(
          count: asked, glyph: glyphs.computed, style: .askedTokens,
          labels: [language("问 \(asked)", "asked \(asked)"), "\(asked)"]),
        Part(
          count: answered, glyph: glyphs.computed, style: .answeredTokens,
          labels: [language("答 \(answered)", "answered \(answered)"), "\(answered)"]),
      ], scale: scale)
  }

  /// What a column stands for.
  static func caption(
    _ scale: TokenScale, at point: Point, _ state: ConversationState, on canvas: inout Canvas
  ) -> Int {
    let language = state.language
    let text =
      scale.columnsPerToken > 1
      ? language("\(scale.columnsPerToken) 列一个词元", "\(scale.columnsPerToken) columns a token")
      : scale.tokensPerColumn == 1
        ? language("一列一个词元", "a column a token")
        : language("一列 \(scale.tokensPerColumn) 个词元", "\(scale.tokensPerColumn) tokens a column")
    let style = Style(scale.tokensPerColumn > 1 ? .heading : .dim)
    return state.put([text], at: point, style, on: &canvas)
  }
}
