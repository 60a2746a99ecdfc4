internal import Base
internal import Lessons
internal import Trace
internal import Viz

/// The keys that do something at the moment, as many as fit; or what has to be said, until the next key.
struct LessonFooter {
  let state: LessonState

  private var language: Language { state.language }

  func draw(on canvas: inout Canvas) {
    let y = canvas.size.rows - 1
    if let notice = state.notice {
      let text = Sanitiser.clean(
        state.viewer.glyphs.adapted(notice), ascii: state.viewer.glyphs == .ascii)
      canvas.put(
        text.fitted(to: canvas.size.columns - 3), at: Point(2, y), Style(.selected))
      return
    }
    if case .jump(let digits) = state.viewer.mode, !state.isHelp {
      drawJump(digits, y: y, on: &canvas)
      return
    }
    canvas.put(fitting(columns: canvas.size.columns), at: Point(1, y))
  }

  /// The line in which a step's number is typed.
  private func drawJump(_ digits: String, y: Int, on canvas: inout Canvas) {
    let last = state.viewer.knownSteps
    var x = canvas.put(
      language("跳到第几步（1 至 \(last)）？", "Go to which step (1 to \(last))?"), at: Point(2, y),
      Style(.heading))
    x = canvas.put(digits + "_", at: Point(x + 1, y), Style(.selected, reversed: true))
    canvas.put(
      ViewerKeys.jump.line(state.look, gap: "  "), at: Point(x + 2, y), Style(.dim),
      limit: canvas.size.columns)
  }

  /// The hints of the lowest ranks, as many as fit.
  private func fitting(columns: Int) -> [KeyHint] {
    var hints = LessonKeys.map(state.mode).hints(state.look, where: isOffered)
    while hints.reduce(0, { $0 + Self.columns($1) }) > columns,
      let least = hints.indices.max(by: { hints[$0].rank < hints[$1].rank })
    {
      hints.remove(at: least)
    }
    return hints
  }

  private static func columns(_ hint: KeyHint) -> Int {
    ScalarWidth.of(hint.name) + ScalarWidth.of(hint.label) + 5
  }

  /// Whether an action leads somewhere: an open question holds the step forward.
  private func isOffered(_ action: LessonAction) -> Bool {
    let viewer = state.viewer
    switch action {
    case .back: return state.index > 0
    case .openTool: return state.offeredTool != nil
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
