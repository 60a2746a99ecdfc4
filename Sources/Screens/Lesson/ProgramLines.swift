internal import Base
internal import Lessons
internal import Viz

/// A program with gaps as lines of styled text: lines that were chosen stand in the gaps, and the lines to choose from below.
struct ProgramLines {
  let gaps: ProgramGaps
  /// The places of the lines in the order in which they are shown.
  let order: [Int]
  /// What stands in the gaps, by places in the file.
  var chosen: [Int] = []
  var style = Style(.selected, bold: true)
  let glyphs: GlyphSet

  /// The program.
  var program: [[TextFlow.Span]] {
    gaps.program.map { line in
      guard let gap = ProgramGaps.gap(in: line) else {
        return [TextFlow.Span(glyphs.shown(line), Style(.text))]
      }
      let indent = TextFlow.Span(String(line.prefix { $0 == " " }), Style(.text))
      guard chosen.indices.contains(gap) else {
        return [indent, TextFlow.Span("[\(gap + 1)]", Style(.prediction, bold: true))]
      }
      return [indent, TextFlow.Span(glyphs.shown(gaps.lines[chosen[gap]]), style)]
    }
  }

  /// The lines to choose from, each behind its letter; those that are chosen step back.
  var choices: [[TextFlow.Span]] {
    order.enumerated().map { index, place in
      let isChosen = chosen.contains(place)
      return [
        TextFlow.Span(
          "\(ProgramGaps.letter(index))  ", Style(isChosen ? .dim : .selected, bold: !isChosen)),
        TextFlow.Span(glyphs.shown(gaps.lines[place]), Style(isChosen ? .dim : .text)),
      ]
    }
  }

  /// Both, for paper.
  var text: String {
    (program + [[]] + choices).map { $0.map(\.text).joined() }.joined(separator: "\n")
  }
}

extension LessonState {
  /// The program of a question; nil where it has none.
  func program(of quiz: Quiz) -> ProgramLines? {
    guard case .lines(let gaps) = quiz.kind else { return nil }
    var lines = ProgramLines(gaps: gaps, order: optionOrder(quiz), glyphs: viewer.glyphs)
    let state = quizzes[quiz.id] ?? QuizState()
    if state.outcome == .open {
      lines.chosen = chosenLines(state.entry, quiz)
    } else {
      lines.chosen = (try? grader(quiz).rightLines(gaps)) ?? []
      lines.style = Style(.right, bold: true)
    }
    return lines
  }

  /// The lines that letters mean to whoever sees them in their own order.
  func chosenLines(_ letters: String, _ quiz: Quiz) -> [Int] {
    let order = optionOrder(quiz)
    return (ProgramGaps.places(letters) ?? []).filter(order.indices.contains).map { order[$0] }
  }

  /// The letters that lines have for whoever sees them in their own order.
  func letters(_ chosen: [Int], _ quiz: Quiz) -> String {
    let order = optionOrder(quiz)
    return ProgramGaps.letters(chosen.compactMap { order.firstIndex(of: $0) })
  }

  // MARK: Choosing

  /// Puts a line into the next gap.
  ///
  /// - Returns: false where the key names no line.
  mutating func choose(line key: Key, _ quiz: Quiz, _ gaps: ProgramGaps) -> Bool {
    guard case .character(let character) = key.folded, let place = ProgramGaps.place(character),
      gaps.lines.indices.contains(place)
    else { return false }
    let letter = ProgramGaps.letter(place)
    let entry = quizzes[quiz.id]?.entry ?? ""
    if entry.contains(letter) {
      notice = language(
        "\(letter) 已经用了；退格键拿掉最后一行", "\(letter) stands there; Backspace takes the last away")
    } else if entry.count >= gaps.count {
      notice = language(
        "空都填上了；Enter 运行，退格键拿掉最后一行", "no gap is left; Enter runs it, Backspace takes the last away")
    } else {
      quizzes[quiz.id, default: QuizState()].entry = entry + letter
      scrollBack = 0
    }
    return true
  }

  /// The lines that stand in the gaps.
  func entered(_ entry: String, _ quiz: Quiz, _ gaps: ProgramGaps) -> Entered {
    let chosen = chosenLines(entry, quiz)
    guard chosen.count < gaps.count else { return .answer(.lines(chosen)) }
    let left = gaps.count - chosen.count
    return chosen.isEmpty
      ? .nothing
      : .unclear(
        language("还空着 \(left) 行", left == 1 ? "a line is missing" : "\(left) lines are missing"))
  }

  // MARK: What a run says

  /// The run that an answer is, and what is said to it, with what that run came to.
  func run(of answer: Answer, _ quiz: Quiz, _ reply: String?) -> (place: ToolLink, reply: String?)?
  {
    guard case .lines(let gaps) = quiz.kind, case .lines(let chosen) = answer,
      let arrangement = gaps.arrangement(chosen)
    else { return nil }
    let evaluator = grader(quiz).evaluator.at(arrangement.place)
    let prose = ProseLines(columns: .max, evaluator: evaluator, glyphs: viewer.glyphs)
    return (arrangement.place, reply.map(prose.fill))
  }
}
