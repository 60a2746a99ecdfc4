internal import Base
internal import Viz

/// How many tokens a column of bars stands for, or how many columns a token has.
struct TokenScale: Hashable, Sendable {
  /// Tokens of a column: one of few numbers, so that it seldom changes while a text grows.
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
    // 1, 2, 3, 4, 6, 8, 12 ...
    var (size, next) = (1, 2)
    while (tokens + size - 1) / size > columns { (size, next) = (next, max(3, 2 * size)) }
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
    /// What is said of it, whole or not at all: a number alone says nothing.
    var label = ""
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

  /// Whether all that is said of the parts has room on them.
  func namesAll(_ glyphs: GlyphSet) -> Bool {
    var start = 0
    return zip(parts, ends).allSatisfy { part, end in
      defer { start = end }
      return part.count == 0 || ScalarWidth.of(glyphs.shown(part.label)) + 2 <= end - start
    }
  }

  /// Draws the bar in some rows of marks, the labels among the first, and in the third what the tokens read, where a
  /// token has columns for it; returns the labels that did not fit.
  @discardableResult
  func draw(
    at point: Point, rows: Int, tokens: [String] = [], glyphs: GlyphSet, on canvas: inout Canvas
  ) -> [String] {
    var (start, left): (Int, [String]) = (0, [])
    for (part, end) in zip(parts, ends) {
      let width = end - start
      for row in 0..<rows {
        canvas.put(
          String(repeating: part.glyph, count: width),
          at: Point(point.x + start, point.y + row), part.style)
      }
      let text = " \(glyphs.shown(part.label)) "
      if part.label.isEmpty || part.count == 0 {
        // Nothing is said of it.
      } else if ScalarWidth.of(text) <= width {
        let x = point.x + start + (width - ScalarWidth.of(text)) / 2
        canvas.put(text, at: Point(x, point.y), bold(part.style))
      } else {
        left.append(glyphs.shown(part.label))
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

extension GlyphSet {
  /// The mark of a question's token, which was computed; an answer's has the mark of all that is computed.
  var asked: String { "?" }
}

extension TokenBar {
  /// The tokens of a turn; where they are not named, the reused ones are alone.
  static func turn(
    reused: Int, asked: Int, answered: Int, scale: TokenScale, _ language: Language,
    _ glyphs: GlyphSet, isNamed: Bool = true
  ) -> TokenBar {
    TokenBar(
      parts: [
        Part(
          count: reused, glyph: glyphs.read, style: .reusedTokens,
          label: language("重用 \(reused)", "reused \(reused)")),
        Part(
          count: asked, glyph: glyphs.asked, style: .askedTokens,
          label: isNamed ? language("问 \(asked)", "asked \(asked)") : ""),
        Part(
          count: answered, glyph: glyphs.computed, style: .answeredTokens,
          label: isNamed ? language("答 \(answered)", "answered \(answered)") : ""),
      ], scale: scale)
  }

  /// What the tokens of a whole bar are written as, the longest first.
  static func totals(_ count: Int, _ language: Language) -> [String] {
    [
      language("\(count) 个词元", counted(count, "token")),
      language("共 \(count)", "\(count)"), "\(count)",
    ]
  }

  /// What a column stands for, the longest wording first.
  static func captions(_ scale: TokenScale, _ language: Language) -> [String] {
    let (columns, tokens) = (scale.columnsPerToken, scale.tokensPerColumn)
    if columns > 1 {
      return [
        language("\(columns) 列一个词元", "\(columns) columns per token"),
        language("\(columns) 列一个", "\(columns) columns a token"),
      ]
    }
    return tokens == 1
      ? [language("一列一个词元", "one column per token"), language("一列一个", "1 column per token")]
      : [
        language("一列 \(tokens) 个词元", "\(tokens) tokens per column"),
        language("一列 \(tokens) 个", "\(tokens) tokens a column"),
      ]
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
