internal import Base
internal import Trace
internal import Viz

/// A conversation: its turns, what is asked next, and what is looked at.
struct ConversationState: Sendable {
  /// An edit of a turn's question.
  struct Edit: Hashable, Sendable {
    /// The turn, counted from 1.
    var turn: Int
    var field: TextField
    /// What the question as it is typed would leave; of the last text that was worked out.
    var outlook: TurnEdit?
    /// The turns before the edit, while it is computed and afterwards.
    let before: [ConversationTurn]
    /// The turn that came into the place of the other.
    var result: ConversationTurn?
  }

  enum Mode: Hashable, Sendable {
    case talk
    case typing(TextField)
    case edit(Edit)
  }

  var look: Look
  let start: ConversationStart
  /// What Enter asks next.
  private(set) var queue: [ConversationEntry]
  private(set) var conversation = 1
  private(set) var turns: [ConversationTurn] = []
  /// What each token that is held adds to the text.
  private(set) var tokens: [String] = []
  /// What is being answered.
  private(set) var asked: ConversationQuestion.Asked?
  private(set) var progress: AnswerProgress?
  /// Rows that the comparison under way has fed.
  private(set) var rows: Int?
  /// The turn that is looked at, by its place.
  private(set) var selected = 0
  private(set) var mode = Mode.talk
  private(set) var showsGrid = false
  private(set) var isHelp = false
  var isLeft = false
  private(set) var notice: String?
  /// Bytes of the weights that are read, and all, while they are.
  private(set) var reading: (done: Int, all: Int)?
  /// Comparisons that cannot be made.
  private var failed: Set<ConversationQuestion> = []

  init(_ start: ConversationStart, look: Look) {
    (self.start, queue, self.look) = (start, start.script, look)
  }

  private var talk: Language { start.language }
  var isLatent: Bool { start.isLatent }

  /// What is to be worked out next: an outlook, which is quick, before an answer, comparisons behind both.
  var question: ConversationQuestion? {
    if let outlookQuestion { return outlookQuestion }
    if let asked { return .answer(asked) }
    return comparisons.first { !failed.contains($0) }
  }

  private var outlookQuestion: ConversationQuestion? {
    guard case .edit(let edit) = mode else { return nil }
    let (text, known) = (edit.field.text, edit.outlook)
    if known?.turn == edit.turn, known?.question == text { return nil }
    let question = ConversationQuestion.outlook(text, turn: edit.turn, of: edit.before, talk)
    return failed.contains(question) ? nil : question
  }

  /// The ways of computing turns that were not run yet.
  private var comparisons: [ConversationQuestion] {
    turns.flatMap { turn in
      (turn.emptied == nil ? [.emptied(turn, talk)] : [])
        + (turn.uncached == nil ? [.uncached(turn, talk)] : [])
    }
  }

  /// Whether a comparison cannot be made.
  func cannotCompare(_ question: ConversationQuestion) -> Bool { failed.contains(question) }

  // MARK: What comes

  mutating func receive(_ answer: ConversationAnswer) {
    guard answer.question == question else { return }
    reading = nil
    switch (answer.content, answer.question) {
    case (.reading(let done, let all), _): reading = (done, all)
    case (.progress(let progress), _): self.progress = progress
    case (.turn(let turn, let tokens), _): take(turn, tokens)
    case (.rows(let rows), _): self.rows = rows
    case (.cost(let cost), .emptied(let turn, _)): change(turn) { $0.emptied = cost }
    case (.cost(let cost), .uncached(let turn, _)): change(turn) { $0.uncached = cost }
    case (.outlook(let outlook), _): changeEdit { $0.outlook = outlook }
    default: break
    }
  }

  private mutating func take(_ turn: ConversationTurn, _ tokens: [String]) {
    guard let asked else { return }
    turns = asked.earlier + [turn]
    self.tokens = tokens
    // What was dropped is asked again, behind the other question.
    queue = asked.dropped.dropFirst().map { .question($0.question) } + queue
    (self.asked, progress) = (nil, nil)
    selected = turns.count - 1
    changeEdit { $0.result = turn }
  }

  private mutating func change(
    _ turn: ConversationTurn, _ change: (inout ConversationTurn) -> Void
  ) {
    rows = nil
    guard let place = turns.firstIndex(of: turn) else { return }
    change(&turns[place])
    let changed = turns[place]
    changeEdit { if $0.result == turn { $0.result = changed } }
  }

  private mutating func changeEdit(_ change: (inout Edit) -> Void) {
    guard case .edit(var edit) = mode else { return }
    change(&edit)
    mode = .edit(edit)
  }

  mutating func note(_ sentence: String) { notice = sentence }

  /// What was to be worked out cannot be; a question can be put in other words.
  mutating func fail(_ sentence: String) {
    notice = sentence
    guard let question, case .answer(let asked) = question else {
      if let question { failed.insert(question) }
      rows = nil
      return
    }
    (self.asked, progress) = (nil, nil)
    if case .talk = mode { mode = .typing(TextField(asked.text)) }
  }

  // MARK: Keys

  mutating func press(_ key: Key) {
    notice = nil
    if isHelp { return pressHelp(key) }
    switch mode {
    case .talk: pressTalk(key)
    case .typing(let field): pressTyping(key, field)
    case .edit(let edit): pressEdit(key, edit)
    }
  }

  mutating func paste(_ text: String) {
    notice = nil
    let line = String(text.map { $0.isNewline ? " " : $0 })
    switch mode {
    case .typing(var field):
      field.insert(line)
      mode = .typing(field)
    case .edit(var edit) where edit.result == nil && asked == nil:
      edit.field.insert(line)
      mode = .edit(edit)
    default: notice = language("先按 p 打字，再粘贴", "p opens a field to paste into")
    }
  }

