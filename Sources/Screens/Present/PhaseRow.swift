internal import Base
internal import Classroom
internal import Viz

/// The phases of a question in a row, the current one marked among them; in less room that one, how many there are, and the next.
struct PhaseRow {
  private let phase: QuestionPhase
  private let phases: [QuestionPhase]
  private let look: Look

  init(_ phase: QuestionPhase, isVoted: Bool, _ look: Look) {
    (self.phase, self.look) = (phase, look)
    phases = QuestionPhase.allCases.filter { isVoted || $0.openRound == nil }
  }

  /// The longest wording that fits.
  func line(columns: Int) -> [TextFlow.Span] {
    let wordings = [all, [chip] + place + next, [chip] + place]
    return wordings.first { line in
      line.reduce(0) { $0 + ScalarWidth.of($1.text) } <= columns
    } ?? [chip]
  }

  private var index: Int { phases.firstIndex(of: phase) ?? 0 }

  private var all: [TextFlow.Span] {
    phases.enumerated().flatMap { index, phase in
      (index == 0 ? [] : [arrow]) + [index == self.index ? chip : name(phase)]
    }
  }

  private var arrow: TextFlow.Span { TextFlow.Span(" > ", Style(.dim)) }

  private func name(_ phase: QuestionPhase) -> TextFlow.Span {
    TextFlow.Span(phase.name(look.language), Style(.dim))
  }

  /// The current phase; it is told apart without colours too.
  private var chip: TextFlow.Span {
    TextFlow.Span(
      "\(look.glyphs.cursor)\(phase.name(look.language)) ", Style(.chosen, bold: true))
  }

  private var place: [TextFlow.Span] {
    [TextFlow.Span(" \(index + 1)/\(phases.count)", Style(.dim))]
  }

  private var next: [TextFlow.Span] {
    phases.dropFirst(index + 1).first.map { [arrow, name($0)] } ?? []
  }
}

extension PresentState {
  /// Draws the phases of a question, and the timer at the end of their row.
  func drawPhases(
    of held: HeldQuiz, hasTimer: Bool = true, in area: Area, on canvas: inout Canvas
  ) {
    let timer = hasTimer ? timerText ?? "" : ""
    let columns = area.columns - (timer.isEmpty ? 0 : ScalarWidth.of(timer) + 2)
    let row = PhaseRow(held.phase, isVoted: held.ballots.isVoted, look).line(columns: columns)
    canvas.put([row], in: Area(x: area.x, y: area.y, columns: columns, rows: 1))
    let isOver = clock.secondsLeft == 0
    canvas.put(
      timer, at: Point(area.end - ScalarWidth.of(timer), area.y),
      Style(isOver ? .wrong : .heading, bold: true))
  }
}
