internal import Base
internal import Trace
internal import Viz

/// Where the blocks of a pool go: as large as the room lets them be, all of the same size.
struct PoolLayout {
  /// How a block is drawn.
  struct Form: Equatable {
    /// Columns of a slot.
    let slot: Int
    /// Rows of a block's slots.
    let height: Int
    /// Whether its number and its holders stand above it; else who holds it stands before it.
    let hasHead: Bool
    /// Blank rows behind it.
    let gap: Int

    /// From the largest to the smallest.
    static let all = [
      Form(slot: 4, height: 3, hasHead: true, gap: 1),
      Form(slot: 3, height: 2, hasHead: true, gap: 1),
      Form(slot: 2, height: 2, hasHead: true, gap: 1),
      Form(slot: 2, height: 1, hasHead: true, gap: 1),
      Form(slot: 1, height: 2, hasHead: true, gap: 1),
      Form(slot: 1, height: 1, hasHead: true, gap: 1),
      Form(slot: 1, height: 1, hasHead: true, gap: 0),
      Form(slot: 1, height: 1, hasHead: false, gap: 0),
    ]
  }

  let form: Form
  /// Columns before a block's slots: of who holds it, where that does not stand above.
  var before: Int { form.hasHead ? 0 : 1 }
  /// Slots of a block in one line: all, or where it is wider than the pool as many as a line has room for.
  let perLine: Int
  /// Columns of a block, and from one to the next.
  let columns: Int
  let stride: Int
  let perRow: Int
  /// Rows of a block's slots.
  let slotRows: Int
  /// Rows of all blocks.
  let rows: Int

  /// Blocks of a form in so many columns; nil where not even one fits.
  init?(_ form: Form, count: Int, blockSize: Int, number: Int, columns: Int) {
    // Its number, a blank, and up to three letters.
    let head = form.hasHead ? String(number).count + 4 : 1
    self.form = form
    let room = (columns - (form.hasHead ? 0 : head)) / form.slot
    perLine = Self.slots(within: room, of: blockSize)
    guard perLine == blockSize || perLine > 0 && form.slot * form.height == 1 else { return nil }
    self.columns = form.hasHead ? max(perLine * form.slot, head) : head + perLine * form.slot
    stride = self.columns + 1
    perRow = (columns + 1) / stride
    guard perRow > 0 else { return nil }
    slotRows = form.height * ((blockSize + perLine - 1) / perLine)
    let lines = (count + perRow - 1) / perRow
    rows = lines * ((form.hasHead ? 1 : 0) + slotRows + form.gap) - form.gap
  }

  /// A block's own size where it fits, else the largest power of two that does.
  private static func slots(within room: Int, of blockSize: Int) -> Int {
    guard blockSize > room else { return blockSize }
    var power = 0
    for bit in 0..<16 where 1 << bit <= room { power = 1 << bit }
    return power
  }

  /// The largest blocks that fit into `rows`; nil where none do.
  static func fitting(
    count: Int, blockSize: Int, number: Int, columns: Int, rows: Int, forms: [Form] = Form.all
  ) -> PoolLayout? {
    forms.lazy.compactMap {
      PoolLayout($0, count: count, blockSize: blockSize, number: number, columns: columns)
    }.first { $0.rows <= rows }
  }

  /// Where a block goes, by its place among those that are drawn.
  func place(_ index: Int, at corner: Point) -> Point {
    let (line, column) = index.quotientAndRemainder(dividingBy: perRow)
    let height = (form.hasHead ? 1 : 0) + slotRows + form.gap
    return Point(corner.x + column * stride, corner.y + line * height)
  }
}

/// The pool's blocks in a step: who holds each, and which slots are filled.
struct ServingPool {
  let state: ServingState
  let labels: ServingLabels
  /// All blocks, block 1 first.
  let blocks: [ServingBlock]

  init(_ state: ServingState, _ step: ServingStep) {
    self.state = state
    labels = ServingLabels(glyphs: state.glyphs)
    blocks = ServingBlock.all(step)
  }

  /// Draws some blocks, by their numbers.
  func draw(
    _ numbers: [Int], blockSize: Int, _ layout: PoolLayout, at corner: Point,
    on canvas: inout Canvas
  ) {
    for (index, number) in numbers.enumerated() {
      let place = layout.place(index, at: corner)
      let y = place.y + (layout.form.hasHead ? 1 : 0)
      if layout.form.hasHead { drawHead(number, layout, at: place, on: &canvas) }
      drawSlots(number, blockSize, layout, at: Point(place.x, y), on: &canvas)
    }
  }

  private func drawHead(
    _ number: Int, _ layout: PoolLayout, at place: Point, on canvas: inout Canvas
  ) {
    let isChosen = number == state.block
    let width = String(blocks.count).count
    let x = canvas.put(
      "\(number)".padded(to: width, right: true), at: place, Style(isChosen ? .chosen : .dim))
    let holders = blocks[number - 1].holders
    guard !holders.isEmpty else { return }
    let names = labels.names(holders, columns: layout.columns - width - 1)
    canvas.put(names, at: Point(x + 1, place.y), Style(.heading))
  }

