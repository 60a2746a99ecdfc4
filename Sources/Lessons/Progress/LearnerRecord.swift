/// What is known of one question: how it was first answered, and when it is asked again.
public struct QuestionRecord: Hashable, Sendable {
  /// How it ended the first time; nil while it is open.
  ///
  /// It stays, however it is answered later.
  public internal(set) var first: QuizResult?
  /// Answers until then.
  public internal(set) var tries = 0
  /// Hints that were read until then.
  public internal(set) var hints = 0
  /// Wrong answers until then, each as often as it was given.
  public internal(set) var wrong: [GivenAnswer] = []
  /// Whether of the first time only its end is known.
  public internal(set) var isTakenOver = false
  /// How often it was asked to its end.
  public internal(set) var asked = 0
  /// How it ended last.
  public internal(set) var last: QuizResult?
  /// Wrong answers and answers with a hint since it ended last.
  public internal(set) var isDoubtful = false
  /// When it is asked again.
  public internal(set) var spacing: Spacing?

  /// Nothing has been answered yet.
  public init() {}

  /// Wrong answers that are kept of a question.
  static let mostWrong = 8

  /// Takes something that was done about the question.
  mutating func take(_ event: RecordEvent) {
    if first == nil { takeFirst(event) }
    if event.answer != nil && !event.isRight || event.hints > 0 { isDoubtful = true }
    guard var result = event.result else { return }
    // A wrong try in another window or before a break counts.
    if result == .right && isDoubtful { result = .helped }
    if first == nil { first = result }
    isDoubtful = false
    asked = min(asked + 1, Self.mostAsked)
    last = result
    spacing = Spacing(after: spacing, isRight: result == .right, seconds: event.seconds)
  }

  static let mostAsked = 1_000_000
  static let mostTries = 1000

  private mutating func takeFirst(_ event: RecordEvent) {
    hints = max(hints, event.hints)
    if event.isTakenOver {
      isTakenOver = true
      tries = max(tries, event.result == .right ? 1 : 2)
    }
    guard let answer = event.answer else { return }
    tries = min(tries + 1, Self.mostTries)
    if !event.isRight && wrong.count < Self.mostWrong { wrong.append(answer) }
  }
}

/// When a question is asked again: an interval that grows with each right answer, and begins anew behind a wrong one.
public struct Spacing: Hashable, Sendable {
  /// Days until it is asked again, by how often it was right at once since it was wrong last.
  public static let days = [1, 3, 7, 16, 35]
  /// Seconds by which it may be asked earlier: who learns at about the same hour each day finds it.
  static let slack = 6 * 3600
  private static let day = 86_400

  /// The place in `days`.
  public let level: Int
  /// When the interval began, in seconds since 1970.
  public let since: Int

  init(level: Int, since: Int) {
    self.level = min(max(0, level), Self.days.count - 1)
    self.since = since
  }

  /// What follows from an answer; one that is right before its time proves nothing more.
  init(after old: Spacing?, isRight: Bool, seconds: Int) {
    guard let old else {
      self.init(level: isRight ? 1 : 0, since: seconds)
      return
    }
    guard isRight else {
      self.init(level: 0, since: seconds)
      return
    }
    self = old.isDue(at: seconds) ? Spacing(level: old.level + 1, since: seconds) : old
  }

  /// When it is due, in seconds since 1970.
  public var due: Int { since + Self.days[level] * Self.day - Self.slack }

  /// Whether it is due; a beginning that lies ahead was taken from a clock that was wrong.
  public func isDue(at now: Int) -> Bool { now >= due || since > now + Self.day }
}

/// What a learner was asked and how it ended, question by question.
public struct LearnerRecord: Equatable, Sendable {
  /// By question.
  public internal(set) var questions: [QuestionID: QuestionRecord] = [:]

  /// No course has more questions.
  static let mostQuestions = 5000

  /// Nothing has been asked yet.
  public init() {}

  /// Takes what was done, in its order.
  public mutating func take(_ event: RecordEvent) {
    let id = QuestionID(event.lesson, event.question)
    guard questions[id] != nil || questions.count < Self.mostQuestions else { return }
    questions[id, default: QuestionRecord()].take(event)
  }

  /// Forgets a lesson.
  mutating func forget(lesson: String) {
    questions = questions.filter { $0.key.lesson != lesson }
  }

  /// First results by lesson, as the progress has them.
  var results: [String: [String: QuizResult]] {
    var results: [String: [String: QuizResult]] = [:]
    for (id, question) in questions {
      if let first = question.first { results[id.lesson, default: [:]][id.question] = first }
    }
    return results
  }
}
