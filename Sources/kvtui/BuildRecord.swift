internal import Base
internal import CBuildRecord

/// Which program this is: its version, and the commit that it was built from where the build said so.
struct BuildRecord: Equatable {
  /// The version, which `CHANGELOG.md` tells of.
  static let version = "1.0.0"

  /// The commit's hash, whole; nil where the build did not say.
  let commit: String?
  /// The day on which it was committed.
  let day: String?
  /// Whether the sources were changed since.
  let isChanged: Bool

  /// Of this program.
  static let current = BuildRecord(String(cString: cb_build_record()))

  /// Reads what `script/build` wrote.
  init(_ text: String) {
    let words = text.split(separator: " ").map(String.init)
    commit = words.first
    day = words.count > 1 ? words[1] : nil
    isChanged = words.dropFirst(2).contains("changed")
  }

  /// The version, and what it was built from, on a line.
  func text(_ language: Language) -> String {
    "kvtui \(Self.version)" + language("（\(origin(language))）", " (\(origin(language)))")
  }

  /// What it was built from.
  func origin(_ language: Language) -> String {
    guard let commit, let day else {
      return language("编译时没有记下提交", "built without a record of its commit")
    }
    let changed = language("，源码在此之后有改动", ", with changes since")
    return language("提交 \(commit)，\(day)", "commit \(commit), \(day)") + (isChanged ? changed : "")
  }
}
