public import Base
public import Lessons
public import Trace

/// What the menu wants to show of the line that is selected.
public enum HomeQuestion: Hashable, Sendable {
  /// The scene that stands for a lesson.
  case scene(SceneSpec)
  /// The run that the free run begins with.
  case freeRun
  /// The planner's card.
  case planner
  /// The cells of some steps, counted in a run.
  case growth
  /// The recordings that there are.
  case recordings
}

/// What there is to show.
public struct HomeAnswer: Sendable {
  /// A picture, or why there is none.
  public enum Picture: Sendable {
    /// A step of a run.
    case run(Trace, step: Int)
    /// A card filled by arithmetic.
    case planner(PlannerState)
    /// Counted cells.
    case growth(GrowthStart, Growth)
    /// What is in the files.
    case recordings([RecordingEntry])
    /// Why there is no picture, by language.
    case nothing([Language: String])
  }

  /// What was asked.
  public let question: HomeQuestion
  /// What there is.
  public let picture: Picture

  /// Answers a question.
  public init(_ question: HomeQuestion, _ picture: Picture) {
    (self.question, self.picture) = (question, picture)
  }
}
