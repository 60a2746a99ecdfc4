internal import Base
internal import Lessons
internal import Viz

/// A screen's text as lines, and what of it has to be seen.
struct LessonText {
  /// The question that is open, or that was just answered.
  struct Asked {
    /// Its first line.
    let start: Int
    /// The first line that has to be seen: what was said last, or the answer that is being made.
    let focus: Int
    /// The line behind its last.
    let end: Int
  }

  var lines: [[TextFlow.Span]] = []
  var asked: Asked?
  /// Whether a question of the screen was answered before.
  var hasAnswered = false

  /// The first line that is shown where nobody has scrolled.
  ///
  /// Who makes an answer, or was just told something, sees that, and as much before it as there is room for; who comes to a later
  /// question of a screen, that question.
  func top(rows: Int, isPinned: Bool) -> Int {
    guard let asked else { return 0 }
    let isLater = hasAnswered && !isPinned
    guard isPinned || isLater else { return 0 }
    return max(0, min(asked.end - rows, isLater ? asked.start : asked.focus))
  }
}

extension LessonState {
  /// Prose and quizzes up to the first that is open: what stands behind it might give it away.
  ///
  /// - Parameters:
  ///   - columns: columns of the area.
  ///   - hasKeys: whether the line that tells the keys is there.
  ///   - isDense: whether no blank lines stand between the parts.
  /// - Returns: the lines, and where the open question is among them.
  func text(columns: Int, hasKeys: Bool = true, isDense: Bool = false) -> LessonText {
    let prose = ProseLines(
      columns: columns, evaluator: evaluator, glyphs: viewer.glyphs, pointed: pointed)
    var text = LessonText()
    for item in step.items {
      switch item {
      case .prose(let block): text.lines += prose.lines(block)
      case .quiz(let quiz):
        if quiz.id == openQuiz?.id && reviewed != nil {
          if text.lines.last?.isEmpty == true { text.lines.removeLast() }
          return text
        }
        let isActive = quiz.id == activeQuiz?.id
        let page = QuizLines(
          quiz: quiz, state: quizzes[quiz.id] ?? QuizState(), lesson: self, columns: columns,
          isActive: isActive, hasKeys: hasKeys
        ).page
        let start = text.lines.count
        text.lines += page.lines
        if isActive || quiz.id == reviewed {
          text.asked = LessonText.Asked(
            start: start, focus: start + page.focus, end: text.lines.count)
        }
        if isActive { return text }
        text.hasAnswered = true
      }
      if !isDense && item != step.items.last { text.lines.append([]) }
    }
    return text
  }

  /// The text as a layout has it.
  func text(in layout: LessonLayout) -> LessonText {
    text(columns: layout.text.columns, isDense: layout.isDense)
  }

  /// The same as lines alone.
  func textLines(columns: Int, hasKeys: Bool = true) -> [[TextFlow.Span]] {
    text(columns: columns, hasKeys: hasKeys).lines
  }

  /// The first line of the text that is shown.
  func top(of text: LessonText, rows: Int) -> Int {
    let top = text.top(rows: rows, isPinned: isPinned) + (isPinned ? -scrollBack : scroll)
    return max(0, min(text.lines.count - rows, top))
  }

  /// Lines of text that do not fit at a size.
  func hiddenLines(_ size: Size) -> Int {
    guard size.holds(LessonLayout.smallest) else { return .max }
    let layout = layout(size)
    return max(0, text(in: layout).lines.count - layout.text.rows)
  }

  /// Scrolls the text from where it stands.
  mutating func scrollText(by lines: Int) {
    let size = shownSize
    guard size.holds(LessonLayout.smallest) else { return }
    let layout = layout(size)
    let (area, text) = (layout.text, text(in: layout))
    let old = top(of: text, rows: area.rows)
    let new = max(0, min(text.lines.count - area.rows, old + lines))
    if new == old { notice = language("课文没有更多了", "there is no more text") }
    let moved = new - text.top(rows: area.rows, isPinned: isPinned)
    if isPinned { scrollBack = -moved } else { scroll = moved }
  }
}

extension Size {
  /// Whether another fits into it.
  fileprivate func holds(_ other: Size) -> Bool {
    columns >= other.columns && rows >= other.rows
  }
}
