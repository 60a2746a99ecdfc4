internal import Base
internal import Planner
internal import Viz

/// The planner's frame: knobs, the formula with its numbers, the card to scale, and what follows from it.
struct PlannerView {
  let state: PlannerState
  let size: Size

  static let margin = 2

  var columns: Int { max(1, size.columns - 2 * Self.margin) }
  var language: Language { state.language }
  var glyphs: GlyphSet { state.glyphs }
  /// Whether words have their room; else the numbers do.
  var isRoomy: Bool { columns >= 70 }
  var answer: MemoryAnswer { state.answer }
  var question: MemoryQuestion { state.question }

  /// A part of the frame, with the rows that it takes.
  struct Block {
    /// Rows without which it stays away.
    var least: Int
    /// Rows with which it comes rather than stay away.
    var fewest: Int?
    /// Rows that it can use.
    var most: Int
    /// The lower, the longer it stays where room is short.
    var rank: Int
    var draw: (Area, inout Canvas) -> Void
  }

  var canvas: Canvas {
    var canvas = Canvas(size)
    drawTitle(on: &canvas)
    if state.isHelp {
      state.drawHelp(on: &canvas)
      return canvas
    }
    let top = size.rows >= 20 ? 2 : 1
    var y = top
    for (block, rows, gap) in arranged(rows: size.rows - top - 1) {
      block.draw(Area(x: Self.margin, y: y, columns: columns, rows: rows), &canvas)
      y += rows + gap
    }
    drawBottom(on: &canvas)
    return canvas
  }

  /// The keys, or the number that is being typed.
  private func drawBottom(on canvas: inout Canvas) {
    guard let field = state.field, state.notice == nil else {
      return state.drawFooter(
        state.field == nil
          ? state.keysGiven.hints(state.look, where: state.isOffered)
          : PlannerKeys.typing.hints(state.look), on: &canvas)
    }
    let asks =
      switch state.picked {
      case .context:
        [language("一个请求几个词元", "tokens of a request"), language("词元", "tokens")]
      case .batch: [language("几个请求", "requests")]
      default: [language("用百分之几", "percent of the memory"), language("百分之几", "percent")]
      }
    // Ten digits at most.
    FieldLine(
      field: field, glyphs: glyphs, hints: PlannerKeys.typing.hints(state.look), asks: asks,
      least: 13
    ).draw(on: &canvas)
  }

  // MARK: Where what stands

  // One of the notes speaks of the table of lengths, if that has room.
  private func blocks(hasTable: Bool) -> [Block] {
    // Where the working was asked for, it has the room of what says the same in short.
    let isWorking = state.showsWorking
    let head = [
      lines(knobs, rank: 1), lines(formula, rank: isWorking ? 4 : 2), card,
      lines(verdict, rank: isWorking ? 3 : 1, fewest: 1),
    ]
    guard !isWorking else { return head + [lines(working, rank: 2)] }
    return head + [
      layers, hasTable ? table : lines([], rank: Self.tableRank),
      lines(notes(hasTable: hasTable), rank: 5), lines(vLLM + vLLMWhy, rank: 6, fewest: 1), curves,
    ]
  }

  /// The table's rank among the blocks.
  static let tableRank = 4

  /// The blocks that there is room for, with their rows and the blank rows behind them.
  private func arranged(rows: Int) -> [(block: Block, rows: Int, gap: Int)] {
    let whole = arranged(blocks(hasTable: true), rows: rows)
    let hasTable = whole.contains { $0.block.rank == Self.tableRank }
    return hasTable ? whole : arranged(blocks(hasTable: false), rows: rows)
  }

  private func arranged(
    _ wanted: [Block], rows: Int
  ) -> [(block: Block, rows: Int, gap: Int)] {
    var blocks = wanted
    var chosen: Set<Int> = []
    var rest = rows
    for index in blocks.indices.sorted(by: { (blocks[$0].rank, $0) < (blocks[$1].rank, $1) }) {
      // A second view stays away where the first would lose its gaps.
      let needed = blocks[index].least + (blocks[index].rank > 6 ? chosen.count + 1 : 0)
      guard blocks[index].most > 0 else { continue }
      if needed > rest, let fewest = blocks[index].fewest, fewest <= rest {
        blocks[index].least = rest
      } else if needed > rest {
        continue
      }
      rest -= blocks[index].least
      chosen.insert(index)
    }
    var kept = blocks.indices.filter { chosen.contains($0) }
      .map { (block: blocks[$0], rows: blocks[$0].least, gap: 0) }
    // The first gap parts the picture from the footer.
    for index in Array(kept.indices.suffix(1)) + Array(kept.indices.dropLast()) where rest > 0 {
      kept[index].gap = 1
      rest -= 1
    }
    while rest > 0, let index = Self.neediest(kept) {
      kept[index].rows += 1
      rest -= 1
    }
    return kept
  }

  /// The block that has the least of what it can use.
  private static func neediest(_ kept: [(block: Block, rows: Int, gap: Int)]) -> Int? {
    kept.indices.filter { kept[$0].rows < kept[$0].block.most }
      .min { kept[$0].rows * kept[$1].block.most < kept[$1].rows * kept[$0].block.most }
  }

  // MARK: Words

  /// Words that stay together.
  typealias Words = [TextFlow.Span]

