internal import Base
internal import Lessons
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
    guard !isInTool else { return pressTool(key) }
    let mode = mode
    let action = LessonKeys.map(mode).action(for: key)
    if action == .quit {
      request = .quit
    } else if mode == .help {
      pressHelp(key)
    } else if mode == .jump {
      moveScene(key)
    } else if !write(key) {
      perform(action, key)
    }
  }

  /// Whether the page of keys is shown.
  var isHelp: Bool { help.isOpen }

  /// Scrolls the page of keys; any other key leaves it.
  private mutating func pressHelp(_ key: Key) {
    let area = helpArea(shownSize)
    let sheet = helpSheet(columns: area.columns)
    guard
      let hasMoved = help.scroll(ViewerKeys.help.action(for: key), sheet, rows: area.rows)
    else { return help.isOpen = false }
    if !hasMoved { notice = language("没有更多了", "there is no more") }
  }

  /// What keys mean at the moment.
  var mode: LessonMode {
    if isInTool { return .tool(isAsked: activeQuiz?.isSetting == true) }
    if isHelp { return .help }
    if case .jump = viewer.mode { return .jump }
    if isInCell { return .cell(isTyping: isTyping) }
    if isTyping { return .typing }
    if let painting { return .marking(isStrip: painting.isStrip) }
    if let quiz = activeQuiz { return quiz.isProgram ? .arranging : .asked }
    return shownMissed.map { .listing(isEmpty: $0.isEmpty) } ?? .reading
  }

  /// Puts pasted text into the answer that is being made.
  public mutating func paste(_ text: String) {
    notice = nil
    guard !isInTool else { return hand(.paste(text)) }
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
      if !(digit.map { write(.character($0)) } ?? false) {
        notice = language("按数字选一项", "a digit chooses")
      }
    case .cells:
      notice = language("这一题用键来标", "this one is marked with keys")
    case .setting:
      notice = language("这一题在工具里调", "this one is set in the tool")
    case .lines:
      for character in text.prefix(Self.longestEntry) { _ = write(.character(character)) }
    }
  }

  /// Does what a key means; what is no key of the lesson, the scene answers.
  private mutating func perform(_ action: LessonAction?, _ key: Key) {
    switch action {
    case .confirm: confirm()
    case .next: advance()
    case .back: retreat()
    case .leave: request = .leave
    case .quit: request = .quit
    case .help: (help.isOpen, showsTerms) = (true, false)
    case .terms: openTerms()
    case .hint: showHint()
    case .showAnswer: showAnswer()
    case .again: again()
    case .openTool: openTool()
    case .point: pointOn()
    case .visit: visit(key)
    case .listUp: scrollList(by: -1)
    case .listDown: scrollList(by: 1)
    case .scrollUp: scrollText(by: -1)
    case .scrollDown: scrollText(by: 1)
    case .pageUp: scrollText(by: -Self.page)
    case .pageDown: scrollText(by: Self.page)
    case .erase: if !erase() { moveScene(key) }
    case .clear: clear()
    case .left, .right, .up, .down, .rowStart, .rowEnd, .mark, .markRow, .markAll:
      action.map { paint($0) }
    case .scene(.theme), .scene(.language): moveScene(key)
    case .scene, nil: if shownMissed == nil { moveScene(key) } else { notice = noPicture }
    }
  }

  /// Lines that a page key scrolls by: less than the smallest text has.
  private static let page = 5

  /// The painting of the active quiz.
  var painting: Painting? { activeQuiz.flatMap { quizzes[$0.id]?.painting } }

  // MARK: Steps

  private mutating func confirm() {
    if isReview && reviewed != nil {
      request = .nextDue
      return
    }
    if reviewed != nil && openQuiz != nil {
      reviewed = nil
      scroll = 0
      prepareQuiz()
      return
    }
    guard let quiz = activeQuiz else {
      if let first = shownMissed?.dropFirst(listTop).first {
        request = .visit(first.id)
      } else {
        advance()
      }
      return
    }
    switch entered(quiz) {
    case .answer(.setting): askSetting(quiz)
    case .nothing:
      notice = language("先作答；s 看答案，n 跳过", "answer first; s shows the answer, n moves on")
    case .unclear(let expected): notice = expected
    case .answer(let answer): judge(quiz, answer)
    }
  }

  private mutating func advance() {
    isReview = false
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
    isReview = false
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
      quizzes[quiz.id]?.saysHint = true
      scrollBack = 0
    } else {
      notice = language("没有更多线索；s 看答案", "no more hints; s shows the answer")
    }
  }

  private mutating func showAnswer() {
    if let quiz = activeQuiz { close(quiz, .shown) } else { notice = noQuestion }
  }

  private mutating func again() {
    if let quiz = retriable {
      tryAgain(quiz)
    } else if activeQuiz != nil {
      notice = language("先作答；答过的题才能重做", "answer first; then it can be asked again")
    } else {
      notice = language("这里没有答过的题", "no question was answered here")
    }
  }

  /// What can be tried where there is no question open: it may give the answer away.
  var offeredTool: ToolLink? { openQuiz == nil ? step.scene.open : nil }

  private mutating func openTool() {
    if step.scene.tool != nil {
      enterTool()
    } else if let link = offeredTool {
      request = .open(link)
    } else if step.scene.open != nil {
      notice = language("先作答，再动手试；s 看答案", "answer first, then try it; s shows the answer")
    } else {
      notice = language("这一屏没有可以动手的工具", "this screen has no tool to try")
    }
  }

  private var noPicture: String {
    language("这一屏没有画面可走", "this screen has no picture to go through")
  }

  private var noQuestion: String {
    language("这里没有待答的题", "no question is open here")
  }
}
