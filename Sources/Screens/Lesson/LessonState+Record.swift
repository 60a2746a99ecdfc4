internal import Base
public import Lessons
internal import Trace
internal import Viz

/// An answer that was given.
struct GivenTry: Hashable {
  let answer: GivenAnswer
  let isRight: Bool
  /// Hints that had been read.
  let hints: Int
}

/// What is kept of a learner's answers, and questions that are asked anew.
extension LessonState {
  /// Answers that are kept of a question in one visit.
  private static let mostTries = 100

  /// Notes what was answered; an option by its place in the lesson's file.
  mutating func note(_ answer: Answer, isRight: Bool, to quiz: Quiz, _ grader: Grader) {
    guard let state = quizzes[quiz.id], state.given.count < Self.mostTries else { return }
    let given = GivenTry(
      answer: kept(answer, quiz, grader), isRight: isRight, hints: state.hints)
    quizzes[quiz.id]?.given.append(given)
  }

  private func kept(_ answer: Answer, _ quiz: Quiz, _ grader: Grader) -> GivenAnswer {
    switch answer {
    case .choice(let index):
      guard case .token = quiz.kind else { return .option(index + 1) }
      let candidates = Grader.candidates(grader.state.step)
      return .text(candidates.indices.contains(index) ? candidates[index].text : "")
    case .number(let readings): return .text(readings.first.map { Value.number($0).shown } ?? "")
    case .shape(let sizes): return .text(sizes.map(String.init).joined(separator: " × "))
    case .cells(let marks): return .text(kept(marks, quiz, grader))
    case .lines(let chosen): return .text(ProgramGaps.letters(chosen))
    case .setting: return .text(setting(quizzes[quiz.id]?.entry ?? ""))
    }
  }

  /// Where a tool was put, without a text that somebody may have typed.
  private func setting(_ options: String) -> String {
    let words = options.split(separator: " ")
    return words.prefix { $0 != "--text" && $0 != "--prompt" }.joined(separator: " ")
  }

  /// How many cells were marked, how many of the right ones are missing, how many are too many.
  private func kept(_ marks: Set<GridPoint>, _ quiz: Quiz, _ grader: Grader) -> String {
    guard case .cells(let target, let pane) = quiz.kind else { return "\(marks.count)" }
    let truth = grader.truth(target, pane)
    let (missing, extra) = (truth.subtracting(marks).count, marks.subtracting(truth).count)
    return "\(marks.count) (-\(missing) +\(extra))"
  }

  /// What was done about questions since.
  ///
  /// - Parameters:
  ///   - old: the quizzes as they were, by id.
  ///   - seconds: the time, in seconds since 1970.
  /// - Returns: a question's answers in their order.
  public func events(since old: [String: QuizState], at seconds: Int) -> [RecordEvent] {
    lesson.quizzes.flatMap { quiz in
      guard let new = quizzes[quiz.id] else { return [RecordEvent]() }
      let before = old[quiz.id] ?? QuizState()
      let isContinued = new.given.starts(with: before.given)
      let tries = isContinued ? Array(new.given.dropFirst(before.given.count)) : new.given
      let result = before.result == nil || !isContinued && !tries.isEmpty ? new.result : nil
      return events(of: quiz, tries, result, hints: new.hints, at: seconds)
    }
  }

  private func events(
    of quiz: Quiz, _ tries: [GivenTry], _ result: QuizResult?, hints: Int, at seconds: Int
  ) -> [RecordEvent] {
    func event(
      _ answer: GivenAnswer?, isRight: Bool, hints: Int, result: QuizResult?
    ) -> RecordEvent {
      RecordEvent(
        seconds: seconds, lesson: lesson.id, question: quiz.id, answer: answer, isRight: isRight,
        hints: min(hints, quiz.hints.count), result: result)
    }
    guard !tries.isEmpty else {
      return result.map { [event(nil, isRight: false, hints: hints, result: $0)] } ?? []
    }
    return tries.enumerated().map { index, given in
      event(
        given.answer, isRight: given.isRight, hints: given.hints,
        result: index == tries.count - 1 ? result : nil)
    }
  }

  /// Asks a question anew: what was answered before is not shown, and the place where the learner goes on stays.
  public mutating func askAnew(_ question: String) {
    drawAnew(question)
    quizzes[question] = QuizState()
    isReview = true
    reviewed = nil
    prepareQuiz()
  }

  // MARK: What was missed

  /// What the screen lists in the place of its picture; nil where it shows that, and while a question is open.
  var shownMissed: [QuestionPlace]? { step.scene.review && openQuiz == nil ? missed : nil }

  /// Goes to a question by its place in the list.
  mutating func visit(_ key: Key) {
    guard case .character(let digit) = key.folded, let place = digit.wholeNumberValue,
      let missed = shownMissed
    else { return }
    let shown = listed(of: missed)
    if (1...shown).contains(place) {
      request = .visit(missed[listTop + place - 1].id)
    } else {
      notice = language("列出了 1 至 \(shown)", "the list has 1 to \(shown)")
    }
  }

  /// Scrolls the list of what was missed.
  mutating func scrollList(by lines: Int) {
    guard let missed = shownMissed else { return }
    let new = max(0, min(missed.count - listed(of: missed), listTop + lines))
    if new == listTop { notice = language("没有更多了", "there is no more") }
    listTop = new
  }

  /// How many of them are on the screen.
  private func listed(of missed: [QuestionPlace]) -> Int {
    ReviewPane.shown(of: missed.count, rows: layout(shownSize).figure.rows)
  }
}
