internal import Base
internal import TinyModel
internal import Trace
internal import Viz

/// A quiz as lines of styled text: the question, what is entered, hints, and what the run says.
struct QuizLines {
  let quiz: Quiz
  let state: QuizState
  let lesson: LessonState
  let columns: Int
  let isActive: Bool

  private var language: Language { lesson.language }
  private var glyphs: GlyphSet { lesson.viewer.glyphs }

  private var prose: ProseLines {
    ProseLines(columns: columns, evaluator: lesson.grader(quiz).evaluator, glyphs: glyphs)
  }

  /// All lines.
  var lines: [[TextFlow.Span]] {
    var lines = text("? " + quiz.ask, Style(.selected, bold: true))
    lines += options
    if isActive { lines += entry }
    for hint in quiz.hints.prefix(state.hints) {
      lines += text(language("提示：", "Hint: ") + hint, Style(.dim))
    }
    if state.outcome == .open && state.mistakes > 0 { lines += wrong }
    if state.outcome != .open { lines += verdict }
    return lines
  }

  /// A text of the quiz with its inline Markdown, or as it is where it is more than a paragraph.
  private func text(_ text: String, _ style: Style) -> [[TextFlow.Span]] {
    let filled = prose.fill(text)
    if case .paragraph(let inlines, _)? =
      (try? MarkdownReader(path: "", lineOffset: 0).blocks(filled))?.first,
      filled.contains("`") || filled.contains("*")
    {
      return prose.wrap(inlines, base: style, columns)
    }
    return TextFlow.wrap([TextFlow.Span(prose.clean(filled), style)], columns: columns)
  }

  private var options: [[TextFlow.Span]] {
    let texts: [String]
    switch quiz.kind {
    case .choice(let choices): texts = choices.map(\.text)
    case .token:
      texts = Grader.candidates(lesson.grader(quiz).state.step).map { "「\($0.text)」" }
    default: return []
    }
    return texts.enumerated().flatMap { index, option in
      let isChosen = state.entry == "\(index + 1)"
      let isRight = state.outcome != .open && (try? lesson.grader(quiz).answer()) == "\(index + 1)"
      let mark = isRight ? glyphs.right : isChosen ? glyphs.cursor : " "
      let style =
        isRight
        ? Style(.right) : Style(.text, bold: isChosen, reversed: isChosen && state.outcome == .open)
      return text("\(mark) \(index + 1) \(option)", style)
    }
  }

  /// The line in which the answer stands, and the keys that make it.
  private var entry: [[TextFlow.Span]] {
    let keys: String
    var lines: [[TextFlow.Span]] = []
    switch quiz.kind {
    case .choice, .token: keys = language("数字选，Enter 定", "a digit chooses, Enter answers")
    case .number:
      lines.append(field)
      keys = language("输入数字，Enter 定", "type a number, Enter answers")
    case .shape:
      lines.append(field)
      keys = language("行x列，如 2x3，Enter 定", "rows x columns, such as 2x3, Enter answers")
    case .cells(let target, _):
      let isStrip = target == .new || target == .read
      keys =
        isStrip
        ? language(
          "在 K 一行里标：← → 移动，Space 标，a 全部，Enter 定",
          "mark in the K strip: arrows, Space, a all, Enter answers")
        : language(
          "在格子里标：方向键，Space 标，r 整行，a 全部，Enter 定",
          "mark in the grid: arrows, Space, r row, a all, Enter answers")
    }
    let help = keys + language("   Tab 提示  s 看答案", "   Tab hint  s show")
    return lines + text(help, Style(.dim))
  }

  private var field: [TextFlow.Span] {
    [
      TextFlow.Span("> ", Style(.dim)),
      TextFlow.Span(state.entry + "_", Style(.selected, reversed: true)),
    ]
  }

  /// The first wrong answer: what is known about it, and another try.
  private var wrong: [[TextFlow.Span]] {
    let given = state.answered.map { $0.isEmpty ? "" : " \($0)" } ?? ""
    let head = text(
      "\(glyphs.wrong)\(given) " + language("不对，再试一次", "is not it; try once more"), Style(.wrong))
    return head + (state.reply.map { text($0, Style()) } ?? [])
  }

  private var verdict: [[TextFlow.Span]] {
    var lines: [[TextFlow.Span]] = []
    if state.outcome == .right {
      lines += text(glyphs.right + " " + language("对", "right"), Style(.right))
    } else {
      lines += text(language("答案：", "The answer: ") + shownAnswer, Style(.heading))
      lines += state.reply.map { text($0, Style()) } ?? []
    }
    return lines + text(quiz.why, Style())
  }

  private var shownAnswer: String {
    let answer = (try? lesson.grader(quiz).answer()) ?? ""
    if case .cells = quiz.kind {
      return language(
        "\(answer) 个，见右边（\(glyphs.wrong) 是标错的）",
        "\(answer), as shown (\(glyphs.wrong): marked wrongly)")
    }
    return answer
  }
}
