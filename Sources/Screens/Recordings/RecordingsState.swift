internal import Base
internal import Viz

/// The recordings that there are, one of them chosen.
struct RecordingsState: Sendable {
  var look: Look
  /// What was found; nil before anything was.
  private(set) var list: RecordingList?
  /// How often it was looked for: files come and go.
  private(set) var round = 1
  /// The round that is answered in full.
  private var answered = 0
  private(set) var selected = 0
  private(set) var isHelp = false
  var isLeft = false
  var notice: String?
  /// The file that is to be played.
  private var chosen: String?

  init(look: Look) { self.look = look }

  /// What is wanted and not there: the round's list.
  var question: RecordingsQuestion? {
    answered < round ? RecordingsQuestion(round: round) : nil
  }

  var entries: [RecordingEntry] { list?.entries ?? [] }

  mutating func receive(_ findings: RecordingsFindings) {
    guard findings.question.round == round else { return }
    list = findings.list
    if findings.list.isWhole { answered = round }
    selected = max(0, min(selected, entries.count - 1))
  }

  /// It goes no further.
  mutating func fail(_ sentence: String) { (notice, answered) = (sentence, round) }

  /// Looks again: a run may have been kept since.
  mutating func lookAgain() { round += 1 }

  mutating func takeChosen() -> String? {
    defer { chosen = nil }
    return chosen
  }

  mutating func press(_ key: Key) {
    notice = nil
    guard !isHelp else {
      isHelp = false
      return
    }
    switch RecordingsKeys.map.action(for: key) {
    case .up: move(-1)
    case .down: move(1)
    case .pageUp: move(-Self.page)
    case .pageDown: move(Self.page)
    case .first: selected = 0
    case .last: selected = max(0, entries.count - 1)
    case .open: open()
    case .again: lookAgain()
    case .language:
      guard glyphs != .ascii else { return }
      look.language = language == .chinese ? .english : .chinese
    case .theme: look.theme = look.theme.next
    case .help: isHelp = true
    case .leave: isLeft = true
    case nil: notice = language("没有这个键，? 看帮助", "no such key, ? helps")
    }
  }

  private static let page = 10

  private mutating func move(_ step: Int) {
    guard !entries.isEmpty else {
      notice = language("还没有录像", "there is none yet")
      return
    }
    selected = max(0, min(entries.count - 1, selected + step))
  }

  private mutating func open() {
    guard !entries.isEmpty else { return move(0) }
    switch entries[selected].content {
    case .run: chosen = entries[selected].path
    case .unreadable(let why): notice = why[language]
    }
  }
}

/// The wish to know which recordings there are; each round is another.
public struct RecordingsQuestion: Hashable, Sendable {
  let round: Int
}

/// The recordings as far as they are read.
public struct RecordingsFindings: Sendable {
  let question: RecordingsQuestion
  let list: RecordingList

  /// Answers a question.
  public init(_ question: RecordingsQuestion, _ list: RecordingList) {
    (self.question, self.list) = (question, list)
  }
}

extension RecordingsState: WorkState {
  static var keys: KeyMap<RecordingsAction> { RecordingsKeys.map }
  static var helpKeys: KeyMap<RecordingsAction> { RecordingsKeys.help }

  var about: [String] {
    [
      language(
        "列出的是当前文件夹和 $KVTUI_HOME 里的 .kvtrace 文件。每个文件读了它的文件头；重放时才读 Q、K、V。",
        "Listed are the .kvtrace files of the working folder and of $KVTUI_HOME. Of each the header was read; Q, K and V are read when it is played."
      )
    ]
  }

  func isOffered(_ action: RecordingsAction) -> Bool {
    switch action {
    case .up, .open: !entries.isEmpty
    case .language: glyphs != .ascii
    default: true
    }
  }
}
