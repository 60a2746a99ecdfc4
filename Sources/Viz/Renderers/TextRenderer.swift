public import Base

/// Frames as plain text, one after the other, without escape sequences; what is said of them is left out.
public struct TextRenderer: Renderer {
  /// Creates the renderer.
  public init() {}

  /// The frames' rows, a line feed after each, a blank line between two frames.
  public func render(
    _ shots: some Sequence<Reel.Shot>, title: String, _ language: Language
  ) -> String {
    shots.map { $0.frame.canvas.plainText + "\n" }.joined(separator: "\n")
  }
}
