package import Lessons
package import Viz

/// A quiz as far as the learner has come with it.
public struct QuizState: Hashable, Sendable {
  /// How it stands.
  public enum Outcome: Hashable, Sendable {
    case open
    case right
    /// The answer was shown, after two wrong ones or when asked for.
    case shown
  }

  /// What is typed or chosen.
  var entry = ""
  /// What is marked.
  package var painting: Painting?
  /// Wrong answers so far.
  var mistakes = 0
  /// Hints shown so far.
  var hints = 0
  /// Whether a hint was said last, and not what is wrong with an answer.
  var saysHint = false
  /// How it stands.
  var outcome = Outcome.open
  /// What was said to the last answer.
  var reply: String?
  /// Where the tool stood that was answered with; nil where the answer was shown.
  var place: ToolLink?
  /// What was answered last, to be shown beside the reply.
  var answered: String?
  /// How far the marks that were answered last are off.
  var difference: MarkDifference?
  /// What was answered, in order; of options their places in the file.
  package internal(set) var answers: [Answer] = []

  /// What was answered, in its order.
  var given: [GivenTry] = []

  /// A quiz gives no third try: what is right is shown instead.
  static let tries = 2

  var result: QuizResult? {
    switch outcome {
    case .open: nil
    case .right: mistakes == 0 && hints == 0 ? .right : .helped
    case .shown: .shown
    }
  }
}
