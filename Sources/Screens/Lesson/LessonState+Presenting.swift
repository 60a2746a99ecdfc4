internal import Base
internal import Lessons
internal import Trace
internal import Viz

/// A lesson before a class: its questions are held by the presentation, and answered by nobody here.
extension LessonState {
  /// The quiz that stands on the screen, open or just revealed; nil where none does.
  var presentedQuiz: Quiz? {
    step.quizzes.first { $0.id == reviewed } ?? openQuiz
  }

  /// Whether a question of the screen is open behind the one that was just revealed.
  var hasNextQuiz: Bool { reviewed != nil && openQuiz != nil }

  /// Hands a key to the scene; none of them answers a question.
  mutating func pressScene(_ key: Key) {
    notice = nil
    moveScene(key)
  }

  /// Shows the answer to a question, and the step that it asks about.
  mutating func reveal(_ quiz: Quiz) { close(quiz, .shown) }

  /// Takes a reveal back.
  mutating func reopen(_ quiz: Quiz) {
    quizzes[quiz.id] = QuizState()
    arrange()
  }

  /// The next question of the screen, else the next screen.
  ///
  /// - Parameter isShown: whether a screen is part of the lecture.
  /// - Returns: false behind the last.
  mutating func goOnPresenting(isShown: (LessonStep) -> Bool) -> Bool {
    notice = nil
    if hasNextQuiz {
      reviewed = nil
      prepareQuiz()
      return true
    }
    guard let next = lesson.steps.indices.first(where: { $0 > index && isShown(lesson.steps[$0]) })
    else { return false }
    (index, reviewed) = (next, nil)
    return true
  }

  /// The next screen, whatever is asked on this one; false behind the last.
  mutating func leafPresenting(isShown: (LessonStep) -> Bool) -> Bool {
    reviewed = nil
    return goOnPresenting(isShown: isShown)
  }

  /// Whether a key does something in the scene before a class; what a learner has keys for, a presentation does not.
  func takesPresented(_ key: Key) -> Bool {
    if case .jump = viewer.mode { return true }
    if case .cell = viewer.mode, ViewerKeys.cursor.action(for: key) != nil { return true }
    switch ViewerKeys.browse.action(for: key) {
    case .next, .back, .first, .last, .jump, .previousLayer, .nextLayer, .previousHead, .nextHead,
      .depth, .cell, .parts, .scrollUp, .scrollDown, .redraw:
      return true
    default: return false
    }
  }

  /// The screen before; false before the first.
  mutating func goBackPresenting(isShown: (LessonStep) -> Bool) -> Bool {
    notice = nil
    guard
      let previous = lesson.steps.indices.last(where: { $0 < index && isShown(lesson.steps[$0]) })
    else { return false }
    (index, reviewed) = (previous, nil)
    return true
  }

  /// Opens a screen by its id, where there is one.
  mutating func open(screen id: String) { index = Self.index(of: id, in: lesson) }

  /// A text of a quiz in one line, without its marks, its numbers filled in.
  func plain(_ text: String, of quiz: Quiz) -> String {
    plain(text, grader(quiz).evaluator)
  }

  /// What the presenter is told of the screen, a line each, without marks, the run's numbers filled in.
  var notes: [String] { step.scene.notes.map { plain($0, evaluator) } }

  private func plain(_ text: String, _ evaluator: Evaluator) -> String {
    let prose = ProseLines(columns: .max, evaluator: evaluator, glyphs: viewer.glyphs)
    let filled = prose.fill(text)
    guard
      case .paragraph(let inlines, _)? =
        (try? MarkdownReader(path: "", lineOffset: 0).blocks(filled))?.first
    else { return prose.clean(filled) }
    return prose.wrap(inlines, base: Style(), 1 << 20)
      .map { $0.map(\.text).joined() }.joined(separator: " ")
  }

  /// What a class can choose from.
  func ballots(of quiz: Quiz) -> Ballots {
    switch quiz.kind {
    case .choice(let choices): .options(choices.map { plain($0.text, of: quiz) })
    case .token:
      .options(
        Grader.candidates(grader(quiz).state.step).map {
          TokenLabel.quoted($0.text, viewer.glyphs)
        })
    case .number: .number
    case .shape, .cells, .setting, .lines: .aloud
    }
  }

  /// The right choice: an option counted from 0, or the number; nil where the answer is said aloud.
  func rightChoice(of quiz: Quiz) -> Double? {
    switch quiz.kind {
    case .choice, .token:
      (try? grader(quiz).answer()).flatMap { Double($0) }.map { $0 - 1 }
    case .number(let answer, _): try? grader(quiz).evaluator.number(answer.expression)
    case .shape, .cells, .setting, .lines: nil
    }
  }
}
