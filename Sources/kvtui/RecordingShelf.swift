internal import Base
internal import Screens
internal import Trace

/// The recordings of some folders: of the working folder, and of `$KVTUI_HOME`.
struct RecordingShelf {
  /// A folder, and what stands before the names of its files.
  private struct Folder {
    let path: String
    let prefix: String
  }

  private let folders: [Folder]
  /// Files that are listed at most.
  private static let most = 500
  private static let ending = ".kvtrace"
  /// Characters of a run's text that a list shows at most.
  private static let longestText = 400

  /// Where this process looks.
  static var current: RecordingShelf {
    RecordingShelf(home: Environment.value("KVTUI_HOME"))
  }

  init(home: String?) {
    let own = Folder(path: ".", prefix: "")
    guard let home, !home.isEmpty, home != "." else {
      folders = [own]
      return
    }
    folders = [own, Folder(path: home, prefix: home + "/")]
  }

  private var files: [(path: String, name: String)] {
    let all = folders.flatMap { folder in
      folderEntries(folder.path).filter { $0.hasSuffix(Self.ending) }
        .map { (path: folder.prefix + $0, name: folder.prefix + $0) }
    }
    return Array(all.prefix(Self.most))
  }

  /// Reads the header of each file; `goesOn` gets what is read so far, and says whether more is wanted.
  func list(_ goesOn: (RecordingList) -> Bool = { _ in true }) -> RecordingList {
    let files = files
    var list = RecordingList(folders: folders.map(\.path), count: files.count)
    for file in files {
      list.entries.append(RecordingEntry(path: file.path, name: file.name, Self.content(file.path)))
      guard goesOn(list) else { break }
    }
    return list
  }

  private static func content(_ path: String) -> RecordingEntry.Content {
    do throws(FileError) {
      let trace = try Recording(path).trace
      return .run(
        RecordingEntry.Run(
          model: trace.model.name, text: text(trace.tokens), tokens: trace.tokens.count,
          steps: trace.steps.count))
    } catch {
      return .unreadable(error.sentences)
    }
  }

  private static func text(_ tokens: [TraceToken]) -> String {
    var text = ""
    for token in tokens where text.count < longestText { text += token.text }
    return String(text.prefix(longestText))
  }
}

extension Explained {
  /// What it says, by language: for who chooses the language later.
  var sentences: [Language: String] {
    Dictionary(uniqueKeysWithValues: Language.allCases.map { ($0, sentence($0)) })
  }
}

/// Lists the recordings beside a screen.
struct RecordingsSession: WorkSession {
  let shelf: RecordingShelf

  static func asked(_ question: Question) -> RecordingsQuestion? {
    if case .recordings(let asked) = question { asked } else { nil }
  }

  static func findings(_ news: RecordingsFindings) -> Findings { .recordings(news) }

  func work(
    on asked: RecordingsQuestion, _ goesOn: (RecordingsFindings) -> Bool
  ) -> RecordingsFindings {
    switch asked {
    case .list(let round):
      .list(round: round, shelf.list { goesOn(.list(round: round, $0)) })
    case .picture(let path): .picture(path, try? Recording(path).trace)
    }
  }
}
