internal import Viz

/// Where everything of the screen of the forms of attention goes; it depends on the size and on the length of the text only.
struct AttentionLayout {
  /// Columns in front of the models', which say what a line is.
  let labelColumns: Int
  /// Columns of a model, with the gap behind it.
  let columns: Int
  /// The line of the text; nil where there is no room.
  let textY: Int?
  /// The line of the names; the query heads stand below it.
  let headY: Int
  /// Lines of a head.
  let headRows: Int
  /// The line of the query heads, of the ties, of the KV heads.
  let queriesY: Int
  let tiesY: Int?
  let kvY: Int
  /// The first line of the cache, and how many there are.
  let cacheY: Int
  let cacheRows: Int
  /// Lines of the newest token, which are higher than others where there is room.
  let rowHeight: Int
  /// Tokens of a line.
  let tokensPerRow: Int
  /// The first line of the numbers.
  let numbersY: Int
  /// Whether the attention's share of the FLOP has a line of its own.
  let hasAttentionFLOP: Bool
  /// The first line of the published models; nil where there is no room.
  let publishedY: Int?
  /// Its lines: a name, a number, and bars where there is room.
  let publishedRows: Int
  /// Rows of the screen from which on they are there.
  static let leastPublished = 28
  /// The line that tells of the model that is looked at; nil where there is no room.
  let detailY: Int?

  init(_ size: Size, longest: Int) {
    let least = Self(size, longest: longest, isRoomy: false)
    let lines = (longest + least.tokensPerRow - 1) / max(1, least.tokensPerRow)
    let free = least.cacheRows - lines * least.rowHeight
    // What the cache leaves is the heads' and the bars'.
    self = least.headRows > 1 && free > 6 ? Self(size, longest: longest, isRoomy: true) : least
  }

  private init(_ size: Size, longest: Int, isRoomy: Bool) {
    let rows = size.rows
    labelColumns = size.columns >= 76 ? 11 : 9
    columns = max(1, (size.columns - 1 - labelColumns) / AttentionState.count)
    let (isTall, isHigh) = (rows >= 22, rows >= 44)
    let gap = rows >= 16 ? 1 : 0
    textY = rows >= 20 ? 1 : nil
    headY = (textY ?? 0) + (isTall ? 2 : 1)
    headRows = isRoomy ? 5 : isHigh ? 3 : 1
    queriesY = headY + (isTall ? 2 : 1) + (isHigh ? 1 : 0)
    tiesY = isTall ? queriesY + headRows : nil
    kvY = queriesY + headRows + (isTall ? 1 : 0)
    cacheY = kvY + headRows + gap
    let footer = rows - 1
    // On low screens the sentence stands where others have a gap.
    let detail = rows >= 20 ? footer - 2 : nil
    detailY = detail ?? (gap > 0 ? cacheY - 1 : nil)
    let end = detail.map { $0 - 1 } ?? footer
    hasAttentionFLOP = isTall
    publishedRows = isRoomy ? 7 : isHigh ? 5 : rows >= 34 ? 3 : rows >= Self.leastPublished ? 2 : 0
    publishedY = publishedRows > 0 ? end - publishedRows : nil
    numbersY = (publishedY.map { $0 - 1 } ?? end) - (isTall ? 5 : 4)
    cacheRows = max(0, numbersY - gap - cacheY)
    tokensPerRow = cacheRows > 0 ? (longest + cacheRows - 1) / cacheRows : longest
    let lines = (longest + tokensPerRow - 1) / max(1, tokensPerRow)
    rowHeight = max(1, min(3, cacheRows / max(1, lines)))
  }

  /// Where a model's columns begin.
  func x(_ place: Int) -> Int { 1 + labelColumns + place * columns }
  /// Columns that a model may draw on.
  var width: Int { max(1, columns - 1) }
  /// Columns of the widest row of the cache: eighths of it are whole, so that halves of the narrowest are.
  var scale: Int { width < 8 ? width : width / 8 * 8 }
}
