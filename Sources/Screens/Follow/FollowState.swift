internal import Base
internal import Classroom
internal import Lessons
internal import Viz

/// Who follows a presentation: where it is, or looking around; changed by messages only.
struct FollowState: MirrorState {
  var look: Look
  /// What the presentation shows, opened here.
  var mirror = Mirror()
  /// Whether one looks around, and the presentation moves nothing here.
  private(set) var isAway = false
  /// Lines that the text is scrolled by, from its beginning; a question's from its end.
  private(set) var textScroll = 0
  var notice: String?
  var help = HelpPage()
  var isLeft = false
  /// The display's, by which the text scrolls.
  private(set) var size = Size(columns: 80, rows: 24)

  init(_ look: Look) { self.look = look }

  static let keys = FollowKeys.lesson

  /// What the keys mean.
  var keysNow: KeyMap<FollowAction> {
    // Before the first part and behind the last there is nothing to look around in.
    guard cover == nil, let exhibit = mirror.exhibit, exhibit.hasStep else {
      return FollowKeys.empty
    }
    let isCell = if case .cell = exhibit.viewer.mode { true } else { false }
    return exhibit.lesson == nil
      ? isCell ? FollowKeys.runCell : FollowKeys.run
      : isCell ? FollowKeys.lessonCell : FollowKeys.lesson
  }

  /// Whether the wall is blank, and so is the screen here; who looks around has his own picture.
  var isBlank: Bool { !isAway && mirror.isBlank }
  /// What the lecture's first or last screen says, while it is on the wall.
  var cover: String? {
    isAway || mirror.cover == nil ? nil : mirror.document?.sentence
  }

  /// What the presenter points at; who looks around has no light in the way.
  var light: Light? {
    isAway || !mirror.isAtHand ? nil : mirror.document?.spotlight?.light
  }

  /// Whether a step's number is being typed: all keys belong to that.
  var isJumping: Bool {
    if case .jump? = mirror.exhibit?.viewer.mode { true } else { false }
  }

  var about: [String] {
    [
      language(
        "这里跟着老师走：同一次运行由你自己的 kvtui 算，屏幕多大、什么语言都随你。随便看不影响别人。",
        "You follow the presenter: your own kvtui computes the same run, at your size and in your language. Looking around disturbs nobody."
      ),
      language(
        "终端里不投票：用手机，或者举手。答案揭晓以前，题目问的那一步谁也看不到。",
        "Nothing is voted here: use your phone, or raise your hand. Before the answer is revealed nobody sees the step that is asked about."
      ),
    ]
  }

  func isOffered(_ action: FollowAction) -> Bool {
    guard let exhibit = mirror.exhibit else { return action != .snap }
    let viewer = exhibit.viewer
    switch action {
    case .snap: return isAway
    case .viewer(.next):
      let isLast = viewer.moment.step >= viewer.knownSteps && viewer.moment.isEndOfStep
      return !(exhibit.lesson?.isHeld ?? false) && !isLast
    case .viewer(.back): return viewer.moment.step > 1
    default: return true
    }
  }

  // MARK: Messages

  /// Takes a message; returns what it asks the program for.
  mutating func update(_ message: Message) -> [Effect] {
    switch message {
    case .key(let key): return press(key)
    case .presentation(let news): return hear(news)
    case .exhibit(let exhibited):
      isAway = false
      return mirror.open(exhibited, look)
    case .scene(let runs):
      textScroll = 0
      return mirror.show(runs)
    case .lesson(let lesson, let runs, _): mirror.replace(lesson, runs)
    case .look(let look): return take(look)
    case .failed(let failure):
      if !mirror.fail(failure), !mirror.takeTool(message) { notice = failure.sentence(language) }
    case .resized(let size):
      (self.size, help.size) = (size, size)
      return mirror.relay(message)
    case .trace: return mirror.relay(message) + (isAway ? [] : mirror.goAlong())
    case .note(let sentence): notice = sentence
    case .shownTool, .findings: _ = mirror.takeTool(message)
    default: break
    }
    return []
  }

  private mutating func hear(_ news: PresentationNews) -> [Effect] {
    switch news {
    case .clock: return []
    case .absent(let reason):
      mirror.lose(reason)
      return []
    case .document(let document):
      let asked = mirror.isAsking ? mirror.question?.id : nil
      if document.question != mirror.question { textScroll = 0 }
      mirror.hear(document)
      // A question is everybody's.
      if isAway, mirror.isAsking, mirror.question?.id != asked, !mirror.isAtHand {
        isAway = false
        notice = language("老师出题了", "the presenter asks a question")
      }
      guard isAway else { return mirror.goAlong() }
      mirror.stay()
      return []
    }
  }

  // MARK: Keys

  private mutating func press(_ key: Key) -> [Effect] {
    let old = look
    notice = nil
    if isHelp {
      pressHelp(key)
      return changed(from: old)
    }
    guard !isJumping || key == .control("c") else { return pressExhibit(key) }
    switch keysNow.action(for: key) {
    case .leave: return [.quit]
    case .help: isHelp = true
    case .theme: changeTheme()
    case .language: changeLanguage()
    case .snap: return snap()
    case .textUp: scroll(by: mirror.question == nil ? -1 : 1)
    case .textDown: scroll(by: mirror.question == nil ? 1 : -1)
    case .viewer: return pressExhibit(key)
    case nil: notice = noSuchKey
    }
    return changed(from: old)
  }

  private mutating func pressExhibit(_ key: Key) -> [Effect] {
    let (effects, said) = mirror.press(key)
    notice = said
    isAway = mirror.exhibit?.viewer.place != mirror.place
    return effects
  }

  private mutating func snap() -> [Effect] {
    mirror.tryAgain()
    if isAway {
      isAway = false
      mirror.leavePlace()
    } else if mirror.exhibit != nil {
      notice = language("正跟着老师", "you are with the presenter")
    }
    return mirror.goAlong()
  }

  private mutating func scroll(by lines: Int) {
    let most = FollowView(state: self).hiddenLines(size)
    let page = 4
    let wanted = max(0, min(most, textScroll + lines * page))
    if wanted == textScroll { notice = language("课文没有更多了", "there is no more text") }
    textScroll = wanted
  }
}
