/// What a lecture shows, in its order.
public struct Lecture: Hashable, Sendable {
  /// What it is called; empty where it is one lesson, run or recording.
  public let title: Bilingual<String>
  /// Its parts, one at least.
  public let items: [LectureItem]

  /// Makes a lecture of parts.
  public init(title: Bilingual<String> = .init(""), items: [LectureItem]) {
    self.title = title
    self.items = items
  }

  /// Minutes that are planned for all of it; nil where none are.
  public var minutes: Int? {
    let planned = items.compactMap(\.minutes)
    return planned.isEmpty ? nil : planned.reduce(0, +)
  }
}

/// A part of a lecture.
public struct LectureItem: Hashable, Sendable {
  /// What is shown.
  public enum Source: Hashable, Sendable {
    /// A lesson by its id or its file; `screens` are the ids of those that are shown, all where it is empty.
    case lesson(String, screens: [String])
    /// A run, by the options of `kvtui run`.
    case run([String])
    /// A recording, by its file.
    case recording(String)
  }

  /// What is shown.
  public let source: Source
  /// What it is called in the plan; empty where its source says it.
  public let title: Bilingual<String>
  /// Minutes that are planned for it.
  public let minutes: Int?
  /// What only the presenter sees, where the source has no notes of its own.
  public let notes: Bilingual<[String]>
  /// Screens of a lesson whose questions are planned with one vote and no discussion.
  public let once: Set<String>

  /// Names a part.
  public init(
    _ source: Source, title: Bilingual<String> = .init(""), minutes: Int? = nil,
    notes: Bilingual<[String]> = .init([]), once: Set<String> = []
  ) {
    self.source = source
    self.title = title
    self.minutes = minutes
    self.notes = notes
    self.once = once
  }
}
