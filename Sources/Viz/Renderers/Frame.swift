/// A canvas with the theme that it is drawn in.
public struct Frame: Hashable, Sendable {
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
