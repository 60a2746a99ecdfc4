public import Base
public import Lessons
internal import Trace
public import Viz

/// What the lesson asks of the program around it.
public enum LessonRequest: Hashable, Sendable {
  /// Back to the menu.
  case leave
  /// The next lesson, from the end of this one.
  case nextLesson
  /// The next question that is to be asked again.
  case nextDue
  /// A question that was missed, above the lesson.
  case visit(QuestionID)
  /// A tool at a place, above the lesson.
  case open(ToolLink)
  /// What a command prints, by which a setting is judged.
  case facts(ToolLink)
  /// Leave the program.
  case quit
}

/// A learner's way through one lesson; changed by keys only, like `ViewerState`.
public struct LessonState: Sendable {
  /// The lesson.
  public private(set) var lesson: Lesson
  /// The step that is open, counted from 0.
  public internal(set) var index: Int
  /// The scene's run beside the text.
  public internal(set) var viewer: ViewerState
  /// The run of the scene's second text.
  private(set) var comparison: Trace?
  /// What commands print that the screen's expressions ask for.
  var tools = ToolFacts()
  /// The tool in the run's place, as it was left.
  var tool: ToolScene?
  /// How many screens were opened: each opens its tool anew.
  private(set) var visit = 0
  /// Why it cannot be shown.
  var toolFailure: String?
  /// Whether keys are the tool's.
  var isInTool = false
  /// The place of the question that was answered last, which the picture then shows.
  var answeredPlace: ToolLink?
  /// A setting that is being judged.
  var asked: AskedSetting?
  /// Whether a presentation holds the questions, and nobody answers them here.
  var isHeldByClass = false
  /// The quiz that was just answered; Enter goes on from it.
  var reviewed: String?
  /// Quizzes by id.
  public internal(set) var quizzes: [String: QuizState] = [:]
  /// The part of the picture that words of the text are about, while it is lit.
  var pointed: PicturePlace?
  /// What mixes options and draws numbers, as long as the lesson is learned; nil for the order of the file.
  public let seed: Int?
  /// How often each quiz was begun anew.
  public internal(set) var tries: [String: Int]
  /// Lines that the text is scrolled by from where it begins.
  public internal(set) var scroll = 0
  /// Lines that a pinned text is scrolled back from what it is pinned to; less than none where it is scrolled on.
  public internal(set) var scrollBack = 0
  /// The screen's, where it is known: no text scrolls beyond its end.
  private(set) var size: Size?
  /// The page of keys.
  var help = HelpPage()
  /// Whether the page says what words mean, and not what keys do.
  var showsTerms = false
  /// The words of the screen that the page explains, as they were when it was opened.
  var explained: [Term] = []
  /// The course's terms; nil where there are none.
  public var terms: TermList?
  /// How many of the missed questions are scrolled away above those that are listed.
  var listTop = 0
  /// A sentence for the learner, until the next key.
  public internal(set) var notice: String?
  /// What the program around should do.
  public internal(set) var request: LessonRequest?
  /// Ids of steps left forwards.
  public internal(set) var doneSteps: Set<String> = []
  /// Whether the last step was left forwards.
  public internal(set) var isDone = false
  /// Whether a question is asked again here: the place where the learner goes on stays.
  public internal(set) var isReview = false
  /// What the learner missed, for the screen that shows it; nil where nobody's record is at hand.
  public var missed: [QuestionPlace]?

