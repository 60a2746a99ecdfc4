internal import Viz

/// What is presented just now, as it is opened.
public enum OpenExhibit {
  /// A lesson at its first screen.
  case lesson(LessonState)
  /// A run, computed or recorded, and what goes on with it.
  case run(any RunService, (any RecorderService)?)
}

/// What stands on the wall.
enum Exhibit {
  case lesson(LessonState)
  case run(RunScreen)

  /// Where in which run.
  var viewer: ViewerState {
    switch self {
    case .lesson(let lesson): lesson.viewer
    case .run(let run): run.state
    }
  }

  /// The lesson; nil for a run.
  var lesson: LessonState? {
    if case .lesson(let lesson) = self { lesson } else { nil }
  }

  /// Whether there is something to see.
  var hasStep: Bool { viewer.hasStep }

  mutating func setLook(_ look: Look) {
    switch self {
    case .lesson(var lesson):
      lesson.look = look
      self = .lesson(lesson)
    case .run(var run):
      _ = run.update(.look(look))
      self = .run(run)
    }
  }
}
