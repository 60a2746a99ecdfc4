internal import Base
internal import Trace
internal import Viz

/// The keys that do something at the moment, as many as fit; or what has to be said, until the next key.
struct LessonFooter {
  let state: LessonState

  private var language: Language { state.language }
  private var isFull: Bool { state.viewer.glyphs == .full }

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
    var x = 1
    for hint in fitting(columns: canvas.size.columns) {
      x = canvas.put(" \(hint.key) ", at: Point(x, y), Style(.key)) + 1
      x = canvas.put(hint.label, at: Point(x, y), Style(.text)) + 2
    }
  }

  /// The line in which a step's number is typed.
  private func drawJump(_ digits: String, y: Int, on canvas: inout Canvas) {
    let last = state.viewer.knownSteps
    var x = canvas.put(
      language("跳到第几步（1 至 \(last)）？", "Go to which step (1 to \(last))?"), at: Point(2, y),
      Style(.heading))
    x = canvas.put(digits + "_", at: Point(x + 1, y), Style(.selected, reversed: true))
    canvas.put(
      language("Enter 去  Esc 不去", "Enter goes  Esc stays"), at: Point(x + 2, y), Style(.dim),
      limit: canvas.size.columns)
  }

  /// A key and what it does; the lower the rank, the longer it stays where room is short.
  private struct Hint {
    let key: String
    let label: String
    let rank: Int

    var columns: Int { ScalarWidth.of(key) + ScalarWidth.of(label) + 5 }
  }

  private func fitting(columns: Int) -> [Hint] {
    var hints = hints
    while hints.reduce(0, { $0 + $1.columns }) > columns,
      let least = hints.indices.max(by: { hints[$0].rank < hints[$1].rank })
    {
      hints.remove(at: least)
    }
    return hints
  }

  private var hints: [Hint] {
    if state.isHelp {
      return [Hint(key: language("任意键", "any key"), label: language("返回", "returns"), rank: 0)]
    }
    let answer = Hint(key: "Enter", label: language("作答", "answer"), rank: 0)
    let hint = Hint(key: "Tab", label: language("提示", "hint"), rank: 2)
    if state.isInCell { return cellHints }
    if state.isTyping {
      return [answer, hint, Hint(key: "Esc", label: language("清空", "clear"), rank: 1)]
        + stepping(rank: 3)
    }
    let show = Hint(key: "s", label: language("看答案", "show"), rank: 1)
    if let painting = state.painting {
      let arrows = isFull ? (painting.isStrip ? "← →" : "← → ↑ ↓") : "arrows"
      return [
        answer, Hint(key: arrows, label: language("移动", "move"), rank: 1),
        Hint(key: "Space", label: language("标", "mark"), rank: 0), hint, show,
      ] + always
    }
    if state.activeQuiz != nil { return [answer, hint, show] + stepping(rank: 5) + always }
    return [Hint(key: "Enter", label: language("继续", "go on"), rank: 0)] + stepping(rank: 2)
      + always
  }

  /// Esc, arrows and what changes the head stay true over an opened cell.
  private var cellHints: [Hint] {
    [
      Hint(
        key: isFull ? "← → ↑ ↓" : "arrows", label: language("移动", "move"), rank: 0),
      Hint(key: "[ ]", label: language("层", "layer"), rank: 2),
      Hint(key: "{ }", label: language("头", "head"), rank: 2),
      Hint(key: "Esc", label: language("离开", "leave"), rank: 0),
    ] + (state.isTyping ? [] : [Hint(key: "?", label: language("帮助", "help"), rank: 1)])
  }

  /// The arrows, as far as they go: an open question holds the step forward.
  private func stepping(rank: Int) -> [Hint] {
    let viewer = state.viewer
    let isFirst = viewer.moment.step == 1 && (viewer.depth == .token || viewer.isAtStart)
    let back = isFirst ? nil : viewer.glyphs.backArrow
    let isLast = viewer.moment.step >= viewer.knownSteps && viewer.moment.isEndOfStep
    let next = state.isHeld || isLast ? nil : viewer.glyphs.arrow
    let keys = [back, next].compactMap { $0 }.joined(separator: " ")
    return keys.isEmpty ? [] : [Hint(key: keys, label: language("走一步", "step"), rank: rank)]
  }

  private var always: [Hint] {
    [
      Hint(key: "n", label: language("下一屏", "next"), rank: 4)
    ] + (state.index > 0 ? [Hint(key: "b", label: language("上一屏", "back"), rank: 6)] : []) + [
      Hint(key: "?", label: language("帮助", "help"), rank: 2),
      Hint(key: "q", label: language("目录", "menu"), rank: 3),
    ]
  }
}

extension ViewerState {
  /// Whether nothing has been done yet in the run.
  fileprivate var isAtStart: Bool { moment.step == 1 && moment.operation == .embed }
}
