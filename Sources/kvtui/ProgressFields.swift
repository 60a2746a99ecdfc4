internal import Base
internal import Lessons

/// `progress --json`: the questions that were answered, with state and tries as they were first answered.
enum ProgressFields {
  /// What is known of a learner.
  static func json(_ record: CourseRecord, now: Int) -> JSONText {
    let rows = record.rows.compactMap { row in
      row.known.flatMap { question(row.place.id, $0, row.place, now) }
    }
    let others = record.others.compactMap { question($0.id, $0.known, nil, now) }
    return .object([
      ("questions", .array(rows + others)),
      ("misconceptions", .array(record.misconceptions.map(misconception))),
    ])
  }

  private static func question(
    _ id: QuestionID, _ known: QuestionRecord, _ place: QuestionPlace?, _ now: Int
  ) -> JSONText? {
    guard let first = known.first else { return nil }
    return .object([
      ("lesson", .string(id.lesson)), ("id", .string(id.question)),
      ("state", .string(first.state)), ("tries", .integer(known.tries)),
      ("hints", .integer(known.hints)), ("wrong", .array(known.wrong.map { .object([field($0)]) })),
      ("asked", .integer(known.asked)),
      ("last", known.last.map { .string($0.state) } ?? .null),
      ("due", known.spacing.map { .integer($0.due) } ?? .null),
      ("is_due", .boolean(place != nil && known.spacing?.isDue(at: now) ?? false)),
    ])
  }

  private static func misconception(
    _ number: Int, _ standing: Standing, _ rows: [CourseRecord.Row]
  ) -> JSONText {
    .object([
      ("number", .integer(number)), ("state", .string(standing.rawValue)),
      ("questions", .array(rows.map { .string("\($0.place.id.lesson)#\($0.place.id.question)") })),
    ])
  }

  /// What a class's exports come to.
  static func json(_ sum: ClassSum) -> JSONText {
    let questions = sum.rows.map { row in
      JSONText.object([
        ("lesson", .string(row.id.lesson)), ("id", .string(row.id.question)),
        ("n", .integer(row.count)), ("right", .integer(row.results[.right] ?? 0)),
        ("later", .integer(row.results[.helped] ?? 0)),
        ("shown", .integer(row.results[.shown] ?? 0)),
        (
          "wrong",
          .array(row.commonWrong.map { .object([field($0.answer), ("n", .integer($0.count))]) })
        ),
      ])
    }
    let misconceptions = sum.misconceptions.map { number, count, right in
      JSONText.object([
        ("number", .integer(number)), ("n", .integer(count)), ("right", .integer(right)),
      ])
    }
    return .object([
      ("learners", .integer(sum.learners)), ("questions", .array(questions)),
      ("misconceptions", .array(misconceptions)),
    ])
  }

  private static func field(_ answer: GivenAnswer) -> (String, JSONText) {
    switch answer {
    case .option(let place): ("option", .integer(place))
    case .text(let text): ("answer", .string(text))
    }
  }
}
