import Base
import Classroom
import TestSupport
import Testing
import Trace
import Viz

@testable import Lessons
@testable import Screens

/// A screen that follows a presentation, and the program around it: lessons made from text, a run that is known.
struct Following<Followed: Screen> {
  private(set) var screen: Followed
  /// What the presentation was told to do.
  private(set) var said: [PresentCommand] = []
  private(set) var isLeft = false
  /// Parts that were opened.
  private(set) var opened = 0
  private let body: String
  private var look: Look
  private let library = BundledRuns()
  private var run: FakeRun?
  /// The scene of the lesson's second screen.
  var scene = "id: two\nstep: 3"
  /// Whether steps are computed as soon as they are wanted.
  var isSlow = false

  init(_ screen: Followed, _ body: String = "", _ look: Look = Look()) {
    (self.screen, self.body, self.look) = (screen, body, look)
  }

  /// Sends a message, and does what the screen asks for as the program does.
  mutating func send(_ message: Message) throws {
    for effect in screen.update(message) { try perform(effect) }
  }

  mutating func press(_ keys: String) throws {
    for name in keys.split(separator: " ") {
      try send(.key(try #require(Key(tmuxName: String(name)))))
    }
  }

  mutating func hear(_ document: PresentationDocument) throws {
    try send(.presentation(.document(document)))
  }

  mutating func lose() throws {
    try send(.presentation(.absent(ClassroomError.noPresentation(path: "/tmp/x"))))
  }

  /// Everything that is wanted of the run is computed.
  mutating func compute(_ step: Int) throws {
    run?.compute(step)
    if let run { try send(.trace(run.news.trace, nil)) }
  }

  private mutating func perform(_ effect: Effect) throws {
    switch effect {
    case .showShared(let source):
      opened += 1
      do {
        try send(.exhibit(try exhibit(source)))
      } catch let error as any Explained {
        try send(.failed(error))
      }
      try news()
    case .showScene(let scene): try send(.scene(try library.runs(of: scene)))
    case .translate(_, let language):
      let lesson = try Material.lesson(body, scene: scene, language: language)
      let runs = try library.runs(of: lesson.steps[1].scene)
      try send(.lesson(lesson, runs, isEdited: false))
    case .compute(let step):
      guard !isSlow, let run, step > (try run.news.trace.steps.count) else { return }
      run.compute(step)
      try news()
    case .setLook(let look): self.look = look
    case .say(let command): said.append(command)
    case .quit: isLeft = true
    default: break
    }
  }

  private mutating func news() throws {
    if let run { try send(.trace(run.news.trace, nil)) }
  }

  private mutating func exhibit(_ source: ShownPlace.Source) throws -> Message.Exhibited {
    run = nil
    switch source {
    case .lesson("01-test", let screen):
      let lesson = try Material.lesson(body, scene: scene, language: look.language)
      guard let step = lesson.steps.first(where: { $0.id == screen }) else {
        throw FollowError.noScreen(screen, lesson: lesson.id)
      }
      var progress = LessonProgress()
      progress.current = screen
      return .lesson(
        LessonState(
          lesson, progress: progress, look: look, traces: try library.runs(of: step.scene)))
    case .run(arguments: []):
      let run = FakeRun(try Material.trace())
      if !isSlow { run.compute(1) }
      self.run = run
      return .run(run.start)
    default: throw Refusal()
    }
  }

  /// What the screen reads.
  func text(_ size: Size = Size(columns: 80, rows: 24)) -> String {
    screen.view(size, look).plainText
  }
}

/// States of a presentation.
enum Told {
  static let number = """
    ```quiz
    id: cells
    kind: number
    at: 4
    ask: 下一步要算几格？
    answer: uncached.cells
    replies:
      cached.cells: 那是有缓存的时候。
    why: 四行四列。
    ```
    """
  static let choice = """
    ```quiz
    id: rows
    kind: choice
    at: 4
    ask: 下一步有几行？
    options:
      - {text: 三行, if: uncached.rows == 3, reply: 那是这一步。}
      - {text: 四行, if: uncached.rows == 4}
    why: 四个字，四行。
    ```
    """
  static let marks = """
    ```quiz
    id: marks
    kind: cells
    mark: computed
    pane: uncached
    ask: 标出算了的格。
    why: 都算了。
    ```
    """

  static func lesson(
    _ screen: String = "two", step: Int = 3, layer: Int = 1, head: Int = 1, cell: ShownCell? = nil,
    _ question: HeldQuestion? = nil, backstage: Backstage? = nil
  ) -> PresentationDocument {
    document(
      ShownPlace(
        .lesson(id: "01-test", screen: screen), step: step, layer: layer, head: head, cell: cell),
      question, backstage)
  }

  static func run(
    step: Int = 1, layer: Int = 1, head: Int = 1, cell: ShownCell? = nil
  ) -> PresentationDocument {
    document(
      ShownPlace(.run(arguments: []), step: step, layer: layer, head: head, cell: cell), nil, nil)
  }

  static func document(
    _ place: ShownPlace, _ question: HeldQuestion?, _ backstage: Backstage? = nil
  ) -> PresentationDocument {
    PresentationDocument(
      sequence: 1, language: .chinese, place: place, sentence: "这一步。", question: question,
      backstage: backstage)
  }

  /// The second screen while its question is voted on.
  static func asking(_ backstage: Backstage? = nil) -> PresentationDocument {
    lesson(step: 3, question(.vote), backstage: backstage)
  }

  static func question(
    _ phase: QuestionPhase, _ id: String = "rows", options: [String]? = ["三行", "四行"],
    answered: Int = 0, reveal: QuestionReveal? = nil
  ) -> HeldQuestion {
    HeldQuestion(
      id: "01-test/" + id, ask: "下一步有几行？", options: options, phase: phase, answered: answered,
      reveal: reveal)
  }

  static func backstage(_ counts: [[Int]] = [], answer: Double? = nil, notes: [String] = ["慢一点。"])
    -> Backstage
  {
    var backstage = Backstage(
      items: [
        Backstage.Item(title: "逐字生成", minutes: 5, seconds: 360),
        Backstage.Item(title: "试课", minutes: 7, seconds: 250),
        Backstage.Item(title: "以后", minutes: nil, seconds: 0),
      ], item: 1, notes: notes)
    (backstage.counts, backstage.answer) = (counts, answer)
    (backstage.phones, backstage.terminals, backstage.timer) = (31, 4, 45)
    backstage.nextScreen = "three"
    return backstage
  }
}
