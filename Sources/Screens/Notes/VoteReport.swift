internal import Base
internal import Classroom
internal import Lessons
internal import Viz

/// The question as only the presenter sees it: the answer, who voted what, what that means, and what to do.
struct VoteReport {
  /// An answer that can be given.
  struct Row {
    /// The option's letter; empty for a number.
    let letter: String
    let text: String
    let isRight: Bool
    /// Votes of each round.
    let counts: [Int]
    /// What is behind it, where the lesson knows.
    let meaning: String
  }

  let held: HeldQuestion
  let rows: [Row]
  /// The right answer and why, as the run has it.
  let answer: String
  let why: String
  /// Votes of each round in all.
  let totals: [Int]
  /// Those of them that were counted by hand.
  let hands: [Int]
  let look: Look

  init(_ held: HeldQuestion, _ backstage: Backstage, _ lesson: LessonState?, _ look: Look) {
    self.held = held
    self.look = look
    let counts = Array(backstage.counts.prefix(2))
    hands = backstage.hands
    totals = counts.map { $0.reduce(0) { $0.addingReportingOverflow($1).partialValue } }
    let quiz = lesson?.quiz(held)
    if let values = backstage.values {
      rows = Self.numbers(values, counts, backstage.answer, quiz, lesson, look.language)
    } else {
      rows = Self.options(held, counts, backstage.answer, quiz, lesson)
    }
    guard let quiz, let lesson else {
      answer = backstage.answer.map(QuestionText.number) ?? ""
      why = ""
      return
    }
    let right = (try? lesson.grader(quiz).answer()) ?? ""
    answer =
      rows.first { $0.isRight && !$0.letter.isEmpty }.map { "\($0.letter) \($0.text)" } ?? right
    why = lesson.plain(quiz.why, of: quiz)
  }

  private static func options(
    _ held: HeldQuestion, _ counts: [[Int]], _ answer: Double?, _ quiz: Quiz?,
    _ lesson: LessonState?
  ) -> [Row] {
    var options = held.options ?? []
    if let quiz, let lesson, case .options(let own) = lesson.ballots(of: quiz) { options = own }
    return options.enumerated().map { index, option in
      Row(
        letter: QuestionText.letter(index), text: option, isRight: Double(index) == answer,
        counts: counts.map { $0.indices.contains(index) ? $0[index] : 0 },
        meaning: meaning(of: .choice(index), quiz, lesson))
    }
  }

  /// Numbers that were voted, and those that the lesson knows to be wrong.
  private static func numbers(
    _ values: [Double], _ counts: [[Int]], _ answer: Double?, _ quiz: Quiz?, _ lesson: LessonState?,
    _ language: Language
  ) -> [Row] {
    var known: [Double] = []
    if let quiz, let lesson {
      let evaluator = lesson.grader(quiz).evaluator
      known = quiz.replies.compactMap { reply in
        (try? Grader.numbers(reply.wrong, evaluator)).flatMap { $0.count == 1 ? $0[0] : nil }
      }
    }
    let all = (values + known.filter { !values.contains($0) }).enumerated().map { index, value in
      Row(
        letter: "", text: QuestionText.number(value), isRight: value == answer,
        counts: counts.map { $0.indices.contains(index) ? $0[index] : 0 },
        meaning: meaning(of: .number([value]), quiz, lesson))
    }
    return grouped(all, language)
  }

  /// So many numbers have a row of their own, as on the wall.
  private static let mostNumbers = 8

