import Base
import TestSupport
import Testing
import Trace
import Viz

@testable import Lessons
@testable import Screens

/// A learner at one question of a lesson: answers it in every way that is known, at every size, and looks at each frame.
struct Walker {
  let lesson: Lesson
  let step: LessonStep
  let quiz: Quiz
  let traces: SceneRuns
  let look: Look
  /// Which of the question's numbers are drawn.
  let tries: Int

  static let sizes = [
    Size(columns: 60, rows: 20), Size(columns: 80, rows: 24), Size(columns: 120, rows: 36),
  ]

  /// An answer, and what becomes of it.
  struct Given {
    let name: String
    let expected: Expected
    let give: (inout LessonState) throws -> Void

    init(
      _ name: String, _ expected: Expected, _ give: @escaping (inout LessonState) throws -> Void
    ) {
      (self.name, self.expected, self.give) = (name, expected, give)
    }
  }

  enum Expected {
    case right
    /// Wrong, with this reply of the lesson, filled in; nil where it has none to it.
    case wrong(String?)
    /// Something is said, and no try is lost.
    case unclear
    /// Whichever of these, but something is said.
    case sentence
  }

  /// The question as it is opened: those before it on its screen are answered.
  func opened(_ size: Size) -> LessonState {
    var progress = LessonProgress()
    (progress.current, progress.seed, progress.tries) = (step.id, 7, [quiz.id: tries])
    for earlier in step.quizzes.prefix(while: { $0.id != quiz.id }) {
      progress.quizzes[earlier.id] = .right
    }
    var state = LessonState(lesson, progress: progress, look: look, traces: traces)
    state.update(.resize(size))
    return state
  }

  /// Where something is found wanting.
  func name(_ given: String, _ size: Size) -> Comment {
    "\(lesson.id)#\(quiz.id) (\(look.language.rawValue), \(tries)), \(given), \(size.columns) × \(size.rows)"
  }

  /// Gives each answer at its sizes.
  ///
  /// - Parameter isWhole: all at all sizes; else all but the plainest right one take turns at them, and at the languages.
  /// - Returns: how many frames were looked at.
  /// - Throws: what cannot be answered at all.
  func walk(isWhole: Bool) throws -> Int {
    var frames = 0
    for size in Self.sizes {
      let state = opened(size)
      let active = try #require(state.activeQuiz, name("opened", size))
      #expect(active.id == quiz.id, name("opened", size))
      var asked = [state.plain(quiz.ask, of: active)]
      if case .choice(let choices) = active.kind {
        asked += choices.map { state.plain($0.text, of: active) }
      }
      check(state, size, holds: asked, "opened")
      frames += 1
    }
    // Each language has every other answer, so that both have all.
    let turn = look.language == .chinese ? 0 : 1
    for (index, given) in try answers(isWhole: isWhole).enumerated() {
      let isFirst = index == 0
      guard isWhole || isFirst || (index + tries) % 2 == turn else { continue }
      let turns = isWhole || isFirst ? Self.sizes : [Self.sizes[index % Self.sizes.count]]
      for size in turns {
        try give(given, size)
        frames += 1
      }
    }
    return frames
  }

  private func give(_ given: Given, _ size: Size) throws {
    var state = opened(size)
    try given.give(&state)
    let name = name(given.name, size)
    let told = state.quizzes[quiz.id] ?? QuizState()
    let active = state.lesson.quizzes.first { $0.id == quiz.id } ?? quiz
    switch given.expected {
    case .right:
      #expect(told.outcome == .right, "\(name): \(state.notice ?? told.reply ?? "")")
      let why = state.plain(active.why, of: active)
      check(state, size, holds: [why], begins: [look.language("✓ 对", "✓ right")], given.name)
      try goOn(&state, size, given.name)
    case .wrong(let reply):
      #expect(told.outcome == .open && told.mistakes == 1, name)
      #expect(reply?.isEmpty == false, "\(name): no reply")
      check(state, size, holds: [reply ?? ""], begins: ["✗"], given.name)
      try given.give(&state)
      #expect(state.quizzes[quiz.id]?.outcome == .shown, "\(name), twice")
      let why = state.plain(active.why, of: active)
      check(state, size, holds: [why], begins: ["✗"], given.name + ", twice")
    case .unclear:
      #expect(told.outcome == .open && told.mistakes == 0, "\(name): a try was lost")
      #expect(state.notice?.isEmpty == false, "\(name): nothing is said")
      check(state, size, holds: [], given.name)
    case .sentence:
      let isSaid = told.mistakes > 0 || told.outcome == .right
      #expect(isSaid || state.notice?.isEmpty == false, "\(name): nothing is said")
      check(state, size, holds: [], begins: told.mistakes > 0 ? ["✗"] : [], given.name)
    }
  }

  /// What stands behind the question that was answered: the next one of the screen is in view.
  private func goOn(_ state: inout LessonState, _ size: Size, _ given: String) throws {
    guard state.openQuiz != nil else { return }
    try state.press("Enter")
    guard let next = state.activeQuiz else {
      Issue.record("\(name(given, size)): Enter does not go on")
      return
    }
    let ask = state.plain(next.ask, of: next)
    check(state, size, holds: [ask], begins: ["? " + ask.prefix(4)], given + ", then the next one")
  }
}