  func span(_ text: String, _ role: Role = .text, bold: Bool = false) -> TextFlow.Span {
    TextFlow.Span(glyphs.shown(text), Style(role, bold: bold))
  }

  /// Paragraphs of words, in as many lines as they take.
  func flowed(_ paragraphs: [[Words]], gap: Int = 2, columns width: Int? = nil) -> [Words] {
    let columns = width ?? columns
    return paragraphs.flatMap { words in
      var lines: [Words] = [[]]
      var used = 0
      for word in words {
        let width = word.reduce(0) { $0 + ScalarWidth.of($1.text) }
        if used > 0, used + gap + width > columns {
          lines.append([])
          used = 0
        }
        if used > 0 { lines[lines.count - 1].append(span(String(repeating: " ", count: gap))) }
        used += (used > 0 ? gap : 0) + width
        lines[lines.count - 1] += word
      }
      return lines
    }
  }

  /// Words in as few lines as they take, of about the same length: none stands alone in the last.
  func balanced(_ words: [Words], gap: Int = 2) -> [Words] {
    let lines = flowed([words], gap: gap).count
    let width = (1...columns).first { flowed([words], gap: gap, columns: $0).count <= lines }
    return flowed([words], gap: gap, columns: width)
  }

  /// Words that are wider than the frame are left out: no number is cut.
  func lines(_ lines: [Words], rank: Int, fewest: Int? = nil) -> Block {
    let lines = lines.filter { words in
      !words.isEmpty && words.reduce(0) { $0 + ScalarWidth.of($1.text) } <= columns
    }
    return Block(least: lines.count, fewest: fewest, most: lines.count, rank: rank) {
      area, canvas in
      for (row, words) in lines.prefix(area.rows).enumerated() {
        var x = area.x
        for word in words { x = canvas.put(word.text, at: Point(x, area.y + row), word.style) }
      }
    }
  }

  /// The first of some lines that fits, or none.
  func lines(fitting wordings: [Words]) -> [Words] {
    let fitting = wordings.first { words in
      words.reduce(0) { $0 + ScalarWidth.of($1.text) } <= columns
    }
    return fitting.map { [$0] } ?? []
  }

  // MARK: Numbers

  /// As all pictures and tables have them: powers of ten.
  func gigabytes(_ bytes: Int) -> String { Quantity.bytes.text(Double(bytes), glyphs) }
  /// As formulas alone have them: powers of two.
  func gibibytes(_ bytes: Int) -> String { Quantity.binaryBytes.text(Double(bytes), glyphs) }
  func grouped(_ number: Int) -> String { DigitGroups.text(number) }

  // MARK: Edges

  private func drawTitle(on canvas: inout Canvas) {
    canvas.fill(Point(0, 0), columns: size.columns, Style(.titleBar))
    let titles = [
      language("内存规划：一张卡装得下几个请求", "Memory: how many requests fit on a card"),
      language("内存规划", "Memory"),
    ]
    let hint = language("按形状算出，没有运行模型", "worked out from the shape, no model is run")
    let room = size.columns - 9
    let title = titles.first { ScalarWidth.of($0) <= room } ?? ""
    let x = canvas.put(" kvtui  ", at: Point(0, 0), Style(.titleBar))
    let end = canvas.put(glyphs.shown(title), at: Point(x, 0), Style(.titleBar))
    let start = size.columns - 1 - ScalarWidth.of(glyphs.shown(hint))
    if start > end + 1 { canvas.put(glyphs.shown(hint), at: Point(start, 0), Style(.titleBarDim)) }
  }
}

extension PlannerState: WorkState {
  static var keys: KeyMap<PlannerAction> { PlannerKeys.map }
  var hasField: Bool { field != nil }

  /// What is picked already has its arrows.
  func isOffered(_ action: PlannerAction) -> Bool {
    action != .pick(picked) && (action != .language || glyphs != .ascii)
  }

  var about: [String] {
    [
      language(
        "紫 #：权重。灰 =：每个请求的 K、V 缓存，照比例，太窄就几个一格。·：还空着。/：留给激活值等。红 !：装不下的，画到它真正的长度。",
        "Violet #: weights. Grey =: each request's K and V, to scale, several together where they are narrow. Dots: free. Slashes: kept for activations. Red !: what does not fit, at its true length."
      ),
      language(
        "算式里是 GiB（2³⁰ 字节），别处都是 GB（10⁹ 字节，卡就是这样卖的）。",
        "Formulas are in GiB (2^30 bytes), all else in GB (1e9 bytes, as cards are sold)."),
      language(
        "激活值没有算：vLLM 先跑一遍模型量出它们占多少，再从缓存的地方里扣，所以它打印的不会比这里多。",
        "Activations are not counted: vLLM runs the model once to measure them and takes them off the cache's room, so it prints no more than this."
      ),
      language(
        "权重「原样」是模型发布时的类型（DeepSeek-V3 的 FP8、gpt-oss 的 MXFP4、文件夹里的文件）；写「16 位」的就按 16 位算。",
        "Weights \"as published\" are of the types they came in (DeepSeek-V3's FP8, gpt-oss's MXFP4, a folder's files); where it says 16 bits, they are taken for 16 bits each."
      ),
    ]
  }
}
