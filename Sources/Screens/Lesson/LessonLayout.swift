internal import Lessons
internal import Viz

/// Where text and scene of a lesson go: side by side, or one above the other where the two halves do not fit.
struct LessonLayout: Equatable {
  let text: Area
  let figure: Area
  /// Whether the scene stands below the text.
  let isStacked: Bool
  /// Whether no blank lines stand between the parts of the text.
  let isDense: Bool
  /// Where the marks of what is scrolled away end: above the text and below it.
  let marks: (above: Point, below: Point)

  /// The smallest size at which a lesson can be learned from.
  static let smallest = Size(columns: 60, rows: 16)
  /// From here on half of the screen is enough for either.
  private static let wide = 76
  private static let fewestTextColumns = 26
  /// Columns that a tool beside the text has where there are so many.
  static let toolColumns = 46
  /// Lines at which most of it is seen.
  static let toolRows = 18

  /// - Parameters:
  ///   - size: of the screen, at least `smallest`.
  ///   - scene: what the scene needs.
  init(_ size: Size, _ scene: SceneNeeds) {
    let beside = size.columns - scene.columns - 5
    if size.columns >= Self.wide {
      let half = min(64, size.columns * 46 / 100)
      let rest = max(Self.fewestTextColumns + 3, size.columns - scene.columns - 3)
      self.init(size, textColumns: scene.isTool ? min(half, rest) : half, scene)
    } else if beside >= max(Self.fewestTextColumns, scene.textColumns) {
      self.init(size, textColumns: beside + 3, scene)
    } else {
      self.init(stacked: size, scene)
    }
  }

  private init(_ size: Size, textColumns: Int, _ scene: SceneNeeds) {
    (isStacked, isDense) = (false, false)
    text = Area(x: 2, y: 2, columns: textColumns - 3, rows: size.rows - 4)
    let x = textColumns + 2
    let columns = size.columns - textColumns - 3
    // The blank lines above and below are the scene's where it needs them.
    let isTight = scene.isTool || scene.rows(columns) > size.rows - 4
    figure = Area(
      x: x, y: isTight ? 1 : 2, columns: columns, rows: size.rows - (isTight ? 2 : 4))
    marks = (Point(text.end, 1), Point(text.end, size.rows - 2))
  }

  private init(stacked size: Size, _ scene: SceneNeeds) {
    isStacked = true
    let columns = size.columns - 4
    let body = size.rows - 2
    let textRows = scene.textRows(columns)
    // Blank lines below a short text are the scene's where it needs them.
    let free = body - 1 - textRows
    let rows = min(scene.rows(columns), max(scene.fewestRows, body / 2, free))
    var figureRows = scene.isWhole && body < 24 ? body : rows
    // A blank line between the two where the screen is high.
    // A tool's first line is its own: what is said of the text stands above it.
    var gap = body - figureRows > body / 2 || scene.isTool && figureRows < body ? 1 : 0
    if let denseRows = scene.denseRows, figureRows < body, textRows > body - figureRows - gap {
      // The question that is open comes into view: first the scene gives way, then blank lines do.
      gap = scene.isTool ? 1 : 0
      let least = scene.keepsRows ? figureRows : min(figureRows, scene.fewestRows)
      isDense = textRows > body - least - gap
      let wanted = isDense ? denseRows(columns) : textRows
      figureRows = max(least, min(figureRows, body - gap - wanted))
    } else {
      isDense = false
    }
    text = Area(x: 2, y: 1, columns: columns, rows: max(0, body - figureRows - gap))
    figure = Area(x: 2, y: size.rows - 1 - figureRows, columns: columns, rows: figureRows)
    let end = Point(size.columns - 1, figure.y - gap)
    marks = (end, end)
  }

  static func == (one: LessonLayout, other: LessonLayout) -> Bool {
    one.text == other.text && one.figure == other.figure
  }
}

/// What the scene needs of the screen.
struct SceneNeeds {
  /// Columns at which nothing in it is shortened.
  let columns: Int
  /// Lines, by columns.
  let rows: (Int) -> Int
  /// The least lines that show it.
  let fewestRows: Int
  /// Whether it is a tool, which has its columns before the text has more than it needs.
  var isTool = false
  /// Whether it takes a low screen for itself: an opened cell with its arithmetic.
  let isWhole: Bool
  /// Columns of the widest line of text that is not wrapped.
  let textColumns: Int
  /// Lines of the text as it stands, by columns.
  let textRows: (Int) -> Int
  /// The same without blank lines between its parts; nil where no question of it is open.
  var denseRows: ((Int) -> Int)?
  /// Whether none of its lines gives way to the text: cells are marked in it.
  var keepsRows = false
}

extension LessonState {
  /// Where text and scene go; `lines` is the text at a width, where another than the learner's stands beside the scene.
  func layout(
    _ size: Size, lines: ((Int) -> [[TextFlow.Span]])? = nil
  ) -> LessonLayout {
    let textLines = lines ?? { self.textLines(columns: $0) }
    let fences = step.items.flatMap { item -> [Int] in
      guard case .prose(.code(_, let text, _)) = item else { return [] }
      return text.split(separator: "\n").map { ScalarWidth.of(String($0)) }
    }
    var needs: SceneNeeds
    if let missed = shownMissed {
      let pane = ReviewPane(missed: missed, first: listTop, look: look)
      needs = SceneNeeds(
        columns: ReviewPane.wantedColumns, rows: { _ in pane.wantedRows },
        fewestRows: min(pane.wantedRows, 5), isWhole: false, textColumns: fences.max() ?? 0,
        textRows: { textLines($0).count })
    } else if step.scene.tool != nil {
      needs = SceneNeeds(
        columns: LessonLayout.toolColumns, rows: { _ in LessonLayout.toolRows }, fewestRows: 7,
        isTool: true,
        isWhole: false, textColumns: fences.max() ?? 0, textRows: { textLines($0).count })
    } else if let change = changeView {
      needs = SceneNeeds(
        columns: change.wantedColumns, rows: { _ in change.wantedRows },
        fewestRows: change.fewestRows, isWhole: false, textColumns: fences.max() ?? 0,
        textRows: { textLines($0).count })
    } else {
      let figure = figure(in: Area(x: 0, y: 0, columns: 0, rows: 0))
      needs = SceneNeeds(
        columns: figure.wantedColumns, rows: { figure.wantedRows(columns: $0) },
        fewestRows: step.scene.code ? 9 : 6,
        isWhole: isInCell, textColumns: fences.max() ?? 0,
        textRows: { textLines($0).count })
    }
    if lines == nil, let activeQuiz {
      needs.denseRows = { self.text(columns: $0, isDense: true).lines.count }
      needs.keepsRows = activeQuiz.painted != nil
    }
    return LessonLayout(size, needs)
  }

  var isInCell: Bool {
    if case .cell = viewer.mode { true } else { false }
  }
}
