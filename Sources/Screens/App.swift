internal import Base
internal import Classroom
internal import Lessons
public import Viz

/// The screens that are open, the look that they share, and the only loop.
///
///     var app = try App(opening: .home, look, services)
///     app.run(on: display)
public struct App {
  /// How everything looks; it survives every change of screen.
  public private(set) var look: Look
  /// What went wrong last in computing a run or opening a screen: it was said on the screen, and a caller without one may report it.
  public private(set) var failure: (any Error)?
  private let services: Services
  private var stack: [Opened] = []
  /// Tools that were left and are found again as they were.
  private var left: [Tool: Opened] = [:]
  private var size: Size?
  private var run: (any RunService)?
  /// The text that was typed in the free run in front; nil where it is still the first.
  private var typed: String?
  /// The free run as it was left, which is computed anew up to there.
  private var leftRun: LeftRun?
  /// What keeps the marks of the recording that is open, and goes on with it.
  private var recordingsRecorder: (any RecorderService)?
  /// The menu as it was left: who comes back finds the line where he was.
  private var home: HomeState?
  private var alarms = Alarms()
  /// What all who follow a presentation are to be told once the presenter sees it.
  private var untold: PresentUpdate?
  /// What was computed last before somebody wanted it.
  private var prepared: Coming?
  /// Shows the screen in front while something takes long.
  private var draw: ((App) -> Void)?

  /// Where a run was left: over which text, and in which step.
  private struct LeftRun {
    var text: String?
    var step: Int
  }

  /// A screen that is open, and what answers it.
  private struct Opened {
    var screen: any Screen
    var work: (any WorkService)?
    /// What is being worked out for it.
    var asked: Question?
    /// Where it is found again.
    var tool: Tool?
    /// The tool that it shows within itself, whose work `work` is.
    var shown: ShownTool?
    /// Whether it is the free run.
    var isFreeRun = false

    init(_ screen: any Screen) { self.screen = screen }
  }

  /// Opens the first screen.
  ///
  /// - Throws: why it cannot be opened.
  public init(opening destination: Destination, _ look: Look, _ services: Services) throws {
    self.look = look
    self.services = services
    try open(destination)
  }

  /// Shows screens and hands them messages until the last is left or the display has no more.
  public mutating func run(on display: some Display) {
    draw = { app in
      guard let screen = app.stack.last?.screen else { return }
      display.show(
        Frame(screen.view(display.size, app.look), theme: app.look.theme), isSettled: false)
    }
    send(.look(display.fitted(look)))
    send(.resized(display.size))
    settle()
    while let screen = stack.last?.screen {
      let waits = screen.waits
      if alarms.mayShow(waits, display.now) {
        let frame = Frame(screen.view(display.size, look), theme: look.theme)
        display.show(frame, isSettled: waits.isSettled)
      }
      tell()
      alarms.set(told(waits), display.now, services.stamp)
      guard let messages = display.wait(wakes: wakes, until: alarms.next) else { break }
      if display.isLive, screen is PresentScreen { send(.pressed(display.now)) }
      for message in messages { send(message) }
      for message in alarms.due(display.now, services.stamp) { send(message) }
      settle()
    }
    stop()
  }

  /// Also under a tool that covers it a presentation tells the time.
  private func told(_ waits: Waits) -> Waits {
    guard presentation < stack.count - 1 else { return waits }
    var both = waits
    both.clock = stack[presentation].screen.waits.clock
    return both
  }

  /// Where the presentation is, which a tool may cover; the screen in front where there is none.
  private var presentation: Int {
    stack.lastIndex { $0.screen is PresentScreen } ?? stack.count - 1
  }

  /// What is readable when there is news.
  private var wakes: [Int32] {
    [run?.wake ?? stack.last?.work?.wake].compactMap { $0 } + (services.classroom?.wakes ?? [])
      + (services.follow?.wakes ?? [])
  }

  /// What is computed beside the screen in front is wanted no more.
  private mutating func stop() {
    stopRun()
    giveUp()
  }

  private mutating func tell() {
    if let untold { services.classroom?.publish(untold) }
    untold = nil
    prepare()
  }

