extension Handout {
  /// The handout in Markdown, its pictures as blocks of text.
  public var markdown: String {
    Self.markdown(blocks)
  }

  private static func markdown(_ blocks: [HandoutBlock]) -> String {
    blocks.map(markdown).joined(separator: "\n")
  }

  private static func markdown(_ block: HandoutBlock) -> String {
    switch block {
    case .heading(let level, let texts):
      String(repeating: "#", count: max(1, min(level, 6))) + " " + line(texts) + "\n"
    case .paragraph(let texts): paragraph(texts)
    case .list(let first, let items):
      items.enumerated().map { index, item in
        indented(markdown(item), behind: first.map { "\($0 + index). " } ?? "- ")
      }.joined()
    case .quote(let blocks): prefixed(markdown(blocks), "> ", "> ")
    case .code(let text): MarkdownText.block(text)
    case .picture(let canvas): MarkdownText.block(canvas.plainText)
    case .rule: "---\n"
    }
  }

  private static func paragraph(_ texts: [HandoutText]) -> String {
    guard let first = texts.first, first.weight == .plain else { return line(texts) + "\n" }
    return MarkdownText.paragraph(first.text) + line(Array(texts.dropFirst())) + "\n"
  }

  private static func line(_ texts: [HandoutText]) -> String {
    texts.map { piece in
      switch piece.weight {
      case .plain: MarkdownText.escaped(piece.text)
      case .strong: "**\(MarkdownText.escaped(piece.text))**"
      case .emphasis: "*\(MarkdownText.escaped(piece.text))*"
      case .code: MarkdownText.code(piece.text)
      }
    }.joined()
  }

  private static func indented(_ text: String, behind mark: String) -> String {
    prefixed(text, mark, String(repeating: " ", count: mark.count))
  }

  private static func prefixed(_ text: String, _ first: String, _ others: String) -> String {
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false).dropLast()
    return lines.enumerated().map { index, line in
      let head = index == 0 ? first : others
      return (line.isEmpty ? String(head.reversed().drop { $0 == " " }.reversed()) : head + line)
        + "\n"
    }.joined()
  }
}
