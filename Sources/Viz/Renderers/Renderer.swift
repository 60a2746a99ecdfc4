/// A canvas with the theme that it is drawn in.
public struct Frame: Sendable {
  /// The cells.
  public let canvas: Canvas
  /// The colours.
  public let theme: Theme

  /// Creates a frame.
  public init(_ canvas: Canvas, theme: Theme) {
    self.canvas = canvas
    self.theme = theme
  }
}

/// Turns frames into a file; a still is a reel of one.
public protocol Renderer: Sendable {
  /// The file's text.
  func render(_ frames: [Frame]) -> String
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

/// Frames as plain text, one after the other, without escape sequences.
public struct TextRenderer: Renderer {
  /// Creates the renderer.
  public init() {}

  /// The frames' rows, a line feed after each.
  public func render(_ frames: [Frame]) -> String {
    frames.map { $0.canvas.plainText + "\n" }.joined(separator: "\n")
  }
}
