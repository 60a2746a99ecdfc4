internal import Base
internal import Lessons
internal import Viz

/// The scene beside the text: which of the viewer's keys it takes, and how far they go while a question is open.
extension LessonState {
  /// The last step that the scene may come to, since the next one would answer the open question; nil where nothing is held back.
  var lastStep: Int? {
    guard let quiz = openQuiz else { return nil }
    let (asked, shown) = (quiz.at ?? step.scene.step, shownStep)
    if asked > shown { return asked - 1 }
    // The token that is asked for stands in the next step's text.
    if case .token = quiz.kind, asked == shown { return asked }
    // What is asked about is on the screen already; what it is compared with may be to come.
    return quiz.steps.filter { $0 > shown }.min().map { $0 - 1 }
  }

  /// The furthest step that this screen has shown: the scene's own, or that of a question which was answered.
  private var shownStep: Int {
    let answered = step.quizzes.filter { quizzes[$0.id]?.outcome ?? .open != .open }
    return answered.map { $0.at ?? step.scene.step }.reduce(step.scene.step, max)
  }

  /// Whether a step forward would answer the open question.
  var isHeld: Bool {
    lastStep.map { viewer.moment.step >= $0 && viewer.moment.isEndOfStep } ?? false
  }

  /// Hands a key to the scene, or says why it does nothing here.
  mutating func moveScene(_ key: Key) {
    defer { if step.scene.tool != nil { hand(.look(look)) } }
    if let refusal = refusal(key) {
      notice = viewer.glyphs.adapted(refusal)
      return
    }
    let before = viewer
    viewer.update(.key(key))
    if let lastStep, viewer.moment.step > lastStep {
      hold(at: lastStep, before: before)
    } else {
      notice = word(for: key, before: before).map(viewer.glyphs.adapted)
    }
    if viewer.request == .quit { request = .leave }
    viewer.clearRequest()
  }

  /// Goes no further than an open question lets.
  private mutating func hold(at last: Int, before: ViewerState) {
    viewer = before
    viewer.leaveJump()
    if before.moment.step < last || !before.moment.isEndOfStep && before.moment.step == last {
      viewer.show(step: last)
    }
    notice =
      isHeldByClass
      ? heldByClass
      : language("先作答，再揭晓；s 看答案", "answer first, then see it; s shows the answer")
  }

  private var heldByClass: String {
    language("这一题还没揭晓，先到这里", "this question is not revealed yet: so far and no further")
  }

  /// What is said to a key that the scene took: what nobody would see otherwise.
  private func word(for key: Key, before: ViewerState) -> String? {
    if case .jump = before.mode { return viewer.notice }
    switch ViewerKeys.browse.action(for: key) {
    case .next where viewer.moment == before.moment && isBrowsing(before):
      return language("到头了；← 回看", "the end; ← looks back")
    case .first where viewer.moment == before.moment && isBrowsing(before):
      return language("这里是开头", "this is the beginning")
    case .last where viewer.moment == before.moment && isBrowsing(before):
      return language("到头了；← 回看", "the end; ← looks back")
    case .parts:
      switch viewer.panel {
      case .partsOfStep: return language("FLOP 按部分：本步", "FLOPs by part: this step")
      case .partsSoFar: return language("FLOP 按部分：累计", "FLOPs by part: so far")
      default: return language("回到总表", "back to the totals")
      }
    case .scrollUp, .scrollDown:
      guard isBrowsing(before) else { return viewer.notice }
      return language(
        "格子往回 \(viewer.scrollBack) 个字", "the grid stands \(viewer.scrollBack) tokens back")
    case .previousLayer where viewer.layer == before.layer:
      return language("这是第一层", "this is the first layer")
    case .nextLayer where viewer.layer == before.layer:
      return language("这是最后一层", "this is the last layer")
    case .previousHead where viewer.head == before.head:
      return language("这是第一个头", "this is the first head")
    case .nextHead where viewer.head == before.head:
      return language("这是最后一个头", "this is the last head")
    default: return viewer.notice
    }
  }

