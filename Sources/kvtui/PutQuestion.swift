internal import Base
internal import Classroom
internal import Screens

/// A question that was put to a class, and what was voted: nothing of it leads back to anybody.
struct PutQuestion: Hashable {
  /// Its id.
  let id: String
  /// What was asked.
  let ask: String
  /// What could be chosen; nil where a number was asked.
  let options: [String]?
  /// How far it came.
  var phase: QuestionPhase
  /// The right option, counted from 0, or the right number; nil before it was revealed.
  var answer: Double?

  /// A question as a class sees it now.
  init(_ question: HeldQuestion) {
    (id, ask, options, phase) = (question.id, question.ask, question.options, question.phase)
    answer = question.reveal.map { reveal in
      guard let values = reveal.values else { return Double(reveal.answer) }
      return values.indices.contains(reveal.answer) ? values[reveal.answer] : 0
    }
  }

  var json: JSONText { .object(fields) }

  private var fields: [(String, JSONText)] {
    [
      ("id", .string(id)), ("ask", .string(ask)),
      ("options", options.map { .array($0.map(JSONText.string)) } ?? .null),
      ("phase", .string(phase.rawValue)), ("answer", answer.map(JSONText.double) ?? .null),
    ]
  }

  init(_ field: JSONField) throws(FileError) {
    let phase = try field.required("phase")
    guard let known = QuestionPhase(rawValue: try phase.text()) else {
      throw phase.unsupported(QuestionPhase.allCases.map(\.rawValue))
    }
    id = try field.required("id").text()
    ask = try field.required("ask").text()
    options = try field.optional("options")?.texts(atMost: 64)
    self.phase = known
    answer = try field.optional("answer")?.value.number
  }

  /// The question with the votes of both rounds, by option or by value.
  func json(_ rounds: [VoteCounts]) -> JSONText {
    let values = Set(rounds.flatMap { $0.votes.keys }).sorted()
    let voted =
      options == nil ? [("values", JSONText.array(values.map(JSONText.double)))] : []
    let counts = rounds.map { round in
      options.map { round.list(options: $0.count) } ?? values.map(round.of)
    }
    return .object(
      fields + voted + [("rounds", .array(counts.map { .array($0.map(JSONText.integer)) }))])
  }
}
