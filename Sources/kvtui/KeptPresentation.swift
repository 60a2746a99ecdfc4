internal import Base
internal import Classroom
internal import ClassroomServer
internal import Lessons
internal import Screens

/// A presentation as far as it had come: what is kept so that the next start goes on there, and nothing about anybody who follows.
struct KeptPresentation: Equatable {
  /// What is presented, a text a part.
  var parts: [String]
  /// When that was, in seconds of the epoch.
  var seconds: Int
  /// How phones joined; nil where none could.
  var code: JoinCode?
  /// Where they joined; nil where none could.
  var address: ServeAddress?
  /// The number of the newest document that somebody may have, or nearly so.
  var sequence: Int
  /// Where it stood.
  var place: PresentPlace
  /// Questions that were put, for the results.
  var questions: [PutQuestion]
  /// When it began, in seconds of the epoch.
  var began: Int
  /// The file that has its results; nil where none has.
  var results: String?

  /// What was left longer ago than this begins anew.
  static let longest = 6 * 3600
  /// From the number that was kept to the next start's first: no presentation tells more in between.
  static let gap = 1_000_000

  /// Whether a lecture that begins now goes on here.
  func continues(_ lecture: Lecture, at now: Int) -> Bool {
    parts == lecture.keptParts && abs(now - seconds) <= Self.longest
      && place.item < lecture.items.count
  }

  // MARK: Files

  /// Where a lecture is kept in a folder: another lecture does not take its place.
  static func path(of lecture: Lecture, in folder: String) -> String {
    let parts = JSONText.array(lecture.keptParts.map(JSONText.string)).text
    let digest = SHA256.digest(of: Array(parts.utf8)).prefix(8)
    let name = digest.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    return folder + "/" + prefix + name + suffix
  }

  /// Where presentations are kept in a folder.
  static func paths(in folder: String) -> [String] {
    folderEntries(folder).filter { $0.hasPrefix(prefix) && $0.hasSuffix(suffix) }
      .map { folder + "/" + $0 }
  }

  private static let prefix = "presentation-"
  private static let suffix = ".json"
}

extension Lecture {
  /// Texts that are the same where the same is presented.
  var keptParts: [String] {
    items.map { item in
      switch item.source {
      case .lesson(let name, let screens): (["lesson", name] + screens).joined(separator: "\t")
      case .run(let arguments): (["run"] + arguments).joined(separator: "\t")
      case .recording(let path): "recording\t" + path
      }
    }
  }
}
