/// Frames as plain text, one after the other, without escape sequences; a caption stands above its frame.
public struct TextRenderer: Renderer {
  /// Creates the renderer.
  public init() {}

  /// The frames' rows, a line feed after each.
  public func render(_ reel: Reel) -> String {
    reel.shots.map { shot in
      (shot.caption.map { $0 + "\n" } ?? "") + shot.frame.canvas.plainText + "\n"
    }.joined(separator: "\n")
  }
}
