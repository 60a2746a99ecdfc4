public import Base
public import Lessons
public import Trace
public import Viz

/// What the program around the screens does for them; screens compute nothing themselves.
public struct Services {
  /// Prepares the run of the run screen.
  public let makeRun: () throws -> any RunService
  /// The lessons; nil where there are none.
  public let course: (any CourseService)?
  /// What keeps runs and takes them over; nil where nothing does.
  public let recorder: (any RecorderService)?
  /// Prepares a tool; nil where there is none.
  public let tool: (ToolPlace, Look) throws -> OpenTool?
  /// What answers the menu; nil where nothing does.
  public let pictures: (any WorkService)?
  /// What is done for a presentation; nil where there is none.
  public let classroom: (any ClassroomService)?
  /// What is done for who follows a presentation; nil where nobody does.
  public let follow: (any FollowService)?
  /// Opens a recording, with what keeps its marks and goes on with it.
  public let recording: (String) throws -> (run: any RunService, recorder: any RecorderService)?
  /// What changes with a file's content; nil where there is no file.
  public let stamp: (String) -> AnyHashable?

  /// Creates services.
  public init(
    course: (any CourseService)? = nil, recorder: (any RecorderService)? = nil,
    tool: @escaping (ToolPlace, Look) throws -> OpenTool? = { _, _ in nil },
    pictures: (any WorkService)? = nil, classroom: (any ClassroomService)? = nil,
    follow: (any FollowService)? = nil,
    recording:
      @escaping (String) throws -> (
        run: any RunService, recorder: any RecorderService
      )? = { _ in nil },
    stamp: @escaping (String) -> AnyHashable? = { FileStamp($0) },
    makeRun: @escaping () throws -> any RunService
  ) {
    self.makeRun = makeRun
    self.course = course
    self.recorder = recorder
    self.tool = tool
    self.pictures = pictures
    self.classroom = classroom
    self.follow = follow
    self.recording = recording
    self.stamp = stamp
  }
}

/// A run that is computed as it is wanted, here or elsewhere.
public protocol RunService: AnyObject {
  /// The run at its beginning.
  var start: RunStart { get }
  /// The run as far as it is computed, and how far its next step has come; or why it goes no further.
  var news: (trace: Trace, progress: StepProgress.Amount?) { get throws }
  /// A descriptor that is readable when there is news.
  var wake: Int32? { get }
  /// Asks for every step up to `step`.
  func want(_ step: Int)
  /// Begins again over another text; if that cannot be run, the old run goes on.
  func begin(over text: String) throws -> RunStart
  /// Computes no further, for good.
  func cancel()
}

/// What works out the questions of a screen, here or elsewhere.
public protocol WorkService: AnyObject {
  /// Begins to work something out; what was under way is given up.
  func ask(_ question: Question)
  /// What is new since it was last looked at; or why it goes no further.
  var news: Findings? { get throws }
  /// A descriptor that is readable when there is news.
  var wake: Int32? { get }
  /// Gives up what is under way; it can be asked again.
  func cancel()
}

/// Files of runs, and the models that runs can go on with.
public protocol RecorderService: AnyObject {
  /// Keeps a run under a name.
  ///
  /// - Parameters:
  ///   - start: the run as far as it is computed, and its longest sequence as planned.
  ///   - plannedSteps: how many steps it will have.
  ///   - name: a path.
  ///   - replaces: whether a file that is there makes way.
  ///   - progress: told how many of how many bytes are written, where there are many.
  /// - Returns: false where there is a file of this name, which was to stay.
  /// - Throws: why it cannot be kept.
  func keep(
    _ start: RunStart, plannedSteps: Int, as name: String, replaces: Bool,
    progress: (Int, Int) -> Void
  ) throws -> Bool
  /// Keeps the marks of the recording that is open.
  func keep(_ marks: [Mark]) throws
  /// The run that was recorded, to be computed from its first step, whose tokens are given up to `step`.
  func takeOver(from step: Int) throws -> any RunService
}

/// The course, the runs of its scenes, and what the learner has done.
public protocol CourseService: AnyObject {
  /// The menu as things stand.
  func home(_ look: Look) throws -> HomeState
  /// A lesson at the place where the learner left it.
  func lesson(_ name: String, _ look: Look) throws -> LessonState
  /// The id of the lesson behind another; nil after the last.
  func next(after id: String) throws -> String?
  /// The same lesson in another language; nil where it is in one only.
  func translation(of lesson: Lesson, _ language: Language) -> Lesson?
  /// The lesson as its file is now.
  func reread(_ lesson: Lesson, _ language: Language) throws -> Lesson
  /// The runs of a scene.
  func runs(of scene: SceneSpec) throws -> SceneRuns
  /// What a command of a lesson prints.
  func facts(of link: ToolLink) -> ToolFacts
  /// Keeps what was done; returns what is to be said about that.
  func keep(_ lesson: LessonState) -> String?
  /// The lesson of the question that is to be asked again first, at that question; nil where none is.
  func due(_ look: Look) throws -> LessonState?
  /// The lesson of a question, at that question, which is asked anew; nil where there is none.
  func asking(_ question: QuestionID, _ look: Look) throws -> LessonState?
  /// The questions whose last answer was not right at once.
  func missed(_ look: Look) -> [QuestionPlace]
  /// What is wrong with a lesson that could be read, as `path:line: …`; nil where nothing is.
  func flaw(in lesson: Lesson, _ language: Language) -> String?
}

/// A course without a record asks nothing again.
extension CourseService {
  /// Nothing is due.
  public func due(_ look: Look) throws -> LessonState? { nil }
  /// No question is known.
  public func asking(_ question: QuestionID, _ look: Look) throws -> LessonState? { nil }
  /// Nothing was missed.
  public func missed(_ look: Look) -> [QuestionPlace] { [] }
  /// Nothing is looked for.
  public func flaw(in lesson: Lesson, _ language: Language) -> String? { nil }
}

extension CourseService {
  /// A course without commands knows nothing.
  public func facts(of link: ToolLink) -> ToolFacts { ToolFacts() }
}
