internal import Base
internal import Lessons
internal import Trace
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
  /// Whether there are several parts, which have numbers of their own: a lesson's number would be another.
  private var isLecture: Bool { lecture.items.count > 1 }

  /// What a lesson on the wall is called, the longest wording first.
  func heads(_ lesson: LessonState) -> [String] {
    let title = lesson.lesson.title
    guard !isLecture else {
      let name = lecture.title(language)
      return item == 0 && !name.isEmpty ? [name + "   " + title, title] : [title]
    }
    let number = lesson.lesson.id.prefix { $0.isNumber }.drop { $0 == "0" }
    let head = number.isEmpty ? "" : language("第 \(number) 课  ", "Lesson \(number)  ")
    return [head + title]
  }

  /// The title of a lesson's screen on the wall, the longest wording first.
  func titles(_ lesson: LessonState) -> [String] {
    let step = lesson.step.title
    return heads(lesson).map { $0 + "   " + step } + [step]
  }

  /// Which part of the lecture is on the wall; nil where there is one.
  private var partPlace: String? {
    isLecture
      ? language(
        "第 \(item + 1)/\(lecture.items.count) 部分", "part \(item + 1)/\(lecture.items.count)")
      : nil
  }

  /// Which of the screens of a lesson that the lecture shows is open, counted from 1, and of how many.
  func number(of lesson: LessonState) -> (number: Int, count: Int) {
    let screens = lesson.lesson.steps.filter(belongs).map(\.id)
    return ((screens.firstIndex(of: lesson.step.id) ?? 0) + 1, screens.count)
  }

  /// Where in the lecture, and among the screens of the lesson that it shows, the screen is.
  func place(_ lesson: LessonState) -> String {
    let (number, count) = number(of: lesson)
    let screen = count > 1 || partPlace == nil ? "\(number)/\(count)" : nil
    return [partPlace, screen].compactMap { $0 }.joined(separator: " \(glyphs.dot) ")
  }

  /// What a run on the wall is called, and what it runs, the longest wording first; nil where nobody named either.
  func titles(ofRun viewer: ViewerState) -> [String]? {
    guard case .run(let arguments) = part.source else { return nil }
    let named = ["--text", "--prompt"].compactMap { arguments.firstIndex(of: $0) }.first
    let text = named.flatMap { arguments.dropFirst($0 + 1).first } ?? ""
    let words = [part.title(language), text].filter { !$0.isEmpty }
    guard !words.isEmpty else { return nil }
    let whole = words.joined(separator: "   ")
    return [whole + "   " + viewer.trace.model.name, whole, words[0]]
  }

  /// Where in the lecture, and in the run.
  func place(ofRun viewer: ViewerState) -> String {
    let (step, all) = (viewer.moment.step, viewer.knownSteps)
    let steps = language("第 \(step)/\(all) 步", "step \(step)/\(all)")
    return [partPlace, steps].compactMap { $0 }.joined(separator: " \(glyphs.dot) ")
  }

  /// Lines of a text in one style.
  func lines(_ text: String, _ style: Style, columns: Int) -> [[TextFlow.Span]] {
    TextFlow.wrap([TextFlow.Span(glyphs.shown(text), style)], columns: columns)
  }
}
