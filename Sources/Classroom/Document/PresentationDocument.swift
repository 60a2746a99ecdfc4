public import Base

/// The whole state of a presentation, which notes, followers and phones read whole, each time it changes.
///
/// Nothing has to be replayed: whoever comes late, sleeps or reconnects is right with the newest one.
public struct PresentationDocument: Hashable, Sendable {
  /// Rises with each change, from 1.
  public var sequence: Int
  /// The language of the presentation.
  public var language: Language
  /// What is shown, and where.
  public var place: ShownPlace
  /// What is shown, in a sentence for those who do not see it.
  public var sentence: String
  /// The question that is held; nil where none is.
  public var question: HeldQuestion?
  /// The frame, for those who compute nothing; nil for followers, who compute it themselves.
  public var canvas: CanvasMarkup?
  /// Whether the wall is blank: nobody who follows shows the picture then, nor the question.
  public var isBlank = false
  /// What is on the wall before or behind the lecture's parts; nil while one of these is.
  public var cover: ShownCover?
  /// What of the picture the presenter points at; nil while all of it counts.
  public var spotlight: ShownLight?
  /// What only the presenter's other terminals are told; nil for everybody else.
  public var backstage: Backstage?

  /// Makes a document.
  public init(
    sequence: Int, language: Language, place: ShownPlace, sentence: String,
    question: HeldQuestion? = nil, canvas: CanvasMarkup? = nil, backstage: Backstage? = nil
  ) {
    self.sequence = sequence
    self.language = language
    self.place = place
    self.sentence = sentence
    self.question = question
    self.canvas = canvas
    self.backstage = backstage
  }
}

/// What is shown, and where: enough to compute the same.
public struct ShownPlace: Hashable, Sendable {
  /// What runs.
  public enum Source: Hashable, Sendable {
    /// A run, with its options as the command line has them.
    case run(arguments: [String])
    /// A screen of a lesson, both by their ids.
    case lesson(id: String, screen: String)
    /// A recording, by its file.
    case recording(path: String)
  }

  /// What runs.
  public var source: Source
  /// The step, counted from 1.
  public var step: Int
  /// The layer, counted from 1.
  public var layer: Int
  /// The head, counted from 1.
  public var head: Int
  /// The cell that is pointed at, counted from 0; nil where none is.
  public var cell: ShownCell?

  /// Names a place.
  public init(_ source: Source, step: Int, layer: Int = 1, head: Int = 1, cell: ShownCell? = nil) {
    self.source = source
    self.step = step
    self.layer = layer
    self.head = head
    self.cell = cell
  }
}

/// What a spotlight falls on in a picture of a run; the rest is shaded.
public enum ShownLight: String, CaseIterable, Hashable, Sendable {
  /// The cell that is pointed at, or the newest.
  case cell
  /// The newest row, or that of the cell.
  case row
  /// The strip of keys.
  case strip
}

/// What stands around the parts of a lecture.
public enum ShownCover: String, CaseIterable, Hashable, Sendable {
  /// What the lecture is called, its parts, and how phones join.
  case first
  /// What was done.
  case last
}

/// A cell of the grid, counted from 0.
public struct ShownCell: Hashable, Sendable {
  /// The position of the query.
  public var query: Int
  /// The position of the key.
  public var key: Int

  /// Names a cell.
  public init(query: Int, key: Int) {
    self.query = query
    self.key = key
  }
}

/// A frame as a web page shows it.
public struct CanvasMarkup: Hashable, Sendable {
  /// What a class of the markup looks like, as CSS writes colours.
  public struct Style: Hashable, Sendable {
    /// Ink and ground in the light theme, then those in the dark one.
    public var colours: [String]
    /// Whether it is bold.
    public var isBold: Bool

    /// Joins the colours with the weight.
    public init(colours: [String], isBold: Bool) {
      self.colours = colours
      self.isBold = isBold
    }
  }

  /// Columns of the frame.
  public var columns: Int
  /// Rows of the frame.
  public var rows: Int
  /// The frame as markup of the program's own.
  public var html: String
  /// The styles in the order of their classes.
  public var styles: [Style]

  /// Joins a frame with its size.
  public init(columns: Int, rows: Int, html: String, styles: [Style] = []) {
    self.columns = columns
    self.rows = rows
    self.html = html
    self.styles = styles
  }
}
