internal import Base
internal import Trace
internal import Viz

/// What turns took, a column each, and all of them: with the cache kept, with the cache emptied each turn, and without any.
struct ConversationTable {
  let state: ConversationState
  let columns: Int
  /// Rows that it may take.
  let rows: Int

  private var language: Language { state.language }
  private var isNarrow: Bool { columns < 76 }

  /// Rows that it takes; 0 where it has no room.
  var height: Int {
    guard rows >= Self.lines else { return 0 }
    return Self.lines + (hasFLOPs ? Self.lines : 0) + (hasGap ? 2 : 0) + noteRows
  }

  /// The head, three rows, and the bytes or a gap behind them.
  private static let lines = 5
  /// Blank rows before the bytes and before what is said below them.
  private var hasGap: Bool { rows >= Self.lines + 3 }
  private var noteRows: Int {
    rows >= Self.lines + 5 ? 2 : rows >= Self.lines + 2 ? 1 : 0
  }
  private var hasFLOPs: Bool { rows >= 2 * Self.lines + 6 }

  // MARK: Columns

  private var labelColumns: Int { columns >= 96 ? 25 : isNarrow ? 9 : 14 }
  private var totalColumns: Int { isNarrow ? 7 : 9 }
  private var flopColumns: Int { isNarrow ? 8 : 10 }
  private static let turnColumns = 8
  /// Columns for turns.
  private var room: Int {
    columns - 3 - labelColumns - totalColumns - (hasFLOPs ? 0 : flopColumns)
  }

  /// Every turn, one that is being answered among them.
  private var all: [Column] {
    let earlier = state.asked?.earlier ?? state.turns
    return earlier.map { Column(turn: $0) }
      + (state.asked.map { [Column(asked: $0, state.progress)] } ?? [])
  }

  /// The place of the first turn that is shown.
  private func first(_ all: [Column]) -> Int {
    let fitting = max(0, room / Self.turnColumns)
    return max(0, min(all.count - fitting, state.asked == nil ? state.selected : .max))
  }

  private func width(_ count: Int) -> Int {
    min(columns >= 150 ? 24 : 14, max(Self.turnColumns, room / max(4, count)))
  }

  /// Numbers of a turn; nil where they are not computed.
  private struct Column {
    let number: Int
    let rows: [Int?]
    let flops: [Int?]
    let bytes: Int?

    init(turn: ConversationTurn) {
      number = turn.number
      rows = [turn.computed, turn.emptied?.rows, turn.uncached?.rows]
      flops = [turn.withReuse, turn.emptied?.flops, turn.uncached?.flops]
      bytes = turn.cacheBytes
    }

    init(asked: ConversationQuestion.Asked, _ progress: AnswerProgress?) {
      number = asked.number
      rows = [progress.map { $0.prompt - $0.reused + $0.fed }, nil, nil]
      (flops, bytes) = ([nil, nil, nil], nil)
    }
  }

  // MARK: Rows

  private static let roles: [Role] = [.cachedBar, .uncachedBar, .uncachedBar]

  private var names: [[String]] {
    [
      [
        language("缓存留着  只算新来的", "kept  new tokens alone"),
        language("缓存留着", "kept"),
      ],
      [
        language("每轮清空  重读前几轮", "cleared each turn"),
        language("每轮清空", "emptied"),
      ],
      [
        language("不用缓存  每个词元重读", "no cache  every token again"),
        language("不用缓存", "no cache"),
      ],
    ]
  }

  func draw(y: Int, on canvas: inout Canvas) {
    let all = all
    let first = first(all)
    let shown = Array(all.dropFirst(first).prefix(max(0, room / Self.turnColumns)))
    drawHead(shown, hidden: all.count - shown.count, y: y, on: &canvas)
    for place in 0..<3 {
      drawRow(place, shown, all, \.rows, y: y + 1 + place, on: &canvas)
    }
    var y = y + 4 + (hasGap ? 1 : 0)
    drawBytes(shown, y: y, on: &canvas)
    y += 1
    if hasFLOPs {
      put([language("每轮的 FLOP", "FLOP per turn")], at: Point(2, y + 1), Style(.heading), &canvas)
      for place in 0..<3 {
        drawRow(place, shown, all, \.flops, y: y + 2 + place, on: &canvas)
      }
      y += Self.lines
    }
    drawNotes(y: y + (hasGap ? 1 : 0), on: &canvas)
  }

