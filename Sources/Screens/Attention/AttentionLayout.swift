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
  /// The first line of the published models; nil where there is no room.
  let publishedY: Int?
  /// The line that tells of the model that is looked at; nil where there is no room.
  let detailY: Int?

  /// Lines of numbers: bytes of a token, of the cache, what comes next, FLOP.
  static let numbers = 4

  init(_ size: Size, longest: Int) {
    let rows = size.rows
    labelColumns = size.columns >= 76 ? 10 : 8
    columns = max(1, (size.columns - 1 - labelColumns) / AttentionState.count)
    let isTall = rows >= 22
    textY = rows >= 20 ? 1 : nil
    headY = (textY ?? 0) + (isTall ? 2 : 1)
    let hasNames = isTall
    queriesY = headY + (hasNames ? 2 : 1)
    tiesY = isTall ? queriesY + 1 : nil
    kvY = queriesY + (isTall ? 2 : 1)
    cacheY = kvY + (isTall ? 2 : 1)
    let footer = rows - 1
    let gap = rows >= 18 ? 1 : 0
    detailY = rows >= 20 ? footer - 1 - gap : nil
    let published = rows >= 28 ? 2 : 0
    let end = (detailY ?? footer) - (detailY == nil ? 0 : gap)
    publishedY = published > 0 ? end - published : nil
    numbersY = (publishedY.map { $0 - gap } ?? end) - Self.numbers
    let room = max(0, numbersY - gap - cacheY)
    tokensPerRow = room > 0 ? (longest + room - 1) / room : longest
    let lines = (longest + tokensPerRow - 1) / max(1, tokensPerRow)
    rowHeight = max(1, min(3, room / max(1, lines)))
    cacheRows = room
  }

  /// Where a model's columns begin.
  func x(_ place: Int) -> Int { 1 + labelColumns + place * columns }
  /// Columns that a model may draw on.
  var width: Int { max(1, columns - 2) }
}
