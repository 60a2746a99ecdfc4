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
  /// The planner as it begins.
  public let planner: (Look) throws -> PlannerState
  /// Prepares the measurement of the growth screen; nil where there is none.
  public let makeGrowth: (() throws -> any GrowthService)?
  /// Prepares the measurement of prefill and decode; nil where there is none.
  public let makePhases: (() throws -> any PhasesService)?
  /// What changes with a file's content; nil where there is no file.
  public let stamp: (String) -> AnyHashable?

  /// Creates services.
  public init(
    course: (any CourseService)? = nil, recorder: (any RecorderService)? = nil,
    planner: @escaping (Look) throws -> PlannerState = { try PlannerState($0) },
    makeGrowth: (() throws -> any GrowthService)? = nil,
    makePhases: (() throws -> any PhasesService)? = nil,
    stamp: @escaping (String) -> AnyHashable? = { FileStamp($0) },
    makeRun: @escaping () throws -> any RunService
  ) {
    self.makeRun = makeRun
    self.course = course
    self.recorder = recorder
    self.planner = planner
    self.makeGrowth = makeGrowth
    self.makePhases = makePhases
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

/// A measurement, here or elsewhere.
public protocol MeasurementService<Start, News>: AnyObject {
  /// What a measurement is at its beginning.
  associatedtype Start
  /// What a measurement gives.
  associatedtype News
  /// What is measured.
  var start: Start { get }
  /// As far as it is measured; or why it goes no further.
  var news: News { get throws }
  /// A descriptor that is readable when there is news.
  var wake: Int32? { get }
  /// Begins to measure.
  func begin()
  /// Measures no further, for good.
  func cancel()
}

/// A measurement of growth: its points, computed ones behind them at the end.
public typealias GrowthService = MeasurementService<GrowthStart, Growth>

/// A measurement of prefill and decode: its passes.
public typealias PhasesService = MeasurementService<PhasesStart, Phases>

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
  /// Keeps what was done; returns what is to be said about that.
  func keep(_ lesson: LessonState) -> String?
}
