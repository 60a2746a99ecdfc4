internal import Base
internal import Classroom
internal import Lessons
internal import Viz

/// The picture of what is presented in a part of the wall, with the spotlight on it.
struct WallFigure {
  private enum Content {
    case run(RunFigure)
    case change(ChangeView, words: [[TextFlow.Span]])
    case tool(LessonState)
  }

  let area: Area
  private let content: Content
  private let state: PresentState

  /// - Parameters:
  ///   - exhibit: what is presented.
  ///   - state: the presentation.
  ///   - area: where it goes.
  ///   - isForHall: whether cells are as large as they can be; phones have no use for that.
  init(_ exhibit: Exhibit, _ state: PresentState, in area: Area, isForHall: Bool = true) {
    (self.area, self.state) = (area, state)
    switch exhibit {
    case .lesson(let lesson):
      content =
        lesson.step.scene.tool != nil
        ? .tool(lesson)
        : lesson.changeView.map { .change($0, words: state.words(ofChange: lesson, area.columns)) }
          ?? .run(lesson.figure(in: area, isForHall: isForHall))
    case .run(let run):
      content = .run(
        RunFigure(run.state, area: area, runs: Run.allCases, isForHall: isForHall))
    }
  }

  func draw(on canvas: inout Canvas) {
    // A sheet of its own: what is drawn passes no edge.
    switch content {
    case .run(let figure): figure.draw(on: &canvas)
    case .change(let change, let words): draw(change, words, on: &canvas)
    case .tool(let lesson): lesson.drawTool(in: area, on: &canvas)
    }
    canvas.shade(area, by: state, lit)
  }

  /// The table below what it compares, where both have room.
  private func draw(
    _ change: ChangeView, _ words: [[TextFlow.Span]], on canvas: inout Canvas
  ) {
    let rows = words.count + 1
    guard area.rows >= change.fewestRows + rows else { return change.draw(in: area, on: &canvas) }
    canvas.put(words, in: area)
    change.draw(
      in: Area(x: area.x, y: area.y + rows, columns: area.columns, rows: area.rows - rows),
      on: &canvas)
  }

  /// Where a light falls.
  func lit(_ light: Light) -> [LitPart] {
    if case .run(let figure) = content { figure.lit(light) } else { [] }
  }

  /// Whether part of the sequence is out of view.
  var isPartial: Bool {
    if case .run(let figure) = content { figure.isPartial } else { false }
  }

  /// Columns and lines of a cell; nil where the picture has none.
  var cellSize: Size? {
    if case .run(let figure) = content { figure.cellSize } else { nil }
  }

  /// Lines at which all of it is seen.
  var wantedRows: Int {
    switch content {
    case .run(let figure): figure.wantedRows(columns: area.columns)
    case .change(let change, let words): change.wantedRows + words.count + 1
    case .tool: LessonLayout.toolRows
    }
  }
}

extension PresentState {
  /// Which texts a table compares, and what its marks mean.
  fileprivate func words(ofChange lesson: LessonState, _ columns: Int) -> [[TextFlow.Span]] {
    guard let other = lesson.step.scene.change else { return [] }
    let (text, mark) = (lesson.step.scene.text, glyphs.read)
    return lines(
      language(
        "两句：\(text)；\(other)。\(mark) 一位不差，数是差多少。",
        "Two texts: \(text); \(other). \(mark) is not a bit apart, a number is how far apart."),
      Style(.text), columns: columns)
  }
}

extension Canvas {
  /// Shades all of a picture but for what the spotlight falls on.
  mutating func shade(_ area: Area, by state: PresentState, _ lit: (Light) -> [LitPart]) {
    guard let light = state.spotlight.shown?.light else { return }
    shade(area, except: lit(light), state.glyphs)
  }
}

extension Spotlight {
  /// What it falls on; nil while it is off.
  var shown: ShownLight? {
    switch self {
    case .off: nil
    case .cell: .cell
    case .row: .row
    case .strip: .strip
    }
  }
}

extension ShownLight {
  /// The same in a picture.
  var light: Light {
    switch self {
    case .cell: .cell
    case .row: .row
    case .strip: .strip
    }
  }

  /// What it is called.
  func name(_ language: Language) -> String {
    switch self {
    case .cell: language("一格", "a cell")
    case .row: language("一行", "a row")
    case .strip: language("K 一条", "the K strip")
    }
  }
}
