internal import Base
public import Lessons
public import Viz

/// What a line of the menu leads to.
public enum HomeChoice: Hashable, Sendable {
  case lesson(String)
  case open(Destination)
  case quit
}

/// The menu: the lessons with what is done of each, the tools, and a picture of the line that is selected.
public struct HomeState: Sendable {
  /// Every lesson.
  public let entries: [Entry]
  /// The questions that are to be asked again; a line before the lessons leads there where there are some.
  public let due: [QuestionPlace]
  /// The line that is selected: lessons, then tools; -1 is the line before them.
  public private(set) var selected: Int
  /// What was chosen.
  public internal(set) var choice: HomeChoice?
  /// How the menu looks.
  public var look: Look
  var notice: String?
  var help = HelpPage()
  /// Digits of a lesson's number as they were pressed.
  private var digits = ""
  /// What was worked out for lines that were selected.
  private(set) var pictures: [HomeQuestion: HomeAnswer.Picture] = [:]
  private var size = Size(columns: 80, rows: 24)

  /// Creates the menu with what is due selected, else with the first lesson that is not done.
  public init(
    _ entries: [Entry], due: [QuestionPlace] = [], look: Look, notice: String? = nil
  ) {
    self.entries = entries
    self.due = due
    self.look = look
    self.notice = notice
    selected = due.isEmpty ? entries.firstIndex { !$0.isDone } ?? 0 : -1
  }

  /// The menu as things stand now, with the line of another menu selected, and what that has worked out.
  mutating func goOn(from old: HomeState) {
    if old.selected >= 0 { selected = min(old.selected, count - 1) }
    pictures = old.pictures.filter { $0.key != .recordings }
    size = old.size
  }

  /// Selects a lesson by its id.
  mutating func select(lesson id: String) {
    if let index = entries.firstIndex(where: { $0.id == id }) { selected = index }
  }

  /// Selects what is still due.
  mutating func selectReview() { if !due.isEmpty { selected = first } }

  mutating func resize(_ size: Size) { (self.size, help.size) = (size, size) }

  mutating func receive(_ answer: HomeAnswer) { pictures[answer.question] = answer.picture }

  /// Says something in the place of the keys.
  public mutating func note(_ sentence: String) { notice = sentence }

  /// What was chosen, once.
  public mutating func takeChoice() -> HomeChoice? {
    defer { choice = nil }
    return choice
  }

  /// The lines from the first lesson on.
  var count: Int { entries.count + HomeTool.all.count }
  /// The first line.
  var first: Int { due.isEmpty ? 0 : -1 }
  /// Whether the line of what is due is selected.
  var isReviewing: Bool { selected < 0 }
  /// The lesson that is selected; nil where a tool is, or what is due.
  var entry: Entry? { entries.indices.contains(selected) ? entries[selected] : nil }
  /// The tool that is selected; nil where a lesson is.
  var tool: HomeTool? {
    selected >= entries.count ? HomeTool.all[selected - entries.count] : nil
  }
  var doneLessons: Int { entries.count(where: \.isDone) }

  /// What the picture of the selected line is worked out from; nil where there is none.
  var pictureQuestion: HomeQuestion? {
    if let scene = entry?.scene {
      guard let tool = scene.tool else { return .scene(scene) }
      return (try? ToolPlace(tool)).flatMap { picture(of: $0, keys: []) }.map { .screen($0) }
    }
    return tool?.picture ?? shownTool.map { .screen($0) }
  }

  /// The selected tool's own screen, where there is room for what it has to show.
  var shownTool: ToolPicture? {
    guard let choice = tool, let tool = choice.tool, let keys = choice.keys else { return nil }
    return picture(of: ToolPlace(tool), keys: keys)
  }

  private func picture(of place: ToolPlace, keys: [Key]) -> ToolPicture? {
    guard let room = HomeLayout(size, self).screen else { return nil }
    let look = Look(language: look.language, theme: .dark, glyphs: look.glyphs)
    return ToolPicture(place: place, keys: keys, size: room, look: look)
  }

