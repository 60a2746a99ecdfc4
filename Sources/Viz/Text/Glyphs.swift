/// Which glyphs decorate the screen.
public enum GlyphSet: String, Sendable, CaseIterable {
  /// Everything.
  case full
  /// Decorations in ASCII, for terminals that draw ambiguous glyphs two columns wide; 汉字 as they are.
  case narrow
  /// ASCII only, for terminals without UTF-8.
  case ascii

  /// Running text of the program's own in these glyphs: what a terminal may draw two columns wide, or not at all, is
  /// spelled in ASCII.
  package func adapted(_ text: String) -> String {
    guard self != .full else { return text }
    let table = self == .ascii ? Self.spelledInASCII : Self.spelled
    return text.replacing("Q·Kᵀ", with: "QK^T").unicodeScalars.map { table[$0] ?? String($0) }
      .joined()
  }

  /// A text of the program's own or of a lesson as a screen or a page shows it: sanitised, and spelled in these glyphs.
  public func shown(_ text: String) -> String {
    Sanitiser.clean(adapted(text), ascii: self == .ascii)
  }

  private static let spelled: [Unicode.Scalar: String] = [
    "→": ">", "←": "<", "↑": "Up", "↓": "Down", "ᵀ": "^T", "×": "x", "÷": "/", "√": "sqrt",
    "…": "..",
    "–": "-", "−": "-", "·": "-", "Δ": "d", "∞": "inf", "✓": "ok", "✗": "no", "²": "^2", "³": "^3",
    "⁰": "^0", "⁹": "^9",
    "▸": ">", "│": "|", "ₜ": "t", "“": "\"", "”": "\"", "‘": "'", "’": "'", "—": "-", "≈": "~",
    "≤": "<=", "≥": ">=", "≠": "!=",
    "±": "+-", "½": "1/2", "█": "#", "▶": ">>", "␣": "_",
  ]

  /// 汉字 have no spelling, their punctuation has.
  private static let spelledInASCII: [Unicode.Scalar: String] = spelled.merging([
    "「": "'", "」": "'", "，": ", ", "。": ". ", "：": ": ", "；": "; ", "？": "? ", "！": "! ", "（": " (",
    "）": ") ",
    "、": ", ",
  ]) { one, _ in one }

  /// The mark of something computed in this step.
  public var computed: String { "+" }
  /// The mark of something read from the cache.
  public var read: String { "=" }
  /// The mark of an output row that nobody reads.
  public var wasted: String { "~" }
  /// The mark of a masked cell.
  public var masked: String { self == .full ? "×" : "x" }
  /// The mark of a cell that need not be computed.
  public var notNeeded: String { self == .full ? "·" : "." }
  /// The mark of a weight that is too small for a digit.
  public var slight: String { "'" }
  /// The mark of a score that is no number, where a dash would be read as a minus.
  public var unknown: String { "?" }
  /// The line between the panes.
  public var divider: String { self == .full ? "│" : "|" }
  /// A line from left to right.
  public var line: String { self == .full ? "─" : "-" }
  /// What leads to the next token.
  public var arrow: String { self == .full ? "→" : ">" }
  /// What leads back.
  public var backArrow: String { self == .full ? "←" : "<" }
  /// The selected cell.
  public var cursor: String { self == .full ? "▸" : ">" }
  /// A full column of a bar.
  public var bar: String { self == .full ? "█" : "#" }
  /// The end of a bar that is not a whole column: in eighths; in ASCII a whole column from the half on, a dot for a bar that has none.
  func barEnd(eighths: Int, isAlone: Bool) -> String {
    guard eighths > 0 else { return "" }
    if self == .full { return ["▏", "▎", "▍", "▌", "▋", "▊", "▉"][eighths - 1] }
    return eighths >= 4 ? bar : isAlone ? "." : ""
  }
  /// Nothing to say.
  public var dash: String { self == .full ? "–" : "-" }
  /// More than fits.
  public var ellipsis: String { self == .full ? "…" : ".." }
  /// A multiplication.
  public var times: String { self == .full ? "×" : "*" }
  /// Between parts of a line.
  public var dot: String { self == .full ? "·" : "-" }
  /// A square root.
  public var root: String { self == .full ? "√" : "sqrt " }
  /// A division.
  public var divided: String { self == .full ? "÷" : "/" }
  /// The matrix of scores.
  public var scores: String { self == .full ? "QKᵀ" : "QK^T" }
  /// A difference.
  public var delta: String { self == .full ? "Δ" : "d" }
  /// A blank made visible.
  public var blank: String { self == .full ? "␣" : "_" }
  /// Negative infinity.
  public var minusInfinity: String { self == .full ? "−∞" : "-inf" }
  /// The mark of a run that plays.
  public var playing: String { self == .full ? "▶" : ">>" }
  /// A right answer.
  public var right: String { self == .full ? "✓" : "ok" }
  /// What should have been marked, and was not.
  public var missed: String { "!" }
  /// A wrong answer.
  public var wrong: String { self == .full ? "✗" : "no" }
}
