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

  // MARK: Results

  /// The question with the votes of both rounds, by option or by value, and those of hands among them.
  func results(_ votes: PresentPlace.Question?) -> JSONText {
    let rounds = votes?.all ?? []
    let values = Set(rounds.flatMap { $0.votes.keys }).sorted()
    func counts(_ rounds: [VoteCounts]) -> JSONText {
      .array(
        rounds.map { round in
          .array(
            (options.map { round.list(options: $0.count) } ?? values.map(round.of))
              .map(JSONText.integer))
        })
    }
    return .object(
      [
        ("id", .string(id)), ("ask", .string(ask)),
        ("options", options.map { .array($0.map(JSONText.string)) } ?? .null),
        ("phase", .string(phase.rawValue)), ("answer", rightAnswer),
      ] + (options == nil ? [("values", .array(values.map(Self.number)))] : [])
        + [("rounds", counts(rounds)), ("hands", counts(votes?.hands ?? []))])
  }

  /// The right option by its place, letter and text, or the right number; null before it was revealed.
  private var rightAnswer: JSONText {
    guard let answer else { return .null }
    guard let options else { return .object([("value", Self.number(answer))]) }
    guard let index = Int(exactly: answer), options.indices.contains(index) else { return .null }
    return .object([
      ("index", .integer(index)), ("letter", .string(VoteLetter.of(index))),
      ("text", .string(options[index])),
    ])
  }

  /// A whole number as one.
  private static func number(_ value: Double) -> JSONText {
    Int(exactly: value).map(JSONText.integer) ?? .double(value)
  }
}