  /// Opens a lesson.
  ///
  /// - Parameters:
  ///   - lesson: the lesson.
  ///   - progress: where to go on.
  ///   - look: language, theme and glyphs.
  ///   - traces: the runs of the step that is opened.
  public init(
    _ lesson: Lesson, progress: LessonProgress?, look: Look, traces: SceneRuns
  ) {
    seed = progress?.seed
    tries = progress?.tries ?? [:]
    self.lesson = lesson.drawn(tries: tries, seed: seed)
    index = Self.index(of: progress?.current, in: lesson)
    doneSteps = progress?.steps ?? []
    isDone = progress?.isDone ?? false
    viewer = ViewerState(
      trace: traces.run, longest: traces.run.steps.last?.length ?? 1, look: look)
    (comparison, tools) = (traces.comparison, traces.tools)
    for (id, result) in progress?.quizzes ?? [:] {
      var state = QuizState()
      state.outcome = result == .shown ? .shown : .right
      state.mistakes = result == .helped ? 1 : 0
      quizzes[id] = state
    }
    arrange()
  }

  /// How everything looks now.
  public var look: Look {
    get { viewer.look }
    set { viewer.look = newValue }
  }

  /// The step at which a lesson is gone on with.
  public static func index(of id: String?, in lesson: Lesson) -> Int {
    lesson.steps.firstIndex { $0.id == id } ?? 0
  }

  /// The step that is open.
  public var step: LessonStep { lesson.steps[index] }

  /// The language of the lesson.
  public var language: Language { viewer.language }

  /// The first quiz of the step that is still open; none while an answered one is looked at.
  var activeQuiz: Quiz? { reviewed == nil ? openQuiz : nil }

  /// The first quiz of the step that is still open.
  var openQuiz: Quiz? { step.quizzes.first { quizzes[$0.id]?.outcome ?? .open == .open } }

  /// Takes over the runs of the step that is now open.
  public mutating func show(_ traces: SceneRuns) {
    viewer.restart(traces.run, longest: traces.run.steps.last?.length ?? 1)
    comparison = traces.comparison
    // What was answered elsewhere is still spoken of.
    tools.add(traces.tools)
    visit += 1
    arrange()
  }

  /// Takes over a lesson whose file was edited; the place and the answers stay.
  public mutating func replace(_ lesson: Lesson, traces: SceneRuns) {
    let (old, place, isIn, visit) = (step.scene, answeredPlace, isInTool, visit)
    self.lesson = lesson.drawn(tries: tries, seed: seed)
    index = Self.index(of: old.id, in: lesson)
    show(traces)
    guard step.scene.tool == old.tool, step.scene.knobs == old.knobs else { return }
    (answeredPlace, isInTool, self.visit) = (place, isIn, visit)
  }

  /// The answered quiz that can be tried again: the one that is looked at, else the step's last.
  var retriable: Quiz? {
    guard activeQuiz == nil, !isHeldByClass else { return nil }
    return step.quizzes.first { $0.id == reviewed }
      ?? lastAnswered
  }

  /// Begins a quiz anew, with other numbers where it has some.
  mutating func tryAgain(_ quiz: Quiz) {
    drawAnew(quiz.id)
    quizzes[quiz.id] = nil
    arrange()
  }

  /// Counts a new try at a quiz, which has other numbers where some are drawn.
  mutating func drawAnew(_ quiz: String) {
    tries[quiz, default: 0] += 1
    lesson = lesson.drawn(tries: tries, seed: seed)
  }

  /// The places in the file of a quiz's options, in the order in which they are shown.
  func optionOrder(_ quiz: Quiz) -> [Int] {
    if case .token = quiz.kind { return Array(0..<grader(quiz).candidateCount) }
    return quiz.optionOrder(seed: seed)
  }

  /// How the quizzes ended that did.
  public var results: [String: QuizResult] { quizzes.compactMapValues(\.result) }

  /// Takes note of the screen's size.
  mutating func resize(_ size: Size) {
    self.size = size
    fitTool()
  }

  /// Forgets what was asked for: it cannot be had.
  public mutating func clearRequest() { request = nil }

  /// Says something until the next key.
  public mutating func note(_ sentence: String) { notice = sentence }

  /// The screen's size; a common one until it is known.
  var shownSize: Size { size ?? Size(columns: 80, rows: 24) }

