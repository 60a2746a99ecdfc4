internal import Base
internal import Classroom
internal import Lessons
internal import Trace
internal import Viz

/// What a presentation shows, opened here too: for who follows it, and for the presenter's notes.
///
/// A document comes from another program, so nothing of it is taken for granted: what it names may not be there.
struct Mirror {
  /// The newest state of the presentation.
  private(set) var document: PresentationDocument?
  /// Why nothing is heard of it; nil while something is, and before anything was.
  private(set) var absence: (any Explained)?
  /// What is shown here; nil until it is open, and where it cannot be.
  private(set) var exhibit: Exhibit?
  /// Why what the presentation shows cannot be shown here.
  private(set) var failure: (any Explained)?
  /// Where the presentation was when it was last gone along with; nil where it has moved since.
  private(set) var place: ViewerState.Place?
  /// What `exhibit` was opened as.
  private var opened: ShownPlace.Source?
  /// What is being opened.
  private var wanted: ShownPlace.Source?
  /// The lesson at a screen whose runs are not there yet.
  private var coming: LessonState?
  /// What could not be opened, and is not tried again by itself.
  private var refused: ShownPlace.Source?

  /// Whether the presentation is heard.
  var isHeard: Bool { document != nil && absence == nil }

  /// Whether the presentation was ended, and is not lost.
  var hasEnded: Bool {
    if case .hasEnded? = absence as? ClassroomError { true } else { false }
  }

  /// Whether the runs of a screen are waited for.
  var isComing: Bool { coming != nil }

  /// Whether the wall is blank, as far as is heard.
  var isBlank: Bool { isHeard && document?.isBlank == true }
  /// What is on the wall before or behind the lecture's parts.
  var cover: ShownCover? { isHeard ? document?.cover : nil }

  /// The question that is held.
  var question: HeldQuestion? { document?.question }

  /// Whether a question is held whose answer nobody is to see yet.
  var isAsking: Bool { question.map { $0.phase != .reveal } ?? false }

  /// Whether what is shown here is what the presentation shows, be it elsewhere in it.
  var isAtHand: Bool {
    guard let source = document?.place.source, let opened, let exhibit else { return false }
    guard opened.isPart(of: source) else { return false }
    if case .lesson(_, let screen) = source { return exhibit.lesson?.step.id == screen }
    return true
  }

  // MARK: What is heard

  /// Takes the newest state; where one is then is another matter.
  mutating func hear(_ document: PresentationDocument) {
    if document.place != self.document?.place || document.question != self.document?.question {
      place = nil
    }
    self.document = document
    absence = nil
  }

  /// Nothing is heard any more.
  mutating func lose(_ reason: any Explained) { absence = reason }

  /// Tries again what could not be opened.
  mutating func tryAgain() { refused = nil }

  // MARK: Going along

  /// Goes where the presentation is.
  mutating func goAlong() -> [Effect] {
    guard let document, wanted == nil, document.place.source != refused else { return [] }
    let source = document.place.source
    guard let opened, opened.isPart(of: source), let exhibit else {
      wanted = source
      return [.showShared(source)]
    }
    switch (exhibit, source) {
    case (.lesson(let lesson), .lesson(let id, let screen)):
      return go(lesson, screen: screen, of: id)
    case (.run(var run), _):
      run.follow(document.place)
      self.exhibit = .run(run)
      place = run.state.place
      return [.compute(upTo: run.state.wantedStep)]
    default: return []
    }
  }

  private mutating func go(_ lesson: LessonState, screen: String, of id: String) -> [Effect] {
    guard let document else { return [] }
    var lesson = lesson
    if lesson.step.id != screen {
      guard lesson.lesson.steps.contains(where: { $0.id == screen }) else {
        wanted = document.place.source
        fail(FollowError.noScreen(screen, lesson: id))
        return []
      }
      lesson.open(screen: screen)
      (coming, wanted) = (lesson, document.place.source)
      return [.showScene(lesson.step.scene)]
    }
    lesson.hold(as: document.question)
    lesson.follow(document.place)
    exhibit = .lesson(lesson)
    place = lesson.viewer.place
    return []
  }

  /// Stays where one is, but sees no further than the question lets.
  mutating func stay() {
    guard isAtHand, var lesson = exhibit?.lesson else { return }
    lesson.holdInPlace(as: question)
    exhibit = .lesson(lesson)
  }

