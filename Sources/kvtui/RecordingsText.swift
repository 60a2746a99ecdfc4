internal import Base
internal import Screens
internal import Viz

/// The recordings that there are, as a page of text.
struct RecordingsText {
  private let list: RecordingList
  private let look: Look

  init(_ list: RecordingList, _ look: Look) { (self.list, self.look) = (list, look) }

  var text: String {
    let lines = list.entries.isEmpty ? none : list.entries.map(line)
    return lines.map { look.glyphs.shown($0) + "\n" }.joined()
  }

  /// A name, the model, the steps, and the text; or what is wrong with the file.
  private func line(_ entry: RecordingEntry) -> String {
    switch entry.content {
    case .unreadable(let why): entry.name + "  " + (why[look.language] ?? "")
    case .run(let run):
      [
        entry.name, run.model, look.language("\(run.steps) 步", "\(run.steps) steps"),
        String(run.text.prefix(Self.longestText)),
      ].joined(separator: "  ")
    }
  }

  private static let longestText = 40

  private var none: [String] {
    [
      look.language(
        "还没有录像（找过：\(list.folders.joined(separator: "、"))）；kvtui record run.kvtrace 存一个，运行里按 w 也行",
        "no recordings (looked in: \(list.folders.joined(separator: ", "))); kvtui record run.kvtrace makes one, and so does w in a run"
      )
    ]
  }
}
