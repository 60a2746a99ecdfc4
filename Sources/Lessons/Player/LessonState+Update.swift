internal import Base
internal import TinyModel
internal import Trace
public import Viz

extension LessonState {
  /// Applies an event.
  public mutating func update(_ event: Event) {
    guard case .key(let key) = event else {
      viewer.update(event)
      return
    }
    notice = nil
    if isHelp {
      isHelp = false
    } else if !navigate(key), !answer(key), painting == nil || Self.looks.contains(key.folded) {
      viewer.update(.key(key))
      if viewer.request == .quit { request = .leave }
      viewer.clearRequest()
    }
  }

  /// Keys that reach the scene while cells are marked: they change how it looks, not where it stands.
  private static let looks: Set<Key> = [.character("t"), .character("L")]

  /// Keys of the lesson itself; true if the key was one.
  private mutating func navigate(_ key: Key) -> Bool {
    switch key.folded {
    case .enter: confirm()
    case .character("n"): advance()
    case .character("b"): retreat()
    case .character("q"), .escape:
      if case .cell = viewer.mode { return false }
      request = .leave
    case .control("c"): request = .quit
    case .character("?"): isHelp = true
    case .tab, .character("H"): showHint()
    case .character("s"): showAnswer()
    case .up where isScrolling: scrollText(by: -1)
    case .down where isScrolling: scrollText(by: 1)
    case .pageUp where isScrolling: scrollText(by: -8)
    case .pageDown where isScrolling: scrollText(by: 8)
    default: return false
    }
    return true
  }

  /// A text that is pinned to its end scrolls from there.
  private mutating func scrollText(by lines: Int) {
    if isPinned { scrollBack = max(0, scrollBack - lines) } else { scroll = max(0, scroll + lines) }
  }

  /// Whether up and down move the text: they move the cursor while cells are marked or looked at.
  private var isScrolling: Bool {
    if case .cell = viewer.mode { return false }
    return painting == nil
  }

  /// The painting of the active quiz.
  var painting: Painting? { activeQuiz.flatMap { quizzes[$0.id]?.painting } }

  // MARK: Steps

  private mutating func confirm() {
    if reviewed != nil && openQuiz != nil {
      reviewed = nil
      prepareQuiz()
      return
    }
    guard let quiz = activeQuiz else {
      advance()
      return
    }
    guard let answer = entered(quiz) else {
      notice = language("先作答；s 看答案，n 跳过", "answer first; s shows the answer, n moves on")
      return
    }
    judge(quiz, answer)
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
    index = max(0, index - 1)
    reviewed = nil
    scroll = 0
  }

  private mutating func showHint() {
    guard let quiz = activeQuiz else { return }
    let shown = quizzes[quiz.id]?.hints ?? 0
    if shown < quiz.hints.count {
      quizzes[quiz.id]?.hints += 1
    } else {
      notice = language("没有更多提示；s 看答案", "no more hints; s shows the answer")
    }
  }

  private mutating func showAnswer() {
    guard let quiz = activeQuiz else { return }
    close(quiz, .shown)
  }

  // MARK: Answers

  /// Keys that make up an answer; true if the key was one.
  private mutating func answer(_ key: Key) -> Bool {
    guard let quiz = activeQuiz else { return false }
    switch quiz.kind {
    case .choice(let choices): return choose(key, quiz, among: choices.count)
    case .token: return choose(key, quiz, among: grader(quiz).candidateCount)
    case .number: return type(key, quiz, allowing: ".eE")
    case .shape: return type(key, quiz, allowing: "xX×,* ")
    case .cells: return paint(key, quiz)
    }
  }

  private mutating func choose(_ key: Key, _ quiz: Quiz, among count: Int) -> Bool {
    guard case .character(let digit) = key.folded, let number = digit.wholeNumberValue,
      (1...count).contains(number)
    else { return false }
    quizzes[quiz.id]?.entry = "\(number)"
    return true
  }

