internal import Base
internal import Lessons
internal import Viz

/// A lesson's text on the wall: as far as no open question stands in it.
struct PresentText: WallPage {
  let state: PresentState
  let lesson: LessonState

  private static let longestLine = 76

  init?(state: PresentState) {
    guard let lesson = state.exhibit?.lesson else { return nil }
    self.init(state: state, lesson: lesson)
  }

  init(state: PresentState, lesson: LessonState) { (self.state, self.lesson) = (state, lesson) }

  func draw(on canvas: inout Canvas) {
    let size = canvas.size
    WallBar(look: state.look, titles: state.titles(lesson), right: state.place(lesson))
      .draw(on: &canvas)
    let lines = lines(columns: Self.columns(size))
    let rows = Self.rows(size)
    let first = top(size)
    let area = Area(x: 2, y: size.rows - 1 - rows, columns: Self.columns(size), rows: rows)
    canvas.put(Array(lines.dropFirst(first)), in: area)
  }

  func hiddenLines(_ size: Size) -> Int {
    max(0, lines(columns: Self.columns(size)).count - Self.rows(size))
  }

  /// The line on top: never so far down that rows stay empty.
  private func top(_ size: Size) -> Int { min(state.textLine, hiddenLines(size)) }

  /// Rows of a screen that the text has.
  private static func rows(_ size: Size) -> Int { max(1, size.rows - (size.rows >= 16 ? 3 : 2)) }

  private static func columns(_ size: Size) -> Int { max(2, min(longestLine, size.columns - 4)) }

  /// The prose up to the question that is open; what was revealed stands where it was asked.
  func lines(columns: Int) -> [[TextFlow.Span]] {
    let prose = ProseLines(
      columns: columns, evaluator: lesson.evaluator, glyphs: lesson.viewer.glyphs)
    var blocks: [[[TextFlow.Span]]] = []
    for item in lesson.step.items {
      switch item {
      case .prose(let block): blocks.append(prose.lines(block))
      case .quiz(let quiz):
        if quiz.id == lesson.openQuiz?.id { return Self.joined(blocks) }
        blocks.append(
          state.lines(lesson.plain(quiz.ask, of: quiz), Style(.heading), columns: columns))
        blocks.append(why(quiz, columns: columns))
      }
    }
    return Self.joined(blocks)
  }

  /// Why the answer to a revealed question is right.
  func why(_ quiz: Quiz, columns: Int) -> [[TextFlow.Span]] {
    let prose = ProseLines(
      columns: columns, evaluator: lesson.grader(quiz).evaluator, glyphs: lesson.viewer.glyphs)
    let filled = prose.fill(quiz.why)
    guard let blocks = try? MarkdownReader(path: "", lineOffset: 0).blocks(filled) else {
      return state.lines(filled, Style(), columns: columns)
    }
    return blocks.flatMap { prose.lines($0) }
  }

  private static func joined(_ blocks: [[[TextFlow.Span]]]) -> [[TextFlow.Span]] {
    Array(blocks.filter { !$0.isEmpty }.joined(separator: [[]]))
  }
}
