/// A lecture as a file has it, its parts' names not looked up yet.
public struct LectureFile: Sendable {
  /// A part with where it stands.
  struct Part: Sendable {
    let item: LectureItem
    /// The line of what names its source.
    let line: Int
    /// The line of its screens.
    let screensLine: Int
    /// The line of those that are voted on once.
    let onceLine: Int
  }

  /// The file, as it was named.
  public let path: String
  let title: Bilingual<String>
  let parts: [Part]

  /// Reads a file.
  ///
  /// - Throws: the first thing that is wrong with it.
  public init(path: String) throws(Finding) {
    self = try LectureReader(path: path).file(Course.text(of: path))
  }

  init(path: String, title: Bilingual<String>, parts: [Part]) {
    self.path = path
    self.title = title
    self.parts = parts
  }
}
