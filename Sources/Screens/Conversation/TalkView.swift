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

  /// Rows that a turn has at least.
  private var leastRows: Int { size.rows >= 28 ? 4 : size.rows >= 22 ? 3 : 2 }
  private var top: Int { size.rows >= 20 ? 2 : 1 }
  /// Rows between the title and the footer.
  private var rows: Int { max(0, size.rows - 1 - top - (size.rows >= 20 ? 1 : 0)) }
  private var table: ConversationTable {
    ConversationTable(
      state: state, columns: size.columns, rows: rows - 1 - Self.leastTurns * leastRows)
  }
  private var barsX: Int { 2 + (hasLongNames ? 8 : 3) }
  /// Whether turns are named by more than their number.
  private var hasLongNames: Bool { size.columns >= 56 }
  private var barColumns: Int { size.columns - barsX - 6 }
  private static let leastTurns = 4

  private var longest: Int {
    let progress = state.progress.map { $0.prompt + $0.fed } ?? 0
    return max(progress, state.turns.map { $0.prompt.count + $0.fed }.max() ?? 0)
  }

  private var scale: TokenScale { TokenScale(tokens: longest, columns: barColumns) }

  /// A bar of a turn: with all that is said of it, or with the reused part named alone.
  private func bar(reused: Int, asked: Int, answered: Int, isNamed: Bool) -> TokenBar {
    TokenBar.turn(
      reused: reused, asked: asked, answered: answered, scale: scale, language, glyphs,
      isNamed: isNamed)
  }

  /// Whether each part of each bar has room for its name and number; where one has not, the line below says those of
  /// all questions and answers.
  private var namesParts: Bool {
    let turns = state.asked?.earlier ?? state.turns
    let all =
      turns.map { ($0.reused, $0.prompt.count - $0.reused, $0.fed) }
      + (state.progress.map { [($0.reused, $0.prompt - $0.reused, $0.fed)] } ?? [])
    return all.allSatisfy {
      bar(reused: $0.0, asked: $0.1, answered: $0.2, isNamed: true).namesAll(glyphs)
    }
  }

  /// How the tokens of a whole bar are written: in the way in which those of the longest have room.
  private func total(_ count: Int) -> String {
    let most = TokenBar.totals(longest, language)
    let room = size.columns - 1 - barsX - scale.column(ofToken: longest) - 1
    let place = most.firstIndex { ScalarWidth.of($0) <= room } ?? most.count - 1
    return TokenBar.totals(count, language)[place]
  }

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
      [state.name(ofTurn: number, isShort: !hasLongNames)], at: Point(2, y),
      isHere || !isAnswered(item) ? Style(.selected) : Style(), on: &canvas)
    let textY = y + (rows > 1 ? barRows : 0)
    switch item {
    case .turn(let turn):
      drawBar(
        reused: turn.reused, asked: turn.prompt.count - turn.reused, answered: turn.fed,
        tokens: known(turn.held), y: y, rows: barRows, on: &canvas)
      guard rows > 1 else { return }
      drawWords(
        turn.question, turn.answer, asked: turn.prompt.count - turn.reused, answered: turn.fed,
        y: textY, on: &canvas)
    case .asked(let asked):
      if let progress = state.progress {
        drawBar(
          reused: progress.reused, asked: progress.prompt - progress.reused, answered: progress.fed,
          tokens: state.tokens.prefix(progress.reused), y: y, rows: barRows, on: &canvas)
      } else {
        state.put(
          [language("正在读", "reading")], at: Point(barsX, y), Style(.dim), on: &canvas)
      }
      guard rows > 1 else { return }
      let progress = state.progress
      drawWords(
        asked.text, progress?.answer ?? "", asked: progress.map { $0.prompt - $0.reused },
        answered: progress?.fed, y: textY, on: &canvas)
    case .next(let text): drawNext(text, y: y, rows: rows, on: &canvas)
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
    let bar = bar(reused: reused, asked: asked, answered: answered, isNamed: namesParts)
    let left = bar.draw(
      at: Point(barsX, y), rows: rows, tokens: Array(tokens), glyphs: glyphs, on: &canvas)
    let x = state.put(
      [total(bar.count)], at: Point(barsX + bar.columns + 1, y), Style(.heading), on: &canvas)
    guard !left.isEmpty else { return }
    state.put([left.joined(separator: "  ")], at: Point(x + 2, y), Style(.dim), on: &canvas)
  }

  /// What was asked and answered, as much as fits in a line, with the tokens of each where the bar does not say them.
  private func drawWords(
    _ question: String, _ answer: String, asked: Int?, answered: Int?, y: Int,
    on canvas: inout Canvas
  ) {
    let end = size.columns - 1
    let isSaid = namesParts
    var x = canvas.put(glyphs.asked, at: Point(barsX, y), .askedTokens, limit: end)
    x = putName(language("问", "asked"), isSaid ? nil : asked, x: x, y: y, on: &canvas)
    x = put(question, x: x, y: y, end: end, Style(.heading), on: &canvas)
    guard !answer.isEmpty || state.progress != nil else { return }
    let name = language("答", "answered")
    guard x + 2 + 1 + ScalarWidth.of(name) + 10 < end else { return }
    x = canvas.put(glyphs.computed, at: Point(x + 2, y), .answeredTokens, limit: end)
    x = putName(name, isSaid ? nil : answered, x: x, y: y, on: &canvas)
    put(answer, x: x, y: y, end: end, Style(), on: &canvas)
  }

  /// Who speaks, and how many tokens that is.
  private func putName(
    _ name: String, _ count: Int?, x: Int, y: Int, on canvas: inout Canvas
  ) -> Int {
    let end = size.columns - 1
    var x = state.put([name], at: Point(x + 1, y), Style(.dim), limit: end, on: &canvas)
    if let count {
      x = state.put(["\(count)"], at: Point(x + 1, y), Style(.heading), limit: end, on: &canvas)
    }
    return state.put([language("：", ": ")], at: Point(x, y), Style(.dim), limit: end, on: &canvas)
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

  /// What Enter asks, or the field in which it is typed and what it is for.
  private func drawNext(_ text: String, y: Int, rows: Int, on canvas: inout Canvas) {
    guard case .typing(let field) = state.mode else {
      let x = state.put(
        ["Enter " + glyphs.arrow + " "], at: Point(barsX, y), Style(.dim), on: &canvas)
      put(text, x: x, y: y, end: size.columns - 1, Style(.selected), on: &canvas)
      return
    }
    let x = state.put(
      [language("问：", "ask: ")], at: Point(barsX, y), Style(.dim), limit: size.columns / 2,
      on: &canvas)
    FieldView(field: field, glyphs: glyphs).draw(
      at: Point(x, y), end: size.columns - 1, on: &canvas)
    guard rows > 1 else { return }
    state.put(prompts, at: Point(barsX, y + 1), Style(.dim), limit: size.columns - 1, on: &canvas)
  }

  /// What can be typed.
  private var prompts: [String] {
    let any = language("打一句问话，Enter 发给模型", "type a question, Enter sends it to the model")
    guard state.start.hasLearntChinese else { return [any] }
    let known = glyphs == .ascii ? "" : language("你叫什么？", " 你叫什么？")
    return [
      any + language("；它只学过几十句中文，如：", "; it has learnt a few Chinese sentences:") + known,
      language("只学过几十句话，常答错。如：", "it learnt a few sentences: do not believe it") + known,
      language("打一句问话，如：", "type a question, such as") + known, any,
    ].filter { glyphs != .ascii || $0 == any }
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
    let above = hidden > 0 ? hiddenWords(hidden) : ""
    let room = size.columns - 1 - barsX - (above.isEmpty ? 0 : 3 + ScalarWidth.of(above))
    let captions = TokenBar.captions(scale, language).map { glyphs.shown($0) }
    func fits(_ caption: String) -> [(glyph: String, style: Style, word: String)]? {
      legends.first { legend in
        legend.reduce(ScalarWidth.of(caption)) {
          $0 + 4 + ScalarWidth.of(glyphs.shown($1.word))
        } <= room
      }
    }
    // What the marks are is worth a shorter word for the columns.
    let caption = captions.first { fits($0) != nil } ?? captions[0]
    let style = Style(scale.tokensPerColumn > 1 ? .heading : .dim)
    var x = state.put([caption], at: Point(barsX, y), style, on: &canvas)
    for (glyph, style, word) in fits(caption) ?? [] {
      x = canvas.put(glyph, at: Point(x + 2, y), style)
      x = state.put([word], at: Point(x + 1, y), Style(.dim), on: &canvas)
    }
    state.put([above], at: Point(x + 3, y), Style(.dim), on: &canvas)
  }

  private func hiddenWords(_ hidden: Int) -> String {
    glyphs.shown(
      language("前 \(hidden) 轮在上面", counted(hidden, "turn") + " above"))
  }

  /// What the marks of a bar say, the longest words first.
  private var legends: [[(glyph: String, style: Style, word: String)]] {
    func legend(_ words: [String]) -> [(glyph: String, style: Style, word: String)] {
      let marks = [
        (glyphs.read, Style.reusedTokens), (glyphs.asked, .askedTokens),
        (glyphs.computed, .answeredTokens),
      ]
      return zip(marks, words).map { ($0.0, $0.1, $1) }
    }
    return [
      legend([
        language("重用，没有再算", "reused, not computed again"), language("问，新算", "asked, computed"),
        language("答，新算", "answered, computed"),
      ]),
      legend([
        language("重用", "reused"), language("问，新算", "asked, computed"),
        language("答，新算", "answered, computed"),
      ]),
      legend([language("重用", "reused"), language("问", "asked"), language("答", "answered")]),
    ]
  }
}
