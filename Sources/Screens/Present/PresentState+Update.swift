internal import Base
internal import Classroom
internal import Lessons
internal import Viz

extension PresentState {
  /// Takes a message; returns what it asks the program for.
  mutating func update(_ message: Message) -> [Effect] {
    switch message {
    case .key(let key): return press(key)
    case .paste(let text): paste(text)
    case .audience(let news): receive(news)
    case .command(let command): return hear(command)
    case .time(let now): clock.tell(now, item: item)
    case .pressed(let now): pressedAt = now
    case .exhibit(let opened): return open(opened)
    case .look(let look): return take(look)
    case .scene(let runs): show(runs)
    case .lesson(let lesson, let runs, let isEdited):
      replace(lesson, runs)
      if isEdited { notice = language("课文已更新", "the lesson was read again") }
    case .fileChanged(let path):
      guard let lesson = exhibit?.lesson?.lesson, lesson.path == path else { return [] }
      return [.reread(lesson, language)]
    case .failed(let failure):
      if isShown { _ = exhibit?.takeTool(message) }
      fail(failure.sentence(language))
    case .shownTool, .findings: _ = exhibit?.takeTool(message)
    case .resized(let size):
      help.size = size
      return relay(message)
    case .note(let sentence): notice = sentence
    default: return relay(message)
    }
    return []
  }

  /// Hands a message to the run on the wall.
  mutating func relay(_ message: Message) -> [Effect] {
    guard case .run(var run) = exhibit else { return [] }
    let effects = run.update(message)
    exhibit = .run(run)
    look = run.state.look
    if case .key = message { notice = run.state.notice }
    // Leaving a run is leaving the presentation, which has a key of its own.
    return effects.filter { if case .back = $0 { false } else { true } }
  }

  // MARK: What is on the wall

  private mutating func open(_ opened: Message.Exhibited) -> [Effect] {
    let place = entrance
    (entrance, left, leftItem) = (nil, nil, nil)
    spotlight = .off
    switch opened {
    case .lesson(var lesson):
      lesson.look = look
      if let screen = screen(of: lesson, at: place) {
        left = lesson
        lesson.open(screen: screen)
      }
      exhibit = .lesson(lesson)
      if left != nil {
        return [.showScene(lesson.step.scene)]
      }
      holdQuiz()
      return []
    case .run(let start):
      var step = 1
      if case .at(_, let known)? = place { step = known }
      exhibit = .run(RunScreen(start, look, goingOnAt: step))
      return relay(.look(look))
    }
  }

  /// The screen at which a lesson is entered; nil for its first.
  private func screen(of lesson: LessonState, at place: PartPlace?) -> String? {
    switch place {
    case .at(let screen, _): screen
    case .end: lesson.lesson.steps.last(where: belongs)?.id
    case nil: nil
    }
  }

  private mutating func show(_ runs: SceneRuns) {
    guard var lesson = exhibit?.lesson else { return }
    left = nil
    lesson.show(runs)
    exhibit = .lesson(lesson)
    holdQuiz()
  }

  private mutating func replace(_ lesson: Lesson, _ runs: SceneRuns) {
    guard var state = exhibit?.lesson else { return }
    state.replace(lesson, traces: runs)
    exhibit = .lesson(state)
    holdQuiz()
  }

  /// A screen whose scene cannot run is not opened.
  private mutating func fail(_ sentence: String) {
    if let left { exhibit = .lesson(left) }
    if let leftItem { item = leftItem }
    (left, leftItem, entrance) = (nil, nil, nil)
    notice = sentence
  }

  private mutating func take(_ look: Look) -> [Effect] {
    let isTranslated = look.language != self.look.language
    self.look = look
    exhibit?.setLook(look)
    guard isTranslated, let lesson = exhibit?.lesson?.lesson else { return [] }
    return [.translate(lesson, look.language)]
  }

  // MARK: Who follows

  private mutating func receive(_ news: AudienceNews) {
    audience = news
    for (id, rounds) in news.votes {
      for (round, counts) in rounds.prefix(2).enumerated() {
        questions[id]?.receive(counts, round: round + 1)
      }
    }
  }

  /// Does what another terminal of the presenter wants.
  private mutating func hear(_ command: PresentCommand) -> [Effect] {
    if case .hands(let text) = command {
      // It was checked where it was typed; what the wall would say, the class would read.
      if let held, let counts = try? HandCounts(text, held.ballots).counts {
        clock.begin()
        change { $0.count(byHand: counts) }
      }
      return []
    }
    guard let action = PresentAction(command) else { return [] }
    // What nobody sees does not move.
    if mode == .blank, action.moves {
      mode = .show
      return []
    }
    if action.moves {
      switch mode {
      case .help, .counting: mode = .show
      case .show, .blank, .invitation: break
      }
    }
    return perform(action)
  }

