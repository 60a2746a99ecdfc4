internal import Base
internal import Lessons
internal import Trace
internal import Viz

/// A quiz as lines of styled text: the question, what is entered, hints, and what the run says.
struct QuizLines {
  let quiz: Quiz
  let state: QuizState
  let lesson: LessonState
  let columns: Int
  let isActive: Bool
  /// Whether the answer is made with keys, not with a line of text.
  var hasKeys = true

  private var language: Language { lesson.language }
  private var glyphs: GlyphSet { lesson.viewer.glyphs }

  private var prose: ProseLines {
    ProseLines(columns: columns, evaluator: lesson.grader(quiz).evaluator, glyphs: glyphs)
  }

  /// All lines, and the first that has to be seen: of the answer that is being made, else of what was said last.
  var page: (lines: [[TextFlow.Span]], focus: Int) {
    var lines = text("? " + quiz.ask, Style(.selected, bold: true))
    var focus = 0
    for (index, option) in options.enumerated() {
      if state.entry == "\(index + 1)" { focus = lines.count }
      lines += option
    }
    lines += program
    if !state.entry.isEmpty && !quiz.isChosen { focus = lines.count }
    lines += choices
    if isActive {
      lines += hasKeys ? entry : text(lesson.lineGuide(quiz), Style(.dim))
    }
    let isSaid = state.outcome == .open && state.entry.isEmpty
    for hint in quiz.hints.prefix(state.hints) {
      if isSaid { focus = lines.count }
      lines += text(language("线索：", "Hint: ") + hint, Style(.dim))
    }
    if state.outcome == .open && state.mistakes > 0 {
      if isSaid && !state.saysHint { focus = lines.count }
      lines += wrong
    }
    if state.outcome != .open {
      focus = lines.count
      lines += verdict
    }
    return (lines, focus)
  }

  /// A text of the quiz with its inline Markdown, or as it is where it is more than a paragraph; behind a few words of another style.
  private func text(
    _ text: String, _ style: Style, behind head: TextFlow.Span? = nil
  ) -> [[TextFlow.Span]] {
    let filled = prose.fill(text)
    let head = head.map { [$0] } ?? []
    if case .paragraph(let inlines, _)? =
      (try? MarkdownReader(path: "", lineOffset: 0).blocks(filled))?.first,
      filled.contains("`") || filled.contains("*") || filled.contains("](#")
    {
      return prose.wrap(inlines, base: style, columns, behind: head)
    }
    return TextFlow.wrap(head + [TextFlow.Span(prose.clean(filled), style)], columns: columns)
  }

  /// Each option's lines.
  private var options: [[[TextFlow.Span]]] {
    let texts: [String]
    switch quiz.kind {
    case .choice(let choices): texts = choices.map(\.text)
    case .token:
      texts = Grader.candidates(lesson.grader(quiz).state.step).map { "「\($0.text)」" }
    default: return []
    }
    let right = state.outcome == .open ? nil : rightOption
    return lesson.optionOrder(quiz).enumerated().map { index, place in
      let (isChosen, isRight) = (state.entry == "\(index + 1)", right == index)
      let mark = isRight ? glyphs.right : isChosen ? glyphs.cursor : " "
      let style =
        isRight
        ? Style(.right) : Style(.text, bold: isChosen, reversed: isChosen && state.outcome == .open)
      return text("\(mark) \(index + 1) \(texts[place])", style)
    }
  }

  /// A program with its gaps.
  private var program: [[TextFlow.Span]] { lesson.program(of: quiz)?.program ?? [] }

  /// The lines that complete it, while they are asked for.
  private var choices: [[TextFlow.Span]] {
    guard state.outcome == .open, let program = lesson.program(of: quiz) else { return [] }
    let gap: [[TextFlow.Span]] = columns < Self.tight ? [] : [[]]
    return gap + program.choices + gap
  }

  /// All lines.
  var lines: [[TextFlow.Span]] { page.lines }

  /// Columns below which blank lines are left out.
  private static let tight = 40

  /// Where the right option stands among those that are shown, from 0.
  private var rightOption: Int? {
    let place = (try? lesson.grader(quiz).answer()).flatMap { Int($0) }
    return place.flatMap { lesson.optionOrder(quiz).firstIndex(of: $0 - 1) }
  }

  /// The line in which the answer stands, and the keys that make it.
  private var entry: [[TextFlow.Span]] {
    let keys: String
    var lines: [[TextFlow.Span]] = []
    switch quiz.kind {
    case .choice, .token: keys = language("数字选，Enter 作答", "a digit chooses, Enter answers")
    case .number:
      lines.append(field)
      keys = language("输入数或算式，Enter 作答", "type a number or a sum, Enter answers")
    case .shape:
      lines.append(field)
      keys = language("行x列，如 2x3，Enter 作答", "rows x columns, such as 2x3, Enter answers")
    case .lines:
      keys = language(
        "按空的次序按字母，Enter 运行", "letters fill the gaps in turn, Enter runs it")
    case .setting:
      keys = language("o 进图里调，调好按 Enter 作答", "o turns the knobs; Enter answers with them")
    case .cells(let target, _):
      let isStrip = target == .new || target == .read
      keys =
        isStrip
        ? language(
          "在 K 一行里标：← → 移动，Space 标，a 全部，Enter 作答",
          "mark in the K strip: arrows, Space, a all, Enter answers")
        : language(
          "在格子里标：方向键，Space 标，r 整行，a 全部，Enter 作答；PgUp PgDn 滚课文",
          "mark in the grid: arrows, Space, r row, a all, Enter answers; PgUp PgDn: the text")
    }
    return lines + text(keys, Style(.dim))
  }

