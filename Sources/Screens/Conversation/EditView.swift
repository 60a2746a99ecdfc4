internal import Base
internal import Trace
internal import Viz

/// What an edit leaves and what becomes void, turn by turn; and once it was computed, what it took and how far K and V of
/// unchanged tokens moved.
struct EditView {
  let state: ConversationState
  let edit: ConversationState.Edit
  let size: Size

  var language: Language { state.language }
  var glyphs: GlyphSet { state.glyphs }
  private var hasNames: Bool { size.columns >= 56 }
  private var isRoomy: Bool { size.rows >= 20 }

  // MARK: Where what stands

  private var top: Int { isRoomy ? 2 : 1 }
  private var barsX: Int { 2 + (hasNames ? 7 : 3) }
  private var scale: TokenScale {
    let after = edit.result.map { $0.prompt.count + $0.fed } ?? progress.map { $0.prompt + $0.fed }
    return TokenScale(
      tokens: max(held, after ?? 0, edit.outlook?.prompt ?? 0), columns: size.columns - barsX - 9)
  }
  private var held: Int { edit.before.last.map { $0.prompt.count + $0.fed } ?? 0 }
  private var progress: AnswerProgress? { state.asked == nil ? nil : state.progress }
  /// Rows that words under the bars have.
  private var factRows: Int { EditFacts.rows(isTall: isTall) }
  var isTall: Bool { size.rows >= 34 }

  func draw(on canvas: inout Canvas) {
    drawTexts(y: top, on: &canvas)
    if isRoomy { drawPrompt(y: top + 1, on: &canvas) }
    let first = top + (isRoomy ? 3 : 1)
    let facts = size.rows - 1 - (isRoomy ? 1 : 0) - factRows
    // The axis stands between the bars and the one below it.
    let rest = max(0, facts - first - 1 - (isRoomy ? 1 : 0))
    let each = min(9, max(1, rest / (edit.before.count + 1)))
    let shown = max(1, rest / each - 1)
    let start = max(0, min(edit.before.count - shown, edit.turn - 1 - shown / 2))
    let barRows = each >= 3 ? each - 1 : 1
    var y = first
    for turn in edit.before.dropFirst(start).prefix(shown) where y < size.rows - 1 {
      drawCut(turn.number, y: y, rows: barRows, on: &canvas)
      y += each
    }
    drawAxis(y: y, on: &canvas)
    let isLoose = rest > each * (edit.before.count + 1)
    drawAfter(y: y + (isLoose ? 2 : 1), rows: barRows, on: &canvas)
    guard facts > y else { return }
    EditFacts(view: self).draw(y: facts, on: &canvas)
  }

  // MARK: The texts

  /// What is to be done, as long as it is.
  private func drawPrompt(y: Int, on canvas: inout Canvas) {
    guard edit.result == nil else { return drawLater(y: y, on: &canvas) }
    guard state.asked == nil else { return }
    state.put(
      (edit.before.count > 1
        ? [
          language(
            "打字改箭头后面的话：! 是第一个不同的词元，/ 是因此失效的 K、V；别的条是：如果改的是那一轮",
            "type to change what follows the arrow: ! is the first different token, / the K and V that are void; other bars: if that turn were edited instead"
          ),
          language(
            "打字改它：! 第一个不同的词元，/ 失效；别的条：如果改的是那一轮",
            "type to change it: ! first different token, / void; other bars: if that turn were edited"
          ),
          language(
            "打字改它：! 不同，/ 失效；别的条：如果改那一轮",
            "type to change it: ! differs, / void; other bars: edits of that turn"),
        ] : []) + [
          language(
            "打字改箭头后面的话：! 是第一个不同的词元，/ 是因此失效的 K、V",
            "type to change what follows the arrow: ! is the first different token, / the K and V that are void"
          ),
          language("打字改它：! 第一个不同的词元，/ 失效", "type to change it: ! first different token, / void"),
        ], at: Point(2, y), Style(.dim), limit: size.columns - 1, on: &canvas)
  }

  /// What became of the turns behind the edited one.
  private func drawLater(y: Int, on canvas: inout Canvas) {
    guard let first = edit.later.first?.number, let last = edit.later.last?.number else { return }
    state.put(
      [
        first == last
          ? language(
            "第 \(first) 轮作废了：回到对话，按 Enter 再问",
            "turn \(first) is gone: back in the conversation Enter asks it again")
          : language(
            "第 \(first) 到 \(last) 轮作废了：回到对话，按 Enter 再问",
            "turns \(first) to \(last) are gone: back in the conversation Enter asks them again")
      ], at: Point(2, y), Style(.dim), limit: size.columns - 1, on: &canvas)
  }

  /// The question as it was and as it is, what differs marked.
  private func drawTexts(y: Int, on canvas: inout Canvas) {
    let old = edit.before[edit.turn - 1].question
    let new = edit.field.text
    let (before, after) = Self.changed(old, new)
    let end = size.columns - 1
    var x = state.put(
      [language("第 \(edit.turn) 轮  ", "turn \(edit.turn)  ")], at: Point(2, y), Style(.dim),
      on: &canvas)
    x = draw(old, marked: before, x: x, y: y, end: x + (end - x) / 2 - 3, on: &canvas)
    x = state.put(["  " + glyphs.arrow + "  "], at: Point(x, y), Style(.dim), on: &canvas)
    if edit.result == nil, state.asked == nil {
      FieldView(field: edit.field, glyphs: glyphs, marked: after)
        .draw(at: Point(x, y), end: end, on: &canvas)
    } else {
      draw(new, marked: after, isNew: true, x: x, y: y, end: end, on: &canvas)
    }
  }

