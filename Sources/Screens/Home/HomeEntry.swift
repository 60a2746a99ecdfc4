public import Base
public import Lessons
public import Viz

extension HomeState {
  /// A lesson as the menu lists it.
  public struct Entry: Hashable, Sendable {
    let id: String
    let title: String
    let minutes: Int
    /// What one can do afterwards, in a phrase and in lines.
    let outcome: String
    let abilities: [String]
    /// What stands for the lesson.
    let scene: SceneSpec
    let stepsDone: Int
    let steps: Int
    let isDone: Bool
    let answered: Int
    let right: Int
    let quizzes: Int
    /// Where the learner stopped: the screen, from 1, and its title; nil where he has not begun or is through.
    let place: Place?
    /// The screens with questions whose answer had to be shown.
    let missed: [String]

    struct Place: Hashable, Sendable {
      let number: Int
      let title: String
    }

    /// Sums up a lesson and its progress.
    ///
    /// - Parameters:
    ///   - lesson: the lesson.
    ///   - progress: what was done of it.
    ///   - record: what was answered since: a question that was missed may be so no more.
    public init(
      _ lesson: Lesson, _ progress: LessonProgress?, _ record: LearnerRecord = LearnerRecord()
    ) {
      (id, title, minutes) = (lesson.id, lesson.title, lesson.minutes)
      (outcome, abilities, scene) = (lesson.outcome, lesson.abilities, lesson.previewScene)
      steps = lesson.steps.count
      let ids = Set(lesson.steps.map(\.id))
      stepsDone = progress?.steps.intersection(ids).count ?? 0
      let isDone = progress?.isDone ?? false
      self.isDone = isDone
      let results = lesson.quizzes.compactMap { progress?.quizzes[$0.id] }
      answered = results.count
      right = results.count { $0 == .right }
      quizzes = lesson.quizzes.count
      let current = lesson.steps.firstIndex { $0.id == progress?.current }
      place =
        isDone ? nil : current.map { Place(number: $0 + 1, title: lesson.steps[$0].title) }
      missed = lesson.steps.filter { step in
        step.quizzes.contains { quiz in
          progress?.quizzes[quiz.id] == .shown
            && record.questions[QuestionID(lesson.id, quiz.id)]?.last != .right
        }
      }.map(\.title)
    }

    /// The lesson's number.
    var number: String { String(id.prefix { $0.isNumber }.drop { $0 == "0" }) }
    /// Whether something was done of it.
    var isBegun: Bool { place != nil || stepsDone > 0 || answered > 0 }

    /// How many questions were answered right at once, of how many; before that how long it takes, each with its unit.
    func score(_ language: Language) -> String {
      isDone || answered > 0
        ? language("一次对 \(right)/\(quizzes)", "\(right)/\(quizzes) right")
        : language("\(minutes) 分钟", "\(minutes) min")
    }

    /// How many screens are done, of how many.
    public func screens(_ look: Look) -> String {
      isDone ? look.language("学完", "done") : "\(stepsDone)/\(steps)"
    }

    /// What is done, in few columns.
    public func summary(_ language: Language) -> String {
      let state =
        isDone
        ? language("已学完", "done")
        : stepsDone > 0 ? "\(stepsDone)/\(steps)" : language("约 \(minutes) 分钟", "\(minutes) min")
      guard answered > 0 else { return state }
      return state + language("  一次答对 \(right)/\(quizzes)", "  right at once \(right)/\(quizzes)")
    }
  }
}
