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

  /// A column: its titles, and what it says of plain decoding and of the draft.
  private struct Column {
    let titles: [String]
    let plain: String
    let drafted: String
  }

  private var columns: [Column] {
    let (trace, glyphs) = (board.trace, state.glyphs)
    func text(_ quantity: Quantity, _ number: Int?) -> String {
      quantity.text(number.map(Double.init) ?? .nan, glyphs)
    }
    return [
      Column(
        titles: [language("大模型走几遍", "model passes"), language("遍数", "passes")],
        plain: text(.count, board.plain?.passes), drafted: text(.count, trace.modelPasses)),
      Column(
        titles: [
          language("大模型读权重", "model reads weights"), language("大模型读", "model reads"),
        ],
        plain: text(.bytes, board.plain?.weightBytes), drafted: text(.bytes, trace.modelBytes)),
      Column(
        titles: [language("大模型 FLOP", "model FLOP"), "FLOP"],
        plain: text(.count, board.plain?.flops), drafted: text(.count, trace.modelFLOPs)),
      Column(
        titles: [
          language("小模型读权重", "draft reads weights"), language("小模型读", "draft reads"),
        ],
        plain: glyphs.dash, drafted: text(.bytes, trace.draftBytes)),
      Column(
        titles: [language("小模型 FLOP", "draft FLOP")],
        plain: glyphs.dash, drafted: text(.count, trace.draftFLOPs)),
    ]
  }

  /// Draws the title row and both rows; columns that there is no room for are left out from the right.
  func draw(at corner: Point, columns room: Int, on canvas: inout Canvas) {
    let isWide = room >= 76
    let names = [
      language("逐字写", "plain"),
      language("投机，每次 \(board.question.drafts) 个", "\(board.question.drafts) drafted"),
    ]
    let nameColumns = isWide ? 16 : 10
    let width = min(20, isWide ? max(12, (room - nameColumns) / 5) : 12)
    state.put(
      names.prefix(1) + [], at: Point(corner.x, corner.y + 1), Style(),
      limit: corner.x + nameColumns, on: &canvas)
    state.put(
      [names[1], language("投机", "drafted")], at: Point(corner.x, corner.y + 2), Style(.selected),
      limit: corner.x + nameColumns, on: &canvas)
    let isGain = (board.plain?.passes ?? 0) > board.trace.modelPasses
    for (index, column) in columns.enumerated() {
      let end = corner.x + nameColumns + (index + 1) * width
      guard end <= corner.x + room else { return }
      put(column.titles, endingAt: end, y: corner.y, width, Style(.dim), on: &canvas)
      put([column.plain], endingAt: end, y: corner.y + 1, width, Style(.heading), on: &canvas)
      let style = index < 2 && isGain ? Style(.selected) : Style(.heading)
      put([column.drafted], endingAt: end, y: corner.y + 2, width, style, on: &canvas)
    }
  }

  private func put(
    _ wordings: [String], endingAt end: Int, y: Int, _ width: Int, _ style: Style,
    on canvas: inout Canvas
  ) {
    let texts = wordings.map { state.glyphs.shown($0) }
    guard let text = texts.first(where: { ScalarWidth.of($0) < width }) else { return }
    canvas.put(text, at: Point(end - ScalarWidth.of(text), y), style)
  }
}
