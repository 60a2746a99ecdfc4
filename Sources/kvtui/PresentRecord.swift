#if canImport(Glibc)
  internal import Glibc
#else
  internal import Darwin
#endif
internal import Base
internal import Classroom
internal import ClassroomServer
internal import Lessons
internal import Screens

/// What is kept of a presentation while it goes on: for the next start, and for after class.
struct PresentRecord {
  private let lecture: Lecture
  private let began: Int
  /// Questions of an earlier start as they were left then: phones' votes since come on top.
  private let before: [String: PresentPlace.Question]
  private var place: PresentPlace
  private var questions: [PutQuestion]

  /// - Parameters:
  ///   - lecture: what is presented.
  ///   - beginning: when it began, and where it goes on.
  init(_ lecture: Lecture, _ beginning: PresentBeginning) {
    (self.lecture, began) = (lecture, beginning.began)
    let kept = beginning.kept
    place = kept?.place ?? PresentPlace()
    questions = kept?.questions ?? []
    before = Dictionary(place.questions.map { ($0.id, $0) }) { first, _ in first }
  }

  /// Whether there is nothing that the next start goes on with.
  var isOver: Bool { place.isOver }

  /// Whether anybody voted.
  var hasVotes: Bool { place.questions.contains { $0.all.contains { $0.total > 0 } } }

  /// Takes what a presentation has become; whether it is to be kept anew, and whether the results are.
  mutating func take(_ question: HeldQuestion?, _ new: PresentPlace) -> (place: Bool, votes: Bool) {
    let old = (place, questions)
    place = new
    // What was asked before an interruption and is not on the wall again is not lost.
    let known = Set(new.questions.map(\.id))
    place.questions += before.values.filter { !known.contains($0.id) }.sorted { $0.id < $1.id }
    if let question { put(PutQuestion(question)) }
    let hasNewVotes = questions != old.1 || place.questions != old.0.questions
    return (place != old.0 || questions != old.1, hasNewVotes)
  }

  private mutating func put(_ question: PutQuestion) {
    var question = question
    guard let index = questions.firstIndex(where: { $0.id == question.id }) else {
      return questions.append(question)
    }
    // Who goes back to a question knows its answer still.
    question.answer = question.answer ?? questions[index].answer
    questions[index] = question
  }

  /// The votes of phones on a question: those of this start, and those of an earlier one, of which nobody knows who cast them.
  func all(_ rounds: [VoteCounts], of question: String) -> [VoteCounts] {
    let earlier = before[question]?.counts ?? []
    return (0..<max(rounds.count, earlier.count)).map { round in
      [rounds, earlier].map { $0.indices.contains(round) ? $0[round] : VoteCounts() }
        .reduce(VoteCounts(), +)
    }
  }

  /// What is kept for the next start.
  func kept(
    _ code: JoinCode?, _ address: ServeAddress?, _ sequence: Int, results: String?
  ) -> KeptPresentation {
    KeptPresentation(
      parts: lecture.keptParts, seconds: time(nil), code: code, address: address,
      sequence: sequence, place: place, questions: questions, began: began, results: results)
  }

  /// What is kept for after class.
  func results(_ language: Language) -> PresentResults {
    PresentResults(
      title: lecture.title(language), began: began, parts: lecture.keptParts,
      questions: questions,
      votes: Dictionary(place.questions.map { ($0.id, $0) }) { first, _ in first })
  }
}
