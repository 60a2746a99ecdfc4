internal import Base
internal import Trace
public import Viz

extension LessonState {
  /// Applies an event.
  public mutating func update(_ event: Event) {
    guard case .key(let key) = event else {
      if case .resize(let size) = event { resize(size) }
      return
    }
    notice = nil
    if key == .control("c") {
      request = .quit
    } else if isHelp {
      isHelp = false
    } else if case .jump = viewer.mode {
      moveScene(key)
    } else if !answer(key), !navigate(key) {
      moveScene(key)
    }
  }

  /// Puts pasted text into the answer that is being made.
  public mutating func paste(_ text: String) {
    notice = nil
    guard let quiz = activeQuiz, !isHelp else {
      notice = language("这里没有要填的答案", "nothing to answer here")
      return
    }
    switch quiz.kind {
    case .number, .shape:
      let line = text.prefix(10 * Self.longestEntry).split(whereSeparator: \.isWhitespace)
      write(line.joined(separator: " "), into: quiz)
    case .choice, .token:
      let digit = text.first { !$0.isWhitespace }
      if !(digit.map { answer(.character($0)) } ?? false) {
        notice = language("按数字选一项", "a digit chooses")
      }
    case .cells:
      notice = language("这一题用键来标", "this one is marked with keys")
    }
  }

  /// Keys of the lesson itself; true if the key was one.
  private mutating func navigate(_ key: Key) -> Bool {
    switch key.folded {
    case .enter: confirm()
    case .character("n"): advance()
    case .character("b"): retreat()
    case .character("q"): request = .leave
    case .escape:
      if case .cell = viewer.mode { return false }
      request = .leave
    case .character("?"): isHelp = true
    case .tab, .character("H"): showHint()
    case .character("s"): showAnswer()
    case .up where isScrolling: scrollText(by: -1)
    case .down where isScrolling: scrollText(by: 1)
    case .pageUp: scrollText(by: -Self.page)
    case .pageDown: scrollText(by: Self.page)
    default: return false
    }
    return true
  }

  /// Lines that a page key scrolls by: less than the smallest text has.
  private static let page = 5

  /// A text that is pinned to its end scrolls from there.
  private mutating func scrollText(by lines: Int) {
    let most = size.map(hiddenLines) ?? .max
    let (old, wanted) = isPinned ? (scrollBack, scrollBack - lines) : (scroll, scroll + lines)
    let new = max(0, min(most, wanted))
    if new == min(old, most) {
      notice = language("课文没有更多了", "there is no more text")
    }
    if isPinned { scrollBack = new } else { scroll = new }
  }

  /// Whether up and down move the text: they move the cursor while cells are marked or looked at.
  var isScrolling: Bool {
    if case .cell = viewer.mode { return false }
    return painting?.isStrip ?? true
  }

  /// The painting of the active quiz.
  var painting: Painting? { activeQuiz.flatMap { quizzes[$0.id]?.painting } }

  // MARK: Steps

  private mutating func confirm() {
    if reviewed != nil && openQuiz != nil {
      reviewed = nil
      scroll = 0
      prepareQuiz()
      return
    }
    guard let quiz = activeQuiz else {
      advance()
      return
    }
    switch entered(quiz) {
    case .nothing:
      notice = language("先作答；s 看答案，n 跳过", "answer first; s shows the answer, n moves on")
    case .unclear(let expected): notice = expected
    case .answer(let answer): judge(quiz, answer)
    }
  }

  private mutating func advance() {
    doneSteps.insert(step.id)
    reviewed = nil
    if index + 1 < lesson.steps.count {
      index += 1
      scroll = 0
    } else {
      isDone = true
      request = .nextLesson
    }
  }

  private mutating func retreat() {
    if index == 0 { notice = language("这是第一屏", "this is the first screen") }
    index = max(0, index - 1)
    reviewed = nil
    scroll = 0
  }

  private mutating func showHint() {
    guard let quiz = activeQuiz else {
      notice = noQuestion
      return
    }
    let shown = quizzes[quiz.id]?.hints ?? 0
    if shown < quiz.hints.count {
      quizzes[quiz.id]?.hints += 1
      scrollBack = 0
    } else {
      notice = language("没有更多提示；s 看答案", "no more hints; s shows the answer")
    }
  }

  private mutating func showAnswer() {
    if let quiz = activeQuiz { close(quiz, .shown) } else { notice = noQuestion }
  }

  private var noQuestion: String {
    language("这里没有待答的题", "no question is open here")
  }
}