  // MARK: Keys

  private var noSuchKey: String { language("没有这个键", "no such key") }

  private mutating func press(_ key: Key) -> [Effect] {
    notice = nil
    let action = keys.action(for: key)
    switch mode {
    case .blank:
      // Whatever was pressed brings the picture back, and moves nothing.
      if action != .quit {
        clock.begin()
        mode = .show
        return []
      }
    case .help:
      if action != .quit { return pressHelp(key) }
    case .counting(var field) where action == nil:
      if !field.edit(key) { notice = noSuchKey }
      mode = .counting(field)
      return []
    case .invitation where action == nil:
      notice = noSuchKey
      return []
    case .show, .invitation, .counting: break
    }
    // What is being typed on the wall, a number or a text, has its own Enter and Esc.
    if let action, action == .quit || exhibit?.viewer.mode.isTyped != true {
      return perform(action)
    }
    forget(except: nil)
    guard cover == nil else {
      notice = noSuchKey
      return []
    }
    clock.begin()
    return pressExhibit(key)
  }

  /// Does what a key means on the page of keys; any other than those that scroll and those of the look leaves it.
  private mutating func pressHelp(_ key: Key) -> [Effect] {
    switch ViewerKeys.help.action(for: key) {
    case .theme: return perform(.theme)
    case .language: return perform(.language)
    case let action:
      let sheet = PresentHelp(state: self).sheet(columns: help.size.columns - 4)
      guard let hasMoved = help.scroll(action, sheet, rows: HelpPage.rows(help.size)) else {
        help.isOpen = false
        mode = .show
        return []
      }
      if !hasMoved { notice = language("没有更多了", "there is no more") }
      return []
    }
  }

  /// What was pressed once, for what takes two, counts no more.
  private mutating func forget(except action: PresentAction?) {
    if action != .skip { change { $0.forgetSkipping() } }
    if action != .leave { isLeaving = false }
  }

  /// Does what a key, or another terminal, wants.
  private mutating func perform(_ action: PresentAction) -> [Effect] {
    forget(except: action)
    // Before the first part only what leads into it does.
    let isFirst = cover == .first && ![.goOn, .stepOn, .nextItem].contains(action)
    if action.begins, !isFirst { clock.begin() }
    switch action {
    case .goOn: return goOn()
    case .goBack: return goBack()
    case .skip: return skip()
    case .blank: mode = mode == .blank ? .show : .blank
    case .spotlight: turnSpotlight()
    case .moreTime: clock.change(by: LectureClock.step)
    case .lessTime: clock.change(by: .zero - LectureClock.step)
    case .countHands: beginCounting()
    case .enter: keepCounts()
    case .giveUp: mode = .show
    case .invitation: showInvitation()
    case .text: turn()
    case .scrollUp: scrollText(by: -1)
    case .scrollDown: scrollText(by: 1)
    case .nextItem: return leaf(forward: true)
    case .previousItem: return leaf(forward: false)
    case .stepOn: return cover == nil ? pressExhibit(.right) : goOn()
    case .stepBack: return cover == nil ? pressExhibit(.left) : goBack()
    case .tool: return openTool()
    case .theme: return [.setLook(changed { $0.theme = Self.theme(after: $0.theme) })]
    case .language: return changeLanguage()
    case .help:
      mode = .help
      help.isOpen = true
    case .leave: return leave()
    case .quit: return [.quit]
    }
    return []
  }

  /// On a light wall the other light theme comes first: a dark one in its place startles.
  private static func theme(after theme: Theme) -> Theme {
    switch theme {
    case .projector: .light
    case .light: .dark
    case .dark: .projector
    }
  }

  private mutating func pressExhibit(_ key: Key) -> [Effect] {
    switch exhibit {
    case .lesson(var lesson):
      guard lesson.takesPresented(key) else {
        notice = noSuchKey
        return []
      }
      lesson.pressScene(key)
      notice = lesson.notice
      lesson.notice = nil
      exhibit = .lesson(lesson)
      let isTranslated = lesson.language != language
      look = lesson.look
      return [.setLook(look)]
        + (isTranslated ? [.translate(lesson.lesson, look.language)] : [])
    case .run: return relay(.key(key))
    case nil: return []
    }
  }

  private mutating func changed(_ change: (inout Look) -> Void) -> Look {
    change(&look)
    exhibit?.setLook(look)
    return look
  }

  private mutating func changeLanguage() -> [Effect] {
    guard glyphs != .ascii else {
      notice = "Chinese needs a UTF-8 locale"
      return []
    }
    let look = changed { $0.language = $0.language == .chinese ? .english : .chinese }
    let translation = exhibit?.lesson.map { [Effect.translate($0.lesson, look.language)] } ?? []
    return [.setLook(look)] + translation
  }

