public import Base

/// Frames as a handout in Markdown: for each its moment, its sentence, its picture as text and its numbers.
public struct MarkdownRenderer: Renderer {
  /// Creates the renderer.
  public init() {}

  /// The title, then a section a frame.
  public func render(
    _ shots: some Sequence<Reel.Shot>, title: String, _ language: Language
  ) -> String {
    let sections = shots.map(section)
    guard !sections.isEmpty else { return "" }
    let title = MarkdownText.escaped(title.isEmpty ? "kvtui" : title)
    return (["# \(title)\n"] + sections).joined(separator: "\n")
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
