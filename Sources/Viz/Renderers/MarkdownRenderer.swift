internal import Base

/// Frames as a handout in Markdown: for each its moment, its sentence, its picture as text and its numbers.
public struct MarkdownRenderer: Renderer {
  /// Creates the renderer.
  public init() {}

  /// The title, then a section a frame.
  public func render(_ reel: Reel) -> String {
    guard !reel.shots.isEmpty else { return "" }
    let title = reel.title.isEmpty ? "kvtui" : reel.title
    return
      (["# \(MarkdownText.escaped(title))\n"] + reel.shots.map { section($0) })
      .joined(separator: "\n")
  }

  private func section(_ shot: Reel.Shot) -> String {
    let heading = (shot.notes.heading ?? shot.notes.mark).map {
      "## \(MarkdownText.escaped($0))\n"
    }
    return [
      heading, shot.caption.map { MarkdownText.paragraph($0) + "\n" },
      MarkdownText.block(shot.frame.canvas.plainText), shot.notes.numbers.map(MarkdownText.table),
    ].compactMap { $0 }.joined(separator: "\n")
  }
}