  @discardableResult
  private func draw(
    _ text: String, marked: Range<Int>, isNew: Bool = false, x: Int, y: Int, end: Int,
    on canvas: inout Canvas
  ) -> Int {
    let scalars = Array(text.unicodeScalars)
    var x = x
    for (range, style) in [
      (0..<marked.lowerBound, Style(.heading)), (marked, isNew ? Style(.chosen) : .voidTokens),
      (marked.upperBound..<scalars.count, Style(.heading)),
    ] {
      let part = Sanitiser.clean(
        String(String.UnicodeScalarView(scalars[range])), ascii: glyphs == .ascii)
      guard x + ScalarWidth.of(part) <= end else {
        x = canvas.put(part.fitted(to: max(0, end - x - 2)), at: Point(x, y), style)
        return canvas.put(glyphs.ellipsis, at: Point(x, y), Style(.dim))
      }
      x = canvas.put(part, at: Point(x, y), style)
    }
    return x
  }

  /// The scalars of two texts that are between what both begin with and what both end with.
  static func changed(_ old: String, _ new: String) -> (old: Range<Int>, new: Range<Int>) {
    let (one, other) = (Array(old.unicodeScalars), Array(new.unicodeScalars))
    let same = zip(one, other).prefix { $0 == $1 }.count
    let ends = zip(one.dropFirst(same).reversed(), other.dropFirst(same).reversed())
      .prefix { $0 == $1 }.count
    return (same..<(one.count - ends), same..<(other.count - ends))
  }

  // MARK: Bars

  /// What an edit of a turn leaves of all that is held.
  private func drawCut(_ turn: Int, y: Int, rows: Int, on canvas: inout Canvas) {
    let isHere = turn == edit.turn
    state.put(
      [(hasNames ? language("改 ", "edit ") : "") + "\(turn)"], at: Point(2, y),
      Style(isHere ? .chosen : .dim), on: &canvas)
    guard let outlook = edit.outlook, outlook.cuts.indices.contains(turn - 1) else { return }
    let differs = isHere && outlook.differs
    // As long as nothing is changed nothing is void.
    let kept = isHere ? (differs ? outlook.kept : held) : min(outlook.cuts[turn - 1], held)
    let bar = TokenBar(
      parts: [
        .init(
          count: kept, glyph: glyphs.read, style: .reusedTokens,
          label: language("留 \(kept)", "kept \(kept)")),
        .init(count: differs ? 1 : 0, glyph: "!", style: .differentToken),
        .init(
          count: held - kept - (differs ? 1 : 0), glyph: "/", style: .voidTokens,
          label: language("失效 \(held - kept)", "void \(held - kept)")),
      ], scale: scale)
    let left = bar.draw(at: Point(barsX, y), rows: rows, glyphs: glyphs, on: &canvas)
    if differs, rows > 1 {
      canvas.put("!", at: Point(barsX + scale.column(ofToken: kept), y), .differentToken)
    }
    state.put(
      [left.joined(separator: "  ")] + left, at: Point(barsX + bar.columns + 1, y), Style(.heading),
      on: &canvas)
  }

  /// Where each turn begins.
  private func drawAxis(y: Int, on canvas: inout Canvas) {
    guard y < size.rows - 1 else { return }
    let places = edit.before.map { turn -> (number: Int, x: Int, limit: Int) in
      let start = turn.number == 1 ? 0 : edit.before[turn.number - 2].held.count
      let isLast = edit.before.last?.number == turn.number
      let end = barsX + scale.column(ofToken: isLast ? held : turn.held.count)
      return (
        turn.number, barsX + scale.column(ofToken: start),
        min(size.columns - 1, end + (isLast ? 9 : -1))
      )
    }
    func name(_ turn: Int, isShort: Bool) -> String {
      glyphs.divider + glyphs.shown(state.name(ofTurn: turn, isShort: isShort))
    }
    // All are called alike: turns, or numbers of what stands before them.
    let isShort = places.contains {
      $0.x + ScalarWidth.of(name($0.number, isShort: false)) > $0.limit
    }
    if isShort {
      state.put(
        [language("轮", "turn")], at: Point(2, y), Style(.dim), limit: barsX - 1, on: &canvas)
    }
    var end = 0
    for place in places where place.x >= end {
      end =
        state.put(
          [name(place.number, isShort: isShort)], at: Point(place.x, y), Style(.dim),
          limit: place.limit, on: &canvas) + 1
    }
  }

  /// The tokens of the edited turn: computed, being computed, or as far as the ids say.
  private func drawAfter(y: Int, rows: Int, on canvas: inout Canvas) {
    guard y + rows <= size.rows - 1 else { return }
    state.put(
      [language("改后", "after"), language("后", "new")], at: Point(2, y), Style(.heading),
      limit: barsX - 1, on: &canvas)
    let parts: (reused: Int, asked: Int, answered: Int)
    if let turn = edit.result {
      parts = (turn.reused, turn.prompt.count - turn.reused, turn.fed)
    } else if let progress {
      parts = (progress.reused, progress.prompt - progress.reused, progress.fed)
    } else if let outlook = edit.outlook {
      parts = (outlook.kept, outlook.fed, 0)
    } else {
      return
    }
    let bar = TokenBar.turn(
      reused: parts.reused, asked: parts.asked, answered: parts.answered, scale: scale, language,
      glyphs)
    let left = bar.draw(at: Point(barsX, y), rows: rows, glyphs: glyphs, on: &canvas)
    let total = TokenBar.totals(bar.count, language)
    state.put(
      total.map { ([$0] + left).joined(separator: "  ") } + total,
      at: Point(barsX + bar.columns + 1, y), Style(.heading), on: &canvas)
  }
}
