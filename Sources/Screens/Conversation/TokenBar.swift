internal import Base
internal import Viz

/// How many tokens a column of bars stands for, or how many columns a token has.
struct TokenScale: Hashable, Sendable {
  /// Tokens of a column: a power of two.
  let tokensPerColumn: Int
  /// Columns of a token, where there is room for more than one.
  let columnsPerToken: Int

  /// The longest text that is expected at first.
  private static let expected = 80
  private static let mostColumns = 4

  /// The scale at which so many tokens fit into some columns.
  init(tokens: Int, columns: Int) {
    let columns = max(1, columns)
    columnsPerToken = min(Self.mostColumns, max(1, columns / max(tokens, Self.expected)))
    var size = 1
    while (tokens + size - 1) / size > columns { size *= 2 }
    tokensPerColumn = size
  }

  /// The column at which a token begins, counted from the bar's beginning.
  func column(ofToken token: Int) -> Int {
    columnsPerToken > 1
      ? token * columnsPerToken : (token + tokensPerColumn - 1) / tokensPerColumn
  }
}

/// Tokens side by side, in parts: each with its count, to one scale.
struct TokenBar {
  struct Part {
    let count: Int
    let glyph: String
    let style: Style
    /// What is said of it, the longest first; none is said where none fits.
    var labels: [String] = []
  }

  let parts: [Part]
  let scale: TokenScale

  var count: Int { parts.reduce(0) { $0 + $1.count } }

  /// Where the parts end, in columns: what is there is never drawn as nothing.
  private var ends: [Int] {
    var (tokens, last) = (0, 0)
    return parts.map { part in
      tokens += part.count
      last = max(scale.column(ofToken: tokens), last + (part.count > 0 ? 1 : 0))
      return last
    }
  }

  var columns: Int { ends.last ?? 0 }

  /// Draws the bar in some rows: labels above marks, and from the third row on what the tokens read, where a token has
  /// columns for it; returns the labels that did not fit.
  @discardableResult
  func draw(
    at point: Point, rows: Int, tokens: [String] = [], glyphs: GlyphSet, on canvas: inout Canvas
  ) -> [String] {
    var (start, left): (Int, [String]) = (0, [])
    for (part, end) in zip(parts, ends) {
      let width = end - start
      for row in 0..<rows {
        let isBlank = row == 0 && rows > 1
        canvas.put(
          String(repeating: isBlank ? " " : part.glyph, count: width),
          at: Point(point.x + start, point.y + row), part.style)
      }
      let label = part.labels.map { glyphs.shown($0) }
        .first { ScalarWidth.of($0) + (rows == 1 ? 2 : 1) <= width }
      if let label {
        let text = rows == 1 ? " \(label) " : label
        let x = point.x + start + (width - ScalarWidth.of(text)) / 2
        canvas.put(text, at: Point(x, point.y), bold(part.style))
      } else if part.count > 0, let label = part.labels.first {
        left.append(glyphs.shown(label))
      }
      start = end
    }
    if rows > 2, scale.columnsPerToken > 1 { draw(tokens, at: point, glyphs, on: &canvas) }
    return left
  }

  private func draw(
    _ tokens: [String], at point: Point, _ glyphs: GlyphSet, on canvas: inout Canvas
  ) {
    var token = 0
    for part in parts {
      for _ in 0..<part.count where token < tokens.count {
        let text = TokenLabel.short(tokens[token], columns: scale.columnsPerToken, glyphs)
        let x = point.x + scale.column(ofToken: token)
        canvas.fill(
          Point(x, point.y + 2), columns: scale.columnsPerToken, part.style)
        canvas.put(text, at: Point(x, point.y + 2), part.style)
        token += 1
      }
    }
  }

  private func bold(_ style: Style) -> Style {
    Style(style.role, bold: true, reversed: style.isReversed)
  }
}

extension Style {
  /// Tokens whose K and V were there.
  static let reusedTokens = Style(.cachedBar, reversed: true)
  /// Tokens of the question, computed.
  static let askedTokens = Style(.asked)
  /// Tokens of the answer, computed.
  static let answeredTokens = Style(.answered)
  /// The first token that is another one, where every theme shows it between the others.
  static let differentToken = Style(.heading, reversed: true)
  /// Tokens whose K and V are of no use any more.
  static let voidTokens = Style(.wrong, reversed: true)
}
