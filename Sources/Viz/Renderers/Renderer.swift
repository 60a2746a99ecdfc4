/// Turns a reel into a file; a still is a reel of one.
public protocol Renderer: Sendable {
  /// The file's text; empty if there are no frames.
  func render(_ reel: Reel) -> String
}

/// The formats that `export` writes.
public enum ExportFormat: String, CaseIterable, Sendable {
  /// The frame as lines of text.
  case txt
  /// The frame as a picture.
  case svg

  /// What writes this format.
  public var renderer: any Renderer {
    switch self {
    case .txt: TextRenderer()
    case .svg: SVGRenderer()
    }
  }
}