  /// Computes what comes next while nobody presses a key: a service keeps what it has computed.
  private mutating func prepare() {
    guard let coming = stack.last?.screen.coming, coming != prepared else { return }
    prepared = coming
    // What cannot run is said once somebody wants to see it.
    switch coming {
    case .scene(let scene): _ = try? services.course?.runs(of: scene)
    case .part(let item):
      if case .lesson = item.source { _ = try? services.classroom?.exhibit(item, look) }
    }
  }

  private mutating func stopRun() {
    run?.cancel()
    (run, recordingsRecorder) = (nil, nil)
  }

  private var recorder: (any RecorderService)? { recordingsRecorder ?? services.recorder }

  /// What was asked for the screen in front is asked again when it is in front once more.
  private mutating func giveUp() {
    guard let top = stack.last, top.asked != nil else { return }
    top.work?.cancel()
    stack[stack.count - 1].asked = nil
  }

  /// Asks for what the screen in front wants, and takes over what has been computed.
  private mutating func settle() {
    ask()
    // What is there at once may lead to the next question.
    var asked: Question?
    repeat {
      asked = stack.last?.asked
      poll()
      ask()
    } while stack.last?.asked != asked
  }

  /// Opens the tool that the screen in front shows within itself, and lets go of the one before.
  private mutating func bringTool() {
    guard let top = stack.last, top.screen.shownTool != top.shown else { return }
    giveUp()
    let wanted = top.screen.shownTool
    stack[stack.count - 1].shown = wanted
    stack[stack.count - 1].work = nil
    guard let wanted else { return }
    attempt { app in
      guard let tool = try app.services.tool(wanted.place, app.look) else { return }
      app.stack[app.stack.count - 1].work = tool.work
      app.send(.shownTool(wanted, tool.screen))
    }
  }

  private mutating func ask() {
    bringTool()
    guard let top = stack.last, let work = top.work, top.screen.question != top.asked else {
      return
    }
    guard let question = top.screen.question else { return giveUp() }
    stack[stack.count - 1].asked = question
    work.ask(question)
    alarms.begin()
  }

  /// Hands a message to the screen in front and does what it asks for.
  private mutating func send(_ message: Message) {
    guard !stack.isEmpty else { return }
    var message = message
    switch message {
    case .glyphsAreWide: message = .look(look.narrowed)
    case .resized(let size): self.size = size
    default: break
    }
    if case .look(let look) = message { self.look = look }
    for effect in stack[receiver(of: message)].screen.update(message) { perform(effect) }
  }

  /// What a class does, and the time, is the presentation's, whatever covers it.
  private func receiver(of message: Message) -> Int {
    switch message {
    case .audience, .command, .time: presentation
    default: stack.count - 1
    }
  }

  /// What the presenter wants at another terminal; what nobody sees does not move, but comes back first.
  private mutating func hear(_ command: PresentCommand) {
    if presentation < stack.count - 1, command.movesWall { return back() }
    send(.command(command))
  }

  /// Takes over what has been computed.
  private mutating func poll() {
    if let work = stack.last?.work {
      attempt { app in
        if let findings = try work.news { app.send(.findings(findings)) }
      }
    }
    if let news = services.classroom?.news {
      send(.audience(news))
      for command in news.commands { hear(command) }
    }
    for news in services.follow?.news ?? [] { send(.presentation(news)) }
    guard let run else { return }
    attempt { app in
      let news = try run.news
      app.send(.trace(news.trace, news.progress))
    }
  }

  // MARK: Effects

