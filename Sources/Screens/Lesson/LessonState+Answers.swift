internal import Base
internal import Lessons
internal import Trace
internal import Viz

/// What stands in an answer's field.
enum Entered {
  case nothing
  /// Something that is not understood, and what is said to it; it costs no try.
  case unclear(String)
  case answer(Answer)
}

extension LessonState {
  /// Characters that an answer holds at most.
  static let longestEntry = 60

  /// Whether a number or sizes are being typed: all that can be printed belongs to them.
  var isTyping: Bool {
    guard let quiz = activeQuiz, quiz.isTyped else { return false }
    return !(quizzes[quiz.id]?.entry.isEmpty ?? true)
  }

  /// Characters that are an answer or a part of one; true if the key was one.
  mutating func write(_ key: Key) -> Bool {
    guard let quiz = activeQuiz, case .character(let character) = key else { return false }
    switch quiz.kind {
    case .choice(let choices): return choose(key, quiz, among: choices.count)
    case .token: return choose(key, quiz, among: grader(quiz).candidateCount)
    case .number, .shape:
      // A first character must begin an answer, else it is a command; behind it everything belongs to the answer.
      guard isTyping || AnswerReader.begins(character) else { return false }
      write(String(character), into: quiz)
      return true
    case .lines(let gaps): return choose(line: key, quiz, gaps)
    case .cells, .setting: return false
    }
  }

  private mutating func choose(_ key: Key, _ quiz: Quiz, among count: Int) -> Bool {
    guard case .character(let digit) = key.folded, let number = digit.wholeNumberValue,
      digit.isASCII
    else { return false }
    if (1...count).contains(number) {
      quizzes[quiz.id]?.entry = "\(number)"
      scrollBack = 0
    } else {
      notice = language("选项是 1 至 \(count)", "the options are 1 to \(count)")
    }
    return true
  }

  // MARK: Typing

  /// Takes back what was chosen, or the last character that was typed; false where nothing is asked.
  mutating func erase() -> Bool {
    guard let quiz = activeQuiz else { return false }
    let entry = quizzes[quiz.id]?.entry ?? ""
    if quiz.isTyped && entry.isEmpty { notice = language("还没有写什么", "nothing is typed yet") }
    if quiz.isProgram && entry.isEmpty { notice = language("空都还空着", "every gap is empty") }
    let isOfMany = quiz.isTyped || quiz.isProgram
    quizzes[quiz.id]?.entry = isOfMany ? String(entry.dropLast()) : ""
    return true
  }

  /// Takes back all that was typed.
  mutating func clear() {
    if let quiz = activeQuiz { quizzes[quiz.id]?.entry = "" }
  }

  /// Puts text at the end of an answer.
  mutating func write(_ text: String, into quiz: Quiz) {
    let entry = quizzes[quiz.id]?.entry ?? ""
    let room = Self.longestEntry - entry.count
    if text.count > room { notice = language("写不下了", "the answer is full") }
    quizzes[quiz.id, default: QuizState()].entry = entry + text.prefix(max(0, room))
    scrollBack = 0
  }

  /// The answer as it is entered.
  func entered(_ quiz: Quiz) -> Entered {
    guard let state = quizzes[quiz.id] else { return .nothing }
    if state.entry.isEmpty && (quiz.isTyped || quiz.isChosen) { return .nothing }
    let reader = AnswerReader(question: quiz.ask)
    switch quiz.kind {
    case .choice, .token:
      let (order, digit) = (optionOrder(quiz), Int(state.entry) ?? 0)
      guard order.indices.contains(digit - 1) else { return .nothing }
      return .answer(.choice(order[digit - 1]))
    case .number:
      let readings = reader.numbers(state.entry)
      return readings.isEmpty ? unclear(state.entry) : .answer(.number(readings))
    case .shape(let sizes):
      guard let given = reader.sizes(state.entry), given.count > 1 || sizes.count == 1 else {
        return unclear(state.entry, sizes: sizes.count)
      }
      return .answer(.shape(given))
    case .cells: return state.painting.map { .answer(.cells($0.marks)) } ?? .nothing
    case .setting: return .answer(.setting)
    case .lines(let gaps): return entered(state.entry, quiz, gaps)
    }
  }

