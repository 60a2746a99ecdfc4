internal import Lessons
internal import Viz

/// Prose as blocks of a handout, the run's numbers in their places.
struct HandoutProse {
  let evaluator: Evaluator
  let glyphs: GlyphSet
  /// The level of the heading that a heading of the first level stands below.
  var below = 1

  /// A block of the lesson.
  func blocks(_ prose: Prose) -> [HandoutBlock] {
    switch prose {
    case .heading(let level, let inlines, _): [.heading(level: level + below, texts(inlines))]
    case .paragraph(let inlines, _): [.paragraph(texts(inlines))]
    case .list(let first, let items): [.list(first: first, items.map { $0.flatMap(blocks) })]
    case .quote(let inner): [.quote(inner.flatMap(blocks))]
    case .code(_, let text, _): [.code(lines(text))]
    case .rule: [.rule]
    }
  }

  /// A text of a question, which may be Markdown, behind a few words.
  func blocks(_ text: String, behind head: HandoutText? = nil) -> [HandoutBlock] {
    let filled = fill(text)
    // A blank ends the strong words, whatever follows.
    let head = head.map { [$0, HandoutText(" ")] } ?? []
    if case .paragraph(let inlines, _)? =
      (try? MarkdownReader(path: "", lineOffset: 0).blocks(filled))?.first,
      filled.contains("`") || filled.contains("*")
    {
      return [.paragraph(head + texts(inlines))]
    }
    return [.paragraph(head + [HandoutText(glyphs.shown(filled))])]
  }

  private func texts(_ inlines: [Inline]) -> [HandoutText] {
    inlines.enumerated().map { index, inline in
      guard inline.text == "\n" || inline.text == "\n\n" else {
        return HandoutText(glyphs.shown(fill(inline.text)), weight(inline.weight))
      }
      // A line feed of the file is a blank between words, and nothing between 汉字.
      let last = index > 0 ? inlines[index - 1].text.unicodeScalars.last : nil
      return HandoutText(last.map { ScalarWidth.of($0) == 2 } ?? true ? "" : " ")
    }
  }

  private func weight(_ weight: Inline.Weight) -> HandoutText.Weight {
    switch weight {
    case .plain: .plain
    case .strong: .strong
    case .emphasis: .emphasis
    case .code: .code
    }
  }

  private func fill(_ text: String) -> String {
    (try? Interpolation.fill(text, evaluator)) ?? text
  }

  private func lines(_ text: String) -> String {
    text.split(separator: "\n", omittingEmptySubsequences: false)
      .reversed().drop { $0.isEmpty }.reversed()
      .map { glyphs.shown(fill(String($0))) }.joined(separator: "\n")
  }
}
