internal import Base
internal import Viz

/// The lines of a record: JSON objects, each complete in itself, so that one that is damaged costs itself alone.
///
///     {"at":1764179000,"lesson":"03-recomputing","question":"cells-at-4","answer":"10","right":false,"hints":0}
///     {"at":1764179009,"lesson":"03-recomputing","question":"cells-at-4","answer":"16","right":true,"hints":1,"result":"later"}
///
/// The first lines of a record that was made shorter sum up a question each (`first`).
package enum RecordLines {
  /// Bytes of a line; none that is written has as many.
  static let longest = 4096
  /// Bytes of a name.
  private static let longestName = 255
  /// Seconds since 1970 that a clock can show: until the year 9999.
  private static let clock = 0...253_402_300_799

  /// The line of something that was done.
  package static func line(_ event: RecordEvent) -> String {
    var fields: [(String, JSONText)] = [
      ("at", .integer(event.seconds)), ("lesson", .string(event.lesson)),
      ("question", .string(event.question)),
    ]
    if let answer = event.answer { fields += [field(answer), ("right", .boolean(event.isRight))] }
    fields.append(("hints", .integer(event.hints)))
    if let result = event.result { fields.append(("result", .string(result.state))) }
    if event.isTakenOver { fields.append(("taken_over", .boolean(true))) }
    return JSONText.object(fields).text + "\n"
  }

  static func field(_ answer: GivenAnswer) -> (String, JSONText) {
    switch answer {
    case .option(let place): ("option", .integer(place))
    case .text(let text): ("answer", .string(clean(text)))
    }
  }

  private static func clean(_ text: String) -> String {
    String(Sanitiser.clean(String(text.prefix(GivenAnswer.longest))).prefix(GivenAnswer.longest))
  }

  /// The line that sums up a question.
  static func line(_ id: QuestionID, _ question: QuestionRecord) -> String {
    var fields: [(String, JSONText)] = [
      ("lesson", .string(id.lesson)), ("question", .string(id.question)),
      ("first", question.first.map { .string($0.state) } ?? .null),
      ("tries", .integer(question.tries)), ("hints", .integer(question.hints)),
      ("wrong", .array(question.wrong.map { .object([field($0)]) })),
      ("asked", .integer(question.asked)),
      ("last", question.last.map { .string($0.state) } ?? .null),
      ("doubtful", .boolean(question.isDoubtful)), ("taken_over", .boolean(question.isTakenOver)),
    ]
    if let spacing = question.spacing {
      fields += [("level", .integer(spacing.level)), ("since", .integer(spacing.since))]
    }
    return JSONText.object(fields).text + "\n"
  }

  /// Whether a line of something that was done would be read again.
  static func canHold(_ event: RecordEvent) -> Bool {
    clock.contains(event.seconds) && name(.string(event.lesson)) != nil
      && name(.string(event.question)) != nil
  }

  // MARK: Reading

  /// Takes the lines of a record in their order; how many were not understood.
  package static func read(_ bytes: [UInt8], into record: inout LearnerRecord) -> Int {
    var damaged = 0
    for line in bytes.split(separator: UInt8(ascii: "\n")) where !take(line, &record) {
      damaged += 1
    }
    return damaged
  }

  private static func take(_ line: ArraySlice<UInt8>, _ record: inout LearnerRecord) -> Bool {
    guard line.count <= longest, let json = try? JSON.parse(Array(line), file: ""),
      let id = id(json)
    else { return false }
    guard json["first"] != nil else {
      guard let event = event(json, id) else { return false }
      record.take(event)
      return true
    }
    guard let question = question(json) else { return false }
    // What is summed up comes first; a second sum of the same question adds nothing.
    if record.questions[id] == nil && record.questions.count < LearnerRecord.mostQuestions {
      record.questions[id] = question
    }
    return true
  }

  private static func id(_ json: JSON) -> QuestionID? {
    guard let lesson = name(json["lesson"]), let question = name(json["question"]) else {
      return nil
    }
    return QuestionID(lesson, question)
  }

  /// A text that can be an id.
  static func name(_ json: JSON?) -> String? {
    guard let name = json?.string, !name.isEmpty, name.utf8.count <= longestName,
      name.unicodeScalars.allSatisfy({ $0.value >= 0x20 && !(0x7F..<0xA0).contains($0.value) })
    else { return nil }
    return name
  }

  private static func event(_ json: JSON, _ id: QuestionID) -> RecordEvent? {
    guard let seconds = json["at"]?.integer, clock.contains(seconds) else { return nil }
    let result = result(json["result"])
    guard json["result"] == nil || result != nil else { return nil }
    let answer = answer(json)
    // What neither answers nor ends a question is nothing.
    guard answer != nil || result != nil else { return nil }
    return RecordEvent(
      seconds: seconds, lesson: id.lesson, question: id.question, answer: answer,
      isRight: flag(json["right"]), hints: count(json["hints"], most: LessonLimits.hints) ?? 0,
      result: result, isTakenOver: flag(json["taken_over"]))
  }

  private static func flag(_ json: JSON?) -> Bool {
    if case .boolean(true)? = json { true } else { false }
  }

  private static func result(_ json: JSON?) -> QuizResult? {
    json?.string.flatMap { QuizResult(state: $0) }
  }

  static func count(_ json: JSON?, most: Int) -> Int? {
    json?.integer.flatMap { (0...most).contains($0) ? $0 : nil }
  }

  /// The answer of a line, of an element of `wrong`, or of an export.
  static func answer(_ json: JSON) -> GivenAnswer? {
    if let place = json["option"]?.integer, (1...GivenAnswer.mostOptions).contains(place) {
      return .option(place)
    }
    guard let text = json["answer"]?.string, text.utf8.count <= 4 * GivenAnswer.longest else {
      return nil
    }
    return .text(clean(text))
  }

  private static func question(_ json: JSON) -> QuestionRecord? {
    var question = QuestionRecord()
    question.first = result(json["first"])
    question.last = result(json["last"])
    guard let tries = count(json["tries"], most: QuestionRecord.mostTries),
      let hints = count(json["hints"], most: LessonLimits.hints),
      let asked = count(json["asked"], most: QuestionRecord.mostAsked),
      let wrong = json["wrong"]?.elements, wrong.count <= QuestionRecord.mostWrong,
      (question.first == nil) == (asked == 0), (question.last == nil) == (asked == 0)
    else { return nil }
    (question.tries, question.hints, question.asked) = (tries, hints, asked)
    question.wrong = wrong.compactMap(answer)
    question.isDoubtful = flag(json["doubtful"])
    question.isTakenOver = flag(json["taken_over"])
    if let level = count(json["level"], most: Spacing.days.count - 1),
      let since = json["since"]?.integer, clock.contains(since)
    {
      question.spacing = Spacing(level: level, since: since)
    }
    return question
  }
}