  private func put(_ texts: [String], at point: Point, _ style: Style, _ canvas: inout Canvas) {
    state.put(texts, at: point, style, limit: 2 + labelColumns, on: &canvas)
  }

  /// Where the column of a turn ends.
  private func end(_ index: Int, of count: Int) -> Int {
    2 + labelColumns + (index + 1) * width(count)
  }

  /// Where the column of all turns ends: beside the last turn, however wide the frame is.
  private func totalEnd(_ count: Int) -> Int {
    min(
      columns - 1 - (hasFLOPs ? 0 : flopColumns),
      end(max(4, count) - 1, of: count) + totalColumns + 4)
  }

  private func flopEnd(_ count: Int) -> Int { totalEnd(count) + flopColumns }

  private func putRight(_ text: String, end: Int, y: Int, _ style: Style, _ canvas: inout Canvas) {
    let text = state.glyphs.shown(text)
    canvas.put(text, at: Point(end - ScalarWidth.of(text), y), style)
  }

  private func drawHead(_ shown: [Column], hidden: Int, y: Int, on canvas: inout Canvas) {
    let title = language("每轮算的行", "rows computed")
    put(
      (hidden > 0 ? [title + language("（前 \(hidden) 轮略）", " (\(hidden) before)")] : [])
        + [title, language("算的行", "rows")], at: Point(2, y), Style(.heading), &canvas)
    for (index, column) in shown.enumerated() {
      let isHere = state.asked == nil && column.number == state.selected + 1
      putRight(
        name(ofTurn: column.number), end: end(index, of: shown.count), y: y,
        Style(isHere ? .selected : .dim), &canvas)
    }
    let (end, flopEnd) = (totalEnd(shown.count), flopEnd(shown.count))
    putRight(language("合计", "total"), end: end, y: y, Style(.dim), &canvas)
    if !hasFLOPs { putRight("FLOP", end: flopEnd, y: y, Style(.dim), &canvas) }
  }

  /// Where the columns are narrow in so few letters that no two names are read as one.
  private func name(ofTurn turn: Int) -> String {
    isNarrow && turn < 10
      ? language("第\(turn)轮", "turn \(turn)") : state.name(ofTurn: turn, isShort: isNarrow)
  }

  private func drawRow(
    _ place: Int, _ shown: [Column], _ all: [Column], _ numbers: KeyPath<Column, [Int?]>, y: Int,
    on canvas: inout Canvas
  ) {
    let style = Style(Self.roles[place], bold: place == 0)
    put(names[place], at: Point(2, y), style, &canvas)
    for (index, column) in shown.enumerated() {
      putRight(
        text(column[keyPath: numbers][place]), end: end(index, of: shown.count), y: y, style,
        &canvas)
    }
    let total = Style(place == 0 ? .cachedBar : .heading, bold: true)
    putRight(
      text(sum(all, numbers, place)), end: totalEnd(shown.count), y: y, total, &canvas)
    guard !hasFLOPs else { return }
    putRight(
      text(sum(all, \.flops, place)), end: flopEnd(shown.count), y: y, total, &canvas)
  }

  /// What all turns come to; nil where one of them is not computed.
  private func sum(_ all: [Column], _ numbers: KeyPath<Column, [Int?]>, _ place: Int) -> Int? {
    let counted = all.compactMap { $0[keyPath: numbers][place] }
    return counted.count == all.count && !all.isEmpty ? counted.reduce(0, +) : nil
  }

  private func text(_ number: Int?) -> String {
    number.map { NumberText.count($0) } ?? state.glyphs.dash
  }

  private func drawBytes(_ shown: [Column], y: Int, on canvas: inout Canvas) {
    let texts = shown.map { $0.bytes.map { NumberText.bytes($0) } }
    let unit = sharedUnit(texts.compactMap { $0 })
    put(
      [
        language("轮间占着：重用的代价", "memory held"), language("占着的内存", "memory held"),
      ] + (unit.map { [language("占着 \($0)", "held, \($0)")] } ?? [])
        + [language("占着", "held")], at: Point(2, y), Style(), &canvas)
    for (index, text) in texts.enumerated() {
      let text = text.map { String($0.dropLast(unit.map { $0.count + 1 } ?? 0)) }
      putRight(
        text ?? state.glyphs.dash, end: end(index, of: shown.count), y: y, Style(.heading), &canvas)
    }
  }

