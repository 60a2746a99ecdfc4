public import Base

/// Turns frames into a file; a still is one frame.
public protocol Renderer: Sendable {
  /// Makes the file.
  ///
  /// - Parameters:
  ///   - shots: the frames, the earliest first; each is asked for once, so that not all of them need be in memory.
  ///   - title: what they are of, without control characters; may be empty.
  ///   - language: of the frames and of what is said of them.
  /// - Returns: the file's text; empty if there are no frames.
  func render(_ shots: some Sequence<Reel.Shot>, title: String, _ language: Language) -> String
}

extension Renderer {
  /// The file of a reel.
  public func render(_ reel: Reel) -> String {
    render(reel.shots, title: reel.title, reel.language)
  }
}

/// The formats that `export` writes.
public enum ExportFormat: String, CaseIterable, Sendable {
  /// The frames as lines of text.
  case txt
  /// A handout in Markdown.
  case md
  /// The last frame as a picture.
  case svg
  /// A page for a browser, which steps through the frames.
  case html
  /// A film for terminals: asciicast.
  case cast

  /// What writes this format.
  public var renderer: any Renderer {
    switch self {
    case .txt: TextRenderer()
    case .md: MarkdownRenderer()
    case .svg: SVGRenderer()
    case .html: HTMLRenderer()
    case .cast: CastRenderer()
    }
  }
}
