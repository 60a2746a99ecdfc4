internal import Base
internal import Trace
internal import Viz

/// How the frame is divided: one round as a picture, then all rounds, then what they cost.
struct SpeculativeFrame {
  let state: SpeculativeState
  let board: SpeculativeBoard
  let size: Size

  init(_ state: SpeculativeState, _ board: SpeculativeBoard, _ size: Size) {
    (self.state, self.board, self.size) = (state, board, size)
  }

  private var language: Language { state.language }
  private var glyphs: GlyphSet { state.glyphs }
  private var trace: SpeculativeTrace { board.trace }
  private var margin: Int { size.columns >= 70 ? 2 : 1 }
  private var columns: Int { max(1, size.columns - 2 * margin) }
  private var limit: Int { margin + columns }
  private var room: Int { max(0, size.rows - 2) }

  func draw(on canvas: inout Canvas) {
    guard state.passes.indices.contains(state.round) else {
      let words = language("一个词元就写完了，没有起草", "the text was over before anything was drafted")
      return _ = state.put([words], at: Point(margin, 2), Style(), on: &canvas)
    }
    let pass = state.passes[state.round]
    guard room > 4 else { return drawVerdictAlone(pass, on: &canvas) }
    draw(pass, parts(pass), on: &canvas)
  }

  private func drawVerdictAlone(_ pass: SpeculativePass, on canvas: inout Canvas) {
    let words = "\(glyphs.right) \(pass.accepted)/\(pass.drafted.count)"
    guard room > 0 else { return }
    let text = glyphs.adapted(words)
    if ScalarWidth.of(text) <= size.columns { canvas.put(text, at: Point(0, 1)) }
  }

  // MARK: Dividing

  /// The rows of each part; none where a part is left out.
  private struct Parts {
    var head = 0
    var picture = 0
    var cache = 0
    var written = 0
    var rounds = 0
    var table = 0
    var note = 0
    var legend = 0
    var legendGap = 0
    var list = 0
    var gaps = 0
    var layout: SpeculativeLayout
  }

  /// The picture first, then the words that say it, then the others as far as there is room.
  private func parts(_ pass: SpeculativePass) -> Parts {
    let most = state.passes.map(\.rows).max() ?? pass.rows
    var rest = room - 1 - min(most, max(1, room - 3))
    func take(_ rows: Int) -> Int {
      guard rest >= rows else { return 0 }
      rest -= rows
      return rows
    }
    let (cache, written, rounds) = (take(1), take(1), take(2))
    let (table, head) = (take(3), take(1))
    // Blank rows before taller cells: the parts are told apart by them.
    let gaps = min(rest, 5)
    rest -= gaps
    let note = take(1)
    let twoLines = table > 0 && SpeculativeTable(state, board).wantsTwoLines(columns: columns)
    let head2 = twoLines ? take(1) : 0
    let legend = take(1)
    let least = min(most, max(1, room - 3))
    let height = least < most ? 1 : SpeculativeLayout.height(upTo: 1 + rest / most)
    rest -= (height - 1) * most
    let legendGap = legend > 0 ? take(1) : 0
    // What is left is a list of all rounds, where it is long enough.
    let list = rest > 4 ? min(rest - 2, state.passes.count + 1) : 0
    let layout = SpeculativeLayout(
      length: pass.length + pass.drafted.count,
      longest: state.passes.map { $0.length + $0.drafted.count }.max() ?? 1, rows: pass.rows,
      columns: columns,
      height: height, mostRows: least, accepted: pass.accepted)
    return Parts(
      head: head, picture: 1 + least * height, cache: cache, written: written, rounds: rounds,
      table: table + head2, note: note, legend: legend,
      legendGap: legendGap, list: list, gaps: gaps, layout: layout)
  }

