#if canImport(Glibc)
  internal import Glibc
#else
  internal import Darwin
#endif
internal import Classroom
internal import ClassroomServer
internal import Screens

/// What is kept of a presentation while it goes on: for the next start, and for after class.
struct PresentRecord {
  private let parts: [String]
  /// Questions of an earlier start as they were left then: phones' votes since come on top.
  private let before: [String: PresentPlace.Question]
  private var place: PresentPlace
  private var questions: [PutQuestion]

  /// - Parameters:
  ///   - parts: what is presented.
  ///   - kept: where it goes on; nil at its beginning.
  init(_ parts: [String], goingOnFrom kept: KeptPresentation?) {
    self.parts = parts
    place = kept?.place ?? PresentPlace()
    questions = kept?.questions ?? []
    before = Dictionary(place.questions.map { ($0.id, $0) }) { first, _ in first }
  }

  /// Takes what a presentation has become; whether anything of it is to be kept anew.
  mutating func take(_ question: HeldQuestion?, _ new: PresentPlace) -> Bool {
    let old = (place, questions)
    place = new
    // What was asked before an interruption and is not on the wall again is not lost.
    let known = Set(new.questions.map(\.id))
    place.questions += before.values.filter { !known.contains($0.id) }.sorted { $0.id < $1.id }
    if let question { put(PutQuestion(question)) }
    return place != old.0 || questions != old.1
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
      let counts = [rounds, earlier].compactMap { $0.indices.contains(round) ? $0[round] : nil }
      return VoteCounts(
        counts.reduce(into: [:]) { sum, count in sum.merge(count.votes) { $0 + $1 } })
    }
  }

  /// What is kept for the next start.
  func kept(_ code: JoinCode?, _ address: ServeAddress?, _ sequence: Int) -> KeptPresentation {
    KeptPresentation(
      parts: parts, seconds: time(nil), code: code, address: address, sequence: sequence,
      place: place, questions: questions)
  }

  /// What is kept for after class.
  var results: PresentResults {
    PresentResults(
      parts: parts, questions: questions,
      votes: Dictionary(place.questions.map { ($0.id, $0.counts) }) { first, _ in first })
  }
}
