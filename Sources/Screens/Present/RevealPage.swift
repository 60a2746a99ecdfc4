internal import Base
internal import Classroom
internal import Lessons
internal import Viz

/// The answer to a question: what was voted in both rounds, why it is so, and the run at the step that was asked about.
struct RevealPage: WallPage {
  let state: PresentState
  let lesson: LessonState
  let quiz: Quiz
  let held: HeldQuiz

  private static let barFrom = 16
  private static let besideFrom = Size(columns: 76, rows: 16)
  private static let belowFrom = 30
  private static let leastPictureRows = 10

  private var language: Language { state.language }
  private var glyphs: GlyphSet { state.glyphs }

  func draw(on canvas: inout Canvas) {
    let (main, figure) = areas(canvas.size)
    if canvas.size.rows >= Self.barFrom {
      WallBar(look: state.look, titles: state.titles(lesson), right: state.place(lesson))
        .draw(on: &canvas)
    }
    let hasGap = main.rows >= 18 || canvas.size.rows >= Self.belowFrom
    let top = main.y + (hasGap ? 1 : 0)
    state.drawPhases(
      of: held, hasTimer: false, in: Area(x: main.x, y: top, columns: main.columns, rows: 1),
      on: &canvas)
    let y = top + (hasGap ? 2 : 1)
    drawWords(
      in: Area(x: main.x, y: y, columns: main.columns, rows: main.y + main.rows - y), on: &canvas)
    if let figure { self.figure(figure).draw(on: &canvas) }
  }

  func lit(_ light: Light, _ size: Size) -> [LitPart] {
    areas(size).figure.map { figure($0).lit(light) } ?? []
  }

  private func figure(_ area: Area) -> WallFigure { WallFigure(.lesson(lesson), state, in: area) }

  /// Where words and picture go: side by side, one below the other, or the words alone.
  private func areas(_ size: Size) -> (words: Area, figure: Area?) {
    let top = size.rows >= Self.barFrom ? 1 : 0
    let margin = size.columns >= 60 ? 2 : 1
    var words = Area(
      x: margin, y: top, columns: size.columns - 2 * margin, rows: size.rows - 1 - top)
    if size.columns >= Self.besideFrom.columns, size.rows >= Self.besideFrom.rows {
      words.columns = min(72, size.columns * 9 / 20)
      let x = words.end + 3
      let y = top + (size.rows >= 24 ? 1 : 0)
      return (
        words, Area(x: x, y: y, columns: size.columns - x - 1, rows: size.rows - 1 - y)
      )
    }
    guard size.rows >= Self.belowFrom else { return (words, nil) }
    let rows = size.rows / 2 - 1
    words.rows -= rows + 1
    return (
      words, Area(x: words.x, y: size.rows - 1 - rows, columns: words.columns, rows: rows)
    )
  }

  // MARK: Words

  /// What the words are made of, and what of it there is room for, whole.
  private struct Words {
    var bars: VoteBars
    var ask: [[TextFlow.Span]]
    var why: [[TextFlow.Span]]
    var answer: [[TextFlow.Span]]
    /// The answer in large letters, and what stands beside it.
    var large: (answer: BigText, text: [[TextFlow.Span]])?
    var hasOptionTexts = true
    var gap = 0
    var spread = 0
  }

  /// The answer and the votes; then why, and what was asked, as far as each has room whole; then all of it larger.
  private func words(in area: Area) -> Words {
    let columns = area.columns
    let right = lesson.rightChoice(of: quiz)
    var words = Words(
      bars: bars(right, rows: area.rows - 2),
      ask: state.lines(
        lesson.plain(quiz.ask, of: quiz), Style(.heading, bold: true), columns: columns),
      why: PresentText(state: state, lesson: lesson).why(quiz, columns: columns),
      answer: state.lines(
        glyphs.right + " " + answer(right), Style(.right, bold: true), columns: columns))
    var rest = area.rows
    // Options with their words name the right one themselves.
    if words.bars.choices.first.map({ !$0.text.isEmpty }) ?? false,
      words.bars.rows(columns) <= rest
    {
      words.answer = []
    } else {
      rest -= words.answer.count
      if words.bars.rows(columns) > rest { words.hasOptionTexts = false }
    }
    rest -= words.bars.rows(columns, hasWords: words.hasOptionTexts)
    if !take(words.why.count, &rest) { words.why = [] }
    if !take(words.ask.count, &rest) { words.ask = [] }
    let blocks = [words.ask, words.answer, words.why].count { !$0.isEmpty }
    if take(blocks, &rest) { words.gap = 1 }
    // A blank row above the keys comes before blank rows between the options.
    _ = take(1, &rest)
    let choices = words.bars.choices.count
    if take(max(0, choices - 1), &rest) { words.spread = 1 }
    if !words.bars.rounds.isEmpty, take(choices, &rest) { words.bars.high = 2 }
    if let large = large(right, columns: columns),
      take(large.answer.size.rows + (words.answer.isEmpty ? 1 : 0) - words.answer.count, &rest)
    {
      words.large = large
    }
    return words
  }