  private mutating func type(_ key: Key, _ quiz: Quiz, allowing extra: String) -> Bool {
    let entry = quizzes[quiz.id]?.entry ?? ""
    switch key.folded {
    case .character(let character)
    where character.isASCII && character.isNumber || (!entry.isEmpty && extra.contains(character)):
      if entry.count < 20 { quizzes[quiz.id]?.entry.append(character) }
    case .character("."), .character("-"):
      if entry.isEmpty { quizzes[quiz.id]?.entry.append(key.folded == .character(".") ? "." : "-") }
    case .backspace:
      if !entry.isEmpty { quizzes[quiz.id]?.entry.removeLast() }
    default: return false
    }
    return true
  }

  private mutating func paint(_ key: Key, _ quiz: Quiz) -> Bool {
    guard var painting = quizzes[quiz.id]?.painting else { return false }
    let newest = viewer.step.length - 1
    switch key.folded {
    case .left: painting.cursor.key = max(0, painting.cursor.key - 1)
    case .right: painting.cursor.key = min(newest, painting.cursor.key + 1)
    case .up where !painting.isStrip: painting.cursor.query = max(0, painting.cursor.query - 1)
    case .down where !painting.isStrip:
      painting.cursor.query = min(newest, painting.cursor.query + 1)
    case .home: painting.cursor.key = 0
    case .end: painting.cursor.key = newest
    case .character(" "): painting.marks.formSymmetricDifference([painting.cursor])
    case .character("r"):
      toggle(&painting, (0...newest).map { GridPoint(query: painting.cursor.query, key: $0) })
    case .character("a"): toggle(&painting, all(painting, newest))
    default: return false
    }
    quizzes[quiz.id]?.painting = painting
    return true
  }

  private func all(_ painting: Painting, _ newest: Int) -> [GridPoint] {
    let queries = painting.isStrip ? [0] : Array(0...newest)
    return queries.flatMap { query in (0...newest).map { GridPoint(query: query, key: $0) } }
  }

  /// Marks all of `points`, or none if all are marked.
  private func toggle(_ painting: inout Painting, _ points: [GridPoint]) {
    let points = Set(points)
    if points.isSubset(of: painting.marks) {
      painting.marks.subtract(points)
    } else {
      painting.marks.formUnion(points)
    }
  }

  /// The answer as it is entered; nil where it is none yet.
  private func entered(_ quiz: Quiz) -> Answer? {
    guard let state = quizzes[quiz.id] else { return nil }
    switch quiz.kind {
    case .choice, .token: return Int(state.entry).map { .choice($0 - 1) }
    case .number: return Double(state.entry).map { .number($0) }
    case .shape:
      let sizes = state.entry.split(whereSeparator: { "xX×,* ".contains($0) }).map { Int($0) }
      return sizes.isEmpty || sizes.contains(nil) ? nil : .shape(sizes.compactMap { $0 })
    case .cells: return state.painting.map { .cells($0.marks) }
    }
  }

  private mutating func judge(_ quiz: Quiz, _ answer: Answer) {
    let grader = grader(quiz)
    guard let judgement = try? grader.judge(answer) else { return }
    let entry = quizzes[quiz.id]?.entry
    quizzes[quiz.id]?.answered = entry
    scrollBack = 0
    if judgement.isRight {
      close(quiz, .right)
      return
    }
    quizzes[quiz.id]?.mistakes += 1
    quizzes[quiz.id]?.entry = ""
    quizzes[quiz.id]?.reply = judgement.reply
    if quizzes[quiz.id]?.mistakes ?? 0 >= QuizState.tries { close(quiz, .shown) }
  }

  /// Ends a quiz and shows what the run did.
  private mutating func close(_ quiz: Quiz, _ outcome: QuizState.Outcome) {
    if quizzes[quiz.id] == nil { quizzes[quiz.id] = QuizState() }
    quizzes[quiz.id]?.outcome = outcome
    show(askedStep: quiz)
    if case .cells(let target, let pane) = quiz.kind {
      let truth = grader(quiz).truth(target, pane)
      quizzes[quiz.id]?.painting?.truth = truth
    }
    reviewed = quiz.id
    scrollBack = 0
  }
}

extension Grader {
  var candidateCount: Int { min(4, state.step.next.count) }
}
