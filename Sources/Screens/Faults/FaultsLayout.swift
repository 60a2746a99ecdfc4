internal import Viz

/// Where the table of a broken run goes: as many layers and columns as there is room for, then larger cells, then words.
struct FaultsLayout {
  /// Columns of the names at the left.
  let names: Int
  /// Columns of a token.
  let cell: Int
  /// Tokens that are on the screen.
  let tokens: Range<Int>
  /// The layers that share a row, from the top.
  let layers: [Range<Int>]
  /// Screen rows of a row of cells.
  let cellRows: Int
  /// Whether V has rows.
  let hasValues: Bool
  /// Rows of the columns of logits, with the numbers above them; 0 where there is no room.
  let logitRows: Int
  /// The rows where the parts begin.
  private(set) var y = Rows()
  /// Rows of words.
  private(set) var wordRows = 0

  /// The rows where the parts begin.
  struct Rows {
    var tokens = 1
    var cause: Int?
    /// What the cells say, where K and V have no headings.
    var legend: Int?
    var keysHeading: Int?
    var keys = 0
    var valuesHeading: Int?
    var values = 0
    var logits = 0
    var said = 0
    var words = 0
  }

  /// What has to be laid out.
  struct Need {
    /// Tokens up to the step, and at the end of the run.
    let length, longest: Int
    /// The token that must be seen.
    let seen: Int
    let layers: Int
    let hasCause: Bool
    /// Rows that all words take, those that are worth a blank row, and those that they must have.
    let words, someWords, leastWords: Int
    let isProjector: Bool
  }

  static let margin = 2
  private static let leastCell = 5

  init(_ size: Size, _ need: Need) {
    names = Self.names(size)
    cell = Self.cell(size, longest: need.longest)
    let most = Self.columns(size, longest: need.longest)
    let first = min(max(0, need.length - most), need.seen)
    tokens = first..<min(need.length, first + most)

    let cause = need.hasCause ? 2 : 0
    // Title, tokens, what both say, keys.
    var spare = size.rows - 5 - cause - need.leastWords
    func take(_ rows: Int, keeping kept: Int = 0) -> Bool {
      guard spare - kept >= rows else { return false }
      spare -= rows
      return true
    }
    hasValues = spare >= 4
    let parts = hasValues ? 2 : 1
    let rowCount = max(1, min(need.layers, (spare - 3) / parts))
    layers = Self.groups(need.layers, into: rowCount)
    spare -= rowCount * parts
    // What the signs are comes before the height of the columns.
    let gapBeforeKeys = take(1, keeping: 1)
    var logits = max(0, min(2, spare))
    spare -= logits
    if logits == 2, take(1) { logits += 1 }
    var words = need.leastWords
    // Blank rows, the dearest first.
    let gapBeforeWords = take(1)
    while words < need.someWords, take(1) { words += 1 }
    if logits == 3, take(1) { logits += 1 }
    _ = take(1)  // Below the words.
    let gapBeforeValues = hasValues && take(1)
    let gapBelowTitle = take(1)
    while words < need.words, take(1) { words += 1 }
    if take(1) { logits += 1 }
    let hasHeadings = hasValues && take(2)
    let gapBeforeLogits = take(1)
    while logits < 6, take(1) { logits += 1 }
    var tall = 1
    while tall < 4, take(rowCount * parts) { tall += 1 }
    while logits < 16, take(1) { logits += 1 }
    (cellRows, logitRows, wordRows) = (tall, logits, words)

    var at = 1 + (gapBelowTitle ? 1 : 0)
    func next(_ rows: Int) -> Int {
      defer { at += rows }
      return at
    }
    y.tokens = next(1)
    if need.hasCause { y.cause = next(2) }
    if gapBeforeKeys {
      y.legend = hasHeadings ? nil : at
      at += 1
    }
    if hasHeadings { y.keysHeading = next(1) }
    y.keys = next(rowCount * tall)
    if gapBeforeValues { at += 1 }
    if hasValues {
      if hasHeadings { y.valuesHeading = next(1) }
      y.values = next(rowCount * tall)
    }
    if gapBeforeLogits { at += 1 }
    y.logits = next(logits)
    y.said = next(2)
    if gapBeforeWords { at += 1 }
    y.words = next(words)
  }

  private static func names(_ size: Size) -> Int { size.columns < 76 ? 13 : 18 }

  private static func room(_ size: Size) -> Int { max(leastCell, size.columns - names(size) - 1) }

  private static func cell(_ size: Size, longest: Int) -> Int {
    let least = max(leastCell, "\(longest)".count + 2)
    return min(14, max(least, room(size) / max(1, longest)))
  }

  /// How many tokens there is room for, of a run that has so many at its end.
  static func columns(_ size: Size, longest: Int) -> Int {
    max(1, room(size) / cell(size, longest: longest))
  }

  /// Neighbouring layers together, as evenly as they go; but the first by itself, which knows a token and its position alone.
  static func groups(_ layers: Int, into rows: Int) -> [Range<Int>] {
    guard rows > 1 else { return [0..<layers] }
    let (others, rest) = (layers - 1, rows - 1)
    return [0..<1]
      + (0..<rest).map { 1 + $0 * others / rest..<1 + ($0 + 1) * others / rest }
  }

  /// The screen column where a token begins.
  func x(_ position: Int) -> Int { names + (position - tokens.lowerBound) * cell }
}