  private mutating func pressHelp(_ key: Key) {
    guard ConversationKeys.help.action(for: key) != nil else { return sayUnknown() }
    isHelp = false
  }

  private mutating func sayUnknown() {
    notice = language("没有这个键，? 看帮助", "no such key, ? helps")
  }

  private mutating func pressTalk(_ key: Key) {
    guard let action = ConversationKeys.map.action(for: key) else { return sayUnknown() }
    switch action {
    case .next: askNext()
    case .type: if asked == nil { mode = .typing(TextField()) } else { sayBusy() }
    case .earlier: select(selected - 1)
    case .later: select(selected + 1)
    case .edit: beginEdit(turn: selected + 1)
    case .grid: showGrid()
    case .anew: beginAnew()
    case .stop: stop()
    case .theme: look.theme = look.theme.next
    case .language: changeLanguage()
    case .help: isHelp = true
    case .leave: isLeft = true
    }
  }

  private mutating func sayBusy() {
    notice = language("正在回答，Esc 不等了", "an answer is being written, Esc stops it")
  }

  private mutating func select(_ place: Int) {
    guard turns.indices.contains(place) else {
      notice = language("没有别的轮", "there is no other turn")
      return
    }
    selected = place
  }

  private mutating func changeLanguage() {
    guard glyphs != .ascii else {
      notice = "Chinese cannot be shown in ASCII"
      return
    }
    look.language = look.language == .chinese ? .english : .chinese
  }

  private mutating func showGrid() {
    guard !turns.isEmpty else {
      notice = language("先问一句", "ask first")
      return
    }
    showsGrid.toggle()
  }

  /// Another conversation; what is held of this one can be found again, in whole blocks.
  private mutating func beginAnew() {
    guard !turns.isEmpty || asked != nil else {
      notice = language("这就是开头", "this is the beginning")
      return
    }
    beginConversation()
    queue = start.script
  }

  private mutating func beginConversation() {
    conversation += 1
    (turns, tokens, asked, progress, rows) = ([], [], nil, nil, nil)
    (selected, showsGrid, failed) = (0, false, [])
  }

  private mutating func stop() {
    if let asked {
      // It is what Enter asks next.
      queue.insert(.question(asked.text), at: 0)
      (self.asked, progress) = (nil, nil)
      notice = language("这一句没有答完，不算", "the answer was not finished and does not count")
    } else if showsGrid {
      showsGrid = false
    } else {
      isLeft = true
    }
  }

  /// Leaves a field, or what is written for it.
  private mutating func cancel() {
    if asked != nil { (asked, progress) = (nil, nil) } else { mode = .talk }
  }
}

// MARK: Asking

extension ConversationState {
  private mutating func askNext() {
    guard asked == nil else { return sayBusy() }
    guard let entry = queue.first else {
      mode = .typing(TextField())
      return
    }
    queue.removeFirst()
    switch entry {
    case .question(let text): ask(text, behind: turns)
    case .begin(let text):
      beginConversation()
      ask(text, behind: [])
    case .edit(let turn, let text):
      beginEdit(turn: turn)
      changeEdit { $0.field = TextField(text) }
      askEdited()
    }
  }

  private mutating func ask(
    _ text: String, behind earlier: [ConversationTurn], dropping dropped: [ConversationTurn] = []
  ) {
    guard !text.isEmpty else {
      notice = language("先写点什么", "type something first")
      return
    }
    showsGrid = false
    asked = .init(
      conversation: conversation, language: talk, text: text, earlier: earlier, dropped: dropped)
  }

  private mutating func beginEdit(turn: Int) {
    guard asked == nil else { return sayBusy() }
    guard turns.indices.contains(turn - 1) else {
      notice = language("先问一句", "ask first")
      return
    }
    showsGrid = false
    selected = turn - 1
    mode = .edit(
      Edit(turn: turn, field: TextField(turns[turn - 1].question), before: turns))
  }

  private mutating func askEdited() {
    guard case .edit(let edit) = mode else { return }
    ask(
      edit.field.text, behind: Array(edit.before[..<(edit.turn - 1)]),
      dropping: Array(edit.before[(edit.turn - 1)...]))
  }

  private mutating func pressTyping(_ key: Key, _ field: TextField) {
    var field = field
    switch ConversationKeys.typing.action(for: key) {
    case .ask:
      mode = .talk
      ask(field.text, behind: turns)
      if asked == nil { mode = .typing(field) }
    case .cancel: mode = .talk
    default:
      guard field.edit(key) else { return sayUnknown() }
      mode = .typing(field)
    }
  }

  private mutating func pressEdit(_ key: Key, _ edit: Edit) {
    guard edit.result == nil else {
      guard ConversationKeys.edited.action(for: key) != nil else { return sayUnknown() }
      mode = .talk
      return
    }
    switch ConversationKeys.editing.action(for: key) {
    case .ask: if asked == nil { askEdited() } else { sayBusy() }
    case .earlier: move(to: edit.turn - 1, edit)
    case .later: move(to: edit.turn + 1, edit)
    case .cancel: cancel()
    case nil: type(key, edit)
    }
  }

  private mutating func move(to turn: Int, _ edit: Edit) {
    guard asked == nil else { return sayBusy() }
    guard edit.before.indices.contains(turn - 1) else {
      notice = language("没有别的轮", "there is no other turn")
      return
    }
    beginEdit(turn: turn)
  }

  private mutating func type(_ key: Key, _ edit: Edit) {
    guard asked == nil else { return sayBusy() }
    var edit = edit
    guard edit.field.edit(key) else { return sayUnknown() }
    mode = .edit(edit)
  }
}
