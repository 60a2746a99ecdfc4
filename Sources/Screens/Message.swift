public import Base
public import Classroom
public import Lessons
public import Trace
public import Viz

/// What can happen to a screen.
public enum Message {
  /// A key was pressed.
  case key(Key)
  /// Text was pasted.
  case paste(String)
  /// The play clock moved by one beat.
  case tick
  /// The display has this size.
  case resized(Size)
  /// The display draws ambiguous glyphs two columns wide.
  case glyphsAreWide
  /// How everything looks from now on.
  case look(Look)
  /// The screen above this one is gone.
  case uncovered
  /// Another run begins in place of the one on the screen.
  case run(RunStart)
  /// The run that was recorded, computed from now on.
  case live(RunStart)
  /// The run was kept under this name.
  case recorded(String)
  /// There is a file of this name, which nobody asked to replace.
  case isThere(String)
  /// The run as far as it is computed, and how far its next step has come.
  case trace(Trace, StepProgress.Amount?)
  /// What the screen asked for, whole or as far as it has come.
  case findings(Findings)
  /// The tool that the screen shows within itself.
  case shownTool(ShownTool, any Screen)
  /// The keys that are given on this screen; nil for all.
  case given(Set<Key>?)
  /// What a command prints.
  case toolFacts(ToolFacts)
  /// The runs of the lesson's step that is open.
  case scene(SceneRuns)
  /// The lesson in another language, or as it was edited.
  case lesson(Lesson, SceneRuns, isEdited: Bool)
  /// The questions that the learner missed.
  case missed([QuestionPlace])
  /// A part of a presentation is open.
  case exhibit(Exhibited)
  /// Who follows a presentation, and what came from them.
  case audience(AudienceNews)
  /// What another terminal of the presenter wants.
  case command(PresentCommand)
  /// What is heard of a presentation that is followed.
  case presentation(PresentationNews)
  /// Keys come now, by the clock of somebody who sits there; those that come at once have one time.
  case pressed(ContinuousClock.Instant)
  /// The time, by the display's clock.
  case time(ContinuousClock.Instant)
  /// Something to be said.
  case note(String)
  /// A watched file, by its path, is no longer what it was.
  case fileChanged(String)
  /// What was asked for cannot be done.
  case failed(any Explained)

  /// What a presentation shows.
  public enum Exhibited {
    /// A lesson at its first screen.
    case lesson(LessonState)
    /// A run at its beginning.
    case run(RunStart)
  }
}

/// A run at its beginning.
public struct RunStart: Sendable {
  /// The run as far as it is computed.
  public let trace: Trace
  /// The longest sequence as planned, in tokens.
  public let longest: Int

  /// The step to show first, counted from 1.
  public let step: Int

  /// What a recording has besides its run; nil for a run that is computed.
  public let replay: ReplayState?

  /// What is said of it until the first key, by language; empty where there is nothing to say.
  public let notice: [Language: String]

  /// Creates the beginning of a run.
  public init(
    trace: Trace, longest: Int, step: Int = 1, replay: ReplayState? = nil,
    notice: [Language: String] = [:]
  ) {
    self.notice = notice
    self.trace = trace
    self.longest = longest
    self.step = step
    self.replay = replay
  }
}