  // MARK: What was opened

  /// A part is open.
  mutating func open(_ exhibited: Message.Exhibited, _ look: Look) -> [Effect] {
    guard let wanted else { return [] }
    (opened, self.wanted, refused, failure) = (wanted, nil, nil, nil)
    switch exhibited {
    case .lesson(var lesson):
      lesson.look = look
      exhibit = .lesson(lesson)
      return goAlong()
    case .run(let start):
      exhibit = .run(RunScreen(start, look))
      return relay(.look(look)) + goAlong()
    }
  }

  /// The runs of a screen are there.
  mutating func show(_ runs: SceneRuns) -> [Effect] {
    guard var lesson = coming else { return [] }
    (opened, coming, wanted, refused, failure) = (wanted, nil, nil, nil, nil)
    lesson.show(runs)
    exhibit = .lesson(lesson)
    return goAlong()
  }

  /// The lesson in another language; the place stays.
  mutating func replace(_ lesson: Lesson, _ runs: SceneRuns) {
    guard var state = exhibit?.lesson else { return }
    let place = state.viewer.place
    state.replace(lesson, traces: runs)
    state.hold(as: isAtHand ? question : nil)
    let isSame = place == self.place
    var cell: (query: Int, key: Int)?
    if case .cell(let query, let key) = place.mode { cell = (query, key) }
    state.viewer.follow(
      step: min(place.moment.step, state.lastStep ?? .max), layer: place.layer, head: place.head,
      cell: cell)
    exhibit = .lesson(state)
    if isSame { self.place = state.viewer.place }
  }

  /// Takes note of a failure; false where it is none of opening something.
  @discardableResult
  mutating func fail(_ failure: any Explained) -> Bool {
    guard let wanted else { return false }
    (refused, self.failure) = (wanted, failure)
    (self.wanted, coming, opened, exhibit, place) = (nil, nil, nil, nil, nil)
    return true
  }

  // MARK: What is shown

  mutating func setLook(_ look: Look) { exhibit?.setLook(look) }

  /// Takes what a lesson's tool gets; false where the message is none of those.
  mutating func takeTool(_ message: Message) -> Bool { exhibit?.takeTool(message) ?? false }

  /// Hands a message to the run that is shown.
  mutating func relay(_ message: Message) -> [Effect] {
    guard case .run(var run) = exhibit else { return [] }
    let effects = run.update(message)
    exhibit = .run(run)
    // Leaving a run is leaving the screen, which has a key of its own.
    return effects.filter { if case .back = $0 { false } else { true } }
  }

  /// Hands a key to what is shown; returns what it says to it.
  mutating func press(_ key: Key) -> (effects: [Effect], notice: String?) {
    switch exhibit {
    case .lesson(var lesson):
      lesson.pressScene(key)
      let notice = lesson.notice
      lesson.notice = nil
      exhibit = .lesson(lesson)
      return ([], notice)
    case .run(var run):
      let effects = run.update(.key(key))
      let notice = run.state.notice
      run.forgetNotice()
      exhibit = .run(run)
      return (effects, notice)
    case nil: return ([], nil)
    }
  }

  /// Leaves what was looked at within the place where the presentation is.
  mutating func leavePlace() {
    switch exhibit {
    case .lesson(var lesson):
      guard isAtHand else { return }
      lesson.arrange()
      exhibit = .lesson(lesson)
    case .run(var run):
      run.leaveStep()
      exhibit = .run(run)
    case nil: break
    }
  }
}

extension RunScreen {
  fileprivate mutating func follow(_ place: ShownPlace) {
    change {
      $0.follow(
        step: place.step, layer: place.layer - 1, head: place.head - 1,
        cell: place.cell.map { ($0.query, $0.key) })
    }
  }

  fileprivate mutating func forgetNotice() { change { $0.forgetNotice() } }

  fileprivate mutating func leaveStep() { change { $0.leaveStep() } }
}

extension ShownPlace.Source {
  /// Whether it is opened as another is: screens of a lesson are.
  fileprivate func isPart(of other: ShownPlace.Source) -> Bool {
    switch (self, other) {
    case (.lesson(let id, _), .lesson(let other, _)): id == other
    default: self == other
    }
  }
}
