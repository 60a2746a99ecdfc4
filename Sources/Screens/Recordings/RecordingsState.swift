internal import Base
public import Trace
internal import Viz

/// The recordings that there are, one of them chosen.
struct RecordingsState: Sendable {
  var look: Look
  /// What was found; nil before anything was.
  private(set) var list: RecordingList?
  /// How often it was looked for: files come and go.
  private(set) var round = 1
  /// Whether it went no further: until it is looked for again.
  private var hasFailed = false
  /// The round that is answered in full.
  private var answered = 0
  private(set) var selected = 0
  var help = HelpPage()
  var isLeft = false
  var notice: String?
  /// The run that was read last; nil where its file had none any more.
  private var picture: (path: String, trace: Trace?)?
  /// The file that is to be played.
  private var chosen: String?

  init(look: Look) { self.look = look }

  /// What is wanted and not there: the round's list, then the picture of the file that is chosen.
  var question: RecordingsQuestion? {
    if hasFailed { return nil }
    if answered < round { return .list(round: round) }
    guard let entry, case .run = entry.content, picture?.path != entry.path else { return nil }
    return .picture(entry.path)
  }

  var entries: [RecordingEntry] { list?.entries ?? [] }
  /// The file that is chosen.
  var entry: RecordingEntry? { entries.indices.contains(selected) ? entries[selected] : nil }
  /// The run of the file that is chosen; nil while it is not there, or cannot be read any more.
  var trace: Trace? { picture?.path == entry?.path ? picture?.trace : nil }

  mutating func receive(_ findings: RecordingsFindings) {
    switch findings {
    case .list(let number, let list):
      guard number == round else { return }
      self.list = list
      if list.isWhole { answered = round }
      selected = max(0, min(selected, entries.count - 1))
    case .picture(let path, let trace): picture = (path, trace)
    }
  }

  /// It goes no further.
  mutating func fail(_ sentence: String) { (notice, hasFailed) = (sentence, true) }

  /// Looks again: a run may have been kept since.
  mutating func lookAgain() {
    round += 1
    (picture, hasFailed) = (nil, false)
  }

  mutating func takeChosen() -> String? {
    defer { chosen = nil }
    return chosen
  }

  mutating func press(_ key: Key) {
    notice = nil
    if isHelp { return pressHelp(key) }
    switch RecordingsKeys.map.action(for: key) {
    case .up: move(-1)
    case .down: move(1)
    case .pageUp: move(-Self.page)
    case .pageDown: move(Self.page)
    case .first: selected = 0
    case .last: selected = max(0, entries.count - 1)
    case .open: open()
    case .again: lookAgain()
    case .language: changeLanguage()
    case .theme: changeTheme()
    case .help: isHelp = true
    case .leave: isLeft = true
    case nil: notice = noSuchKey
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

/// What the list of recordings wants to know.
public enum RecordingsQuestion: Hashable, Sendable {
  /// Which recordings there are; each round is another, since files come and go.
  case list(round: Int)
  /// The run in a file.
  case picture(String)
}

/// What was found.
public enum RecordingsFindings: Sendable {
  /// The recordings of a round as far as they are read.
  case list(round: Int, RecordingList)
  /// The run in a file; nil where there is none any more.
  case picture(String, Trace?)
}

extension RecordingsState: WorkState {
  static var keys: KeyMap<RecordingsAction> { RecordingsKeys.map }

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
    case .up: entries.count > 1
    case .open: if case .run = entry?.content { true } else { false }
    case .language: glyphs != .ascii
    default: true
    }
  }
}
