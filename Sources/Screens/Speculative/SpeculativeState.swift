internal import Base
internal import Trace
internal import Viz

/// The speculative screen: knobs, what was written with each of their settings, and where one looks.
struct SpeculativeState: Sendable {
  let start: SpeculativeStart
  var look: Look
  /// What the knobs say.
  private(set) var wanted: SpeculativeQuestion
  /// What was written, so that going back is at once.
  private var boards: [SpeculativeQuestion: SpeculativeBoard] = [:]
  /// The settings that were run, the last one behind the others.
  private var order: [SpeculativeQuestion] = []
  /// What is on the screen.
  private(set) var board: SpeculativeBoard?
  /// The round that was chosen, from 0.
  private var chosenRound = 0
  private var chosenLayer = 0
  private var chosenHead = 0
  /// The text that is being typed.
  private(set) var field: TextField?
  var help = HelpPage()
  var notice: String?
  private(set) var hasFailed = false
  var isLeft = false

  /// The most settings that are kept.
  private static let mostBoards = 16
  /// The most tokens that keys have drafted.
  static let mostDrafts = 12

  init(_ start: SpeculativeStart, look: Look) {
    (self.start, self.look, wanted) = (start, look, start.question)
  }

  /// What is to be run: the setting of the knobs, where it was not.
  var question: SpeculativeQuestion? {
    hasFailed || boards[wanted]?.isComplete == true ? nil : wanted
  }

  // MARK: Where one looks

  var passes: [SpeculativePass] { board?.trace.passes ?? [] }

  /// The place of the round that is shown, from 0.
  var round: Int {
    min(chosenRound, max(0, passes.count - 1))
  }

  var layer: Int { min(chosenLayer, max(1, board?.model.layers ?? 1) - 1) }
  var head: Int { min(chosenHead, max(1, board?.model.heads ?? 1) - 1) }

  // MARK: What was run

  mutating func receive(_ board: SpeculativeBoard) {
    boards[board.question] = board
    order.removeAll { $0 == board.question }
    order.append(board.question)
    if order.count > Self.mostBoards { boards[order.removeFirst()] = nil }
    if board.question == wanted { show(board) }
  }

  /// A text that ends before anything is drafted has no round.
  private mutating func show(_ board: SpeculativeBoard) {
    if !board.trace.passes.isEmpty || board.isComplete { self.board = board }
  }

  /// A setting that cannot be run makes way for the one on the screen.
  mutating func fail(_ sentence: String) {
    notice = sentence
    guard let board else { return hasFailed = true }
    wanted = board.question
  }

  /// Changes the knobs; what was run before is there at once.
  private mutating func ask(_ change: (inout SpeculativeQuestion) -> Void) {
    change(&wanted)
    if let known = boards[wanted] { show(known) }
  }

  // MARK: Keys

  mutating func press(_ key: Key) {
    notice = nil
    if field != nil { return type(key) }
    guard let action = SpeculativeKeys.map.action(for: key) else { return refuse() }
    perform(action)
  }

  private mutating func refuse() {
    notice = noSuchKey
  }

  mutating func paste(_ text: String) {
    field?.insert(text.split(whereSeparator: \.isNewline).joined(separator: " "))
  }

  private mutating func perform(_ action: SpeculativeAction) {
    let (layers, heads) = (board?.model.layers ?? 1, board?.model.heads ?? 1)
    switch action {
    case .next: chosenRound = min(round + 1, max(0, passes.count - 1))
    case .back: chosenRound = max(0, round - 1)
    case .first: chosenRound = 0
    case .last: chosenRound = max(0, passes.count - 1)
    case .previousLayer: chosenLayer = max(0, layer - 1)
    case .nextLayer: chosenLayer = min(layer + 1, layers - 1)
    case .previousHead: chosenHead = max(0, head - 1)
    case .nextHead: chosenHead = min(head + 1, heads - 1)
    default: turn(action)
    }
  }

  private mutating func turn(_ action: SpeculativeAction) {
    switch action {
    case .more: ask { if $0.drafts < Self.mostDrafts { $0.drafts += 1 } }
    case .fewer: ask { if $0.drafts > 1 { $0.drafts -= 1 } }
    case .drafter: changeDrafter()
    case .text: field = TextField(limit: 500)
    case .theme: changeTheme()
    case .language: changeLanguage()
    case .help: isHelp = true
    case .leave: isLeft = true
    default: refuse()
    }
  }

  private mutating func changeDrafter() {
    guard let names = board?.drafters, names.count > 1 else {
      notice = language("没有别的模型词表相同", "no other model has the same tokens")
      return
    }
    let index = names.firstIndex(of: wanted.draft) ?? 0
    ask { $0.draft = names[(index + 1) % names.count] }
  }

  // MARK: Typing

  private mutating func type(_ key: Key) {
    switch SpeculativeKeys.typing.action(for: key) {
    case .write: write()
    case .leave: field = nil
    case nil: _ = field?.edit(key)
    }
  }

  private mutating func write() {
    guard let text = field?.text, !text.isEmpty else {
      notice = language("先打一句话", "type a text first")
      return
    }
    field = nil
    chosenRound = 0
    ask { $0.text = text }
  }
}