  private mutating func leave() -> [Effect] {
    guard !isLeaving else { return [.quit] }
    isLeaving = true
    notice = language("再按一次 q 结束演示", "q once more ends the presentation")
    return []
  }

  private mutating func showInvitation() {
    if invitation == nil {
      notice =
        obstacle?(language)
        ?? language("没有开手机页：用 --serve 开", "no page for phones: --serve opens one")
    } else {
      mode = mode == .invitation ? .show : .invitation
    }
  }

  // MARK: Sides of a lesson

  private mutating func showFront() { (face, textLine) = (.front, 0) }

  /// From the question to the text and the picture, or from the picture to the text, and back.
  private mutating func turn() {
    guard cover == nil, exhibit?.lesson != nil else {
      notice = cover == nil ? language("运行没有课文", "a run has no text") : noSuchKey
      return
    }
    textLine = 0
    switch face {
    case .front: face = .text
    case .text: face = held == nil ? .front : .picture
    case .picture: face = .front
    }
  }

  private mutating func scrollText(by lines: Int) {
    let last = PresentView(state: self).hiddenLines(help.size)
    let old = min(textLine, last)
    textLine = max(0, min(last, old + lines))
    if textLine == old { notice = language("没有更多了", "there is no more") }
  }

  private mutating func turnSpotlight() {
    guard PresentView(state: self).hasLight(help.size) else {
      notice = language("这里没有可以聚光的格子", "there are no cells to put a spotlight on here")
      return
    }
    spotlight = spotlight.next
  }

  // MARK: Moving

  private mutating func goOn() -> [Effect] {
    if mode == .invitation {
      mode = .show
      return []
    }
    let isRepeated = isRepeated()
    if let cover { return goOn(from: cover) }
    if isHolding {
      guard !isRepeated else {
        notice = language("按住只算一次", "a key that is held counts once")
        return []
      }
      change { $0.goOn() }
      clock.stopTimer()
      if let quiz, held?.isRevealed == true { reveal(quiz) }
      return []
    }
    switch exhibit {
    case .lesson(let lesson): return goOn(lesson)
    case .run(let run):
      let viewer = run.state
      return viewer.isAtEnd ? go(to: item + 1) : relay(.key(.pageDown))
    case nil: return []
    }
  }

  /// A key that is held repeats faster than anybody presses it.
  private static let repetition = Duration.milliseconds(150)

  /// Whether the key that goes on is held.
  private mutating func isRepeated() -> Bool {
    guard let pressedAt else { return false }
    defer { wentOnAt = pressedAt }
    return wentOnAt.map { pressedAt - $0 < Self.repetition } ?? false
  }

  private mutating func goOn(_ lesson: LessonState) -> [Effect] {
    var next = lesson
    guard next.goOnPresenting(isShown: belongs) else { return go(to: item + 1) }
    return go(from: lesson, to: next)
  }

  /// From the first screen into the lecture; behind the last there is nothing.
  private mutating func goOn(from cover: ShownCover) -> [Effect] {
    switch cover {
    case .first: self.cover = nil
    case .last: notice = end
    }
    return []
  }

  /// From the last screen into the lecture; before the first there is nothing.
  private mutating func goBack(from cover: ShownCover) -> [Effect] {
    switch cover {
    case .first: notice = beginning
    case .last: self.cover = nil
    }
    return []
  }

  private var beginning: String { language("这里是开头", "this is the beginning") }
  private var end: String { language("到头了；q q 结束演示", "the end; q q ends the presentation") }

  private mutating func goBack() -> [Effect] {
    if let cover { return goBack(from: cover) }
    if let held, held.phase != .think {
      let wasRevealed = held.isRevealed
      change { $0.goBack() }
      clock.stopTimer()
      if wasRevealed, let quiz, var lesson = exhibit?.lesson {
        lesson.reopen(quiz)
        exhibit = .lesson(lesson)
      }
      return []
    }
    switch exhibit {
    case .lesson(let lesson):
      var previous = lesson
      guard previous.goBackPresenting(isShown: belongs) else { return goBackToPart() }
      return go(from: lesson, to: previous)
    case .run(let run):
      return run.state.moment.step <= 1 && item > 0 ? goBackToPart() : relay(.key(.pageUp))
    case nil: return []
    }
  }

  /// The lesson's next screen that is part of the lecture; nil behind the last, and for a run.
  var nextStep: LessonStep? {
    guard let lesson = exhibit?.lesson else { return nil }
    return lesson.lesson.steps.dropFirst(lesson.index + 1).first(where: belongs)
  }

