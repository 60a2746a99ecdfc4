internal import Classroom
internal import Lessons
internal import Viz

/// A lesson whose questions somebody else holds before a class.
extension LessonState {
  /// The quiz of the screen that a presentation's question is, by the id behind its lesson's; nil where the lesson has none.
  func quiz(_ question: HeldQuestion?) -> Quiz? {
    question.flatMap { held in step.quizzes.first { held.id.hasSuffix("/" + $0.id) } }
  }

  /// Holds the screen's questions as far as a presentation has come with them: those before its own are over, those behind it to come.
  ///
  /// A question that this lesson does not have ends none of its own.
  mutating func hold(as question: HeldQuestion?) {
    isHeldByClass = true
    let (quizzes, held) = (step.quizzes, quiz(question))
    let isRevealed = held != nil && question?.phase == .reveal
    var over = question == nil ? quizzes.count : 0
    if let held, let index = quizzes.firstIndex(of: held) { over = index }
    let (known, wanted) = (overQuizzes, over + (isRevealed ? 1 : 0))
    guard known != wanted || reviewed != (isRevealed ? held?.id : nil) else { return }
    for (index, quiz) in quizzes.enumerated() {
      var state = QuizState()
      if index < over { state.outcome = .shown }
      self.quizzes[quiz.id] = state
    }
    arrange()
    if isRevealed, let held { reveal(held) }
  }

  /// The same, and who looks around stays where he is, as far as the open question lets.
  mutating func holdInPlace(as question: HeldQuestion?) {
    let before = viewer
    hold(as: question)
    viewer = before
    if let lastStep, viewer.moment.step > lastStep {
      viewer.follow(step: lastStep, layer: viewer.layer, head: viewer.head, cell: nil)
    }
  }

  /// How many questions of the screen are over.
  private var overQuizzes: Int {
    step.quizzes.count { quizzes[$0.id]?.outcome ?? .open != .open }
  }

  /// Goes where a presentation is, as far as the open question lets.
  mutating func follow(_ place: ShownPlace) {
    viewer.follow(
      step: min(place.step, lastStep ?? .max), layer: place.layer - 1, head: place.head - 1,
      cell: place.cell.map { ($0.query, $0.key) })
  }
}