  /// The right number, those that were given most and those that the lesson knows; the others share a row.
  private static func grouped(_ rows: [Row], _ language: Language) -> [Row] {
    guard rows.count > mostNumbers else { return rows }
    func votes(_ row: Row) -> Int {
      row.counts.reduce(0) { $0.addingReportingOverflow($1).partialValue }
    }
    // The right one, then by votes, those that the lesson knows before others of as many.
    func weight(_ index: Int) -> (Int, Int, Int, Int) {
      let row = rows[index]
      return (row.isRight ? 0 : 1, -votes(row), row.meaning.isEmpty ? 1 : 0, index)
    }
    let order = rows.indices.sorted { weight($0) < weight($1) }
    let shown = Set(order.prefix(mostNumbers - 1))
    let rest = rows.indices.filter { !shown.contains($0) }
    let rounds = rows.map(\.counts.count).max() ?? 0
    let others = Row(
      letter: "", text: language("其他 \(rest.count) 种", "\(rest.count) others"), isRight: false,
      counts: (0..<rounds).map { round in
        rest.reduce(0) { $0.addingReportingOverflow(rows[$1].counts[round]).partialValue }
      },
      meaning: "")
    return rows.indices.filter(shown.contains).map { rows[$0] } + [others]
  }

  private static func meaning(of answer: Answer, _ quiz: Quiz?, _ lesson: LessonState?) -> String {
    guard let quiz, let lesson else { return "" }
    switch (quiz.kind, answer) {
    case (.choice(let choices), .choice(let index)) where !choices.indices.contains(index):
      return ""
    case (.token, _), (.cells, _), (.shape, _): return ""
    default:
      // What is said to all others says nothing of this one.
      guard let judgement = try? lesson.grader(quiz).judge(answer), !judgement.isGeneral else {
        return ""
      }
      return judgement.reply.map { lesson.plain($0, of: quiz) } ?? ""
    }
  }

  // MARK: What it comes to

  /// The round that counts now: the last in which anybody voted.
  var round: Int { totals.count > 1 && totals[1] > 0 ? 1 : 0 }

  /// How many per cent of a round are right; nil where nobody voted.
  func rightPercent(round: Int) -> Int? {
    guard totals.indices.contains(round), totals[round] > 0 else { return nil }
    let right = rows.filter(\.isRight).reduce(0) {
      $0 + ($1.counts.indices.contains(round) ? $1.counts[round] : 0)
    }
    return Int((100 * Double(right) / Double(totals[round])).rounded())
  }

  /// What to do with so many right answers: a second vote has none behind it.
  ///
  /// Source: Crouch and Mazur, Am. J. Phys. 69 (2001) 970, section II.
  static func advice(percent: Int, _ phase: QuestionPhase, _ language: Language) -> String {
    switch phase {
    case .voteAgain:
      return percent <= 70
        ? language("揭晓，把错在哪里讲透", "reveal it, and explain well what went wrong")
        : language("揭晓，简短解释", "reveal it, explain shortly")
    case .reveal:
      return percent <= 70
        ? language("讲透了再往下", "explain it well before you go on") : language("往下走", "go on")
    case .think, .vote, .discuss: break
    }
    if percent < 30 { return language("不到 30 %：再讲一遍", "below 30 %: explain it again") }
    if percent <= 70 {
      return language(
        "30 % 到 70 %：让他们讨论 2 到 4 分钟，再投一次",
        "30 % to 70 %: let them discuss for 2 to 4 minutes, then vote again")
    }
    return language(
      "超过 70 %：揭晓（x x），简短解释，往下走", "above 70 %: reveal it (x x), explain shortly, go on")
  }

  // MARK: Lines

  private var language: Language { look.language }
  private var glyphs: GlyphSet { look.glyphs }

  /// All of it, at a width.
  func lines(columns: Int) -> [[TextFlow.Span]] {
    let isVoted = held.options?.isEmpty != true
    var lines = [PhaseRow(held.phase, isVoted: isVoted, look).line(columns: columns), []]
    if !answer.isEmpty {
      lines += TextFlow.wrap(
        [
          TextFlow.Span(language("答案 ", "answer "), Style(.dim)),
          TextFlow.Span(" \(glyphs.shown(answer)) ", Style(.right, bold: true)),
          TextFlow.Span("  " + glyphs.shown(why), Style()),
        ], columns: columns)
    }
    if isVoted { lines += [[]] + votes(columns) }
    return lines
  }