  private func draw(_ pass: SpeculativePass, _ parts: Parts, on canvas: inout Canvas) {
    var (y, gaps) = (1, parts.gaps)
    func skip() {
      guard gaps > 0 else { return }
      (gaps, y) = (gaps - 1, y + 1)
    }
    let grid = SpeculativeGrid(state: state, board: board, pass: pass, layout: parts.layout)
    if parts.gaps > 3 { skip() }
    if parts.head > 0 {
      drawHead(pass, y: y, on: &canvas)
      y += 1
    }
    grid.draw(at: Point(margin, y), limit: limit, on: &canvas)
    y += 1 + parts.layout.rows.count * parts.layout.height
    if parts.gaps > 4 { skip() }
    if parts.cache > 0 {
      grid.drawCache(at: Point(margin, y), limit: limit, on: &canvas)
      y += 1
    }
    // What follows stands still, however many rows a round has.
    y = max(y, 1 + parts.head + parts.picture + parts.cache + (parts.gaps - gaps))
    skip()
    if parts.written > 0 {
      drawWritten(pass, y: y, on: &canvas)
      y += 1
    }
    skip()
    if parts.rounds > 0 {
      drawRounds(y: y, on: &canvas)
      y += 2
    }
    skip()
    if parts.table > 0 {
      SpeculativeTable(state, board).draw(
        at: Point(margin, y), columns: columns, hasTwoLines: parts.table > 3, on: &canvas)
      y += parts.table
    }
    skip()
    if parts.note > 0 {
      drawNote(y: y, on: &canvas)
      y += 1
    }
    if parts.legend > 0 {
      y += parts.legendGap
      grid.drawLegend(at: Point(margin, y), limit: limit, on: &canvas)
      y += 1
    }
    if parts.list > 0 { drawList(y: y + 1, rows: parts.list, on: &canvas) }
  }

  // MARK: Words

  private func token(_ id: Int) -> String {
    TokenLabel.short(board.text(id), columns: 12, glyphs)
  }

  /// Who drafts what, and what the pass computes: the first wording that fits.
  private func drawHead(_ pass: SpeculativePass, y: Int, on canvas: inout Canvas) {
    let fitting = heads(pass).first { words in
      words.reduce(0) { $0 + ScalarWidth.of(glyphs.shown($1.text)) } <= columns
    }
    var x = margin
    for word in fitting ?? [] {
      x = state.put([word.text], at: Point(x, y), word.style, on: &canvas)
    }
  }

  private func heads(_ pass: SpeculativePass) -> [[(text: String, style: Style)]] {
    let drafted = pass.drafted.map(token).joined()
    let last = trace.text.prefix(pass.length).last.map(token) ?? ""
    let count = pass.drafted.count
    func head(_ sizes: (draft: String, model: String), _ rows: String) -> [(String, Style)] {
      [
        (board.question.draft + sizes.draft, Style(.heading)),
        (language(" 起草 ", " drafts "), Style()), (drafted, Style(.chosen)), ("   ", Style()),
        (board.model.name + sizes.model, Style(.heading)), (rows, Style()),
      ]
    }
    let whole = language(
      " 一遍算 \(pass.rows) 行：\(last) 和起草的 \(count) 个",
      " computes \(pass.rows) rows at once: \(last) and \(count) drafted")
    let rows = language(
      " 一遍算 \(pass.rows) 行", " computes " + counted(pass.rows, "row"))
    return [
      head(sizes, whole), head(sizes, rows), head(("", ""), whole), head(("", ""), rows),
      head(("", ""), ""),
    ]
  }

  /// How many numbers the weights of both are.
  private var sizes: (draft: String, model: String) {
    guard let small = board.draftParameters, let large = board.model.parameters else {
      return ("", "")
    }
    let (one, other) = (
      Quantity.count.text(Double(small), glyphs), Quantity.count.text(Double(large), glyphs)
    )
    return (
      language("（\(one) 参数）", " (\(one) parameters)"),
      language("（\(other) 参数）", " (\(other) parameters)")
    )
  }

