public import Base

/// Where in a run a frame stands, each counted from 1.
public struct FramePlace: Hashable, Sendable {
  /// The step.
  public let step: Int
  /// The layer.
  public let layer: Int
  /// The head.
  public let head: Int

  /// Creates a place.
  public init(step: Int, layer: Int, head: Int) {
    self.step = step
    self.layer = layer
    self.head = head
  }
}

/// What is told of a frame besides its cells.
public struct FrameNotes: Hashable, Sendable {
  /// A few words that name the moment, such as `4/7 decode`.
  public var mark: String?
  /// The moment as a heading.
  public var heading: String?
  /// One sentence.
  public var caption: String?
  /// What was counted.
  public var numbers: NumberTable?
  /// Where in a run it stands.
  public var place: FramePlace?

  /// Creates notes.
  public init(
    mark: String? = nil, heading: String? = nil, caption: String? = nil,
    numbers: NumberTable? = nil, place: FramePlace? = nil
  ) {
    self.mark = mark
    self.heading = heading
    self.caption = caption
    self.numbers = numbers
    self.place = place
  }

  /// These notes without control characters; an empty text is none.
  var cleaned: FrameNotes {
    func clean(_ text: String?) -> String? {
      text.map { Sanitiser.clean($0) }.flatMap { $0.isEmpty ? nil : $0 }
    }
    var notes = self
    (notes.mark, notes.heading, notes.caption) = (clean(mark), clean(heading), clean(caption))
    return notes
  }
}

/// Frames in the order of their times: all that a file needs to know, whatever its format.
///
///     var reel = Reel(language: .english)
///     reel.append(first, at: 0, caption: "The prompt is read.")
///     reel.append(second, at: 1.5)
///     let page = SVGRenderer().render(reel)
///
/// A still is a reel of one.
public struct Reel: Hashable, Sendable {
  /// A frame with the moment at which it appears and what is said of it.
  public struct Shot: Hashable, Sendable {
    /// What is seen.
    public let frame: Frame
    /// Seconds from the start of the reel; never less than the shot's before.
    public let seconds: Double
    /// What is said of it, in the reel's language, without control characters.
    public let notes: FrameNotes
    /// The same for a page that is too narrow for the frame; nil where there is none.
    public let narrow: Canvas?

    /// A frame at a time, in seconds, and what is said of it; its texts pass the sanitiser.
    public init(
      _ frame: Frame, at seconds: Double, _ notes: FrameNotes = FrameNotes(), narrow: Canvas? = nil
    ) {
      self.narrow = narrow
      self.frame = frame
      self.seconds = seconds
      self.notes = notes.cleaned
    }

    /// One sentence.
    public var caption: String? { notes.caption }
  }

  /// The language of the frames and of what is said of them.
  public let language: Language
  /// What the reel is of, without control characters; may be empty.
  public let title: String
  /// The frames, the earliest first.
  public private(set) var shots: [Shot] = []

  /// Creates a reel without frames.
  public init(language: Language, title: String = "") {
    self.language = language
    self.title = Sanitiser.clean(title)
  }

  /// A still.
  public init(_ frame: Frame, caption: String? = nil, language: Language) {
    self.init(language: language)
    append(frame, at: 0, caption: caption)
  }

  /// Frames at equal distances, the first at 0.
  public init(_ frames: [Frame], every interval: Double, language: Language) {
    self.init(language: language)
    for (index, frame) in frames.enumerated() { append(frame, at: Double(index) * interval) }
  }

  /// Adds a frame with one sentence behind the others.
  public mutating func append(_ frame: Frame, at seconds: Double, caption: String? = nil) {
    append(frame, at: seconds, FrameNotes(caption: caption))
  }

  /// Adds a frame behind the others.
  ///
  /// - Parameters:
  ///   - frame: what is seen.
  ///   - seconds: from the start of the reel; a time before the last frame's, or none at all (NaN, ∞), is the last
  ///     frame's.
  ///   - notes: what is said of it; its texts pass the sanitiser.
  public mutating func append(_ frame: Frame, at seconds: Double, _ notes: FrameNotes) {
    let last = shots.last?.seconds ?? 0
    shots.append(Shot(frame, at: seconds.isFinite ? max(last, seconds) : last, notes))
  }

  /// How long each frame stays until the next one; nil for the last, which stays.
  public var durations: [Double?] {
    shots.indices.map { index in
      index + 1 < shots.count ? shots[index + 1].seconds - shots[index].seconds : nil
    }
  }
}