  private mutating func perform(_ effect: Effect) {
    switch effect {
    case .open(let destination): attempt { try $0.open(destination) }
    case .openNext(let id): attempt { try $0.openNext(after: id) }
    case .back: back()
    case .quit: stack = []
    case .compute(let step): run?.want(step)
    case .begin(let text): begin(text)
    case .record(let start, let planned, let name, let replaces):
      attempt { try $0.record(start, planned, name, replaces: replaces) }
    case .keepMarks(let marks): attempt { try $0.recorder?.keep(marks) }
    case .takeOver(let step): attempt { try $0.takeOver(from: step) }
    case .showScene(let scene):
      attempt { app in
        if let runs = try app.services.course?.runs(of: scene) { app.send(.scene(runs)) }
      }
    case .askTool(let link):
      if let facts = services.course?.facts(of: link) { send(.toolFacts(facts)) }
    case .translate(let lesson, let language): translate(lesson, language)
    case .reread(let lesson, let language):
      attempt { app in
        guard let lesson = try app.services.course?.reread(lesson, language) else { return }
        app.attempt { try $0.replace(with: lesson, isEdited: true) }
        if let flaw = app.services.course?.flaw(in: lesson, language) { app.send(.note(flaw)) }
      }
    case .listMissed: send(.missed(services.course?.missed(look) ?? []))
    case .keep(let state):
      if let sentence = services.course?.keep(state) { send(.note(sentence)) }
    case .showExhibit(let item): attempt { try $0.show(item) }
    case .showShared(let source):
      attempt { app in try app.show(app.services.follow?.exhibit(source, app.look)) }
    case .say(let command): services.follow?.say(command)
    case .publish(let update): untold = update
    case .setLook(let look): self.look = look
    }
  }

  /// Does something that may fail; what went wrong is said on the screen.
  private mutating func attempt(_ work: (inout App) throws -> Void) {
    do {
      try work(&self)
    } catch {
      failure = error
      send(.failed((error as? any Explained) ?? Unforeseen(error: error)))
    }
  }

  private mutating func open(_ destination: Destination) throws {
    giveUp()
    switch destination {
    case .home:
      try openHome()
    case .lesson(let name):
      guard let lesson = try services.course?.lesson(name, look) else { return }
      keepHome()
      stack = [Opened(LessonScreen(lesson))]
    case .due: try openDue()
    case .question(let id):
      guard let lesson = try services.course?.asking(id, look) else { return }
      stack.append(Opened(LessonScreen(lesson, isAbove: true)))
    case .tool(let place): try open(place)
    case .run: try openRun()
    case .recording(let path):
      guard let opened = try services.recording(path) else { return }
      show(opened.run)
      recordingsRecorder = opened.recorder
    case .presentation: try openPresentation()
    case .following: stack.append(Opened(FollowScreen(look)))
    case .notes: stack.append(Opened(NotesScreen(look)))
    }
    if let size { send(.resized(size)) }
  }

  private mutating func openDue() throws {
    guard let lesson = try services.course?.due(look) else { return try openHome() }
    keepHome()
    stack = [Opened(LessonScreen(lesson))]
  }

  /// A presentation where it was left; its first part has to be there.
  private mutating func openPresentation() throws {
    guard let opening = try services.classroom?.opening(look) else { return }
    let screen = PresentScreen(opening, look)
    stack.append(Opened(screen))
    for effect in screen.opening {
      if case .showExhibit(let item) = effect { try show(item) } else { perform(effect) }
    }
  }

  /// Puts a part of a lecture on the wall.
  private mutating func show(_ item: LectureItem) throws {
    try show(services.classroom?.exhibit(item, look))
  }

  private mutating func show(_ exhibit: OpenExhibit?) throws {
    switch exhibit {
    case nil: break
    case .lesson(let lesson):
      stopRun()
      send(.exhibit(.lesson(lesson)))
    case .run(let run, let recorder):
      stopRun()
      (self.run, recordingsRecorder) = (run, recorder)
      run.want(1)
      alarms.begin()
      send(.exhibit(.run(run.start)))
    }
    if let size { send(.resized(size)) }
  }

  private mutating func show(_ run: any RunService) {
    self.run = run
    run.want(1)
    stack.append(Opened(RunScreen(run.start, look)))
    alarms.begin()
  }

  /// The free run over the text and in the step that it was left with.
  private mutating func openRun() throws {
    let run = try services.makeRun()
    typed = leftRun?.text
    if let typed { _ = try run.begin(over: typed) }
    show(run)
    stack[stack.count - 1].isFreeRun = true
    guard let step = leftRun?.step else { return }
    run.want(step)
    stack[stack.count - 1].screen = RunScreen(run.start, look, goingOnAt: step)
  }

  private mutating func keepRun(_ opened: Opened) {
    guard opened.isFreeRun, let screen = opened.screen as? RunScreen else { return }
    leftRun = LeftRun(text: typed, step: screen.state.moment.step)
  }

