internal import Base
internal import Trace
internal import Viz

/// What the text cost, token by token and with drafts: both were run, the prefill is in both.
struct SpeculativeTable {
  private let state: SpeculativeState
  private let board: SpeculativeBoard

  init(_ state: SpeculativeState, _ board: SpeculativeBoard) {
    (self.state, self.board) = (state, board)
  }

  private var language: Language { state.language }

  /// A column: its titles, what it says of plain decoding and of the draft, and whether fewer passes make it smaller.
  private struct Column {
    /// The longest first, each of one line or of two.
    let titles: [[String]]
    let plain: String
    let drafted: String
    var isGain = false
    /// Columns that a number may take, so that nothing moves from setting to setting.
    var reserve = 9

    func columns(_ form: Int) -> Int {
      max(reserve, titles[form].map { ScalarWidth.of($0) }.max() ?? 0)
    }
  }

  private var columns: [Column] {
    let (trace, glyphs) = (board.trace, state.glyphs)
    func text(_ quantity: Quantity, _ number: Int?) -> String {
      quantity.text(number.map(Double.init) ?? .nan, glyphs)
    }
    func titles(_ chinese: [String], _ english: [[String]]) -> [[String]] {
      language == .chinese ? chinese.map { [$0] } : english
    }
    let isGain = (board.plain?.passes ?? 0) > trace.modelPasses
    return [
      Column(
        titles: titles(
          ["大模型走几遍", "遍数", "遍数"], [["model passes"], ["", "passes"], ["passes"]]),
        plain: text(.count, board.plain?.passes), drafted: text(.count, trace.modelPasses),
        isGain: isGain, reserve: 4),
      Column(
        titles: titles(
          ["大模型读权重", "大模型读权重", "大模型读权重"],
          [["model reads weights"], ["model reads", "weights"], ["model reads"]]),
        plain: text(.bytes, board.plain?.weightBytes), drafted: text(.bytes, trace.modelBytes),
        isGain: isGain),
      Column(
        titles: titles(
          ["大模型 FLOP", "大模型 FLOP", "大模型FLOP"],
          [["model FLOP"], ["", "model FLOP"], ["model FLOP"]]),
        plain: text(.count, board.plain?.flops), drafted: text(.count, trace.modelFLOPs)),
      Column(
        titles: titles(
          ["小模型读权重", "小模型读权重", "小模型读权重"],
          [["draft reads weights"], ["draft reads", "weights"], ["draft reads"]]),
        plain: glyphs.dash, drafted: text(.bytes, trace.draftBytes)),
      Column(
        titles: titles(
          ["小模型 FLOP", "小模型 FLOP", "小模型FLOP"],
          [["draft FLOP"], ["", "draft FLOP"], ["draft FLOP"]]),
        plain: glyphs.dash, drafted: text(.count, trace.draftFLOPs)),
    ]
  }

  // MARK: Where what stands

  /// Blanks between columns.
  private static let gap = 2

  private func nameColumns(_ room: Int) -> Int { room >= 76 ? 16 : language == .chinese ? 10 : 12 }

  /// Columns that all take with their titles of a form.
  private func taken(_ form: Int, _ room: Int) -> Int {
    columns.reduce(nameColumns(room)) { $0 + Self.gap + $1.columns(form) }
  }

  /// Whether the longest titles have no room in one line, and those of two lines have.
  func wantsTwoLines(columns room: Int) -> Bool {
    taken(0, room) > room && taken(1, room) <= room && language == .english
  }

  /// Draws the titles in one line or two and both rows; columns that there is no room for are left out from the right.
  func draw(
    at corner: Point, columns room: Int, hasTwoLines: Bool, on canvas: inout Canvas
  ) {
    let names = [
      language("逐字写", "plain"),
      language("投机，每次 \(board.question.drafts) 个", "\(board.question.drafts) drafted"),
    ]
    let nameColumns = nameColumns(room)
    let form =
      taken(0, room) <= room
      ? 0 : hasTwoLines || taken(1, room) <= room && language == .chinese ? 1 : 2
    let head = hasTwoLines ? 2 : 1
    // The prefill is a pass as well: it is in every number of the model's.
    state.put(
      [language("含 1 遍 prefill", "prefill included"), language("含 prefill", "with prefill")],
      at: Point(corner.x, corner.y + head - 1), Style(.dim), limit: corner.x + nameColumns,
      on: &canvas)
    state.put(
      [names[0]], at: Point(corner.x, corner.y + head), Style(), limit: corner.x + nameColumns,
      on: &canvas)
    state.put(
      [names[1], language("投机", "drafted")], at: Point(corner.x, corner.y + head + 1),
      Style(.selected), limit: corner.x + nameColumns, on: &canvas)
    let share = min(6, max(0, room - taken(form, room)) / columns.count)
    var end = corner.x + nameColumns
    for column in columns {
      end += Self.gap + column.columns(form) + share
      guard end <= corner.x + room else { return }
      let titles = column.titles[form]
      for (row, title) in titles.enumerated() {
        put(title, endingAt: end, y: corner.y + head - titles.count + row, Style(.dim), on: &canvas)
      }
      put(column.plain, endingAt: end, y: corner.y + head, Style(.heading), on: &canvas)
      put(
        column.drafted, endingAt: end, y: corner.y + head + 1,
        Style(column.isGain ? .selected : .heading), on: &canvas)
    }
  }

  private func put(
    _ text: String, endingAt end: Int, y: Int, _ style: Style, on canvas: inout Canvas
  ) {
    let text = state.glyphs.shown(text)
    canvas.put(text, at: Point(end - ScalarWidth.of(text), y), style)
  }
}