  /// What the round adds to the text, and whether the whole text is the plain one.
  private func drawWritten(_ pass: SpeculativePass, y: Int, on canvas: inout Canvas) {
    let count = pass.written.count
    let drafted = pass.written.prefix(pass.accepted).map(token).joined()
    let own = pass.written.dropFirst(pass.accepted).map(token).joined()
    var x = state.put(
      [
        language("这一遍写下 \(count) 个：", "this pass writes \(count): "),
        language("写下 \(count)：", "\(count): "),
      ], at: Point(margin, y), Style(), limit: limit, on: &canvas)
    if !drafted.isEmpty {
      x = state.put([drafted, ""], at: Point(x, y), Style(.right), limit: limit, on: &canvas)
      x = state.put(
        [language(" 起草的  ", " drafted  "), " "], at: Point(x, y), Style(), limit: limit, on: &canvas
      )
    }
    if !own.isEmpty {
      x = state.put([own, ""], at: Point(x, y), Style(.chosen), limit: limit, on: &canvas)
      x = state.put(
        [language(" 大模型自己的", " the model's own"), ""], at: Point(x, y), Style(), limit: limit,
        on: &canvas)
    }
    guard let agrees = board.agrees else { return }
    let same = [
      language("全文和逐字写的一字不差", "the same text as plain decoding, to the last token"),
      language("和逐字写的相同", "same as plain"), language("同逐字写", "as plain"), "",
    ]
    let other = [language("和逐字写的不同！", "not the plain text!"), "!"]
    state.put(
      agrees ? same : other, at: Point(x + 3, y), Style(agrees ? .right : .wrong), limit: limit,
      on: &canvas)
  }

  /// Whether both models together read more than plain decoding; nil while that is not known.
  private var readsMore: [String]? {
    guard let plain = board.plain?.weightBytes, board.agrees != nil else { return nil }
    let both = board.trace.modelBytes + board.trace.draftBytes
    guard both > plain else { return nil }
    let (all, one) = (
      Quantity.bytes.text(Double(both), glyphs), Quantity.bytes.text(Double(plain), glyphs)
    )
    return paying(plain).map {
      language("两个模型共读 \(all)，逐字只读 \(one)；", "both read \(all), plain \(one); ") + $0
    } + [
      language(
        "大模型少走了几遍，可两个模型一共读 \(all)，逐字只读 \(one)：起草的不够小，读得反而多",
        "fewer passes, but both models read \(all) in all, plain decoding \(one): a draft this large costs more than it saves"
      ),
      language(
        "两个模型一共读 \(all)，逐字只读 \(one)：起草的不够小",
        "both read \(all), plain decoding \(one): the draft is too large"),
      language("两个模型一共读 \(all)，逐字只读 \(one)", "both read \(all), plain \(one)"), "",
    ]
  }

  /// How little a draft with the same proposals would have to read for a token that it drafts, so that both read less than plain
  /// decoding.
  private func paying(_ plain: Int) -> [String] {
    let saved = plain - trace.modelBytes
    guard trace.drafted > 0, saved > 0 else {
      return [
        language("大模型自己就没有少读", "the model alone read no less")
      ]
    }
    func text(_ bytes: Int) -> String {
      Quantity.bytes.text(Double(bytes / trace.drafted), glyphs)
    }
    let (least, now) = (text(saved), text(trace.draftBytes))
    return [
      language(
        "收下的一样多，起草每个词元读不到 \(least) 才划算，现在读 \(now)",
        "with as many accepted, a draft pays below \(least) per drafted token, this one reads \(now)"
      ),
      language(
        "起草每个词元读不到 \(least) 才划算，现在 \(now)",
        "a draft pays below \(least) per drafted token, now \(now)"),
    ]
  }

  /// That the model drafts for itself; nil where another does.
  private var draftsItself: [String]? {
    guard board.question.draft == board.model.name else { return nil }
    return [
      language(
        "起草的就是大模型自己：并不更小，起草也要读同样的权重",
        "the model drafts for itself: it is no smaller, drafting reads the same weights"),
      language("起草的就是大模型自己", "the model drafts for itself"), "",
    ]
  }

