internal import Base
internal import Trace
internal import Viz

/// Where the picture of a verifying pass goes: a row for each fed token, a column for each key.
struct SpeculativeLayout {
  static let labelColumns = 6
  /// Columns of a cell.
  let cell: Int
  /// Rows of a cell.
  let height: Int
  /// The keys that there is room for: the newest.
  let keys: Range<Int>
  /// The rows that there is room for.
  let rows: Range<Int>
  /// Columns of what is said of each row.
  let verdictColumns: Int

  /// Columns of the picture with its labels.
  var columns: Int { Self.labelColumns + keys.count * cell }

  /// The most rows of a cell.
  private static let mostHeight = 5

  /// Rows of a cell where there is room for so many: an odd number, which has a row in the middle for what the cell says.
  static func height(upTo rows: Int) -> Int { (min(rows, mostHeight) - 1) / 2 * 2 + 1 }

  /// A layout of a pass over so many keys and rows.
  ///
  /// - Parameters:
  ///   - length: keys of the pass.
  ///   - longest: keys of the longest pass: cells are as large in all of them.
  ///   - count: rows of the pass.
  ///   - columns: that there are.
  ///   - height: rows of a cell.
  ///   - mostRows: rows of the pass that there is room for.
  ///   - accepted: how many rows were accepted.
  init(
    length: Int, longest: Int, rows count: Int, columns: Int, height: Int, mostRows: Int,
    accepted: Int
  ) {
    self.height = height
    let verdict = [(130, 44), (96, 28), (76, 20), (56, 12), (36, 7)].first { columns >= $0.0 }?.1
    verdictColumns = verdict ?? 0
    let room = columns - Self.labelColumns - (verdictColumns > 0 ? verdictColumns + 2 : 0)
    let least = columns >= 54 ? 4 : 3
    // Wide and flat cells are no squares: as many columns as two and a half times the rows.
    let most = max(5, height * 5 / 2)
    cell = (least...most).last { $0 * longest <= room } ?? least
    let shown = min(length, max(1, room / cell))
    keys = length - shown..<length
    // The rows around the first that is not accepted.
    let shownRows = min(count, mostRows)
    let first = min(max(0, accepted + 2 - shownRows), count - shownRows)
    rows = first..<first + shownRows
  }
}

/// A verifying pass as one head of one layer saw it: the weights of every fed row, and what the model says behind each.
struct SpeculativeGrid {
  let state: SpeculativeState
  let board: SpeculativeBoard
  let pass: SpeculativePass
  let layout: SpeculativeLayout

  private var language: Language { state.language }
  private var glyphs: GlyphSet { state.glyphs }
  /// The ids of all keys: the text, and the drafted tokens.
  private var ids: [Int] { Array(board.trace.text.prefix(pass.length)) + pass.drafted }
  /// The first row's position.
  private var first: Int { pass.length - 1 }

  func draw(at corner: Point, limit: Int, on canvas: inout Canvas) {
    drawHead(at: corner, on: &canvas)
    if layout.verdictColumns > 0 {
      state.put(
        [
          language("大模型说的，起草的对不对", "the model says; was the draft right?"),
          language("大模型说", "the model says"), language("大模型说", "model says"), "",
        ], at: Point(corner.x + layout.columns + 2, corner.y), Style(.dim), limit: limit,
        on: &canvas)
    }
    for (index, row) in layout.rows.enumerated() {
      let y = corner.y + 1 + index * layout.height
      drawLabel(row, at: Point(corner.x, y), on: &canvas)
      drawRow(row, at: Point(corner.x + SpeculativeLayout.labelColumns, y), on: &canvas)
      guard layout.verdictColumns > 0 else { continue }
      let x = corner.x + layout.columns + 2
      let middle = y + (layout.height - 1) / 2
      SpeculativeVerdict(state, board, pass)
        .draw(row, in: Area(x: x, y: middle, columns: limit - x, rows: 1), on: &canvas)
    }
  }

  // MARK: Keys and queries

  private func drawHead(at corner: Point, on canvas: inout Canvas) {
    let hidden = layout.keys.lowerBound
    state.put(
      hidden > 0
        ? [
          language("前 \(hidden)\(glyphs.ellipsis)", "\(hidden) \(glyphs.backArrow)"),
          glyphs.ellipsis,
        ] : ["Q  K"], at: corner,
      Style(.dim), limit: corner.x + SpeculativeLayout.labelColumns, on: &canvas)
    for key in layout.keys {
      let x = corner.x + SpeculativeLayout.labelColumns + (key - hidden) * layout.cell
      let isNew = key >= first
      put(
        ids[key], mark: isNew ? glyphs.computed : glyphs.read,
        Style(isNew ? .newKey : .cached), at: Point(x, corner.y), columns: layout.cell, on: &canvas)
    }
  }

