internal import Base
internal import Classroom
internal import Lessons
internal import Viz

/// A question before a class, as lines of text: what is asked, how far it has come, and in the end what was voted.
struct QuestionText {
  let held: HeldQuestion
  let ask: String
  let options: [String]?
  /// Whether anything is voted on.
  let isVoted: Bool
  let look: Look

  /// A question in the words of the lesson here; in those of the document where the lesson does not have it.
  init(_ held: HeldQuestion, _ lesson: LessonState?, _ look: Look) {
    self.held = held
    self.look = look
    if let lesson, let quiz = lesson.quiz(held) {
      ask = lesson.plain(quiz.ask, of: quiz)
      let ballots = lesson.ballots(of: quiz)
      isVoted = ballots.isVoted
      if case .options(let options) = ballots { self.options = options } else { options = nil }
    } else {
      ask = String(held.ask.prefix(Self.longest))
      options = held.options?.prefix(Self.mostOptions).map { String($0.prefix(Self.longest)) }
      isVoted = held.options?.isEmpty != true
    }
  }

  /// What a document says is drawn so far and no further.
  private static let longest = 400
  private static let mostOptions = 26

  private var language: Language { look.language }
  private var glyphs: GlyphSet { look.glyphs }

  /// The letter of an option.
  static func letter(_ index: Int) -> String {
    index < 26 ? String(UnicodeScalar(UInt8(65 + index))) : "\(index + 1)"
  }

  /// A number as votes have it.
  static func number(_ value: Double) -> String {
    abs(value) < 1e15 && value == value.rounded() ? "\(Int(value))" : "\(value)"
  }

  /// All lines, at a width.
  func lines(columns: Int) -> [[TextFlow.Span]] {
    func text(_ text: String, _ style: Style) -> [[TextFlow.Span]] {
      TextFlow.wrap([TextFlow.Span(glyphs.shown(text), style)], columns: columns)
    }
    var lines = text("? " + ask, Style(.selected, bold: true))
    if let reveal = held.reveal, held.phase == .reveal {
      lines += votes(reveal, columns)
    } else {
      lines += optionLines(columns)
    }
    lines += [[], PhaseRow(held.phase, isVoted: isVoted, look).line(columns: columns)]
    return lines + text(guide, Style(.dim))
  }

  /// Options side by side where they are short, else below each other.
  private func optionLines(_ columns: Int) -> [[TextFlow.Span]] {
    guard let options else { return [] }
    let parts = options.enumerated().map { (Self.letter($0), glyphs.shown($1)) }
    let beside = parts.flatMap { letter, option in
      [
        TextFlow.Span("\(letter) ", Style(.selected, bold: true)),
        TextFlow.Span(option + "    ", Style()),
      ]
    }
    let width = parts.reduce(-4) { $0 + ScalarWidth.of($1.0) + 1 + ScalarWidth.of($1.1) + 4 }
    if width <= columns { return [beside] }
    return parts.flatMap { letter, option in
      TextFlow.wrap(
        [
          TextFlow.Span("\(letter) ", Style(.selected, bold: true)), TextFlow.Span(option, Style()),
        ],
        columns: columns)
    }
  }

  /// What to do now, or what is seen.
  private var guide: String {
    let count = language("已答 \(held.answered) 人", "\(held.answered) answered")
    switch held.phase {
    case .think: return language("先自己想，别说出来。", "Think by yourself; say nothing yet.")
    case .vote:
      return language(
        "投票：用手机，或举手。\(count)", "Vote on your phone, or raise your hand. \(count)")
    case .discuss:
      return language("和邻座说说：为什么选它？", "Talk to your neighbour: why this answer?")
    case .voteAgain:
      return language(
        "再投一次：用手机，或举手。\(count)", "Vote again on your phone, or raise your hand. \(count)")
    case .reveal: return ""
    }
  }

  // MARK: Votes

  /// An option, or a number, with the votes of both rounds and a bar of the last.
  private func votes(_ reveal: QuestionReveal, _ columns: Int) -> [[TextFlow.Span]] {
    let names: [(String, String)] =
      if let values = reveal.values { values.map { ("", Self.number($0)) } } else {
        (options ?? []).enumerated().map { (Self.letter($0), glyphs.shown($1)) }
      }
    guard !names.isEmpty else { return [] }
    let rounds = reveal.counts.prefix(2).filter { $0.contains { $0 > 0 } }
    let widest = names.map { ScalarWidth.of($0.0) + ScalarWidth.of($0.1) + 1 }.max() ?? 0
    return names.enumerated().flatMap { index, name -> [[TextFlow.Span]] in
      let isRight = index == reveal.answer
      let style = isRight ? Style(.right, bold: true) : Style()
      let mark = (isRight ? glyphs.right : "").padded(to: ScalarWidth.of(glyphs.right) + 1)
      let counts = rounds.map { "\($0.indices.contains(index) ? $0[index] : 0)" }
        .joined(separator: " \(glyphs.arrow) ")
      let label = name.0.isEmpty ? name.1 : "\(name.0) \(name.1)"
      var spans = [TextFlow.Span(mark, style), TextFlow.Span(label, style)]
      let head = ScalarWidth.of(mark) + widest + 2
      guard !counts.isEmpty else { return TextFlow.wrap(spans, columns: columns) }
      let room = columns - head - ScalarWidth.of(counts) - 1
      guard room >= 3 else {
        spans.append(TextFlow.Span("   " + counts, style))
        return TextFlow.wrap(spans, columns: columns)
      }
      spans.append(
        TextFlow.Span(
          String(repeating: " ", count: max(1, head - ScalarWidth.of(mark + label))), Style()))
      let bar = Self.bar(rounds.last ?? [], index, columns: min(room, 20), glyphs)
      spans.append(TextFlow.Span(bar, Style(isRight ? .right : .uncachedBar)))
      spans.append(TextFlow.Span((bar.isEmpty ? "" : " ") + counts, style))
      return [spans]
    }
  }

  /// A bar of a count among others; one vote is to be seen.
  static func bar(_ counts: [Int], _ index: Int, columns: Int, _ glyphs: GlyphSet) -> String {
    let most = counts.max() ?? 0
    let count = counts.indices.contains(index) ? counts[index] : 0
    guard most > 0, count > 0, columns > 0 else { return "" }
    let share = Double(count) / Double(most) * Double(columns)
    return String(repeating: glyphs.bar, count: max(1, min(columns, Int(share.rounded()))))
  }
}
