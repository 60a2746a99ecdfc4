/// A token's text in few columns.
package enum TokenLabel {
  /// The token in at most `columns`: as it is where it fits, else its beginning; what cannot be shown, by its number.
  package static func short(_ text: String, columns: Int, _ glyphs: GlyphSet) -> String {
    let visible = text.map { Self.visible($0, glyphs) }.joined()
    let clean = Sanitiser.clean(visible, ascii: glyphs == .ascii)
    if ScalarWidth.of(clean) <= columns { return clean }
    if let digits = hexDigits(of: clean) { return String(digits.suffix(columns)) }
    return clean.fitted(to: columns)
  }

  /// A blank and a line break, as one reads them; all else as it is.
  private static func visible(_ glyph: Character, _ glyphs: GlyphSet) -> String {
    switch glyph {
    case " ": glyphs.blank
    case "\n": "\\n"
    default: String(glyph)
    }
  }

  /// The token with quotation marks, for sentences.
  package static func quoted(_ text: String, _ glyphs: GlyphSet) -> String {
    short(text, columns: 12, glyphs)
  }

  /// The number inside `<0xE4>` or `<U+4E2D>`.
  private static func hexDigits(of clean: String) -> Substring? {
    guard clean.hasPrefix("<0x") || clean.hasPrefix("<U+"), let end = clean.firstIndex(of: ">")
    else { return nil }
    return clean[clean.index(clean.startIndex, offsetBy: 3)..<end]
  }
}
