public import Base
public import Classroom
public import Lessons
public import Viz

/// What a screen asks of the program around it.
public enum Effect {
  /// Show another screen.
  case open(Destination)
  /// Show the lesson behind this one, or the menu behind the last.
  case openNext(after: String)
  /// Show the screen beneath; leave where there is none.
  case back
  /// Leave.
  case quit
  /// Compute the run up to a step.
  case compute(upTo: Int)
  /// Run another text in the same way.
  case begin(String)
  /// Keep a run as a file, in the place of another or not.
  case record(RunStart, plannedSteps: Int, name: String, replaces: Bool)
  /// Keep the marks of the recording.
  case keepMarks([Mark])
  /// Go on with the model itself from a step of the recording.
  case takeOver(step: Int)
  /// Compute the runs of a lesson's scene.
  case showScene(SceneSpec)
  /// Work out what a command prints, of the tool of a lesson's scene as it stands.
  case askTool(ToolLink)
  /// Read the lesson in another language.
  case translate(Lesson, Language)
  /// Read the lesson's file anew.
  case reread(Lesson, Language)
  /// List the questions that the learner missed.
  case listMissed
  /// Keep what was done in a lesson.
  case keep(LessonState)
  /// Open a part of a lecture.
  case showExhibit(LectureItem)
  /// Tell all who follow a presentation.
  case publish(PresentUpdate)
  /// Open what a presentation that is followed shows.
  case showShared(ShownPlace.Source)
  /// Have the presentation do something.
  case say(PresentCommand)
  /// Everything looks like this from now on.
  case setLook(Look)
}

/// Where one can go: a case for each screen.
public enum Destination: Hashable, Sendable {
  /// The menu.
  case home
  /// A lesson, by its id or its file.
  case lesson(String)
  /// The question that is to be asked again first, in its lesson; the menu where there is none.
  case due
  /// A question, asked anew in its lesson, above the screen in front.
  case question(QuestionID)
  /// A run.
  case run
  /// A tool.
  case tool(ToolPlace)
  /// A recording, by its file.
  case recording(String)
  /// A presentation.
  case presentation
  /// A presentation that somebody else gives.
  case following
  /// The presenter's notes.
  case notes
}