  /// Whether a question stays in view: its answer is being made, or was just given.
  var isPinned: Bool {
    guard reviewed == nil else { return true }
    guard let state = activeQuiz.flatMap({ quizzes[$0.id] }) else { return false }
    return !state.entry.isEmpty || state.hints > 0 || state.mistakes > 0
  }

  /// Puts the viewer where the scene or a question wants it.
  mutating func arrange() {
    let scene = step.scene
    viewer.open(
      step: scene.step, layer: scene.layer - 1, head: scene.head - 1, depth: scene.depth,
      cell: scene.point.isEmpty ? nil : (scene.point[0] - 1, scene.point[1] - 1))
    (answeredPlace, toolFailure, isInTool, asked) = (nil, nil, false, nil)
    scroll = 0
    scrollBack = 0
    listTop = 0
    pointed = nil
    reviewed = nil
    showAnswered()
    prepareQuiz()
  }

  /// Whoever comes back finds the picture at what was answered last.
  private mutating func showAnswered() {
    guard let quiz = lastAnswered else { return }
    show(askedStep: quiz)
    answeredPlace = quizzes[quiz.id]?.place ?? quiz.place
  }

  /// The last of the step's quizzes that is not open any more.
  var lastAnswered: Quiz? {
    step.quizzes.last { quizzes[$0.id]?.outcome ?? .open != .open }
  }

  /// Opens the active quiz: a painting stands at the step that it asks about.
  mutating func prepareQuiz() {
    guard let quiz = activeQuiz else { return }
    if quizzes[quiz.id] == nil { quizzes[quiz.id] = QuizState() }
    guard case .cells(let target, let pane) = quiz.kind else { return }
    show(askedStep: quiz)
    guard quizzes[quiz.id]?.painting == nil else { return }
    let isStrip = target == .new || target == .read
    let newest = viewer.step.length - 1
    quizzes[quiz.id]?.painting = Painting(
      run: pane == .uncached ? .uncached : .cached, isStrip: isStrip,
      cursor: GridPoint(query: isStrip ? 0 : newest, key: isStrip ? newest : 0))
  }

  /// Shows the step that a question asks about: its end, or where one goes operation by operation the one that one has come to.
  mutating func show(askedStep quiz: Quiz) {
    if let place = quiz.place, quizzes[quiz.id]?.place == nil { answeredPlace = place }
    // A question about the scene's own step leaves the learner where he is in it.
    if quiz.at == nil, quiz.painted == nil, viewer.moment.step == step.scene.step { return }
    let (moment, layer) = (viewer.moment, viewer.layer)
    viewer.open(
      step: quiz.at ?? step.scene.step, layer: viewer.layer, head: viewer.head,
      depth: viewer.depth, cell: nil, isAtEnd: true)
    guard quiz.painted == nil, viewer.depth == .operation, !moment.isEndOfStep else { return }
    // Beside the grid alone nothing is seen before its scores.
    let isBefore = !step.scene.code && moment.operation.rawValue < Operation.scores.rawValue
    viewer.stand(
      at: isBefore ? .scores : moment.operation, layer: isBefore ? layer : moment.layer)
  }

  /// The run's word on a quiz.
  func grader(_ quiz: Quiz) -> Grader {
    let asked = min(quiz.at ?? step.scene.step, viewer.trace.steps.count)
    var state = viewer
    state.show(step: asked)
    return Grader(
      quiz: quiz,
      evaluator: Evaluator(
        viewer.trace, comparison: comparison, step: asked, tools: tools.at(place(of: quiz)),
        drawn: quiz.values), state: state)
  }

  /// The values of the scene's own step, which prose speaks of.
  var evaluator: Evaluator {
    Evaluator(
      viewer.trace, comparison: comparison,
      step: min(step.scene.step, viewer.trace.steps.count), tools: tools.at(step.scene.tool))
  }

  /// The place of the tool that a question's expressions mean.
  private func place(of quiz: Quiz) -> ToolLink? {
    quizzes[quiz.id]?.place ?? quiz.place ?? step.scene.tool
  }
}
