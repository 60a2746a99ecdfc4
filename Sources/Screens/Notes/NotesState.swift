internal import Base
internal import Classroom
internal import Lessons
internal import Viz

/// The presenter's second terminal: what the wall does not show; changed by messages only.
struct NotesState: MirrorState {
  /// What stands on a screen that is too small for all.
  enum Page: CaseIterable { case notes, pictures, plan }

  var look: Look
  /// What is on the wall, opened here.
  var mirror = Mirror()
  /// The next screen of the lesson, its runs at hand.
  private(set) var preview: LessonState?
  /// The screen whose runs are being had, or could not be.
  private var previewing: LessonState?
  private var refusedPreview: String?
  /// How late it is.
  private(set) var time: TimeOfDay?
  private(set) var page = Page.notes
  /// Lines that the notes are scrolled by.
  private(set) var scroll = 0
  /// Whether the key that reveals was pressed once.
  private var isSkipping = false
  /// Counts of hands as they are typed; nil while none are.
  private(set) var field: TextField?
  var notice: String?
  var help = HelpPage()
  var isLeft = false
  private(set) var size = Size(columns: 80, rows: 24)

  init(_ look: Look) { self.look = look }

  static let keys = NotesKeys.keys

  var keysNow: KeyMap<NotesAction> { field == nil ? Self.keys : NotesKeys.counting }

  var about: [String] {
    [
      language(
        "投影上看不到这里的任何一行。可以开几个，随时关、随时再开：演示的状态都在演示那边。",
        "Nothing of this is on the projector. Open as many as you like, close and open them at any time: the presentation has the state."
      ),
      language(
        "第一次投票后：对的不到 30 %，再讲一遍；30 % 到 70 %，让他们讨论 2 到 4 分钟再投；更多，揭晓，简短解释就往下。",
        "After the first vote: below 30 % right, explain again; from 30 % to 70 %, let them discuss for 2 to 4 minutes and vote again; above, reveal, explain shortly and go on."
      ),
    ]
  }

  func isOffered(_ action: NotesAction) -> Bool {
    switch action {
    case .say(.skip): mirror.isAsking
    case .countHands: ballots?.isVoted ?? false
    case .page: !NotesLayout.isWide(size)
    default: true
    }
  }

  /// What only the presenter is told.
  var backstage: Backstage? { mirror.document?.backstage }

  // MARK: Messages

  /// Takes a message; returns what it asks the program for.
  mutating func update(_ message: Message) -> [Effect] {
    switch message {
    case .key(let key): return press(key)
    case .paste(let text): field?.insert(text)
    case .presentation(let news): return hear(news)
    case .exhibit(let exhibited): return mirror.open(exhibited, look) + lookAhead()
    case .scene(let runs): return show(runs)
    case .lesson(let lesson, let runs, _):
      mirror.replace(lesson, runs)
      (preview, refusedPreview) = (nil, nil)
      return lookAhead()
    case .look(let look): return take(look)
    case .failed(let failure): return fail(failure)
    case .resized(let size):
      (self.size, help.size) = (size, size)
      return mirror.relay(message)
    case .trace: return mirror.relay(message) + mirror.goAlong() + computeAhead()
    case .note(let sentence): notice = sentence
    case .shownTool, .findings: _ = mirror.takeTool(message)
    default: break
    }
    return []
  }

  private mutating func hear(_ news: PresentationNews) -> [Effect] {
    switch news {
    case .clock(let time): self.time = time
    case .absent(let reason): mirror.lose(reason)
    case .document(let document):
      let old = mirror.document
      if !mirror.isHeard { notice = nil }
      mirror.hear(document)
      if old?.place.source != document.place.source
        || old?.question?.phase != document.question?.phase
      {
        scroll = 0
      }
      // Counts belong to the question and the round for which they were begun.
      if old?.question?.id != document.question?.id
        || old?.question?.phase != document.question?.phase
      {
        field = nil
      }
      return mirror.goAlong() + lookAhead() + computeAhead()
    }
    return []
  }

  private mutating func show(_ runs: SceneRuns) -> [Effect] {
    if mirror.isComing { return mirror.show(runs) + lookAhead() }
    previewing?.show(runs)
    (preview, previewing) = (previewing, nil)
    return []
  }

