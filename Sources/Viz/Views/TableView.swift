internal import Base
internal import Trace

/// Draws both runs' counters as a table of four lines: heads, no cache, cache, saved.
struct TableView {
  let scene: Scene
  let area: Area
  /// Columns that are left out, and not said to be.
  var hidden: Set<FigurePart> = []
  /// Columns that stay longest where room is short: a question is about them.
  var asked: Set<FigurePart> = []

  private var language: Language { scene.language }
  private var glyphs: GlyphSet { scene.glyphs }

  /// A column of the table.
  private struct Column {
    /// What the numbers are and of what, where there is room; the short head says the first alone, the shortest only what it
    /// does not share with the column before it.
    let heads: [String]
    /// What it is of; nil where nobody leaves it out.
    var part: FigurePart?
    var wording = Wording.long
    /// Whether it stands behind a column of the same part.
    var isSecond = false
    let uncached: Int?
    let cached: Int?
    let text: (Int) -> String
    var isShared = false
    /// What the cached run's number is as well, the longest wording first.
    var equals: [String] = []
    /// The lower, the longer it stays where room is short.
    var rank = 0
    /// Columns that its numbers may take, so that nothing moves while they grow.
    var reserve = 7
    /// Likewise beside the long heads.
    var longReserve = 0

    /// What a head shares with the column before it may be left out beside that column only.
    var head: String {
      let wording = wording == .shortest && !isSecond ? .short : wording
      return heads[min(wording.rawValue, heads.count - 1)]
    }
    var columns: Int {
      let numbers =
        switch wording {
        case .long: max(reserve, longReserve)
        case .short: reserve
        case .shortest: min(reserve, isShared ? 7 : NumberText.countColumns)
        }
      return max(numbers, ScalarWidth.of(head))
    }
  }

  /// Which of their heads columns have.
  private enum Wording: Int, CaseIterable { case long, short, shortest }

  /// More than there are columns.
  private static let columnCount = 10
  /// Blanks before a column, so that no two heads are read as one.
  private static let gap = 2
  /// Columns of the labels in front of the lines, of the short ones, where the heads need the room, and of the shortest, where a column would
  /// have to go.
  private static let (labelColumns, shortLabelColumns, leastLabelColumns) = (10, 8, 4)

  /// The columns in their order with the longest heads with which all fit; else with the shortest, and those of the highest
  /// rank left out until the rest fits.
  private func fitting(_ all: [Column]) -> (columns: [Column], labelColumns: Int) {
    for wording in Wording.allCases {
      let columns = worded(all, wording)
      for labels in [Self.labelColumns, Self.shortLabelColumns]
      where fits(columns, labels, hidden: 0) {
        return (columns, labels)
      }
    }
    var columns = worded(all, .shortest)
    if !asked.isEmpty, fits(columns, Self.leastLabelColumns, hidden: 0) {
      return (columns, Self.leastLabelColumns)
    }
    columns = all
    while !fits(
      worded(columns, .shortest), Self.shortLabelColumns, hidden: all.count - columns.count),
      let least = columns.indices.max(by: { rank(columns[$0]) < rank(columns[$1]) })
    {
      columns.remove(at: least)
    }
    return (worded(columns, .shortest), Self.shortLabelColumns)
  }

  /// The higher, the sooner a column is left out.
  private func rank(_ column: Column) -> Int {
    column.part.map(asked.contains) == true ? column.rank - Self.columnCount : column.rank
  }

  /// Columns with their heads.
  private func worded(_ columns: [Column], _ wording: Wording) -> [Column] {
    var worded = columns
    for index in columns.indices {
      worded[index].wording = wording
      worded[index].isSecond = index > 0 && columns[index].part == columns[index - 1].part
    }
    return worded
  }

  /// Whether the labels and the columns fit, each with blanks before it.
  private func fits(_ columns: [Column], _ labels: Int, hidden: Int) -> Bool {
    guard columns.reduce(labels, { $0 + $1.columns + Self.gap }) <= area.columns else {
      return false
    }
    guard let first = columns.first else { return true }
    // Heads end where their columns do.
    return ScalarWidth.of(caption(hidden: hidden)) <= labels + first.columns
      - ScalarWidth.of(first.head)
  }

