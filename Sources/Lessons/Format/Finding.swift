public import Base

/// What is wrong with a lesson file, and where: `path:line: what is wrong; what was meant`.
public struct Finding: Equatable, Sendable {
  /// The file, as it was named.
  public let path: String
  /// The line, counted from 1.
  public let line: Int
  /// What is wrong.
  public let problem: Problem
  /// Whether it could be better, and is not wrong.
  public var isWarning: Bool { problem.isWarning }

  init(_ path: String, _ line: Int, _ problem: Problem) {
    self.path = path
    self.line = line
    self.problem = problem
  }
}

/// The kinds of things that can be wrong with a lesson; wording in `Finding+Message.swift`.
public enum Problem: Equatable, Sendable {
  /// The file cannot be read.
  case unreadable(SystemFailure)
  /// The file is not UTF-8, or larger than a lesson can be.
  case notText
  /// The file does not open with `---`, or the second `---` is missing.
  case noFrontMatter
  /// YAML that is none.
  case badYAML(reason: String)
  /// A field that nobody knows; with the known one that is nearest.
  case unknownField(String, nearest: String?)
  /// A field that is needed is not there.
  case missingField(String)
  /// A field has a value that it cannot have.
  case badValue(field: String, value: String, expected: Expectation)
  /// A fenced block whose name nobody knows.
  case unknownBlock(String)
  /// A step without a scene, or with two.
  case sceneCount(step: String, count: Int)
  /// Something stands before the first `##`-heading that belongs into a step.
  case blockBeforeFirstStep(String)
  /// An id stands twice.
  case duplicateID(String)
  /// An expression that cannot be read.
  case badExpression(String, ExpressionError)
  /// A scene whose run cannot be made.
  case cannotRun(RunFailure)
  /// A tool that a field of a scene or of a quiz names cannot be opened.
  case cannotOpen(String, RunFailure)
  /// A part of a lecture that cannot be shown.
  case cannotShow(RunFailure)
  /// An expression that has no value in its scene.
  case noValue(String, ExpressionError)
  /// A choice needs exactly one option that is true of the run.
  case trueOptions(quiz: String, count: Int)
  /// A reply to what is the right answer.
  case replyToRightAnswer(quiz: String, answer: String)
  /// What a question of a setting shows as right is not.
  case wrongSetting(quiz: String)
  /// A program needs exactly one arrangement of lines whose run is the sound one.
  case soundRuns(quiz: String, count: Int)
  /// A reply to lines that are a program which runs: the run's own reply stands there.
  case replyToRun(quiz: String, lines: String)
  /// A question of a setting is answered before anything is turned.
  case rightFromTheStart(quiz: String)
  /// A misconception that the list does not have.
  case unknownMisconception(String)
  /// The two languages differ.
  case languagesDiffer(what: String, chinese: String, english: String)
  /// A lesson lacks one of its languages.
  case missingLanguage(String)
  /// More of something than a lesson can have.
  case tooMany(String, most: Int)
  /// Lists and quotes within each other, deeper than a lesson can go.
  case tooDeep(most: Int)
  /// A prose line that is no lesson's business, such as HTML.
  case notSupported(String)
  /// A screen that a term is introduced on, and that is not there.
  case noScreen(String)

  // What follows are warnings.

  /// A screen that asks nothing.
  case noQuestion(String)
  /// A question whose answer stands above it.
  case answerOnScreen(quiz: String, String)
  /// Numbers that stand on the screen and are not the answer, without a reply to them.
  case noReply(quiz: String, numbers: [String])
  /// A term that stands before the screen that introduces it.
  case termTooEarly(String, screen: String, introduced: String)
  /// A term that does not stand on the screen that introduces it.
  case termNotThere(String, String)

  /// Whether it could be better, and is not wrong.
  var isWarning: Bool {
    switch self {
    case .noQuestion, .answerOnScreen, .noReply, .termTooEarly, .termNotThere: true
    default: false
    }
  }
}