  private func drawWords(in area: Area, on canvas: inout Canvas) {
    let words = words(in: area)
    var y = area.y
    func put(_ lines: [[TextFlow.Span]]) {
      guard !lines.isEmpty else { return }
      canvas.put(lines, in: Area(x: area.x, y: y, columns: area.columns, rows: lines.count))
      y += lines.count + words.gap
    }
    put(words.ask)
    if let large = words.large {
      large.answer.draw(at: Point(area.x, y), Style(.right), on: &canvas)
      let x = area.x + large.answer.size.columns + 3
      canvas.put(large.text, in: Area(x: x, y: y + 1, columns: area.end - x, rows: 2))
      y += large.answer.size.rows + 1
    } else {
      put(words.answer)
    }
    let rows = words.bars.rows(area.columns, hasWords: words.hasOptionTexts)
    if rows > 0 {
      words.bars.draw(
        in: Area(x: area.x, y: y, columns: area.columns, rows: area.y + area.rows - y),
        hasWords: words.hasOptionTexts, gap: words.spread, on: &canvas)
      y += rows + max(0, words.bars.choices.count - 1) * words.spread + words.gap
    }
    put(words.why)
  }

  /// The answer in large letters: a number, or the letter of an option with its words beside it.
  private func large(
    _ right: Double?, columns: Int
  ) -> (answer: BigText, text: [[TextFlow.Span]])? {
    let text: String
    var beside = ""
    switch held.ballots {
    case .options(let options):
      guard let index = right.map({ Int($0) }), options.indices.contains(index) else { return nil }
      (text, beside) = (OptionsBlock.letter(index), options[index])
    case .number, .aloud:
      text = (try? lesson.grader(quiz).answer()) ?? ""
      if case .cells = quiz.kind { beside = language("个，见图", "as shown") }
    }
    guard let answer = BigText(text, glyphs), answer.size.columns <= columns else { return nil }
    let lines = TextFlow.wrap(
      [TextFlow.Span(beside, Style(.right, bold: true))], columns: columns - answer.size.columns - 3
    )
    return lines.count <= 2 ? (answer, lines) : nil
  }

  private func take(_ rows: Int, _ rest: inout Int) -> Bool {
    guard rows >= 0, rows <= rest else { return false }
    rest -= rows
    return true
  }

  /// The answer as it is said.
  private func answer(_ right: Double?) -> String {
    let text = (try? lesson.grader(quiz).answer()) ?? ""
    switch held.ballots {
    case .options(let options):
      guard let index = right.map({ Int($0) }), options.indices.contains(index) else { return text }
      return OptionsBlock.letter(index) + "  " + options[index]
    case .number: return text
    case .aloud:
      if case .cells = quiz.kind { return language("\(text) 个，见图", "\(text), as shown") }
      return text
    }
  }

  // MARK: Votes

  private func bars(_ right: Double?, rows: Int) -> VoteBars {
    let voted = [1, 2].filter { held.ballots.isVoted && held.counts(round: $0).total > 0 }
    let counts = voted.map { held.counts(round: $0) }
    let names = voted.map { round in
      let total = held.counts(round: round).total
      let name = round == 1 ? language("第一次", "first vote") : language("第二次", "second vote")
      return [
        name + language("，\(total) 人", ", \(total)"),
        language("\(round)：\(total) 人", "vote \(round): \(total)"), "\(total)",
      ]
    }
    return VoteBars(
      choices: choices(counts, right, rows: rows), rounds: names, glyphs: glyphs)
  }

  private func choices(
    _ counts: [VoteCounts], _ right: Double?, rows: Int
  ) -> [VoteBars.Choice] {
    switch held.ballots {
    case .options(let options):
      options.enumerated().map { index, text in
        VoteBars.Choice(
          label: OptionsBlock.letter(index), text: text,
          votes: counts.map { $0.of(Double(index)) }, isRight: right == Double(index))
      }
    case .number:
      right.map { numbers(counts, $0, rows: rows) } ?? []
    case .aloud: []
    }
  }

  /// The numbers that were given, in their order; where there are too many the rarest share a row.
  private func numbers(
    _ counts: [VoteCounts], _ right: Double, rows: Int
  ) -> [VoteBars.Choice] {
    guard !counts.isEmpty else { return [] }
    let most = max(2, min(8, rows - 2))
    let values = PresentState.values(counts, right)
    func votes(_ value: Double) -> Int { counts.map { $0.of(value) }.reduce(0, +) }
    let frequent = values.filter { $0 != right }.sorted { votes($0) > votes($1) }
    let isAll = values.count <= most
    let shown = isAll ? values : ([right] + frequent.prefix(most - 2)).sorted()
    let rest = Set(values).subtracting(shown)
    let choices = shown.map { value in
      VoteBars.Choice(
        label: Self.text(value), text: "", votes: counts.map { $0.of(value) },
        isRight: value == right)
    }
    guard !rest.isEmpty else { return choices }
    return choices + [
      VoteBars.Choice(
        label: language("其他", "others"), text: "",
        votes: counts.map { round in rest.map { round.of($0) }.reduce(0, +) }, isRight: false)
    ]
  }

  /// A number without what says nothing.
  static func text(_ value: Double) -> String {
    Int(exactly: value).map { "\($0)" } ?? "\(value)"
  }
}
