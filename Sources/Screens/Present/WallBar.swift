internal import Base
internal import Lessons
internal import Viz

/// The bar at the top of the wall.
struct WallBar {
  let look: Look
  /// Wordings of what is shown, the longest first.
  let titles: [String]
  /// What stands at the right, where there is room for it.
  let right: String

  func draw(on canvas: inout Canvas) {
    let columns = canvas.size.columns
    canvas.fill(Point(0, 0), columns: columns, Style(.titleBar))
    let end = columns - 1 - (right.isEmpty ? 0 : ScalarWidth.of(right) + 2)
    let shown = titles.map { look.glyphs.shown($0) }
    let title =
      shown.first { ScalarWidth.of($0) < end } ?? shown.last.map { shortened($0, end - 1) } ?? ""
    canvas.put(title, at: Point(1, 0), Style(.titleBar), limit: end)
    canvas.put(right, at: Point(columns - 1 - ScalarWidth.of(right), 0), Style(.titleBar))
  }

  /// A title that no wording makes short enough ends in the mark that there is more.
  private func shortened(_ title: String, _ columns: Int) -> String {
    let more = look.glyphs.ellipsis
    return title.fitted(to: max(0, columns - ScalarWidth.of(more))) + more
  }
}

extension Canvas {
  /// Draws lines of styled text from the top of an area, as many as it has rows.
  mutating func put(_ lines: [[TextFlow.Span]], in area: Area) {
    for (row, line) in lines.prefix(max(0, area.rows)).enumerated() {
      var x = area.x
      for span in line {
        x = put(span.text, at: Point(x, area.y + row), span.style, limit: area.end)
      }
    }
  }
}

extension PresentState {
  /// The title of a lesson on the wall, the longest wording first.
  func titles(_ lesson: LessonState) -> [String] {
    let number = lesson.lesson.id.prefix { $0.isNumber }.drop { $0 == "0" }
    let head = number.isEmpty ? "" : language("第 \(number) 课  ", "Lesson \(number)  ")
    let (title, step) = (lesson.lesson.title, lesson.step.title)
    return [
      head + title + "   " + step, head + step, step,
    ]
  }

  /// Where in the lesson the screen is.
  func place(_ lesson: LessonState) -> String {
    "\(lesson.index + 1)/\(lesson.lesson.steps.count)"
  }

  /// Lines of a text in one style.
  func lines(_ text: String, _ style: Style, columns: Int) -> [[TextFlow.Span]] {
    TextFlow.wrap([TextFlow.Span(glyphs.shown(text), style)], columns: columns)
  }
}
