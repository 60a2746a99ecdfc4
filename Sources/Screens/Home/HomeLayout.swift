internal import Viz

/// Where the parts of the menu go.
struct HomeLayout: Equatable {
  /// How lessons and tools stand to each other.
  enum Form {
    /// One below the other, the picture beside both.
    case tall
    /// The tools in two columns below lessons and picture.
    case split
    /// One list that scrolls.
    case scrolling
  }

  let form: Form
  /// Lines of the lessons, in the scrolling list of all; a heading stands above them where it does not scroll.
  let list: Area
  /// The row of what is due, above the lessons; nil where nothing is, or where it scrolls with them.
  let review: Int?
  /// Lines of the tools where they do not scroll.
  let tools: Area
  /// Where the selected line is shown; nil where there is no room.
  let preview: Area?
  /// What a tool's own screen is drawn in, of which the menu leaves out title and keys; nil where there is too little room.
  var screen: Size? {
    guard form == .tall, let preview, preview.columns >= Self.leastScreen.columns,
      preview.rows - Self.rowsOfWords + 2 >= Self.leastScreen.rows
    else { return nil }
    return Size(columns: preview.columns, rows: preview.rows - Self.rowsOfWords + 2)
  }

  /// Columns of titles, of what one can do (0 where it is left out), and of numbers.
  let titleColumns: Int
  let outcomeColumns: Int
  let scoreColumns: Int

  /// The column where titles begin: behind the cursor, a mark and a number or a letter.
  static let titleX = 7
  private static let gap = 2
  /// Columns of a picture below which the list needs them more.
  private static let leastPreview = 18
  /// Columns of a picture below which it needs those of the numbers, which it then says itself.
  private static let narrowPreview = 24
  private static let previewBesideOutcomes = 48
  private static let twoColumns = 70
  /// The least room in which a tool's screen is worth showing.
  private static let leastScreen = Size(columns: 45, rows: 16)
  /// A tool's name and what is done there, with blank lines.
  private static let rowsOfWords = 8

  init(_ size: Size, _ state: HomeState) {
    let dueRows = state.due.isEmpty ? 0 : 1
    let lessons = state.entries.count + dueRows
    let tools = HomeTool.all.count
    let isTall = size.rows >= lessons + tools + 7
    let isSplit = size.columns >= Self.twoColumns && size.rows >= lessons + (tools + 1) / 2 + 4
    form = isTall ? .tall : isSplit ? .split : .scrolling
    let titles = state.entries.map(\.title) + (isTall || !isSplit ? state.toolTitles : [])
    titleColumns = titles.map { ScalarWidth.of($0) }.max() ?? 0
    let bare = Self.titleX + titleColumns + 1
    let scores = state.entries.map { ScalarWidth.of($0.score(state.language)) }.max() ?? 0
    let isNarrow =
      form == .scrolling && size.columns - bare - Self.gap - scores - 3 < Self.narrowPreview
      && size.columns - bare - 3 >= Self.leastPreview
    scoreColumns = isNarrow ? 0 : scores
    let plain = isNarrow ? bare : bare + Self.gap + scores
    let outcome =
      (state.entries.map(\.outcome) + (isTall ? state.toolSummaries : []))
      .map { ScalarWidth.of($0) }.max() ?? 0
    let rest = size.columns - plain - Self.gap - outcome
    outcomeColumns = rest >= Self.previewBesideOutcomes ? outcome : 0
    let columns = min(
      size.columns, outcomeColumns > 0 ? plain + Self.gap + outcome : plain)
    let hasPreview = size.columns - columns - 3 >= Self.leastPreview
    let width = hasPreview ? columns : size.columns - 1
    // Blank rows: before the keys, between lessons and tools, below the title.
    let used = isTall ? lessons + tools + 4 : lessons + (tools + 1) / 2 + 4
    let spare = size.rows - used
    let top = form == .scrolling ? 1 : spare >= 3 ? 3 : 2
    let shift = form == .scrolling ? 0 : dueRows
    let rows = form == .scrolling ? max(0, size.rows - 2) : lessons - shift
    list = Area(x: 0, y: top + shift, columns: width, rows: rows)
    review = shift > 0 ? top - 1 : nil
    let toolsY = top + lessons + (spare >= 2 ? 2 : 1)
    self.tools =
      switch form {
      case .tall: Area(x: 0, y: toolsY, columns: width, rows: tools)
      case .split: Area(x: 0, y: toolsY, columns: size.columns, rows: (tools + 1) / 2)
      case .scrolling: Area(x: 0, y: top, columns: 0, rows: 0)
      }
    let end = form == .split ? toolsY - 1 : size.rows - 1
    let previewTop = form == .scrolling ? 1 : top - 1
    preview =
      hasPreview
      ? Area(
        x: width + 2, y: previewTop, columns: size.columns - width - 3,
        rows: max(0, end - previewTop - (form == .split && spare >= 2 ? 1 : 0)))
      : nil
  }
}
