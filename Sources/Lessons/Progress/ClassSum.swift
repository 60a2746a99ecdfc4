/// What a class's exports come to.
public struct ClassSum: Sendable {
  /// What they come to on a question.
  public struct Row: Sendable {
    /// The question.
    public let id: QuestionID
    /// How many answered it, and how it ended for how many.
    public internal(set) var results: [QuizResult: Int] = [:]
    /// Wrong answers, and from how many.
    public internal(set) var wrong: [GivenAnswer: Int] = [:]

    /// How many answered it.
    public var count: Int { results.values.reduce(0, +) }

    /// Wrong answers, those that most gave first.
    public var commonWrong: [(answer: GivenAnswer, count: Int)] {
      wrong.sorted { one, other in
        (other.value, one.key.order) < (one.value, other.key.order)
      }.map { ($0.key, $0.value) }
    }
  }

  /// How many exports were added up.
  public let learners: Int
  /// The questions of the course that somebody answered, in its order, then those of no lesson.
  public let rows: [Row]
  /// The misconceptions that questions ask after: how many answered one, and how many all of theirs right at once.
  public let misconceptions: [(number: Int, count: Int, right: Int)]

  /// Different wrong answers that are counted of a question.
  private static let mostWrong = 1000

  /// Adds exports up.
  public init(_ exports: [ProgressExport], _ course: CourseRecord) {
    learners = exports.count
    var sums: [QuestionID: Row] = [:]
    for question in exports.flatMap(\.questions) {
      sums[question.id, default: Row(id: question.id)].take(question, mostWrong: Self.mostWrong)
    }
    let known = course.rows.compactMap { sums.removeValue(forKey: $0.place.id) }
    rows = known + sums.values.sorted { $0.id < $1.id }
    let asking = course.misconceptions.map { ($0.number, Set($0.rows.map(\.place.id))) }
    misconceptions = asking.map { number, ids in
      let answered = exports.map { $0.questions.filter { ids.contains($0.id) } }
        .filter { !$0.isEmpty }
      let right = answered.count { $0.allSatisfy { $0.result == .right } }
      return (number, answered.count, right)
    }
  }
}

extension ClassSum.Row {
  fileprivate mutating func take(_ question: ProgressExport.Question, mostWrong: Int) {
    results[question.result, default: 0] += 1
    // Who gives the same wrong answer twice is one who gave it.
    for answer in Set(question.wrong) where wrong[answer] != nil || wrong.count < mostWrong {
      wrong[answer, default: 0] += 1
    }
  }
}

extension GivenAnswer {
  /// By which equally common answers are listed.
  fileprivate var order: String {
    switch self {
    case .option(let place): "\(1000 + place)"
    case .text(let text): "a" + text
    }
  }
}