  private func drawSlots(
    _ number: Int, _ blockSize: Int, _ layout: PoolLayout, at place: Point,
    on canvas: inout Canvas
  ) {
    let block = blocks[number - 1]
    for slot in 0..<blockSize {
      let (sign, style) = slotStyle(block, slot)
      let (line, column) = slot.quotientAndRemainder(dividingBy: layout.perLine)
      let x = place.x + layout.before + column * layout.form.slot
      for row in 0..<layout.form.height {
        canvas.put(
          String(repeating: sign, count: layout.form.slot),
          at: Point(x, place.y + line * layout.form.height + row), style)
      }
    }
    if !layout.form.hasHead { drawMark(number, at: place, on: &canvas) }
  }

  /// Where no head stands above it, a column before a block says who holds it, or how many do, and whether it is chosen.
  private func drawMark(_ number: Int, at place: Point, on canvas: inout Canvas) {
    let (holders, isChosen) = (blocks[number - 1].holders, number == state.block)
    let mark =
      switch holders.count {
      case 0: isChosen ? state.glyphs.cursor : " "
      case 1: String(labels.name(holders[0]).prefix(1))
      case 2...9: "\(holders.count)"
      default: "+"
      }
    canvas.put(mark, at: place, isChosen ? Style(.chosen) : Style(.heading))
  }

  /// A slot's sign and its colour.
  func slotStyle(_ block: ServingBlock, _ slot: Int) -> (sign: String, style: Style) {
    switch block.kind {
    case .free: return (state.glyphs.notNeeded, Style(.notNeeded))
    case .findable: return (":", Style(.dim))
    case .held(let requests):
      guard slot < block.filled else { return ("_", ServingLabels.decode(requests[0])) }
      return requests.count > 1
        ? (state.glyphs.read, Style(.cached))
        : (state.glyphs.read, ServingLabels.prefill(requests[0]))
    }
  }

  // MARK: Legend

  /// What the signs mean, behind other words.
  var legendWords: [String] {
    let (language, free) = (state.language, state.glyphs.notNeeded)
    return [
      language(
        "= 放了  _ 没放  \(free) 空块  : 留着", "= filled  _ not  \(free) free  : kept"),
      language("= 放  _ 没放  \(free) 空  : 留", "= full  _ not  \(free) free  : kept"),
      language("= 放  _ 没放  \(free) 空", "= full  _ not  \(free) free"),
      language("= 放  \(free) 空", "= full  \(free) free"),
    ]
  }

  /// What stands before blocks, where several requests share one.
  var markWords: [String] {
    guard let shared = blocks.first(where: { $0.holders.count > 1 })?.holders.count else {
      return []
    }
    return [
      state.language(
        "块前的 \(shared)：\(shared) 个请求共用",
        "\(shared) before a block: shared by \(shared)"
      ),
      state.language("块前 \(shared)：\(shared) 个共用", "\(shared) = shared by \(shared)"),
      state.language("\(shared)：共用", "\(shared): shared"),
    ]
  }

  /// What the signs mean: each with a sample, those that fit.
  func drawLegend(at point: Point, limit: Int, on canvas: inout Canvas) {
    let language = state.language
    let shared = (language("几个请求共用", "shared by requests"), language("共用", "shared"))
    let kept = (
      language("没人用，留着给开头相同的", "unowned, kept as a cached prefix"), language("留着", "cached")
    )
    func samples(_ shared: String, _ kept: String) -> [(String, Style, String)] {
      [
        ("====", Style(.cached), shared),
        ("==", ServingLabels.prefill(state.request), language("没放满", "not full")),
        ("....", Style(.notNeeded), language("空", "free")), ("::::", Style(.dim), kept),
      ]
    }
    func columns(_ samples: [(String, Style, String)]) -> Int {
      samples.reduce(-3) { $0 + 8 + ScalarWidth.of(state.glyphs.shown($1.2)) }
    }
    let long = samples(shared.0, kept.0)
    let fitting = columns(long) <= limit - point.x ? long : samples(shared.1, kept.1)
    var x = point.x
    for (sign, style, words) in fitting {
      let text = state.glyphs.shown(words)
      guard x + 5 + ScalarWidth.of(text) <= limit else { return }
      let sample = sign == "...." ? String(repeating: state.glyphs.notNeeded, count: 4) : sign
      let end = canvas.put(sample, at: Point(x, point.y), style)
      if sign == "==" {
        canvas.put("__", at: Point(end, point.y), ServingLabels.decode(state.request))
      }
      x = canvas.put(text, at: Point(x + 5, point.y)) + 3
    }
  }
}
