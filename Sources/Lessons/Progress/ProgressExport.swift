public import Base
internal import Viz

/// What a learner hands to a teacher: each question with how it was first answered; no name, and no time.
///
///     {"format":"kvtui progress","version":1,"questions":[
///       {"lesson":"03-recomputing","id":"cells-at-4","state":"later","tries":2,"hints":0,"wrong":[{"answer":"10"}]}]}
public struct ProgressExport: Equatable, Sendable {
  /// One question.
  public struct Question: Equatable, Sendable {
    /// The question.
    public let id: QuestionID
    /// How it ended.
    public let result: QuizResult
    /// Answers until then.
    public let tries: Int
    /// Hints until then.
    public let hints: Int
    /// Wrong answers until then.
    public let wrong: [GivenAnswer]
  }

  /// The questions that were answered.
  public let questions: [Question]

  private static let format = "kvtui progress"
  /// Bytes of a file; one of a whole course has some ten thousand.
  private static let limit = 1 << 20

  /// What is known of a course's questions, and of others.
  public init(_ record: CourseRecord) {
    let known = record.rows.compactMap { row in row.known.map { (row.place.id, $0) } }
    questions = (known + record.others.map { ($0.id, $0.known) }).compactMap { id, known in
      known.first.map {
        Question(id: id, result: $0, tries: known.tries, hints: known.hints, wrong: known.wrong)
      }
    }
  }

  /// The file.
  package var text: String {
    let questions = questions.map { question in
      JSONText.object([
        ("lesson", .string(question.id.lesson)), ("id", .string(question.id.question)),
        ("state", .string(question.result.state)), ("tries", .integer(question.tries)),
        ("hints", .integer(question.hints)),
        ("wrong", .array(question.wrong.map { .object([RecordLines.field($0)]) })),
      ])
    }
    return JSONText.object([
      ("format", .string(Self.format)), ("version", .integer(1)), ("questions", .array(questions)),
    ]).text + "\n"
  }

  // MARK: Reading

  /// Reads a file that a learner handed in.
  public init(reading path: String) throws(ExportError) {
    do throws(FileError) {
      try self.init(JSONField(reading: path, limit: Self.limit))
    } catch .badField(_, let field, let value, let expected) {
      throw .badField(file: path, field: field, value: value, expected: expected)
    } catch .missingField(_, let field) {
      throw .noField(file: path, field: field)
    } catch .badJSON, .notAnObject, .tooManyBytes {
      throw .noExport(file: path)
    } catch {
      throw .file(error)
    }
  }

  package init(_ file: JSONField) throws(FileError) {
    let format = try file.required("format")
    guard format.value.string == Self.format else { throw format.mustBe(.oneOf([Self.format])) }
    let version = try file.required("version")
    guard version.value.integer == 1 else { throw version.mustBe(.notation("1")) }
    let list = try file.required("questions")
    let elements = try list.elements()
    guard elements.count <= LearnerRecord.mostQuestions else { throw list.mustBe(.list) }
    var questions: [Question] = []
    var seen: Set<QuestionID> = []
    for element in elements {
      let question = try Self.question(element)
      guard seen.insert(question.id).inserted else {
        throw element.mustBe(.once)
      }
      questions.append(question)
    }
    self.questions = questions
  }

  private static func question(_ field: JSONField) throws(FileError) -> Question {
    let state = try field.required("state")
    guard let result = state.value.string.flatMap({ QuizResult(state: $0) }) else {
      throw state.mustBe(.oneOf(["right", "later", "shown"]))
    }
    return Question(
      id: QuestionID(try name(field, "lesson"), try name(field, "id")), result: result,
      tries: try count(field, "tries", most: QuestionRecord.mostTries),
      hints: try count(field, "hints", most: LessonLimits.hints), wrong: try wrong(field))
  }

  private static func name(_ field: JSONField, _ key: String) throws(FileError) -> String {
    let value = try field.required(key)
    guard let name = RecordLines.name(value.value) else { throw value.mustBe(.text) }
    return name
  }

  private static func count(
    _ field: JSONField, _ key: String, most: Int
  ) throws(FileError) -> Int {
    let value = try field.required(key)
    guard let count = RecordLines.count(value.value, most: most) else {
      throw value.mustBe(.size(0...most))
    }
    return count
  }

  private static func wrong(_ field: JSONField) throws(FileError) -> [GivenAnswer] {
    let list = try field.required("wrong")
    let elements = try list.elements()
    guard elements.count <= QuestionRecord.mostWrong else { throw list.mustBe(.list) }
    var answers: [GivenAnswer] = []
    for element in elements {
      guard let answer = RecordLines.answer(element.value) else { throw element.mustBe(.object) }
      answers.append(answer)
    }
    return answers
  }
}

extension Expectation {
  fileprivate static let once = Self("只出现一次的题", "a question that stands there once")
}

/// Why a file cannot be added up.
public enum ExportError: Error {
  /// It is something else than an export.
  case noExport(file: String)
  /// It has not what an export has.
  case noField(file: String, field: String)
  /// It has something that no export has.
  case badField(file: String, field: String, value: String, expected: Expectation)
  /// It cannot be read.
  case file(FileError)
}

extension ExportError: Explained {
  /// 65, or what the file's failure has.
  public var status: Int32 {
    switch self {
    case .noExport, .noField, .badField: ExitStatus.badData.rawValue
    case .file(let error): error.status
    }
  }

  /// What is wrong, and what to do.
  public func message(_ language: Language) -> String? {
    switch self {
    case .noExport(let file):
      language(
        "\(file) 不是 kvtui progress --export 写的文件：请给出学生导出的文件",
        "\(file) is no file of kvtui progress --export: give one that a learner exported")
    case .noField(let file, let field):
      language(
        "\(file) 不是 kvtui progress --export 写的文件（没有字段 \(field)）：请给出学生导出的文件",
        "\(file) is no file of kvtui progress --export (it has no field \(field)): give one that a learner exported"
      )
    case .badField(let file, let field, let value, let expected):
      language(
        "\(file) 不是 kvtui progress --export 写的文件（字段 \(field) 是 \(value)，应为\(expected.wording(language))）：请给出学生导出的文件",
        "\(file) is no file of kvtui progress --export (its field \(field) is \(value) and must be \(expected.wording(language))): give one that a learner exported"
      )
    case .file(let error): error.message(language)
    }
  }
}
