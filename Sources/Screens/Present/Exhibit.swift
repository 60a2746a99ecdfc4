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

  /// The tool in the place of a lesson's run.
  var shownTool: ShownTool? { lesson?.shownTool }
  /// What that wants to have worked out.
  var toolQuestion: Question? { lesson?.toolQuestion }

  /// Takes what a lesson's tool gets; false where the message is none of those.
  mutating func takeTool(_ message: Message) -> Bool {
    guard case .lesson(var lesson) = self else { return false }
    switch message {
    case .shownTool(let shown, let screen): lesson.take(shown, screen)
    case .findings: lesson.hand(message)
    case .failed(let failure):
      guard lesson.shownTool != nil, lesson.toolQuestion != nil || lesson.toolScreen == nil else {
        return false
      }
      lesson.failTool(failure)
    default: return false
    }
    self = .lesson(lesson)
    return true
  }

  mutating func setLook(_ look: Look) {
    switch self {
    case .lesson(var lesson):
      lesson.look = look
      lesson.hand(.look(look))
      self = .lesson(lesson)
    case .run(var run):
      _ = run.update(.look(look))
      self = .run(run)
    }
  }
}
