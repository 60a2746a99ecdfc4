internal import Base
internal import Trace
internal import Viz

/// The cells of a turn: a row a token that asks, a column a token that is read, and which of them were computed in the turn.
struct TurnGrid {
  let state: ConversationState
  let size: Size

  private var language: Language { state.language }
  private var glyphs: GlyphSet { state.glyphs }

  private var top: Int { size.rows >= 20 ? 2 : 1 }
  private var x: Int { 2 + 5 }

  func draw(on canvas: inout Canvas) {
    guard state.turns.indices.contains(state.selected) else { return }
    let turn = state.turns[state.selected]
    let (count, prompt) = (turn.prompt.count + turn.fed, turn.prompt.count)
    let rows = max(1, size.rows - 1 - top - 3)
    // A cell is two columns wide, so that it is about as wide as it is high.
    let fitting = max(1, min(rows, (size.columns - x - 2) / 2))
    let step = max(1, (count + fitting - 1) / fitting)
    let cells = (count + step - 1) / step
    drawHead(turn, step, on: &canvas)
    for row in 0..<cells {
      let last = min(count, (row + 1) * step) - 1
      drawLabel(row * step, y: top + 2 + row, on: &canvas)
      for column in 0..<cells where column * step <= last || last >= turn.reused && last < prompt {
        let cell = Self.cell(row: last, column: column * step, turn)
        let point = Point(x + 2 * column, top + 2 + row)
        guard let cell else { continue }
        canvas.put(text(cell), at: point, style(cell))
      }
    }
  }

  /// What a cell is.
  private enum Cell {
    /// Its row was not computed in the turn.
    case earlier
    /// K and V were read.
    case read
    /// K and V of the column were computed in the turn.
    case computed
    /// Computed with the prompt and thrown away by the mask.
    case masked
  }

  /// Of the last row and the first column that it stands for; nil where nothing is computed.
  private static func cell(row: Int, column: Int, _ turn: ConversationTurn) -> Cell? {
    let prompt = turn.prompt.count
    guard row >= turn.reused else { return column <= row ? .earlier : nil }
    guard column <= row else { return row < prompt && column < prompt ? .masked : nil }
    return column < turn.reused ? .read : .computed
  }

  private func text(_ cell: Cell) -> String {
    let glyph =
      switch cell {
      case .earlier: glyphs.notNeeded
      case .read: glyphs.read
      case .computed: glyphs.computed
      case .masked: glyphs.masked
      }
    return glyph + glyph
  }

  private func style(_ cell: Cell) -> Style {
    switch cell {
    case .earlier: Style(.notNeeded)
    case .read: .reusedTokens
    case .computed: .askedTokens
    case .masked: Style(.masked)
    }
  }

  // MARK: Words

  private func drawHead(_ turn: ConversationTurn, _ step: Int, on canvas: inout Canvas) {
    let count = turn.prompt.count + turn.fed
    let name = state.name(ofTurn: turn.number, isShort: false)
    state.put(
      [
        language(
          "\(name)：\(count) 行里只算 \(turn.computed) 行",
          "\(name): \(turn.computed) of \(count) rows computed"),
        name,
      ], at: Point(2, top), Style(.heading), on: &canvas)
    var x = state.put(
      [
        language(
          step == 1 ? "一格一个词元" : "一格 \(step)×\(step) 个词元",
          step == 1 ? "a cell a token" : "a cell: \(step)×\(step) tokens")
      ], at: Point(2, top + 1), Style(.dim), on: &canvas)
    for (cell, word) in [
      (Cell.read, language("读的 K、V", "K, V read")), (.computed, language("新算的", "computed")),
      (.masked, language("遮住", "masked")), (.earlier, language("前几轮算过", "computed before")),
    ] {
      guard x + 6 + ScalarWidth.of(glyphs.shown(word)) < size.columns else { return }
      x = canvas.put(text(cell), at: Point(x + 2, top + 1), style(cell))
      x = state.put([word], at: Point(x + 1, top + 1), Style(.dim), on: &canvas)
    }
  }

  private func drawLabel(_ token: Int, y: Int, on canvas: inout Canvas) {
    guard y < size.rows - 1 else { return }
    let text = "\(token + 1)"
    canvas.put(text, at: Point(x - 1 - ScalarWidth.of(text), y), Style(.dim))
  }
}
