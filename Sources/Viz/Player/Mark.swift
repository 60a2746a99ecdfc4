/// A moment of a recording that somebody wants to come back to.
public struct Mark: Hashable, Sendable {
  /// The step, counted from 1.
  public let step: Int
  /// The layer, counted from 0.
  public let layer: Int
  /// The head, counted from 0.
  public let head: Int
  /// Why.
  public let note: String

  /// Scalars of the longest note.
  public static let longestNote = 200

  /// Creates a mark; a longer note is cut.
  public init(step: Int, layer: Int, head: Int, note: String) {
    self.step = step
    self.layer = layer
    self.head = head
    self.note = String(String.UnicodeScalarView(note.unicodeScalars.prefix(Self.longestNote)))
  }
}

/// What a recording that is replayed has besides its run.
public struct ReplayState: Hashable, Sendable {
  /// The file's name.
  public let name: String
  /// The marks, by step.
  public internal(set) var marks: [Mark]
  /// What is searched for; nil before anything is.
  var query: String?

  /// Creates the state of a recording that is opened.
  public init(name: String, marks: [Mark]) {
    self.name = name
    self.marks = marks.sorted { $0.step < $1.step }
  }
}