  func draw(on canvas: inout Canvas) {
    let all = (scene.state.panel == .totals ? totals : parts).filter { column in
      !(column.part.map(hidden.contains) ?? false)
    }
    let (columns, labelColumns) = fitting(all)
    drawLabels(columns, hidden: all.count - columns.count, width: labelColumns, on: &canvas)
    guard !columns.isEmpty else { return }
    // Each column has its head's width and an equal share of what is left.
    let heads = columns.map(\.columns)
    let spare = area.columns - labelColumns - heads.reduce(0, +)
    let share = max(Self.gap, min(12, spare / columns.count))
    var x = area.x + labelColumns
    for (column, head) in zip(columns, heads) {
      draw(column, x: x, columns: share + head, on: &canvas)
      x += share + head
    }
  }

  private func drawLabels(
    _ columns: [Column], hidden: Int, width: Int, on canvas: inout Canvas
  ) {
    let names =
      switch width {
      case Self.labelColumns...:
        [language("不用缓存", "no cache"), language("用 KV 缓存", "KV cache")]
      case Self.shortLabelColumns...:
        [language("不用缓存", "no cache"), language("KV 缓存", "KV cache")]
      default: [language("不用", "w/o"), language("用", "with")]
      }
    let hasLast = columns.isEmpty || columns.contains { !$0.isShared || !$0.equals.isEmpty }
    let labels =
      [caption(hidden: hidden)] + names + (hasLast ? [language("省下", "saved")] : [])
    for (line, label) in labels.prefix(area.rows).enumerated() {
      canvas.put(
        label, at: Point(area.x, area.y + line),
        Style(line == 0 ? .dim : .text), limit: area.end)
    }
  }

  /// What all columns have in common, and how many there was no room for.
  private func caption(hidden: Int) -> String {
    switch scene.state.panel {
    case .partsOfStep:
      hidden == 0
        ? language("FLOP 本步", "FLOP, step") : language("本步 +\(hidden)列", "step, +\(hidden)")
    case .partsSoFar:
      hidden == 0 ? language("FLOP 累计", "FLOP, run") : language("累计 +\(hidden)列", "run, +\(hidden)")
    default: hidden == 0 ? "" : language("+\(hidden) 列", "+\(hidden) cols")
    }
  }

  private func draw(_ column: Column, x: Int, columns: Int, on canvas: inout Canvas) {
    func put(_ text: String, _ line: Int, _ style: Style) {
      // The last line, what is saved, is left out where there is room for three.
      guard line < area.rows else { return }
      let x = x + max(0, columns - ScalarWidth.of(text))
      canvas.put(text, at: Point(x, area.y + line), style, limit: area.end)
    }
    put(column.head, 0, Style(.dim))
    func text(_ number: Int?) -> String { number.map(column.text) ?? glyphs.dash }
    put(column.isShared ? glyphs.dash : text(column.uncached), 1, Style())
    put(text(column.cached), 2, Style())
    if let equal = column.equals.first(where: { ScalarWidth.of($0) < columns }) {
      put(equal, 3, Style())
    }
    if !column.isShared, let part = column.cached, let whole = column.uncached {
      put(NumberText.saved(part, of: whole), 3, Style(.heading))
    }
  }

  private var totals: [Column] {
    let step = (scene.countersOfStep(.uncached), scene.countersOfStep(.cached))
    let sum = (scene.countersSoFar(.uncached), scene.countersSoFar(.cached))
    // Where no layer and no head was introduced, there is one table of cells.
    let isFirst = hidden.contains(.layer)
    let cells = isFirst ? language("格数", "cells") : glyphs.scores
    // Inside a step cells and K,V are counted for the shown layer, which may have some still to come.
    let own =
      scene.state.depth == .token ? language("本步", "step") : language("本层", "layer")
    let run = language("累计", "run")
    let (head, layer) = isFirst ? ("", "") : (language("/头", "/head"), language("/层", "/layer"))
    func heads(_ first: String, _ name: String, of one: String) -> [String] {
      ["\(first) \(name)\(one)", "\(first) \(name)"] + (first == run ? [run] : [])
    }
    return [
      Column(
        heads: [language("本步 FLOP", "step FLOP")], part: .flops, uncached: step.0.total,
        cached: step.1.total,
        text: NumberText.count, rank: 3),
      Column(
        heads: ["\(run) FLOP", "\(run) FLOP", run], part: .flops, uncached: sum.0.total,
        cached: sum.1.total,
        text: NumberText.count, rank: 2),
      Column(
        heads: heads(own, cells, of: head), part: .cells, uncached: step.0.cells,
        cached: step.1.cells,
        text: cellsText, rank: 1),
      Column(
        heads: heads(run, cells, of: head), part: .cells, uncached: sum.0.cells,
        cached: sum.1.cells,
        text: cellsText, rank: 0),
      Column(
        heads: heads(own, "K,V", of: layer), part: .kv, uncached: step.0.keyValues,
        cached: step.1.keyValues, text: NumberText.count, rank: 6),
      Column(
        heads: heads(run, "K,V", of: layer), part: .kv, uncached: sum.0.keyValues,
        cached: sum.1.keyValues, text: NumberText.count, rank: 5),
      Column(
        heads: [language("缓存", "cache")], part: .bytes, uncached: 0, cached: step.1.cacheBytes,
        text: NumberText.bytes, isShared: true, equals: cacheOfOwnHeads, rank: 4,
        reserve: NumberText.byteColumns, longReserve: scene.model.keepsLess ? 13 : 0),
    ]
  }