  private func drawLabel(_ row: Int, at place: Point, on canvas: inout Canvas) {
    let columns = SpeculativeLayout.labelColumns - 1
    canvas.fill(place, columns: columns, rows: layout.height, Style(.newQuery))
    put(
      ids[first + row], mark: glyphs.computed, Style(.newQuery),
      at: Point(place.x, place.y + (layout.height - 1) / 2), columns: columns, on: &canvas)
  }

  /// A token with its mark behind it, in the middle of its columns.
  private func put(
    _ id: Int, mark: String, _ style: Style, at place: Point, columns: Int,
    on canvas: inout Canvas
  ) {
    canvas.fill(place, columns: columns, style)
    let token = TokenLabel.short(
      board.text(id), columns: max(1, min(columns - 1, columns >= 4 ? columns - 2 : columns - 1)),
      glyphs)
    let text = token + mark
    let x = place.x + max(0, (columns - ScalarWidth.of(text) + 1) / 2)
    canvas.put(text, at: Point(x, place.y), style, limit: place.x + columns)
  }

  // MARK: Weights

  private func drawRow(_ row: Int, at place: Point, on canvas: inout Canvas) {
    let mask = board.model.rule(ofLayer: state.layer).mask
    let weights = pass.weights?.row(row, layer: state.layer, head: state.head)
    for key in layout.keys {
      let x = place.x + (key - layout.keys.lowerBound) * layout.cell
      let (text, style): (String, Style)
      if mask.hides(key: key, fromQuery: first + row) {
        (text, style) = (glyphs.masked, Style(.masked))
      } else if let weights {
        let weight = weights[weights.startIndex + key]
        text =
          layout.cell > 3
          ? NumberText.weight(weight, glyphs) : NumberText.weightDigit(weight, glyphs)
        style = PaneView.style(ofWeight: weight)
      } else {
        (text, style) = (glyphs.dash, Style(.dim))
      }
      canvas.fill(Point(x, place.y), columns: layout.cell, rows: layout.height, style)
      let middle = x + max(0, (layout.cell - ScalarWidth.of(text) + 1) / 2)
      canvas.put(
        text, at: Point(middle, place.y + (layout.height - 1) / 2), style, limit: x + layout.cell)
    }
  }

  // MARK: The cache behind the pass

  /// Keys that the pass leaves in the cache.
  private var kept: Int { ids.count - pass.truncated }

  func drawCache(at corner: Point, limit: Int, on canvas: inout Canvas) {
    state.put(
      [language("缓存", "cache"), ""], at: corner, Style(.dim),
      limit: corner.x + SpeculativeLayout.labelColumns, on: &canvas)
    for key in layout.keys {
      let x =
        corner.x + SpeculativeLayout.labelColumns + (key - layout.keys.lowerBound) * layout.cell
      let isKept = key < kept
      put(
        ids[key], mark: isKept ? glyphs.read : "/",
        isKept ? Style(.cached) : Style(.wrong, reversed: true), at: Point(x, corner.y),
        columns: layout.cell, on: &canvas)
    }
    let cut = pass.truncated
    state.put(
      [
        language("留 \(kept)，裁掉 \(cut)，K、V 一起裁", "\(kept) kept, \(cut) cut off, K and V alike"),
        language("留 \(kept)，裁掉 \(cut)", "\(kept) kept, \(cut) cut"),
        language("留\(kept) 裁\(cut)", "\(kept), -\(cut)"), "",
      ], at: Point(corner.x + layout.columns + 2, corner.y), Style(.heading), limit: limit,
      on: &canvas)
  }

  /// What the marks of the picture say.
  func drawLegend(at corner: Point, limit: Int, on canvas: inout Canvas) {
    let marks: [(glyph: String, style: Style)] = [
      (glyphs.read, Style(.cached)), (glyphs.computed, Style(.newKey)),
      (glyphs.masked, Style(.masked)), ("/", Style(.wrong, reversed: true)),
    ]
    let wordings: [[String]] = [
      [
        language("缓存里的 K、V", "K, V in the cache"), language("这一遍新算的", "computed in this pass"),
        language("掩码遮住", "hidden by the mask"), language("作废，裁掉", "void, cut off"),
      ],
      [
        language("缓存", "cached"), language("新算", "computed"), language("掩码", "masked"),
        language("裁掉", "cut off"),
      ],
    ]
    let fitting = wordings.first { words in
      words.reduce(-2) { $0 + 4 + ScalarWidth.of(glyphs.shown($1)) } <= limit - corner.x
    }
    var x = corner.x
    for (mark, words) in zip(marks, fitting ?? []) {
      x = canvas.put(mark.glyph, at: Point(x, corner.y), mark.style)
      x = state.put([words], at: Point(x + 1, corner.y), Style(.dim), on: &canvas) + 2
    }
  }
}
