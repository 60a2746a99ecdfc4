/// What somebody answered, as it is kept: nothing of it is free text.
public enum GivenAnswer: Hashable, Sendable {
  /// An option, by its place in the lesson's file, counted from 1.
  case option(Int)
  /// A number as it was understood, sizes with × between, or how many cells were marked.
  case text(String)

  /// Characters of a text that are kept.
  static let longest = 60
  /// No question has more options.
  static let mostOptions = 100
}

/// Something that was done about a question: an answer was given, or asked for.
public struct RecordEvent: Hashable, Sendable {
  /// When, in seconds since 1970.
  public let seconds: Int
  /// The lesson's id.
  public let lesson: String
  /// The quiz's id.
  public let question: String
  /// What was answered; nil where the answer was asked for instead.
  public let answer: GivenAnswer?
  /// Whether that was right.
  public let isRight: Bool
  /// Hints that had been read.
  public let hints: Int
  /// How the question ended by this; nil while it stays open.
  public let result: QuizResult?
  /// Whether only the result is known: it was kept by a program that kept nothing else.
  public let isTakenOver: Bool

  /// Creates what was done.
  public init(
    seconds: Int, lesson: String, question: String, answer: GivenAnswer?, isRight: Bool = false,
    hints: Int = 0, result: QuizResult?, isTakenOver: Bool = false
  ) {
    (self.seconds, self.lesson, self.question) = (seconds, lesson, question)
    (self.answer, self.isRight, self.hints) = (answer, isRight, hints)
    (self.result, self.isTakenOver) = (result, isTakenOver)
  }
}

/// By which a question is known: its lesson and its quiz.
public struct QuestionID: Hashable, Comparable, Sendable {
  /// The lesson's id.
  public let lesson: String
  /// The quiz's id.
  public let question: String

  /// Names a question.
  public init(_ lesson: String, _ question: String) {
    (self.lesson, self.question) = (lesson, question)
  }

  /// By lesson, then by quiz.
  public static func < (one: QuestionID, other: QuestionID) -> Bool {
    (one.lesson, one.question) < (other.lesson, other.question)
  }
}

extension QuizResult {
  /// How `progress --json` and the record call it.
  public var state: String {
    switch self {
    case .right: "right"
    case .helped: "later"
    case .shown: "shown"
    }
  }

  /// The result that is called so.
  init?(state: String) {
    switch state {
    case "right": self = .right
    case "later": self = .helped
    case "shown": self = .shown
    default: return nil
    }
  }
}
