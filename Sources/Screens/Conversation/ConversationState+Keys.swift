internal import Base
internal import Trace
internal import Viz

/// What keys and pastes do in each mode.
extension ConversationState {
  mutating func press(_ key: Key) {
    notice = nil
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

  private mutating func sayUnknown() {
    notice = noSuchKey
  }

  private mutating func pressTalk(_ key: Key) {
    guard let action = keysNow.action(for: key) else { return sayUnknown() }
    switch action {
    case .next: askNext()
    case .type: if asked == nil { mode = .typing(TextField()) } else { sayBusy() }
    case .earlier: select(selected - 1)
    case .later: select(selected + 1)
    case .edit: beginEdit(turn: selected + 1)
    case .grid: showGrid()
    case .anew: beginAnew()
    case .stop: stop()
    case .theme: changeTheme()
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
    (queue, toPlay) = (start.script, 0)
  }

  private mutating func beginConversation() {
    conversation += 1
    (turns, tokens, asked, progress, rows) = ([], [], nil, nil, nil)
    (selected, showsGrid, failed) = (0, false, [])
  }

  private mutating func stop() {
    toPlay = 0
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
    toPlay = 0
    if asked != nil { (asked, progress) = (nil, nil) } else { mode = .talk }
  }
}

// MARK: Asking

extension ConversationState {
  /// Asks the script's next question, as long as some are to be asked without a key.
  mutating func playOn() {
    guard toPlay > 0, !queue.isEmpty, asked == nil else { return }
    toPlay -= 1
    // From an edit that is computed the conversation goes on.
    mode = .talk
    askNext()
  }

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
