internal import Base
internal import Trace

/// Draws both runs' counters as a table of four lines: heads, no cache, cache, saved.
struct TableView {
  let scene: Scene
  let area: Area

  private var language: Language { scene.language }
  private var glyphs: GlyphSet { scene.glyphs }

  /// A column of the table.
  private struct Column {
    let head: String
    let uncached: Int
    let cached: Int
    let text: (Int) -> String
    var isShared = false
    /// What the cached run's number is as well, the longest wording first.
    var equals: [String] = []
    /// The lower, the longer it stays where room is short.
    var rank = 0
    /// Columns that its numbers may take, so that nothing moves while they grow.
    var reserve = 7

    var columns: Int { max(reserve, ScalarWidth.of(head)) }
  }

  /// The columns in their order, those of the highest rank left out until the rest fits.
  private func fitting(_ columns: [Column]) -> [Column] {
    var columns = columns
    while columns.reduce(labelColumns, { $0 + $1.columns + 1 }) > area.columns,
      let least = columns.indices.max(by: { columns[$0].rank < columns[$1].rank })
    {
      columns.remove(at: least)
    }
    return columns
  }

  func draw(on canvas: inout Canvas) {
    let columns = fitting(scene.state.panel == .totals ? totals : parts)
    drawLabels(on: &canvas)
    // Each column has its head's width and an equal share of what is left.
    let heads = columns.map(\.columns)
    let spare = area.columns - labelColumns - heads.reduce(0, +)
    let share = max(1, min(12, spare / columns.count))
    var x = area.x + labelColumns
    for (column, head) in zip(columns, heads) {
      draw(column, x: x, columns: share + head, on: &canvas)
      x += share + head
    }
  }

  private var labelColumns: Int { 10 }

  private func drawLabels(on canvas: inout Canvas) {
    let labels = [
      caption,
      language("不用缓存", "no cache"),
      language("用 KV 缓存", "KV cache"),
      language("省下", "saved"),
    ]
    for (line, label) in labels.enumerated() {
      canvas.put(
        label.fitted(to: labelColumns), at: Point(area.x, area.y + line),
        Style(line == 0 ? .dim : .text), limit: area.end)
    }
  }

  private var caption: String {
    switch scene.state.panel {
    case .partsOfStep: language("FLOP 本步", "FLOP, step")
    case .partsSoFar: language("FLOP 累计", "FLOP, run")
    default: ""
    }
  }

  private func draw(_ column: Column, x: Int, columns: Int, on canvas: inout Canvas) {
    func put(_ text: String, _ line: Int, _ style: Style) {
      let x = x + max(0, columns - ScalarWidth.of(text))
      canvas.put(text, at: Point(x, area.y + line), style, limit: area.end)
    }
    put(column.head, 0, Style(.dim))
    put(column.isShared ? glyphs.dash : column.text(column.uncached), 1, Style())
    put(column.text(column.cached), 2, Style())
    if let equal = column.equals.first(where: { ScalarWidth.of($0) < columns }) {
      put(equal, 3, Style())
    }
    if !column.isShared {
      put(NumberText.saved(column.cached, of: column.uncached), 3, Style(.heading))
    }
  }

  private var totals: [Column] {
    let step = (scene.countersOfStep(.uncached), scene.countersOfStep(.cached))
    let sum = (scene.countersSoFar(.uncached), scene.countersSoFar(.cached))
    let cells = glyphs.scores
    return [
      Column(
        head: language("本步 FLOP", "step FLOP"), uncached: step.0.total, cached: step.1.total,
        text: NumberText.count, rank: 3),
      Column(
        head: language("累计 FLOP", "run FLOP"), uncached: sum.0.total, cached: sum.1.total,
        text: NumberText.count, rank: 2),
      Column(
        head: language("本步 \(cells)", "step \(cells)"), uncached: step.0.cells,
        cached: step.1.cells, text: cellsText, rank: 1),
      Column(
        head: language("累计 \(cells)", "run \(cells)"), uncached: sum.0.cells,
        cached: sum.1.cells, text: cellsText, rank: 0),
      Column(
        head: language("本步 K,V", "step K,V"), uncached: step.0.keyValues,
        cached: step.1.keyValues, text: NumberText.count, rank: 6),
      Column(
        head: language("累计 K,V", "run K,V"), uncached: sum.0.keyValues,
        cached: sum.1.keyValues, text: NumberText.count, rank: 5),
      Column(
        head: language("缓存", "cache"), uncached: 0, cached: step.1.cacheBytes,
        text: NumberText.bytes, isShared: true, equals: cacheOfOwnHeads, rank: 4),
    ]
  }

  /// The counted bytes as a share of what K and V of every query head's own would take; nothing where they have their own.
  private var cacheOfOwnHeads: [String] {
    let (bytes, own) = (
      scene.countersOfStep(.cached).cacheBytes, scene.bytesWithoutSharing(.cached)
    )
    guard scene.model.sharesHeads, bytes > 0 else { return [] }
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
        head: name(category), uncached: uncached.flops[category] ?? 0,
        cached: cached.flops[category] ?? 0, text: NumberText.count, rank: Self.rank(category))
    }
    return columns + [
      Column(
        head: language("合计", "total"), uncached: uncached.total, cached: cached.total,
        text: NumberText.count, rank: 3)
    ]
  }

  /// Attention is what the picture is about; the logits cost the same in both runs.
  private static func rank(_ category: FLOPCategory) -> Int {
    switch category {
    case .attention: 0
    case .projection: 1
    case .mlp: 2
    case .head: 4
    }
  }

  private func name(_ category: FLOPCategory) -> String {
    switch category {
    case .projection: language("投影QKVO", "project.")
    case .attention: language("注意力", "attention")
    case .mlp: "MLP"
    case .head: language("logits", "logits")
    }
  }
}
