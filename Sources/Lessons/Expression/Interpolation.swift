/// Text with `{{expression}}` in it.
public enum Interpolation {
  /// The expressions in a text, as they are written.
  public static func expressions(in text: String) -> [String] {
    pieces(of: text).compactMap { $0.isExpression ? $0.text : nil }
  }

  /// The text with blanks in the places of its expressions.
  static func withoutExpressions(_ text: String) -> String {
    pieces(of: text).map { $0.isExpression ? " " : $0.text }.joined()
  }

  /// Whether every `{{` has its `}}`.
  static func isWhole(_ text: String) -> Bool {
    pieces(of: text).allSatisfy { piece in
      piece.isExpression || !(piece.text.contains("{{") || piece.text.contains("}}"))
    }
  }

  /// The text with each expression's value in its place.
  ///
  /// - Parameters:
  ///   - text: such as `{{uncached.cells}} cells`.
  ///   - evaluator: in the step that the text speaks of.
  /// - Returns: the text to show.
  /// - Throws: `ExpressionError` of the first expression without a value.
  public static func fill(_ text: String, _ evaluator: Evaluator) throws(ExpressionError) -> String
  {
    var filled = ""
    for piece in pieces(of: text) {
      filled +=
        piece.isExpression ? try evaluator.value(of: Expression(piece.text)).shown : piece.text
    }
    return filled
  }

  private static func pieces(of text: String) -> [(text: String, isExpression: Bool)] {
    var pieces: [(String, Bool)] = []
    var rest = Substring(text)
    while let open = rest.range(of: "{{"), let close = rest[open.upperBound...].range(of: "}}") {
      pieces.append((String(rest[..<open.lowerBound]), false))
      pieces.append((String(rest[open.upperBound..<close.lowerBound]), true))
      rest = rest[close.upperBound...]
    }
    pieces.append((String(rest), false))
    return pieces
  }
}

extension Substring {
  /// The first place of an ASCII pattern.
  fileprivate func range(of pattern: String) -> Range<Index>? {
    var start = startIndex
    while start < endIndex {
      if self[start...].hasPrefix(pattern) {
        return start..<index(start, offsetBy: pattern.count)
      }
      start = index(after: start)
    }
    return nil
  }
}