  private func isBrowsing(_ viewer: ViewerState) -> Bool {
    if case .browse = viewer.mode { true } else { false }
  }

  // MARK: What is not offered

  /// Why a key does nothing in this scene; nil if the scene takes it.
  private func refusal(_ key: Key) -> String? {
    if case .jump = viewer.mode { return nil }
    if isInCell, ViewerKeys.cursor.action(for: key) != nil { return nil }
    guard let action = ViewerKeys.browse.action(for: key) else {
      return language("没有这个键；? 看帮助", "no such key; ? for help")
    }
    switch action {
    case .theme, .language, .help, .quit, .stop: return nil
    case .play, .faster, .slower:
      return language("课里不播放；→ 走一步", "nothing plays in a lesson; → steps")
    case .predict: return language("课里的题就是预测", "in a lesson the questions are the predictions")
    case .prompt:
      return language("换提示词请到目录里的自由运行", "for another prompt take the menu's free run")
    case .overview: return language("课里没有全貌图", "no overview in a lesson")
    case .code:
      return step.scene.code
        ? language("代码一直在图里", "the code is shown all the time")
        : language("这一屏没有代码", "this screen has no code")
    case .record, .mark, .nextMark, .previousMark, .marks, .search, .searchNext, .takeOver:
      return language(
        "课里的运行不存；自由运行里按 w 存", "a lesson's run is not kept; in a free run w keeps it")
    case .next, .back, .first, .last, .jump, .previousLayer, .nextLayer, .previousHead, .nextHead,
      .depth, .cell, .parts, .scrollUp, .scrollDown, .redraw, .cursorLeft, .cursorRight, .cursorUp,
      .cursorDown, .rowStart, .rowEnd, .leaveCell:
      return refusal(action)
    }
  }

  private func refusal(_ action: ViewerAction) -> String? {
    if step.scene.tool != nil {
      return isHeldByClass
        ? language("墙上的工具停在它的位置", "on the wall the tool stays at its place")
        : reasonToStay
          ?? language("图里的键要先按 o 进去", "the picture has keys of its own: o goes into it")
    }
    if painting != nil {
      if isHeldByClass { return heldByClass }
      return language("先标完：Enter 作答，s 看答案", "mark first: Enter answers, s shows the answer")
    }
    switch action {
    case .next, .back, .first, .last, .jump: return nil
    case .parts where !step.scene.counters || step.scene.code:
      return language("这一屏没有计数表", "this screen has no table of counts")
    default:
      return step.scene.panes == .change
        ? language("这张表没有头，也没有格", "this table has no heads and no cells") : nil
    }
  }
}

extension Quiz {
  /// The steps that an answer speaks of by their number.
  fileprivate var steps: [Int] {
    switch kind {
    case .choice(let choices): choices.flatMap { $0.truth.expression.steps(values) }
    case .number(let answer, _): answer.expression.steps(values)
    case .shape(let sizes): sizes.flatMap { $0.expression.steps(values) }
    case .cells, .token, .setting, .lines: []
    }
  }
}

extension Expression {
  /// The steps that its `at(…)` names, by number or by the name of one that is drawn.
  fileprivate func steps(_ drawn: [String: Double]) -> [Int] {
    switch self {
    case .literal, .field: []
    case .call(let name, let arguments):
      (name == "at" ? arguments.first?.step(drawn) : nil).map { [$0] } ?? []
        + arguments.dropFirst(name == "at" ? 1 : 0).flatMap { $0.steps(drawn) }
    case .unary(_, let operand): operand.steps(drawn)
    case .binary(_, let left, let right): left.steps(drawn) + right.steps(drawn)
    }
  }

  private func step(_ drawn: [String: Double]) -> Int? {
    switch self {
    case .literal(.number(let number)): Int(exactly: number)
    case .field(let path): path.count == 1 ? drawn[path[0]].flatMap { Int(exactly: $0) } : nil
    default: nil
    }
  }
}
