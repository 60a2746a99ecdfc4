/// How a quiz ended.
public enum QuizResult: String, Codable, Sendable {
  /// Right at the first try, without a hint.
  case right
  /// Right, with a hint or at the second try.
  case helped
  /// The answer was shown.
  case shown
}

/// What a learner has done of one lesson.
public struct LessonProgress: Codable, Equatable, Sendable {
  /// Ids of the steps that were left forwards.
  public var steps: Set<String> = []
  /// Results by quiz id; the first one stays.
  public var quizzes: [String: QuizResult] = [:]
  /// The id of the step where the learner is.
  public var current: String?
  /// Whether the last step was left forwards.
  public var isDone = false
  /// What mixes the lesson's options and draws its numbers; nil for the order of the file.
  public var seed: Int?
  /// How often quizzes were begun anew, by their ids.
  public var tries: [String: Int]?

  /// Creates an empty progress.
  public init() {}

  /// This, and what was done elsewhere later: first results stay, the later place is gone on from.
  func joined(by later: LessonProgress) -> LessonProgress {
    var joined = self
    joined.steps.formUnion(later.steps)
    joined.quizzes.merge(later.quizzes) { first, _ in first }
    joined.current = later.current ?? current
    joined.isDone = isDone || later.isDone
    joined.seed = seed ?? later.seed
    if let more = later.tries { joined.tries = (tries ?? [:]).merging(more, uniquingKeysWith: max) }
    return joined
  }

  /// What is in this and was not in an earlier one: to be joined with what others have done since.
  public func news(since old: LessonProgress) -> LessonProgress {
    var news = LessonProgress()
    news.steps = steps.subtracting(old.steps)
    news.quizzes = quizzes.filter { old.quizzes[$0.key] == nil }
    news.current = current == old.current ? nil : current
    news.isDone = isDone && !old.isDone
    news.seed = seed == old.seed ? nil : seed
    news.tries = tries == old.tries ? nil : tries
    return news
  }
}

/// What a learner has done, by lesson id.
public struct Progress: Codable, Equatable, Sendable {
  /// The format of the file.
  public var format = 1
  /// By lesson id.
  public var lessons: [String: LessonProgress] = [:]

  /// Creates an empty progress.
  public init() {}

  /// This with the results that a record has and this has not.
  func joined(by record: LearnerRecord) -> Progress {
    var joined = self
    for (id, results) in record.results {
      joined.lessons[id, default: LessonProgress()].quizzes.merge(results) { known, _ in known }
    }
    return joined
  }
}