  /// The menu as things stand now, at the line where it was left; from a lesson at that lesson.
  private mutating func openHome() throws {
    guard var state = try services.course?.home(look) else { return stack = [] }
    keepHome()
    if let home { state.goOn(from: home) }
    if let lesson = stack.last?.screen as? LessonScreen {
      if lesson.isReview { state.selectReview() } else { state.select(lesson: lesson.id) }
    }
    var opened = Opened(HomeScreen(state))
    opened.work = services.pictures
    stack = [opened]
  }

  private mutating func keepHome() {
    if let screen = stack.last?.screen as? HomeScreen { home = screen.state }
  }

  /// A tool as it was left; one that is wanted at a place begins there.
  private mutating func open(_ place: ToolPlace) throws {
    if place.arguments.isEmpty, let opened = left.removeValue(forKey: place.tool) {
      stack.append(opened)
    } else {
      guard let tool = try services.tool(place, look) else { return }
      var opened = Opened(tool.screen)
      opened.work = tool.work
      if place.arguments.isEmpty { opened.tool = place.tool }
      stack.append(opened)
    }
    send(.look(look))
  }

  private mutating func openNext(after id: String) throws {
    if let next = try services.course?.next(after: id) { return try open(.lesson(next)) }
    try open(.home)
    send(
      .note(
        look.language(
          "课程走完了；过几天来复习：到期的题排在最上面",
          "that was the last lesson; in some days, what is to be asked again stands at the top")))
  }

  private mutating func back() {
    stop()
    let opened = stack.removeLast()
    if let tool = opened.tool, opened.screen.isKept { left[tool] = opened }
    keepRun(opened)
    send(.look(look))
    send(.uncovered)
  }

  /// A text that cannot be run is no failure of the program: it is typed anew.
  private mutating func begin(_ text: String) {
    do {
      guard let start = try run?.begin(over: text) else { return }
      typed = text
      alarms.begin()
      send(.run(start))
    } catch {
      send(.failed((error as? any Explained) ?? Unforeseen(error: error)))
    }
  }

  private mutating func record(
    _ start: RunStart, _ plannedSteps: Int, _ name: String, replaces: Bool
  ) throws {
    guard let recorder else { return }
    let isKept = try recorder.keep(
      start, plannedSteps: plannedSteps, as: name, replaces: replaces
    ) { done, all in
      send(.note("\(name) \(100 * done / max(1, all)) %"))
      draw?(self)
    }
    send(isKept ? .recorded(name) : .isThere(name))
  }

  private mutating func takeOver(from step: Int) throws {
    guard let run = try recorder?.takeOver(from: step) else { return }
    self.run?.cancel()
    self.run = run
    run.want(step)
    send(.live(RunStart(trace: run.start.trace, longest: run.start.longest, step: step)))
  }

  private mutating func translate(_ lesson: Lesson, _ language: Language) {
    guard let lesson = services.course?.translation(of: lesson, language) else { return }
    attempt { try $0.replace(with: lesson, isEdited: false) }
  }

  private mutating func replace(with lesson: Lesson, isEdited: Bool) throws {
    let scene: SceneSpec?
    switch stack.last?.screen {
    case let screen as LessonScreen: scene = screen.scene(in: lesson)
    case let screen as PresentScreen: scene = screen.scene(in: lesson)
    case let screen as FollowScreen: scene = screen.scene(in: lesson)
    case let screen as NotesScreen: scene = screen.scene(in: lesson)
    default: scene = nil
    }
    guard let scene, let runs = try services.course?.runs(of: scene) else { return }
    send(.lesson(lesson, runs, isEdited: isEdited))
  }
}

extension PresentCommand {
  /// Whether the class sees what it does.
  fileprivate var movesWall: Bool {
    switch self {
    case .moreTime, .lessTime, .hands: false
    default: true
    }
  }
}

/// An error that no type of the program's own stands for.
private struct Unforeseen: Explained {
  let error: any Error
  var status: Int32 { ExitStatus.internalError.rawValue }

  func message(_ language: Language) -> String? { "\(error)" }
}
