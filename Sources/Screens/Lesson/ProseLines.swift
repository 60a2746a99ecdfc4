internal import Lessons
internal import Viz

/// Prose as lines of styled text.
struct ProseLines {
  let columns: Int
  let evaluator: Evaluator
  let glyphs: GlyphSet
  /// The part of the picture that is lit: the words that speak of it are, too.
  var pointed: PicturePlace?

  /// The lines of a block, without a blank line after it.
  func lines(_ block: Prose, indent: Int = 0) -> [[TextFlow.Span]] {
    let room = columns - indent
    switch block {
    case .heading(_, let inlines, _):
      return wrap(inlines, base: Style(.heading), room)
    case .paragraph(let inlines, _):
      return wrap(inlines, base: Style(), room)
    case .list(let first, let items):
      return items.enumerated().flatMap { index, item in
        listItem(item, mark: first.map { "\($0 + index). " } ?? "\(glyphs.dot) ", indent: indent)
      }
    case .quote(let blocks):
      return blocks.flatMap { lines($0, indent: indent + 2) }
        .map { [TextFlow.Span("\(glyphs.divider) ", Style(.dim))] + $0 }
    case .code(_, let text, _):
      return text.split(separator: "\n", omittingEmptySubsequences: false)
        .reversed().drop { $0.isEmpty }.reversed()
        .map { [TextFlow.Span(clean(fill(String($0))), Style())] }
    case .rule: return [[]]
    }
  }

  private func listItem(_ blocks: [Prose], mark: String, indent: Int) -> [[TextFlow.Span]] {
    let hanging = ScalarWidth.of(mark)
    let body = blocks.flatMap { lines($0, indent: indent + hanging) }
    return body.enumerated().map { index, line in
      let head = index == 0 ? mark : String(repeating: " ", count: hanging)
      return [TextFlow.Span(head, Style(.dim))] + line
    }
  }

  /// Wrapped text; a hard line break begins a new line.
  func wrap(
    _ inlines: [Inline], base: Style, _ room: Int, behind head: [TextFlow.Span] = []
  ) -> [[TextFlow.Span]] {
    var paragraphs: [[TextFlow.Span]] = [head]
    for inline in inlines {
      if inline.text == "\n\n" {
        paragraphs.append([])
      } else {
        let text = joined(inline.text, after: paragraphs[paragraphs.count - 1].last?.text)
        paragraphs[paragraphs.count - 1].append(
          TextFlow.Span(mark(inline) + clean(fill(text)), style(inline, base)))
      }
    }
    return paragraphs.flatMap { TextFlow.wrap($0, columns: room) }
  }

  /// A line feed of the file is a blank between words, and nothing between 汉字.
  private func joined(_ text: String, after last: String?) -> String {
    guard text == "\n" else { return text }
    let isWide = last?.unicodeScalars.last.map { ScalarWidth.of($0) == 2 } ?? true
    return isWide ? "" : " "
  }

  /// The picture's own mark before a word that is drawn in its colour: so it is tied without colours, too.
  private func mark(_ inline: Inline) -> String {
    guard case .meaning(let meaning) = inline.tie else { return "" }
    return switch meaning {
    case .cached: glyphs.read
    case .newQuery, .newKey, .newValue: glyphs.computed
    case .masked: glyphs.masked
    case .notNeeded: glyphs.notNeeded
    }
  }

  private func style(_ inline: Inline, _ base: Style) -> Style {
    switch inline.tie {
    case .meaning(let meaning): return Style(meaning.role)
    case .place(let place): return Style(.selected, reversed: place == pointed)
    case nil: break
    }
    return switch inline.weight {
    case .plain: base
    case .strong: Style(.heading, bold: true)
    case .emphasis: Style(.selected)
    case .code: Style(.prediction)
    }
  }

  /// Numbers from the run in their places; the linter sees to it that there are some.
  func fill(_ text: String) -> String {
    (try? Interpolation.fill(text, evaluator)) ?? text
  }

  func clean(_ text: String) -> String {
    glyphs.shown(text)
  }
}

extension CellMeaning {
  /// What the panes draw it as.
  fileprivate var role: Role {
    switch self {
    case .cached: .cached
    case .newQuery: .newQuery
    case .newKey: .newKey
    case .newValue: .newValue
    case .masked: .masked
    case .notNeeded: .notNeeded
    }
  }
}
