internal import Base
internal import Lessons
internal import Viz

/// A lesson's picture, as large as the wall allows, its title above and the step's sentence below; beside it the text where both have room.
struct PicturePage: WallPage {
  let state: PresentState
  let lesson: LessonState

  /// From here on the screen's title has a row of its own, and the sentence a place.
  private static let high = 20
  /// From here on a text may stand beside the picture.
  private static let wide = Size(columns: 120, rows: 30)
  private static let longestLine = 64

  private struct Layout {
    var title: Int?
    var sentence: [[TextFlow.Span]] = []
    var text: (lines: [[TextFlow.Span]], area: Area)?
    var figure: WallFigure
  }

  func draw(on canvas: inout Canvas) {
    let layout = layout(canvas.size)
    let titles = state.titles(lesson)
    WallBar(
      look: state.look,
      titles: layout.title == nil ? titles : state.heads(lesson), right: state.place(lesson)
    ).draw(on: &canvas)
    if let title = layout.title {
      let area = Area(x: 2, y: title, columns: canvas.size.columns - 4, rows: 1)
      canvas.put(
        state.lines(lesson.step.title, Style(.heading, bold: true), columns: area.columns), in: area
      )
    }
    if let text = layout.text { canvas.put(text.lines, in: text.area) }
    layout.figure.draw(on: &canvas)
    canvas.put(
      layout.sentence,
      in: Area(
        x: 2, y: canvas.size.rows - 1 - layout.sentence.count - (canvas.size.rows > 30 ? 1 : 0),
        columns: canvas.size.columns - 4, rows: layout.sentence.count))
  }

  func lit(_ light: Light, _ size: Size) -> [LitPart] { layout(size).figure.lit(light) }

  private func layout(_ size: Size) -> Layout {
    let isHigh = size.rows >= Self.high
    let gap = size.rows > 30 ? 1 : 0
    let margin = size.columns >= 60 ? 2 : 1
    let top = isHigh ? 2 + 2 * gap : 1
    var body = Area(
      x: margin, y: top, columns: size.columns - margin - 1, rows: size.rows - 1 - top)
    var sentence: [[TextFlow.Span]] = []
    if isHigh, state.held == nil, lesson.step.scene.tool == nil, lesson.viewer.moment.isEndOfStep,
      let caption = lesson.viewer.notes.caption
    {
      sentence = state.lines(caption, Style(.text), columns: size.columns - 4)
      let wanted = figure(body).wantedRows
      if body.rows - sentence.count - 2 * gap < wanted { sentence = [] }
    }
    if !sentence.isEmpty { body.rows -= sentence.count + 2 * gap }
    var layout = Layout(title: isHigh ? 1 + gap : nil, sentence: sentence, figure: figure(body))
    if let text = besideText(size, body, layout.figure) {
      layout.text = text
      body.columns -= text.area.columns + 3
      body.x = text.area.end + 3
      layout.figure = figure(body)
    }
    return layout
  }

  private func figure(_ area: Area) -> WallFigure { WallFigure(.lesson(lesson), state, in: area) }

  /// The text at the left, where all of it fits and the cells are as large as without it.
  private func besideText(
    _ size: Size, _ body: Area, _ whole: WallFigure
  ) -> (lines: [[TextFlow.Span]], area: Area)? {
    guard size.columns >= Self.wide.columns, size.rows >= Self.wide.rows, state.face == .front
    else { return nil }
    let columns = min(Self.longestLine, body.columns * 2 / 5)
    let lines = PresentText(state: state, lesson: lesson).lines(columns: columns)
    let beside = Area(
      x: body.x + columns + 3, y: body.y, columns: body.columns - columns - 3, rows: body.rows)
    guard lines.count <= body.rows, figure(beside).cellSize == whole.cellSize,
      figure(beside).wantedRows <= body.rows
    else { return nil }
    return (lines, Area(x: body.x, y: body.y, columns: columns, rows: lines.count))
  }
}
