public import Base
public import Lessons
public import Viz

/// What a line of the menu leads to.
public enum HomeChoice: Hashable, Sendable {
  case lesson(String)
  case tool(Tool)
  case freeRun
  case quit
}

/// The menu: the lessons with what is done of each, a free run, and out.
public struct HomeState: Sendable {
  /// A lesson as the menu lists it.
  public struct Entry: Hashable, Sendable {
    let id: String
    let title: String
    let minutes: Int
    let stepsDone: Int
    let steps: Int
    let isDone: Bool
    let answered: Int
    let right: Int
    let quizzes: Int

    /// Sums up a lesson and its progress.
    public init(_ lesson: Lesson, _ progress: LessonProgress?) {
      id = lesson.id
      title = lesson.title
      minutes = lesson.minutes
      steps = lesson.steps.count
      let ids = Set(lesson.steps.map(\.id))
      stepsDone = progress?.steps.intersection(ids).count ?? 0
      isDone = progress?.isDone ?? false
      let results = lesson.quizzes.compactMap { progress?.quizzes[$0.id] }
      answered = results.count
      right = results.count { $0 == .right }
      quizzes = lesson.quizzes.count
    }

    /// What is done, in few columns.
    public func summary(_ language: Language) -> String {
      let state =
        isDone
        ? language("已学完", "done")
        : stepsDone > 0 ? "\(stepsDone)/\(steps)" : language("约 \(minutes) 分钟", "\(minutes) min")
      guard answered > 0 else { return state }
      return state + language("  一次答对 \(right)/\(quizzes)", "  right at once \(right)/\(quizzes)")
    }
  }

  /// Every lesson.
  public let entries: [Entry]
  /// The line that is selected.
  public private(set) var selected: Int
  /// What was chosen.
  public internal(set) var choice: HomeChoice?
  /// How the menu looks.
  public var look: Look
  private(set) var notice: String?

  /// Creates the menu with the first lesson selected that is not done.
  public init(_ entries: [Entry], look: Look, notice: String? = nil) {
    self.entries = entries
    self.look = look
    self.notice = notice
    selected = entries.firstIndex { !$0.isDone } ?? 0
  }

  var language: Language { look.language }
  var glyphs: GlyphSet { look.glyphs }

  /// Says something in the place of the keys.
  public mutating func note(_ sentence: String) { notice = sentence }

  /// What was chosen, once.
  public mutating func takeChoice() -> HomeChoice? {
    defer { choice = nil }
    return choice
  }

  /// Lessons, tools, the free run, and out.
  private var count: Int { freeRun + 2 }
  private var freeRun: Int { entries.count + HomeTool.all.count }

  /// Applies a key.
  public mutating func update(_ key: Key) {
    switch HomeKeys.map.action(for: key) {
    case .up: selected = (selected + count - 1) % count
    case .down: selected = (selected + 1) % count
    case .first: selected = 0
    case .last: selected = count - 1
    case .start: choose()
    case .theme: look.theme = look.theme.next
    case .quit: choice = .quit
    case .tool(let place): choice = .tool(HomeTool.all[place].tool)
    case .number:
      if case .character(let digit) = key.folded { select(digit) }
    case nil: notice = language("上下选，Enter 开始", "up and down choose, Enter starts")
    }
  }

  private mutating func choose() {
    choice =
      switch selected {
      case ..<entries.count: .lesson(entries[selected].id)
      case ..<freeRun: .tool(HomeTool.all[selected - entries.count].tool)
      case freeRun: .freeRun
      default: .quit
      }
  }

  /// Digits find a lesson by its number.
  private mutating func select(_ digit: Character) {
    if let index = entries.firstIndex(where: { entry in
      entry.id.prefix { $0.isNumber }.drop { $0 == "0" } == String(digit)
    }) {
      selected = index
    }
  }
}
