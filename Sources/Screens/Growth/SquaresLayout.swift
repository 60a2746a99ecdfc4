internal import Trace
internal import Viz

/// Where squares, rows and piles go: cells as large as the screen lets them be.
struct SquaresLayout {
  /// Columns and rows of a cell.
  struct CellSize { let columns, rows: Int }

  static let sizes = [
    CellSize(columns: 6, rows: 3), CellSize(columns: 4, rows: 2), CellSize(columns: 2, rows: 1),
    CellSize(columns: 1, rows: 1),
  ]
  /// The least columns of the two piles with what is left free around them.
  private static let pileColumns = 16
  /// Rows that are no cells: title, two headings, two rows of numbers, the sum, keys.
  private static let otherRows = 7

  let cell: CellSize
  /// Rows that are left for sums and legend.
  let spareRows: Int
  /// Columns of the squares, from the margin on.
  let columns: Int
  /// Rows of the largest square, and of the cached run's largest.
  let rows: (uncached: Int, cached: Int)

  /// The largest cells that leave room for piles of cells as large; where there are none, the largest that leave any.
  ///
  /// nil where the points do not fit.
  init?(_ size: Size, _ points: ArraySlice<Growth.Point>) {
    let fitting = Self.sizes.compactMap { SquaresLayout(size, points, cell: $0) }
    guard let layout = fitting.first(where: { $0.leavesPiles(size, points) }) ?? fitting.first
    else { return nil }
    self = layout
  }

  private init?(_ size: Size, _ points: ArraySlice<Growth.Point>, cell: CellSize) {
    columns = points.reduce(0) { $0 + $1.length * cell.columns + 1 } - 1
    let uncached = (points.map(\.length).max() ?? 0) * cell.rows
    let cached = (points.map(SquareCells.newRows).max() ?? 0) * cell.rows
    (self.cell, rows) = (cell, (uncached, cached))
    spareRows = size.rows - Self.otherRows - uncached - cached
    guard columns + Self.pileColumns <= size.columns - 2, spareRows >= 0 else { return nil }
  }

  /// Whether every cell can lie in a pile as it is.
  private func leavesPiles(_ size: Size, _ points: ArraySlice<Growth.Point>) -> Bool {
    let most = (size.columns - columns - 8) / 2 / cell.columns
    let least = points.last?.length ?? 1
    guard most >= least else { return false }
    let cells = points.last?.uncached.total.cells ?? 0
    return (cells + most - 1) / most * cell.rows <= size.rows - 4
  }

  /// How many of the points fit, from the first on.
  static func most(_ size: Size, _ points: [Growth.Point]) -> Int {
    var count = 0
    while count < points.count, SquaresLayout(size, points.prefix(count + 1)) != nil { count += 1 }
    return count
  }
}

/// The QKᵀ cells of a step: which both runs compute, and which the run without a cache computes besides.
struct SquareCells {
  /// What a cell is.
  enum Kind: CaseIterable { case needed, before, masked }

  let length: Int
  private let newRows: Int
  private let mask: AttentionMask

  /// nil where the cells as the mask has them are not those that were counted.
  init?(_ point: Growth.Point, _ mask: AttentionMask) {
    (length, newRows, self.mask) = (point.length, Self.newRows(point), mask)
    guard let counted = SquareSums(point.uncached.step, point.cached.step) else { return nil }
    var sums = [0, 0, 0]
    for row in 0..<length {
      for column in 0..<length {
        sums[Kind.allCases.firstIndex(of: kind(row, column)) ?? 0] += 1
      }
    }
    guard sums == [counted.needed, counted.before, counted.masked] else { return nil }
  }

  /// Rows that the cached run computed.
  static func newRows(_ point: Growth.Point) -> Int {
    (point.cached.step.cells ?? 0) / max(1, point.length)
  }

  /// What the cell of a query and a key is.
  func kind(_ row: Int, _ column: Int) -> Kind {
    if row >= length - newRows { return .needed }
    return mask.hides(key: column, fromQuery: row) ? .masked : .before
  }
}

/// Counted cells: all = needed + computed before + masked away.
struct SquareSums {
  let needed: Int
  let before: Int
  let masked: Int
  var all: Int { needed + before + masked }

  /// nil where a count is missing.
  init?(_ uncached: Growth.Amount, _ cached: Growth.Amount) {
    guard let all = uncached.cells, let needed = cached.cells, let hidden = uncached.masked,
      let hiddenInBoth = cached.masked
    else { return nil }
    (self.needed, masked) = (needed, hidden - hiddenInBoth)
    before = all - needed - masked
  }

  /// The count of a kind.
  func count(_ kind: SquareCells.Kind) -> Int {
    switch kind {
    case .needed: needed
    case .before: before
    case .masked: masked
    }
  }
}
