/// What another terminal of the same user can have a presentation do, a line each.
public enum PresentCommand: String, CaseIterable, Hashable, Sendable {
  /// Goes on: through the phases of a question, else a step or a screen.
  case goOn = "go-on"
  /// Goes back.
  case goBack = "go-back"
  /// Skips to the reveal; twice in a row.
  case skip
  /// Blanks the screen, or shows it again.
  case blank
  /// Moves the spotlight.
  case spotlight
  /// Gives 30 seconds more.
  case moreTime = "more-time"
  /// Takes 30 seconds away.
  case lessTime = "less-time"
  /// The next part of the lecture.
  case nextItem = "next-item"
  /// The part of the lecture before.
  case previousItem = "previous-item"
}
