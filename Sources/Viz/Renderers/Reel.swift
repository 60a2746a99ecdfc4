public import Base

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
    /// One sentence in the reel's language, without control characters.
    public let caption: String?
  }

  /// The language of the frames and of the captions.
  public let language: Language
  /// The frames, the earliest first.
  public private(set) var shots: [Shot] = []

  /// Creates a reel without frames.
  public init(language: Language) { self.language = language }

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

  /// Adds a frame behind the others.
  ///
  /// - Parameters:
  ///   - frame: what is seen.
  ///   - seconds: from the start of the reel; a time before the last frame's, or none at all (NaN, ∞), is the last
  ///     frame's.
  ///   - caption: one sentence; it passes the sanitiser, an empty one is none.
  public mutating func append(_ frame: Frame, at seconds: Double, caption: String? = nil) {
    let last = shots.last?.seconds ?? 0
    let caption = caption.map { Sanitiser.clean($0) }.flatMap { $0.isEmpty ? nil : $0 }
    shots.append(
      Shot(frame: frame, seconds: seconds.isFinite ? max(last, seconds) : last, caption: caption))
  }

  /// How long each frame stays until the next one; nil for the last, which stays.
  public var durations: [Double?] {
    shots.indices.map { index in
      index + 1 < shots.count ? shots[index + 1].seconds - shots[index].seconds : nil
    }
  }
}