  private func unclear(_ entry: String, sizes: Int? = nil) -> Entered {
    let shown = Sanitiser.clean(entry, ascii: viewer.glyphs == .ascii).fitted(to: 14)
    if let sizes {
      return .unclear(
        language(
          "看不懂「\(shown)」：要 \(sizes) 个整数，如 2x3；不算一次",
          "not understood: \(shown); \(sizes) whole numbers, such as 2x3"))
    }
    return .unclear(
      language(
        "看不懂「\(shown)」：写一个数或算式；不算一次",
        "not understood: \(shown); a number or a sum; no try lost"))
  }

  // MARK: Marking

  /// Moves the cursor of a painting, or marks.
  mutating func paint(_ action: LessonAction) {
    guard let quiz = activeQuiz, var painting = quizzes[quiz.id]?.painting else { return }
    let newest = viewer.step.length - 1
    switch action {
    case .left: painting.cursor.key = max(0, painting.cursor.key - 1)
    case .right: painting.cursor.key = min(newest, painting.cursor.key + 1)
    case .up: painting.cursor.query = max(0, painting.cursor.query - 1)
    case .down: painting.cursor.query = min(newest, painting.cursor.query + 1)
    case .rowStart: painting.cursor.key = 0
    case .rowEnd: painting.cursor.key = newest
    case .mark: painting.marks.formSymmetricDifference([painting.cursor])
    case .markRow:
      toggle(&painting, (0...newest).map { GridPoint(query: painting.cursor.query, key: $0) })
    case .markAll: toggle(&painting, all(painting, newest))
    default: break
    }
    quizzes[quiz.id]?.painting = painting
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

  // MARK: Judging

  mutating func judge(_ quiz: Quiz, _ answer: Answer) {
    let grader = grader(quiz)
    guard let judgement = try? grader.judge(answer) else { return }
    let answered = echo(quiz, answer)
    quizzes[quiz.id]?.answered = answered
    quizzes[quiz.id]?.answers.append(answer)
    quizzes[quiz.id]?.difference = judgement.difference
    note(answer, isRight: judgement.isRight, to: quiz, grader)
    scrollBack = 0
    if judgement.isRight {
      close(quiz, .right)
      return
    }
    quizzes[quiz.id]?.mistakes += 1
    quizzes[quiz.id]?.saysHint = false
    quizzes[quiz.id]?.entry = ""
    let run = run(of: answer, quiz, judgement.reply)
    // Its numbers are those of what was answered, wherever the picture goes then.
    let prose = ProseLines(columns: .max, evaluator: grader.evaluator, glyphs: viewer.glyphs)
    quizzes[quiz.id]?.reply = run?.reply ?? judgement.reply.map(prose.fill)
    if quizzes[quiz.id]?.mistakes ?? 0 >= QuizState.tries { close(quiz, .shown) }
    // A program that is wrong is seen to fail.
    if let run { answeredPlace = run.place }
  }

  /// What was answered, as it is said back; a sum with what it comes to.
  private func echo(_ quiz: Quiz, _ answer: Answer) -> String? {
    guard let entry = quizzes[quiz.id]?.entry else { return nil }
    if case .lines(let chosen) = answer { return letters(chosen, quiz) }
    if case .setting = answer { return entry }
    guard case .number(let readings) = answer, AnswerReader.isSum(entry), let value = readings.first
    else { return entry }
    return "\(entry) = \(Value.number(value).shown)"
  }

  /// Ends a quiz and shows what the run did.
  mutating func close(_ quiz: Quiz, _ outcome: QuizState.Outcome) {
    if quizzes[quiz.id] == nil { quizzes[quiz.id] = QuizState() }
    quizzes[quiz.id]?.outcome = outcome
    if outcome == .shown { quizzes[quiz.id]?.place = nil }
    show(askedStep: quiz)
    if case .cells(let target, let pane) = quiz.kind {
      let truth = grader(quiz).truth(target, pane)
      let state = quizzes[quiz.id] ?? QuizState()
      let isMarked = state.mistakes > 0 || state.painting?.marks.isEmpty == false
      quizzes[quiz.id]?.painting?.showsMissed = isMarked
      quizzes[quiz.id]?.painting?.truth = truth
    }
    reviewed = quiz.id
    scrollBack = 0
  }
}

extension Quiz {
  /// Whether its answer is typed, and not chosen or marked.
  var isTyped: Bool {
    switch kind {
    case .number, .shape: true
    case .choice, .cells, .token, .setting, .lines: false
    }
  }

  /// Whether one of its options is chosen.
  var isChosen: Bool {
    switch kind {
    case .choice, .token: true
    case .number, .shape, .cells, .setting, .lines: false
    }
  }
}