  /// The picture that is wanted and not there.
  var question: HomeQuestion? {
    guard !isHelp, HomeLayout(size, self).preview != nil else { return nil }
    return pictureQuestion.flatMap { pictures[$0] == nil ? $0 : nil }
  }

  // MARK: Keys

  /// Applies a key.
  public mutating func update(_ key: Key) {
    notice = nil
    if isHelp { return pressHelp(key) }
    let action = HomeKeys.map.action(for: key)
    if action != .number { digits = "" }
    switch action {
    case .up: move(-1, isVertical: true)
    case .down: move(1, isVertical: true)
    case .left: move(-1, isVertical: false)
    case .right: move(1, isVertical: false)
    case .pageUp: selected = max(first, selected - Self.page)
    case .pageDown: selected = min(count - 1, selected + Self.page)
    case .first: selected = first
    case .last: selected = count - 1
    case .goOn, .begin, .review, .open: choose()
    case .theme: changeTheme()
    case .language: changeLanguage()
    case .help: isHelp = true
    case .leave: choice = .quit
    case .tool(let place): choice = .open(HomeTool.all[place].destination)
    case .number:
      if case .character(let digit) = key.folded { select(digit) }
    case nil: notice = noSuchKey
    }
  }

  private static let page = 5

  /// Lines stand one below the other, tools two in a row where they have the width of the screen.
  private mutating func move(_ step: Int, isVertical: Bool) {
    let tools = entries.count
    let isInPairs = HomeLayout(size, self).form == .split
    guard isInPairs, isVertical, selected >= tools else {
      let lines = count - first
      selected = first + (selected - first + step + lines) % lines
      return
    }
    let next = selected + 2 * step
    selected = next < tools ? tools - 1 : next < count ? next : first
  }

  private mutating func choose() {
    if isReviewing { return choice = .open(.due) }
    choice = entry.map { .lesson($0.id) } ?? tool.map { .open($0.destination) }
  }

  /// Digits find a lesson by its number; two that follow each other by both.
  private mutating func select(_ digit: Character) {
    let both = digits + String(digit)
    for number in [both, String(digit)] {
      if let index = entries.firstIndex(where: { $0.number == number }) {
        (selected, digits) = (index, number)
        return
      }
    }
    digits = String(digit)
  }
}

extension HomeState: WorkState {
  /// What leads out is a choice.
  var isLeft: Bool {
    get { choice == .quit }
    set { if !newValue { choice = nil } }
  }

  static var keys: KeyMap<HomeAction> { HomeKeys.map }

  var about: [String] {
    [
      language(
        "工具旁的字母直接打开它。每课都是先猜，再由真实的模型算出来。右边是选中的那一课自己的图，由模型当场算出。",
        "The letter beside a tool opens it. In a lesson you guess first, then a real model computes. The picture at the right is the selected lesson's own, computed by the model just now."
      ),
      language(
        "✓ 学完了；3/3 是一次答对几题；没开始的写着要几分钟。",
        "✓ done; 3/3 questions right at once; before you begin, how many minutes it takes."),
      language(
        "答过的题隔几天再问一次：答对就隔得更久（\(Self.days) 天），答错从 1 天重来。",
        "What you answered is asked again some days later: right, and it takes longer (\(Self.days) days); wrong, and it is 1 day again."
      ),
      language(
        "在课堂上讲：kvtui present --course 45（一堂课）或 kvtui present 3（一课），旁边开 kvtui notes 看讲稿。",
        "Before a class: kvtui present --course 45 (a lecture) or kvtui present 3 (a lesson), and kvtui notes beside it."
      ),
    ]
  }

  private static let days = Spacing.days.map(String.init).joined(separator: ", ")

  func isOffered(_ action: HomeAction) -> Bool {
    switch action {
    case .goOn: entry?.isBegun == true && entry?.isDone == false
    case .begin: entry.map { !$0.isBegun || $0.isDone } ?? false
    case .review: isReviewing
    case .open: tool != nil
    case .language: glyphs != .ascii
    default: true
    }
  }
}
