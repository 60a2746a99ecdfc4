internal import Base
internal import Classroom
internal import Lessons
internal import Viz

/// A question that is held: as large as there is room for, and nothing of what was voted.
struct QuestionPage: WallPage {
  let state: PresentState
  let lesson: LessonState
  let quiz: Quiz
  let held: HeldQuiz

  func draw(on canvas: inout Canvas) {
    let plan = plan(canvas.size)
    if plan.hasBar {
      WallBar(look: state.look, titles: state.titles(lesson), right: state.place(lesson))
        .draw(on: &canvas)
    }
    state.drawPhases(
      of: held, hasTimer: plan.status.map { !$0.block.showsTimer($0.area.columns) } ?? true,
      in: plan.phases, on: &canvas)
    canvas.put(Array(plan.ask.lines.dropFirst(plan.ask.first)), in: plan.ask.area)
    if let options = plan.options {
      options.block.draw(in: options.area, most: 2, on: &canvas)
    }
    if let status = plan.status { status.block.draw(in: status.area, on: &canvas) }
    if let join { draw(join, plan, on: &canvas) }
    plan.figure?.draw(on: &canvas)
  }

  private func draw(_ join: JoinBlock, _ plan: QuestionPlan, on canvas: inout Canvas) {
    if let code = plan.code { code.picture.draw(at: code.point, on: &canvas) }
    if let words = plan.join { join.draw(in: words.area, isBig: words.isBig, on: &canvas) }
  }

  func lit(_ light: Light, _ size: Size) -> [LitPart] { plan(size).figure?.lit(light) ?? [] }

  /// Lines of the question that are scrolled away at a size, where not even question and options have room.
  func hiddenLines(_ size: Size) -> Int {
    let ask = plan(size).ask
    return max(0, ask.lines.count - ask.area.rows)
  }

  // MARK: What there is

  /// What is asked, and of what kind the answer is.
  func askLines(_ columns: Int) -> [[TextFlow.Span]] {
    let words = PhaseWords(
      ballots: held.ballots, phase: held.phase, hasPhones: state.hasPhones,
      language: state.language)
    let asksFor =
      words.asksFor.isEmpty ? [] : state.lines(words.asksFor, Style(.text), columns: columns)
    let program = lesson.program(of: quiz).map { $0.program + [[]] + $0.choices } ?? []
    return state.lines(
      lesson.plain(quiz.ask, of: quiz), Style(.heading, bold: true), columns: columns) + program
      + asksFor
  }

  /// The options; nil where there are none.
  var options: OptionsBlock? {
    guard case .options(let options) = held.ballots else { return nil }
    return OptionsBlock(options: options, glyphs: state.glyphs)
  }

  var status: StatusBlock { StatusBlock(state: state, held: held) }

  /// How phones join; nil where they cannot, or need not just now.
  var join: JoinBlock? {
    guard let invitation = state.invitation, held.ballots.isVoted, held.phase != .discuss,
      !state.hasJoined
    else { return nil }
    return JoinBlock(invitation: invitation, look: state.look)
  }

  func figure(_ area: Area) -> WallFigure { WallFigure(.lesson(lesson), state, in: area) }

  private func plan(_ size: Size) -> QuestionPlan { QuestionPlan.best(self, size) }
}