  private var field: [TextFlow.Span] {
    var entry = TextFlow.Span(
      prose.clean(state.entry).fittedEnd(to: columns - 3) + "_",
      Style(.selected, reversed: true))
    entry.hasCaret = true
    return [TextFlow.Span("> ", Style(.dim)), entry]
  }

  /// The first wrong answer: what is known about it, and another try.
  private var wrong: [[TextFlow.Span]] {
    let again = language("再试一次", "try once more")
    let goOn = quiz.isSetting && hasKeys ? language("按 o 接着调", "o to go on turning") : again
    guard state.reply == nil else { return echo + text(goOn, Style(.dim)) }
    let between = language("，", state.difference == nil ? "; " : ", ")
    return text(refusal + between + again, Style(.wrong))
  }

  /// What was answered wrongly, and what is known about it: a reply stands behind the answer that it is to.
  private var echo: [[TextFlow.Span]] {
    guard let reply = state.reply else { return text(refusal, Style(.wrong)) }
    let isNamed = !given.isEmpty || state.difference != nil
    let what = state.difference.map { " " + words(for: $0) } ?? given
    let head = "\(glyphs.wrong)\(what)" + language("：", isNamed ? ":" : "") + " "
    return text(
      reply, Style(), behind: TextFlow.Span(language(head.withoutBlankEnd, head), Style(.wrong)))
  }

  /// That an answer is not right; of marks how far they are off.
  private var refusal: String {
    if let difference = state.difference { return "\(glyphs.wrong) \(words(for: difference))" }
    return "\(glyphs.wrong)\(given) " + language("不对", "is not it")
  }

  /// How many marks are missing, and how many are too many.
  private func words(for difference: MarkDifference) -> String {
    let unit = quiz.painted?.isStrip == true ? "个" : "格"
    let parts = [
      (
        difference.missed,
        language("漏标 \(difference.missed) \(unit)", "\(difference.missed) missed")
      ),
      (
        difference.extra, language("多标 \(difference.extra) \(unit)", "\(difference.extra) too many")
      ),
    ]
    return parts.filter { $0.0 > 0 }.map(\.1).joined(separator: language("、", ", "))
  }

  private var given: String {
    let said = state.answered.map { lesson.said($0, to: quiz) } ?? ""
    return said.isEmpty ? "" : " " + prose.clean(said)
  }

  private var verdict: [[TextFlow.Span]] {
    if state.outcome == .right {
      return text(glyphs.right + " " + language("对", "right"), Style(.right))
        + text(quiz.why, Style())
    }
    let shown = prose.clean(shownAnswer)
    // What a reason begins with is said once.
    let isSaid = saysAtFirst(shown)
    let answer =
      glyphs.right + " "
      + (isSaid
        ? language("答案：", "The answer: ") : language("答案 \(shown)：", "The answer is \(shown): "))
    let lines = state.answered != nil && state.mistakes > 0 ? echo : []
    return lines + text(quiz.why, Style(), behind: TextFlow.Span(answer, Style(.right)))
  }

  /// Whether the reason begins with the answer.
  private func saysAtFirst(_ answer: String) -> Bool {
    let why = prose.clean(prose.fill(quiz.why))
    guard !answer.isEmpty, why.hasPrefix(answer), !quiz.isChosen else { return false }
    return why.dropFirst(answer.count).first.map { !$0.isNumber && !".,".contains($0) } ?? true
  }

  private var shownAnswer: String {
    switch quiz.kind {
    case .choice, .token: return rightOption.map { "\($0 + 1)" } ?? ""
    case .number, .shape, .setting, .lines: return lesson.rightAnswer(to: quiz)
    case .cells:
      let count = (try? lesson.grader(quiz).answer()) ?? ""
      let legend = legend.isEmpty ? "" : language("（", " (") + legend + language("）", ")")
      return language("\(count) 个，见图", "\(count), as shown") + legend
    }
  }

  /// What the marks of the picture say, as far as there are some.
  private var legend: String {
    guard let difference = state.difference else { return "" }
    let parts = [
      (difference.missed, language("\(glyphs.missed) 是漏标的", "\(glyphs.missed): missed")),
      (difference.extra, language("\(glyphs.wrong) 是标错的", "\(glyphs.wrong): marked wrongly")),
    ]
    return parts.filter { $0.0 > 0 }.map(\.1).joined(separator: language("，", ", "))
  }
}

extension String {
  fileprivate var withoutBlankEnd: String { last == " " ? String(dropLast()) : self }
}
