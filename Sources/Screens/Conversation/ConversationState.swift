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

    /// The turns behind it, which go with an edit.
    var later: ArraySlice<ConversationTurn> { before.dropFirst(turn) }
  }

  enum Mode: Hashable, Sendable {
    case talk
    case typing(TextField)
    case edit(Edit)
  }

  var look: Look
  let start: ConversationStart
  /// What Enter asks next.
  var queue: [ConversationEntry]
  /// Questions of the script that are still to be asked without a key.
  var toPlay: Int
  var conversation = 1
  var turns: [ConversationTurn] = []
  /// What each token that is held adds to the text.
  var tokens: [String] = []
  /// What is being answered.
  var asked: ConversationQuestion.Asked?
  var progress: AnswerProgress?
  /// Rows that the comparison under way has fed.
  var rows: Int?
  /// The turn that is looked at, by its place.
  var selected = 0
  var mode = Mode.talk
  var showsGrid = false
  var help = HelpPage()
  var isLeft = false
  var notice: String?
  /// Bytes of the weights that are read, and all, while they are.
  var reading: (done: Int, all: Int)?
  /// Comparisons that cannot be made.
  var failed: Set<ConversationQuestion> = []

  init(_ start: ConversationStart, look: Look) {
    (self.start, queue, self.look) = (start, start.script, look)
    toPlay = start.turns
    playOn()
  }

  /// How many turns of the script were asked, as options of the command; nil where something else was.
  var place: [String]? {
    let asked = turns.map { ConversationEntry.question($0.question) }
    guard conversation == 1, start.script.starts(with: asked) else { return nil }
    return ["--turns", "\(turns.count)"]
  }

  var talk: Language { start.language }
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
    playOn()
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

  mutating func changeEdit(_ change: (inout Edit) -> Void) {
    guard case .edit(var edit) = mode else { return }
    change(&edit)
    mode = .edit(edit)
  }

  /// What was to be worked out cannot be; a question can be put in other words.
  mutating func fail(_ sentence: String) {
    notice = sentence
    guard let question, case .answer(let asked) = question else {
      if let question { failed.insert(question) }
      rows = nil
      return
    }
    (self.asked, progress, toPlay) = (nil, nil, 0)
    if case .talk = mode { mode = .typing(TextField(asked.text)) }
  }
}
