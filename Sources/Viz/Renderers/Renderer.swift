/// Turns a reel into a file; a still is a reel of one.
public protocol Renderer: Sendable {
  /// The file's text; empty if there are no frames.
  func render(_ reel: Reel) -> String
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
