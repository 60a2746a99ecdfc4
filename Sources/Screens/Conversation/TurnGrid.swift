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
    let rows = max(1, size.rows - 1 - top - 3)
    // A cell is two columns wide, so that it is about as wide as it is high.
    let fitting = max(1, min(rows, (size.columns - x - 2) / 2))
    let count = turn.prompt.count + turn.fed
    // A size that fits is found at the latest where a part is a cell.
    let size = (1...max(1, count)).first { Self.groups(turn, $0).count <= fitting } ?? count
    let groups = Self.groups(turn, size)
    drawHead(turn, size, on: &canvas)
    for (row, asking) in groups.enumerated() {
      drawLabel(asking.lowerBound, y: top + 2 + row, on: &canvas)
      for (column, read) in groups.enumerated() {
        guard let cell = Self.cell(row: asking.upperBound - 1, column: read.lowerBound, turn)
        else { continue }
        canvas.put(text(cell), at: Point(x + 2 * column, top + 2 + row), style(cell))
      }
    }
  }

  /// The tokens in groups of a size, of which none has reused and computed ones, or some of the question and of the answer.
  private static func groups(_ turn: ConversationTurn, _ size: Int) -> [Range<Int>] {
    let (prompt, count) = (turn.prompt.count, turn.prompt.count + turn.fed)
    return [0..<turn.reused, turn.reused..<prompt, prompt..<count].flatMap { part in
      stride(from: part.lowerBound, to: part.upperBound, by: size).map {
        $0..<min(part.upperBound, $0 + size)
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
    let end = state.put(
      [
        language(
          "\(name)：\(count) 行里只算 \(turn.computed) 行",
          "\(name): \(turn.computed) of \(count) rows computed"),
        name,
      ], at: Point(2, top), Style(.heading), on: &canvas)
    let cell = language(
      step == 1 ? "一格一个词元" : "一格至多 \(step)×\(step) 个词元",
      step == 1 ? "one cell per token" : "a cell: up to \(step)×\(step) tokens")
    state.put(
      [
        cell + language("；一行是一个词元在问，一列是它读谁", "; a row asks, a column is read"), cell,
        language("一格 \(step)×\(step)", "\(step)×\(step) tokens per cell"),
      ], at: Point(end + 3, top), Style(.dim), limit: size.columns - 1, on: &canvas)
    var x = 0
    for (cell, word) in [
      (Cell.read, language("读的 K、V", "K, V read")), (.computed, language("新算的", "computed")),
      (.masked, language("遮住", "masked")), (.earlier, language("前几轮算过", "computed before")),
    ] {
      guard x + 6 + ScalarWidth.of(glyphs.shown(word)) <= size.columns else { return }
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