  /// The counted bytes as a share of what K and V of every query head's own would take; nothing where they have their own.
  private var cacheOfOwnHeads: [String] {
    let (bytes, own) = (
      scene.countersOfStep(.cached).cacheBytes, scene.bytesWithoutSharing(.cached)
    )
    // Bytes that another program counted may be of another kind of cache.
    guard scene.state.trace.hasDetail, scene.model.keepsLess, let bytes, let own, bytes > 0
    else { return [] }
    let (part, whole) = NumberText.reduced(bytes, own)
    return [
      language("= MHA 的 \(part)/\(whole)", "= \(part)/\(whole) of MHA"),
      part == 1 ? "=MHA/\(whole)" : "=MHA*\(part)/\(whole)",
    ]
  }

  private func cellsText(_ cells: Int) -> String {
    cells < 10_000 ? "\(cells)" + language(" 格", "") : NumberText.count(cells)
  }

  private var parts: [Column] {
    let isStep = scene.state.panel == .partsOfStep
    let uncached = isStep ? scene.countersOfStep(.uncached) : scene.countersSoFar(.uncached)
    let cached = isStep ? scene.countersOfStep(.cached) : scene.countersSoFar(.cached)
    let columns = FLOPCategory.allCases.map { category in
      Column(
        heads: names(category), uncached: uncached.flops[category] ?? nil,
        cached: cached.flops[category] ?? nil, text: NumberText.count, rank: Self.rank(category))
    }
    return columns + [
      Column(
        heads: [language("合计", "total")], uncached: uncached.total, cached: cached.total,
        text: NumberText.count, rank: 3)
    ]
  }

  /// Attention is what the picture is about; the logits cost the same in both runs.
  private static func rank(_ category: FLOPCategory) -> Int {
    switch category {
    case .attention: 0
    case .projection: 1
    case .mlp: 2
    case .logits: 4
    }
  }

  private func names(_ category: FLOPCategory) -> [String] {
    switch category {
    case .projection: [language("投影QKVO", "project."), "QKVO"]
    case .attention: [language("注意力", "attention")]
    case .mlp: ["MLP"]
    case .logits: ["logits"]
    }
  }
}

extension TableView {
  /// All totals, none left out.
  var numbers: NumberTable {
    let columns = totals
    func text(_ number: Int?, _ column: Column) -> String {
      number.map(column.text) ?? glyphs.dash
    }
    return NumberTable(
      heads: columns.map { $0.heads.first ?? "" },
      rows: [
        NumberTable.Row(
          name: language("不用缓存", "no cache"),
          cells: columns.map { $0.isShared ? glyphs.dash : text($0.uncached, $0) }),
        NumberTable.Row(
          name: language("用 KV 缓存", "KV cache"), cells: columns.map { text($0.cached, $0) }),
        NumberTable.Row(name: language("省下", "saved"), cells: columns.map(saved)),
      ])
  }

  /// What the cached run saved, or what its number is as well.
  private func saved(_ column: Column) -> String {
    if !column.isShared, let part = column.cached, let whole = column.uncached {
      return NumberText.saved(part, of: whole)
    }
    return column.equals.first ?? ""
  }
}
