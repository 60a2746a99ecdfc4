public import Base
public import Lessons
public import Trace
public import Viz

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
  /// A tool's own screen, small.
  case screen(ToolPicture)
}

/// A tool's screen as the menu shows it.
public struct ToolPicture: Hashable, Sendable {
  /// The tool, and where it is opened.
  public let place: ToolPlace
  /// What is pressed before it has something to show.
  public let keys: [Key]
  /// Columns and rows that it is drawn in, with its title and its keys.
  public let size: Size
  /// Language and glyphs; colours are those of the menu.
  public let look: Look
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
    /// A tool's frame.
    case screen(Canvas)
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