  /// Whether a screen of the lesson is part of the lecture.
  var belongs: (LessonStep) -> Bool {
    guard case .lesson(_, let screens) = part.source, !screens.isEmpty else { return { _ in true } }
    return { screens.contains($0.id) }
  }

  private mutating func go(from old: LessonState, to new: LessonState) -> [Effect] {
    showFront()
    exhibit = .lesson(new)
    guard new.index != old.index else {
      holdQuiz()
      return []
    }
    left = old
    clock.stopTimer()
    return [.showScene(new.step.scene)]
  }

  /// The next screen, or the one before, whatever is asked on this one; of a run the part beside it.
  private mutating func leaf(forward: Bool) -> [Effect] {
    if let cover { return forward ? goOn(from: cover) : goBack(from: cover) }
    guard let lesson = exhibit?.lesson else { return forward ? go(to: item + 1) : goBackToPart() }
    var other = lesson
    let hasMoved =
      forward
      ? other.leafPresenting(isShown: belongs) : other.goBackPresenting(isShown: belongs)
    guard hasMoved else { return forward ? go(to: item + 1) : goBackToPart() }
    return go(from: lesson, to: other)
  }

  /// The part before, where it was left, or at its end.
  private mutating func goBackToPart() -> [Effect] {
    go(to: item - 1, at: exits[item - 1] ?? .end)
  }

  private mutating func go(to wanted: Int, at place: PartPlace? = nil) -> [Effect] {
    guard lecture.items.indices.contains(wanted) else {
      guard hasCovers else {
        notice = wanted < 0 ? beginning : end
        return []
      }
      showFront()
      clock.stopTimer()
      (cover, spotlight) = (wanted < 0 ? .first : .last, .off)
      return []
    }
    if let exhibit {
      exits[item] = .at(screen: exhibit.lesson?.step.id, step: exhibit.viewer.moment.step)
    }
    (leftItem, item, entrance) = (item, wanted, place)
    showFront()
    clock.stopTimer()
    return [.showExhibit(part)]
  }

  private mutating func skip() -> [Effect] {
    guard isHolding else {
      notice = language("没有待揭晓的题", "no question is to be revealed")
      return []
    }
    change { $0.skip() }
    if let quiz, held?.isRevealed == true {
      clock.stopTimer()
      reveal(quiz)
    } else {
      notice = language("再按一次 x 直接揭晓", "x once more reveals at once")
    }
    return []
  }

  // MARK: A tool

  /// The tool that the screen speaks of, over the wall; it might say what is asked.
  private mutating func openTool() -> [Effect] {
    guard !isHolding else {
      notice = language("先揭晓，再打开工具", "reveal the answer first, then open the tool")
      return []
    }
    guard let tool else {
      notice = noSuchKey
      return []
    }
    do throws(ToolLinkError) {
      return [.open(.tool(try ToolPlace(tool)))]
    } catch {
      notice = error.sentence(language)
      return []
    }
  }

  // MARK: Counts of hands

  private mutating func beginCounting() {
    guard let held, held.ballots.isVoted else {
      notice = language("这一题不投票", "nothing is voted on here")
      return
    }
    mode = .counting(TextField(limit: PresentCommand.mostBytes))
  }

  private mutating func paste(_ text: String) {
    guard case .counting(var field) = mode else { return }
    field.insert(text)
    mode = .counting(field)
  }

  private mutating func keepCounts() {
    guard case .counting(let field) = mode, let held else { return mode = .show }
    do throws(HandCounts.Refusal) {
      let counts = try HandCounts(field.text, held.ballots).counts
      change { $0.count(byHand: counts) }
      mode = .show
    } catch {
      notice = error.sentence(language)
    }
  }
}

extension PresentAction {
  /// What another terminal of the presenter wants; nil for what no key says.
  init?(_ command: PresentCommand) {
    switch command {
    case .goOn: self = .goOn
    case .goBack: self = .goBack
    case .skip: self = .skip
    case .blank: self = .blank
    case .spotlight: self = .spotlight
    case .moreTime: self = .moreTime
    case .lessTime: self = .lessTime
    case .nextItem: self = .nextItem
    case .previousItem: self = .previousItem
    case .stepOn: self = .stepOn
    case .stepBack: self = .stepBack
    case .hands: return nil
    }
  }

  /// Whether it changes what stands on the wall.
  fileprivate var moves: Bool {
    switch self {
    case .goOn, .goBack, .skip, .spotlight, .nextItem, .previousItem, .stepOn, .stepBack: true
    default: false
    }
  }

  /// Whether the class has begun where this is pressed: what prepares the wall does not say so.
  fileprivate var begins: Bool {
    switch self {
    case .blank, .invitation, .theme, .language, .help, .leave, .quit, .giveUp: false
    default: true
    }
  }
}
