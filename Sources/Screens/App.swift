internal import Base
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
  private var stack: [any Screen] = []
  /// Screens that were left, by where they are found again.
  private var left: [Destination: any Screen] = [:]
  private var size: Size?
  private var run: (any RunService)?
  private var growth: (any GrowthService)?
  private var phases: (any PhasesService)?
  private var alarms = Alarms()
  /// Shows the screen in front while something takes long.
  private var draw: ((App) -> Void)?

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
      guard let screen = app.stack.last else { return }
      display.show(
        Frame(screen.view(display.size, app.look), theme: app.look.theme), isSettled: false)
    }
    send(.look(display.fitted(look)))
    send(.resized(display.size))
    poll()
    while let screen = stack.last {
      let waits = screen.waits
      if alarms.mayShow(waits, display.now) {
        let frame = Frame(screen.view(display.size, look), theme: look.theme)
        display.show(frame, isSettled: waits.isSettled)
      }
      alarms.set(waits, display.now, services.stamp)
      guard
        let messages = display.wait(
          wake: run?.wake ?? growth?.wake ?? phases?.wake, until: alarms.next)
      else {
        break
      }
      for message in messages { send(message) }
      for message in alarms.due(display.now, services.stamp) { send(message) }
      poll()
    }
    stop()
  }

  /// What was computed beside the screens is wanted no more.
  private mutating func stop() {
    run?.cancel()
    growth?.cancel()
    phases?.cancel()
    (run, growth, phases) = (nil, nil, nil)
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
    for effect in stack[stack.count - 1].update(message) { perform(effect) }
  }

  /// Takes over what has been computed.
  private mutating func poll() {
    if let growth { attempt { $0.send(.growth(try growth.news)) } }
    if let phases { attempt { $0.send(.phases(try phases.news)) } }
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
    case .keepMarks(let marks): attempt { try $0.services.recorder?.keep(marks) }
    case .takeOver(let step): attempt { try $0.takeOver(from: step) }
    case .showScene(let scene):
      attempt { app in
        if let runs = try app.services.course?.runs(of: scene) { app.send(.scene(runs)) }
      }
    case .translate(let lesson, let language): translate(lesson, language)
    case .reread(let lesson, let language):
      attempt { app in
        guard let lesson = try app.services.course?.reread(lesson, language) else { return }
        try app.replace(with: lesson, isEdited: true)
      }
    case .keep(let state):
      if let sentence = services.course?.keep(state) { send(.note(sentence)) }
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
    switch destination {
    case .home:
      guard let home = try services.course?.home(look) else { return stack = [] }
      stack = [HomeScreen(home)]
    case .lesson(let name):
      guard let lesson = try services.course?.lesson(name, look) else { return }
      stack = [LessonScreen(lesson)]
    case .planner:
      stack.append(try left[.planner] ?? PlannerScreen(services.planner(look)))
      send(.look(look))
    case .run:
      let run = try services.makeRun()
      self.run = run
      run.want(1)
      stack.append(RunScreen(run.start, look))
      alarms.begin()
    case .growth:
      guard let growth = try services.makeGrowth?() else { return }
      self.growth = growth
      growth.begin()
      stack.append(GrowthScreen(growth.start, look))
      alarms.begin()
    case .phases:
      guard let phases = try services.makePhases?() else { return }
      self.phases = phases
      phases.begin()
      stack.append(PhasesScreen(phases.start, look))
      alarms.begin()
    }
    if let size { send(.resized(size)) }
  }

  private mutating func openNext(after id: String) throws {
    try open(services.course?.next(after: id).map { .lesson($0) } ?? .home)
  }

  private mutating func back() {
    stop()
    let screen = stack.removeLast()
    if let place = screen.place { left[place] = screen }
    send(.look(look))
    send(.uncovered)
  }

  /// A text that cannot be run is no failure of the program: it is typed anew.
  private mutating func begin(_ text: String) {
    do {
      guard let start = try run?.begin(over: text) else { return }
      alarms.begin()
      send(.run(start))
    } catch {
      send(.failed((error as? any Explained) ?? Unforeseen(error: error)))
    }
  }

  private mutating func record(
    _ start: RunStart, _ plannedSteps: Int, _ name: String, replaces: Bool
  ) throws {
    guard let recorder = services.recorder else { return }
    let isKept = try recorder.keep(
      start, plannedSteps: plannedSteps, as: name, replaces: replaces
    ) { done, all in
      send(.note("\(name) \(100 * done / max(1, all)) %"))
      draw?(self)
    }
    send(isKept ? .recorded(name) : .isThere(name))
  }

  private mutating func takeOver(from step: Int) throws {
    guard let run = try services.recorder?.takeOver(from: step) else { return }
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
    guard let screen = stack.last as? LessonScreen else { return }
    let scene = screen.scene(in: lesson)
    guard let runs = try services.course?.runs(of: scene) else { return }
    send(.lesson(lesson, runs, isEdited: isEdited))
  }
}

/// An error that no type of the program's own stands for.
private struct Unforeseen: Explained {
  let error: any Error
  var status: Int32 { ExitStatus.internalError.rawValue }

  func message(_ language: Language) -> String? { "\(error)" }
}