  private func votes(_ columns: Int) -> [[TextFlow.Span]] {
    let total = totals.indices.contains(round) ? totals[round] : 0
    let title = language("投票 \(round + 1)", "vote \(round + 1)")
    let byHand = hands.indices.contains(round) ? hands[round] : 0
    let parts = byHand > 0 ? language("，其中举手 \(byHand)", ", \(byHand) by hand") : ""
    let seen = language(
      "\(total) 人\(parts)（只有你看得到）", "\(total) votes\(parts) (only you see them)")
    var lines: [[TextFlow.Span]] = [
      [TextFlow.Span(title + "  ", Style(.heading, bold: true)), TextFlow.Span(seen, Style(.dim))]
    ]
    for row in rows { lines += self.lines(row, columns) }
    guard let percent = rightPercent(round: round) else { return lines }
    let before =
      round == 1 ? rightPercent(round: 0).map { " \(glyphs.arrow) ".prefixed("\($0) %") } : nil
    return lines + [[]]
      + TextFlow.wrap(
        [
          TextFlow.Span(language("对 ", "right "), Style()),
          TextFlow.Span((before ?? "") + "\(percent) %", Style(.selected, bold: true)),
          TextFlow.Span("   " + Self.advice(percent: percent, held.phase, language), Style()),
        ], columns: columns)
  }

  /// Letter, bar and counts; beside them, or below, what is behind the answer.
  private func lines(_ row: Row, _ columns: Int) -> [[TextFlow.Span]] {
    let style = row.isRight ? Style(.right, bold: true) : Style()
    let name = row.letter.isEmpty ? glyphs.shown(row.text) : row.letter
    let mark = row.isRight ? glyphs.right : ""
    let head = mark.padded(to: ScalarWidth.of(glyphs.right) + 1) + name.padded(to: nameColumns + 1)
    let counts = (0...round).map { row.counts.indices.contains($0) ? "\(row.counts[$0])" : "0" }
      .joined(separator: " \(glyphs.arrow) ")
    let isBeside = columns >= 56
    let barColumns = isBeside ? 12 : 8
    let all = rows.map { $0.counts.indices.contains(round) ? $0.counts[round] : 0 }
    let index = rows.firstIndex { $0.letter == row.letter && $0.text == row.text } ?? 0
    let bar = QuestionText.bar(all, index, columns: barColumns, glyphs)
    var spans = [
      TextFlow.Span(head, style), TextFlow.Span(bar, Style(row.isRight ? .right : .uncachedBar)),
      TextFlow.Span((bar.isEmpty ? "" : " ") + counts, style),
    ]
    let said = [row.letter.isEmpty ? "" : glyphs.shown(row.text), glyphs.shown(row.meaning)]
      .filter { !$0.isEmpty }.joined(separator: language("：", ": "))
    guard !said.isEmpty else { return [spans] }
    let used = spans.reduce(0) { $0 + ScalarWidth.of($1.text) }
    let x = isBeside ? ScalarWidth.of(head) + barColumns + 2 + 7 : 4
    let wrapped = TextFlow.wrap([TextFlow.Span(said, Style(.dim))], columns: columns - x)
    func indented(_ line: [TextFlow.Span]) -> [TextFlow.Span] {
      [TextFlow.Span(String(repeating: " ", count: x), Style())] + line
    }
    guard isBeside, used < x, let first = wrapped.first else {
      return [spans] + wrapped.map(indented)
    }
    spans.append(TextFlow.Span(String(repeating: " ", count: x - used), Style()))
    return [spans + first] + wrapped.dropFirst().map(indented)
  }

  private var nameColumns: Int {
    rows.map { ScalarWidth.of($0.letter.isEmpty ? glyphs.shown($0.text) : $0.letter) }.max() ?? 1
  }
}

extension String {
  fileprivate func prefixed(_ other: String) -> String { other + self }
}
