import CTerminal
public import Viz

extension NcursesScreen {
  /// Shows `canvas`; only what changed is sent.
  ///
  /// What is larger than the terminal is cut, what is smaller leaves blanks.
  ///
  /// - Parameters:
  ///   - canvas: the frame.
  ///   - theme: the colours of its roles.
  ///   - cursor: where the cursor is seen, such as in a field that is typed into; nil hides it.
  public func show(_ canvas: Canvas, theme: Theme, cursor: Point? = nil) {
    guard isOpen, !isGone else { return }
    pens.use(theme)
    let rows = changedRows(canvas, theme)
    if !rows.isEmpty || needsRepaint || cursor != shown?.cursor {
      draw(canvas, rows)
      refresh(cursor: cursor)
    }
    shown = Shown(canvas: canvas, theme: theme, cursor: cursor)
    needsRepaint = false
    if probe == .notAsked, mayAsk { askForWidths(cursor: cursor) }
  }

  private func changedRows(_ canvas: Canvas, _ theme: Theme) -> [Int] {
    let rows = 0..<min(canvas.size.rows, size.rows)
    guard let shown, !needsRepaint, shown.theme == theme, shown.canvas.size == canvas.size
    else { return Array(rows) }
    return rows.filter { canvas.row($0) != shown.canvas.row($0) }
  }

  private func draw(_ canvas: Canvas, _ rows: [Int]) {
    if needsRepaint || shown?.canvas.size != canvas.size { ct_screen_erase() }
    for y in rows {
      let cells = canvas.row(y).compactMap { $0.width > 0 ? drawable($0) : nil }
      ct_screen_draw(Int32(y), cells, Int32(cells.count))
    }
  }

  private func drawable(_ cell: Cell) -> ct_cell {
    let pen = pens.pen(cell.style)
    var drawn = ct_cell()
    (drawn.attributes, drawn.pair) = (pen.attributes, pen.pair)
    withUnsafeMutableBytes(of: &drawn.scalars) { bytes in
      let scalars = bytes.bindMemory(to: UInt32.self)
      for (index, scalar) in zip(scalars.indices, cell.text.unicodeScalars) {
        scalars[index] = scalar.value
      }
      // The caller should have drawn in ASCII; ncurses would leave out the column.
      if !isUTF8, scalars.contains(where: { $0 >= 0x7F }) {
        scalars.update(repeating: 0)
        scalars[0] = 0x3F
      }
    }
    return drawn
  }

  private func refresh(cursor: Point?) {
    synchronised {
      let place = placed(cursor)
      ct_screen_refresh(needsRepaint, Int32(place.y), Int32(place.x), cursor != nil)
    }
  }

  /// Within the screen: where ncurses leaves the cursor, which is the corner if nobody sees it.
  private func placed(_ cursor: Point?) -> Point {
    let point = cursor ?? Point(0, 0)
    return Point(
      min(max(0, point.x), size.columns - 1), min(max(0, point.y), size.rows - 1))
  }

  /// Terminals that know DEC mode 2026 show what `body` sends as one picture; others ignore it.
  private func synchronised(_ body: () -> Void) {
    let isUsed = options.isSynchronised && capabilities.isANSI
    if isUsed { Output.write("\u{1B}[?2026h") }
    body()
    if isUsed { Output.write("\u{1B}[?2026l") }
  }
}

/// How far the question is that asks how wide this terminal draws `·` and its like.
enum WidthProbe: Equatable {
  case notAsked
  /// The answer will name this row, 1-based.
  case asked(row: Int)
  case over
}

extension NcursesScreen {
  /// How long an answer may take so that a program that ends still waits for it.
  private static let answerMilliseconds: Int32 = 2000

  /// Writes `·` at the begin of the last row, asks where the cursor is then, and mends the row.
  ///
  /// The last row, as an answer from row 1 looks like a function key. This comes after the first frame,
  /// which must not wait; a terminal that does not answer keeps the glyphs.
  private func askForWidths(cursor: Point?) {
    probe = .over
    let row = size.rows
    guard options.asksForWidths, capabilities.isANSI, isUTF8, row > 1, size.columns > 3 else {
      return
    }
    probe = .asked(row: row)
    ct_guard_expect_answer(Self.answerMilliseconds)
    let place = placed(cursor)
    synchronised {
      Output.write("\u{1B}[\(row);1H·\u{1B}[6n\u{1B}[\(place.y + 1);\(place.x + 1)H")
      ct_screen_spoil(Int32(row - 1))
      ct_screen_refresh(false, Int32(place.y), Int32(place.x), cursor != nil)
    }
  }
}