  private mutating func fail(_ failure: any Explained) -> [Effect] {
    if mirror.fail(failure) || previewing == nil && mirror.takeTool(.failed(failure)) { return [] }
    if let previewing {
      (refusedPreview, self.previewing) = (previewing.step.id, nil)
      return []
    }
    notice = failure.sentence(language)
    return []
  }

  mutating func takeBeside(_ look: Look) { preview?.look = look }

  // MARK: What comes next

  /// The screen of the lesson behind the one on the wall; nil where the part ends with it.
  var nextScreen: LessonStep? {
    guard let lesson = mirror.exhibit?.lesson, let backstage else { return nil }
    return lesson.lesson.steps.dropFirst(lesson.index + 1)
      .first { $0.id == backstage.nextScreen }
  }

  /// Asks for the runs of the next screen.
  private mutating func lookAhead() -> [Effect] {
    guard !mirror.isComing, let next = nextScreen, var lesson = mirror.exhibit?.lesson else {
      return []
    }
    guard preview?.step.id != next.id || preview?.lesson.id != lesson.lesson.id,
      previewing == nil, refusedPreview != next.id
    else { return [] }
    lesson.open(screen: next.id)
    previewing = lesson
    return [.showScene(next.scene)]
  }

  /// A run's next step.
  private func computeAhead() -> [Effect] {
    guard case .run(let run)? = mirror.exhibit else { return [] }
    return [.compute(upTo: min(run.state.knownSteps, run.state.wantedStep + 1))]
  }

  // MARK: Keys

  private mutating func press(_ key: Key) -> [Effect] {
    let old = look
    notice = nil
    if isHelp {
      pressHelp(key)
      return changed(from: old)
    }
    let action = keysNow.action(for: key)
    if action != .say(.skip) { isSkipping = false }
    if action == nil, field != nil {
      if field?.edit(key) != true { notice = noSuchKey }
      return []
    }
    switch action {
    case .say(let command): return say(command)
    case .page: turnPage()
    case .countHands: beginCounting()
    case .enter: return keepCounts()
    case .giveUp: field = nil
    case .quit: return [.quit]
    case .up: scroll(by: -1)
    case .down: scroll(by: 1)
    case .theme: changeTheme()
    case .language: changeLanguage()
    case .help: isHelp = true
    case .leave: return [.quit]
    case nil: notice = noSuchKey
    }
    return changed(from: old)
  }

  private mutating func say(_ command: PresentCommand) -> [Effect] {
    guard mirror.isHeard else {
      notice = language("没有演示在听", "no presentation listens")
      return []
    }
    if command == .skip {
      guard mirror.isAsking else {
        notice = language("没有待揭晓的题", "no question is to be revealed")
        return []
      }
      isSkipping.toggle()
      if isSkipping { notice = language("再按一次 x 直接揭晓", "x once more reveals at once") }
    }
    return [.say(command)]
  }

  // MARK: Counts of hands

  /// What is voted on; nil where nothing is asked.
  var ballots: Ballots? {
    mirror.question.map { question in
      guard let options = question.options else { return .number }
      return options.isEmpty ? .aloud : .options(options)
    }
  }

  private mutating func beginCounting() {
    guard mirror.isHeard, let ballots, ballots.isVoted else {
      notice = HandCounts.Refusal.notVoted.sentence(language)
      return
    }
    field = TextField(limit: PresentCommand.mostBytes)
  }

  /// Hands over what was typed, where the presentation will understand it.
  private mutating func keepCounts() -> [Effect] {
    guard let text = field?.text, let ballots, mirror.isHeard else {
      field = nil
      return []
    }
    do throws(HandCounts.Refusal) {
      _ = try HandCounts(text, ballots)
      guard text.utf8.count <= PresentCommand.mostBytes else { throw .word(text) }
    } catch {
      notice = error.sentence(language)
      return []
    }
    field = nil
    return [.say(.hands(text))]
  }

  private mutating func turnPage() {
    guard !NotesLayout.isWide(size) else {
      notice = language("都在这一页上", "everything is on this page")
      return
    }
    let all = Page.allCases
    page = all[((all.firstIndex(of: page) ?? 0) + 1) % all.count]
    scroll = 0
  }

  private mutating func scroll(by lines: Int) {
    let wanted = max(0, min(NotesView(state: self).hiddenLines(size), scroll + lines))
    if wanted == scroll { notice = language("没有更多了", "there is no more") }
    scroll = wanted
  }
}