  /// The unit of all numbers of bytes where the columns are narrow: it stands once, in front of them.
  private func sharedUnit(_ texts: [String]) -> String? {
    let units = Set(texts.map { $0.split(separator: " ").last.map(String.init) ?? "" })
    guard isNarrow, units.count == 1, let unit = units.first, !unit.isEmpty else { return nil }
    let label = language("占着 \(unit)", "held, \(unit)")
    return ScalarWidth.of(label) <= labelColumns ? unit : nil
  }

  private typealias Note = (wordings: [String], style: Style)

  /// What is to be said of the answers, and what is counted as asked.
  private func drawNotes(y: Int, on canvas: inout Canvas) {
    guard let last = all.last, last.bytes != nil else { return }
    let asked: Note = (frame, Style(.dim))
    let notes = (ofAnswers.map { [$0] } ?? []) + [asked] + (derivation.map { [$0] } ?? [])
    for (row, note) in notes.prefix(noteRows).enumerated() {
      state.put(note.wordings, at: Point(2, y + row), note.style, limit: columns - 1, on: &canvas)
    }
  }

  /// Whether answers are to be believed; nil where nothing is to be said of them.
  private var ofAnswers: Note? {
    if state.turns.contains(where: { !$0.agrees }) {
      return ([language("三种算法的回答不同", "the three ways wrote different answers")], Style(.wrong))
    }
    guard state.start.hasLearntChinese else { return nil }
    if state.start.language == .english {
      return (
        [
          language(
            "这个模型学的是中文：用英文问，答句不成句子",
            "this model has learnt Chinese: what it answers to English makes no sense"),
          language("这个模型只懂中文", "it has learnt Chinese"),
        ], Style(.text)
      )
    }
    let script = Set(state.start.script.map(\.question))
    guard state.turns.contains(where: { !script.contains($0.question) }) else { return nil }
    let name = state.start.model
    return (
      [
        language(
          "\(name) 只学过几十句话，答得不一定对",
          "\(name) learnt a few sentences: do not believe what it answers")
      ], Style(.dim)
    )
  }

  /// Where the rows without a cache come from, since every pass feeds all that is there; nil where these are not the rows that
  /// were counted.
  private var derivation: Note? {
    guard state.asked == nil, state.turns.indices.contains(state.selected) else { return nil }
    let turn = state.turns[state.selected]
    let (first, last) = (turn.prompt.count, turn.prompt.count + turn.fed)
    guard turn.fed > 2, turn.uncached?.rows == (first...last).reduce(0, +) else { return nil }
    let sum = "\(first) + \(first + 1) + \(state.glyphs.ellipsis) + \(last)"
    let count = text(turn.uncached?.rows)
    return (
      [
        language(
          "不用缓存，第 \(turn.number) 轮的 \(count) = \(sum)：每写一个词元，全部再喂一遍",
          "no cache, turn \(turn.number): \(count) = \(sum), all tokens again for each that is written"
        ),
        language(
          "不用缓存，第 \(turn.number) 轮：\(count) = \(sum)",
          "no cache, turn \(turn.number): \(count) = \(sum)"),
      ], Style(.dim)
    )
  }

  /// What a question is fed with.
  private var frame: [String] {
    let (question, answer) = state.start.language == .chinese ? ("问：", "答：") : ("Q:", "A:")
    return [
      language(
        "「问」含「\(question)」「\(answer)」和换行；第 2 轮起还含上一轮答句没喂过的最后一个",
        "asked counts \(question) \(answer) too; from turn 2 also the answer's last token, fed only now"
      ),
      language(
        "「问」含「\(question)」「\(answer)」和换行",
        "asked: with its frame \(question) \(answer) and the last token before"),
      language("「问」含「\(question)」「\(answer)」", "asked: with \(question) \(answer)"),
    ]
  }
}
