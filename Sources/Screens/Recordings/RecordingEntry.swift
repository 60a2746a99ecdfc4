public import Base
internal import Viz

/// A file that may be a recording, and what its header says.
public struct RecordingEntry: Hashable, Sendable {
  /// What a run in a file is.
  public struct Run: Hashable, Sendable {
    /// The model's name.
    public let model: String
    /// What was fed and written, at its beginning.
    public let text: String
    /// Tokens of all of it.
    public let tokens: Int
    /// Steps.
    public let steps: Int

    /// Describes a run.
    public init(model: String, text: String, tokens: Int, steps: Int) {
      (self.model, self.text, self.tokens, self.steps) = (model, text, tokens, steps)
    }
  }

  /// What was found in a file.
  public enum Content: Hashable, Sendable {
    case run(Run)
    /// Why it cannot be played, by language.
    case unreadable([Language: String])
  }

  /// The file, as it is opened.
  public let path: String
  /// As it is shown.
  public let name: String
  /// What is in it.
  public let content: Content

  /// Joins a file and what is in it.
  public init(path: String, name: String, _ content: Content) {
    (self.path, self.name, self.content) = (path, name, content)
  }

  /// Whether it can be played.
  var isRun: Bool { if case .run = content { true } else { false } }

  /// What it is in a line, in shorter and shorter wordings.
  func wordings(_ language: Language, _ glyphs: GlyphSet) -> [String] {
    switch content {
    case .unreadable: [name + "  " + glyphs.wrong, name]
    case .run(let run):
      ["\(name)  \(run.model)  " + language("\(run.steps) 步", "\(run.steps) steps"), name]
    }
  }
}

/// The recordings that were found.
public struct RecordingList: Hashable, Sendable {
  /// Every file, in the order of folders and names.
  public var entries: [RecordingEntry]
  /// The folders that were looked in, as they are shown.
  public let folders: [String]
  /// How many files there are, those that are not read yet among them.
  public let count: Int

  /// Joins what was found.
  public init(_ entries: [RecordingEntry] = [], folders: [String], count: Int) {
    (self.entries, self.folders, self.count) = (entries, folders, count)
  }

  var isWhole: Bool { entries.count >= count }
}
