internal import Base
internal import Lessons
internal import Trace
internal import Viz

/// The keys that do something at the moment, as many as fit; or what has to be said, until the next key.
struct LessonFooter {
  let state: LessonState

  func draw(on canvas: inout Canvas) {
    if state.isInTool { return drawBesideTool(on: &canvas) }
    if state.isHelp { return drawHelp(on: &canvas) }
    if state.notice == nil, case .jump(let digits) = state.viewer.mode {
      JumpLine(viewer: state.viewer, digits: digits).draw(y: canvas.size.rows - 1, on: &canvas)
      return
    }
    let hints = LessonKeys.map(state.mode).hints(state.look, where: isOffered)
    canvas.putFooter(hints, notice: state.notice, state.look)
  }

  /// At the left of the tool's keys, the one that answers.
  private func drawBesideTool(on canvas: inout Canvas) {
    let room = state.layout(canvas.size).text.end - 1
    let hints = LessonKeys.map(state.mode).hints(state.look)
    if state.notice != nil {
      canvas.putFooter([], notice: state.notice, state.look)
    } else {
      canvas.put(hints.fitting(columns: room), at: Point(1, canvas.size.rows - 1))
    }
  }

  private func drawHelp(on canvas: inout Canvas) {
    let hidden = state.hiddenHelp(canvas.size)
    canvas.putFooter(
      HelpPage.hints(state.look, above: hidden.above, below: hidden.below),
      notice: state.notice, state.look)
    HelpPage.drawMark(above: hidden.above, below: hidden.below, state.look, on: &canvas)
  }

  /// Whether an action leads somewhere: an open question holds the step forward.
  private func isOffered(_ action: LessonAction) -> Bool {
    let viewer = state.viewer
    switch action {
    case .back: return state.index > 0
    case .again: return state.retriable != nil
    case .openTool: return state.offeredTool != nil || state.offersTool
    case .terms: return state.terms != nil
    case .point: return !state.places.isEmpty
    case .scene where state.step.scene.tool != nil: return false
    case .scene(.back):
      return viewer.moment.step > 1 || viewer.depth != .token && !viewer.isAtStart
    case .scene(.next):
      let isLast = viewer.moment.step >= viewer.knownSteps && viewer.moment.isEndOfStep
      return !state.isHeld && !isLast
    default: return true
    }
  }
}

extension ViewerState {
  /// Whether nothing has been done yet in the run.
  fileprivate var isAtStart: Bool { moment.step == 1 && moment.operation == .embed }
}
