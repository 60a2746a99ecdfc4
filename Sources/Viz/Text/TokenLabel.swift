/// A token's text in few columns.
enum TokenLabel {
  /// The token in at most `columns`: as it is where it fits, else its beginning; what cannot be shown, by its number.
  static func short(_ text: String, columns: Int, _ glyphs: GlyphSet) -> String {
    let visible = text.map { $0 == " " ? glyphs.blank : String($0) }.joined()
    let clean = Sanitiser.clean(visible, ascii: glyphs == .ascii)
    if ScalarWidth.of(clean) <= columns { return clean }
    if let digits = hexDigits(of: clean) { return String(digits.suffix(columns)) }
    return clean.fitted(to: columns)
  }

  /// The token with quotation marks, for sentences.
  static func quoted(_ text: String, _ glyphs: GlyphSet) -> String {
    short(text, columns: 12, glyphs)
  }

  /// The number inside `<0xE4>` or `<U+4E2D>`.
  private static func hexDigits(of clean: String) -> Substring? {
    guard clean.hasPrefix("<0x") || clean.hasPrefix("<U+"), let end = clean.firstIndex(of: ">")
    else { return nil }
    return clean[clean.index(clean.startIndex, offsetBy: 3)..<end]
  }
}
