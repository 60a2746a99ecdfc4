internal import Base
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

  /// Keys that make up an answer; true if the key was one.
  mutating func answer(_ key: Key) -> Bool {
    guard let quiz = activeQuiz else { return false }
    switch quiz.kind {
    case .choice(let choices): return choose(key, quiz, among: choices.count)
    case .token: return choose(key, quiz, among: grader(quiz).candidateCount)
    case .number, .shape: return type(key, quiz)
    case .cells: return paint(key, quiz)
    }
  }

  private mutating func choose(_ key: Key, _ quiz: Quiz, among count: Int) -> Bool {
    if key == .backspace {
      quizzes[quiz.id]?.entry = ""
      return true
    }
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

  /// A first character must begin an answer, else it is a command; behind it everything belongs to the answer.
  private mutating func type(_ key: Key, _ quiz: Quiz) -> Bool {
    let isEmpty = quizzes[quiz.id]?.entry.isEmpty ?? true
    switch key {
    case .character(let character):
      guard !isEmpty || AnswerReader.begins(character) else { return false }
      write(String(character), into: quiz)
    case .backspace, .delete:
      if isEmpty { notice = language("还没有写什么", "nothing is typed yet") }
      let entry = quizzes[quiz.id]?.entry ?? ""
      quizzes[quiz.id]?.entry = String(entry.dropLast())
    case .escape:
      if case .cell = viewer.mode { return false }
      guard !isEmpty else { return false }
      quizzes[quiz.id]?.entry = ""
    case .control("u") where !isEmpty: quizzes[quiz.id]?.entry = ""
    default: return false
    }
    return true
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
    if state.entry.isEmpty && quiz.painted == nil { return .nothing }
    let reader = AnswerReader(question: quiz.ask)
    switch quiz.kind {
    case .choice, .token: return Int(state.entry).map { .answer(.choice($0 - 1)) } ?? .nothing
    case .number:
      let readings = reader.numbers(state.entry)
      return readings.isEmpty ? unclear(state.entry) : .answer(.number(readings))
    case .shape(let sizes):
      guard let given = reader.sizes(state.entry), given.count > 1 || sizes.count == 1 else {
        return unclear(state.entry, sizes: sizes.count)
      }
      return .answer(.shape(given))
    case .cells: return state.painting.map { .answer(.cells($0.marks)) } ?? .nothing
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
    case .character("r") where !painting.isStrip:
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

  // MARK: Judging

  mutating func judge(_ quiz: Quiz, _ answer: Answer) {
    let grader = grader(quiz)
    guard let judgement = try? grader.judge(answer) else { return }
    let answered = echo(quiz, answer)
    quizzes[quiz.id]?.answered = answered
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

  /// What was answered, as it is said back; a sum with what it comes to.
  private func echo(_ quiz: Quiz, _ answer: Answer) -> String? {
    guard let entry = quizzes[quiz.id]?.entry else { return nil }
    guard case .number(let readings) = answer, AnswerReader.isSum(entry), let value = readings.first
    else { return entry }
    return "\(entry) = \(Value.number(value).shown)"
  }

  /// Ends a quiz and shows what the run did.
  mutating func close(_ quiz: Quiz, _ outcome: QuizState.Outcome) {
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

extension Quiz {
  /// Whether its answer is typed, and not chosen or marked.
  var isTyped: Bool {
    switch kind {
    case .number, .shape: true
    case .choice, .cells, .token: false
    }
  }
}
