internal import Base
internal import Lessons
public import Viz

/// A screen of a lesson without a screen: its title, its text and its picture one below the other.
extension LessonState {
  /// The lesson's title, the step's place and title, in one line.
  public var pageTitle: String {
    let number = lesson.id.prefix { $0.isNumber }.drop { $0 == "0" }
    let head = language("第 \(number) 课", "Lesson \(number)")
    return viewer.glyphs.shown(
      "== \(head)  \(lesson.title)  \(index + 1)/\(lesson.steps.count)  \(step.title)")
  }

  /// The text up to the question that is open, with what was said to answers.
  public func pageText(columns: Int) -> [String] {
    textLines(columns: columns, hasKeys: false).map { line in
      let text = line.map(\.text).joined()
      return String(text.reversed().drop { $0 == " " }.reversed())
    }
  }

  /// The tool that is to be shown and is not there.
  public var missingTool: ToolPlace? { toolScreen == nil ? shownTool?.place : nil }

  /// Takes over the tool that was missing.
  public mutating func showTool(_ screen: any Screen) {
    if let shownTool { take(shownTool, screen) }
  }

  /// The picture.
  public func pageFigure(_ size: Size) -> Canvas {
    var canvas = Canvas(size)
    drawFigure(in: Area(x: 0, y: 0, columns: size.columns, rows: size.rows), on: &canvas)
    return canvas
  }
}