  private func drawNote(y: Int, on canvas: inout Canvas) {
    if let draftsItself {
      state.put(draftsItself, at: Point(margin, y), Style(.prediction), limit: limit, on: &canvas)
      return
    }
    if let readsMore {
      state.put(readsMore, at: Point(margin, y), Style(.prediction), limit: limit, on: &canvas)
      return
    }
    state.put(
      [
        language(
          "decode 慢在搬权重：搬来一次，验几行和验一行搬得一样多；多算的是要被作废的行",
          "decode waits for weights: read once, they verify many rows as well as one; the price is the rows that are void"
        ),
        language(
          "搬来一次权重，验几行和验一行搬得一样多", "weights that are read once verify many rows as well as one"), "",
      ], at: Point(margin, y), Style(.dim), limit: limit, on: &canvas)
  }

  // MARK: All rounds

  /// How many each round accepted and what it wrote, those around the one that is shown.
  private func drawRounds(y: Int, on canvas: inout Canvas) {
    let (title, below) = (
      [language("每轮收下几个", "accepted"), language("收下几个", "accepted")],
      [language("这一轮写出", "written"), language("写出", "written")]
    )
    let titleColumns = columns >= 76 ? 15 : 9
    state.put(
      title, at: Point(margin, y), Style(), limit: margin + titleColumns, on: &canvas)
    state.put(
      below, at: Point(margin, y + 1), Style(.dim), limit: margin + titleColumns, on: &canvas)
    let texts = state.passes.map { pass in
      glyphs.shown(pass.written.map { board.text($0) }.joined()).fitted(to: 24)
    }
    let widths = zip(texts, state.passes).map {
      max(ScalarWidth.of($0), "\($1.accepted)".count) + 2
    }
    let shown = window(widths, columns: columns - titleColumns)
    var x = margin + titleColumns
    for index in shown {
      let isChosen = index == state.round
      let (width, pass) = (widths[index], state.passes[index])
      if isChosen { canvas.fill(Point(x, y), columns: width, rows: 2, Style(.chosen)) }
      let number = "\(pass.accepted)"
      canvas.put(
        number, at: Point(x + (width - number.count) / 2, y),
        isChosen ? Style(.chosen) : Style(.heading))
      canvas.put(
        texts[index], at: Point(x + 1, y + 1), isChosen ? Style(.chosen) : Style(.dim))
      x += width
    }
  }

  /// Each round in a line: what was drafted, with its verdicts, and what it writes.
  private func drawList(y: Int, rows: Int, on canvas: inout Canvas) {
    state.put(
      [language("每一轮起草了什么", "what each round drafted")], at: Point(margin, y),
      Style(.heading), limit: limit, on: &canvas)
    let most = rows - 1
    let first = min(max(0, state.round - most / 2), max(0, state.passes.count - most))
    for (row, pass) in state.passes.dropFirst(first).prefix(most).enumerated() {
      let number = language("第 \(pass.number) 轮", "round \(pass.number)")
      let isChosen = pass.number == state.round + 1
      let y = y + 1 + row
      let start = state.put(
        [number], at: Point(margin, y), Style(isChosen ? .selected : .dim), limit: limit,
        on: &canvas)
      var x = max(start, margin + 8) + 2
      for (index, id) in pass.drafted.enumerated() {
        let isAccepted = index < pass.accepted
        let mark = isAccepted ? glyphs.right : glyphs.wrong
        x = state.put(
          [token(id) + " " + mark, ""], at: Point(x, y), Style(isAccepted ? .right : .dim),
          limit: limit, on: &canvas)
        x += 2
      }
      let text = pass.written.map(token).joined()
      state.put(
        ["\(glyphs.arrow) \(text)", ""], at: Point(x, y), Style(.heading), limit: limit,
        on: &canvas)
    }
  }

  /// The rounds around the one that is shown for which there is room.
  private func window(_ widths: [Int], columns: Int) -> Range<Int> {
    var (first, end) = (state.round, state.round + 1)
    var used = widths[state.round]
    guard used <= columns else { return first..<first }
    while true {
      if end < widths.count, used + widths[end] <= columns {
        used += widths[end]
        end += 1
      } else if first > 0, used + widths[first - 1] <= columns {
        first -= 1
        used += widths[first]
      } else {
        return first..<end
      }
    }
  }
}
