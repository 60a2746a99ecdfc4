/// Numbers as the screen writes them.
package enum NumberText {
  /// `value` with `digits` decimals, rounded half away from zero.
  package static func fixed(_ value: Double, _ digits: Int) -> String {
    guard value.isFinite else { return value.isNaN ? "NaN" : value < 0 ? "-inf" : "inf" }
    let scale = (0..<digits).reduce(1.0) { product, _ in product * 10 }
    let scaled = (value * scale).rounded()
    guard abs(scaled) < 1e15 else { return "\(value)" }
    let whole = Int(abs(scaled))
    let sign = scaled < 0 ? "-" : ""
    guard digits > 0 else { return sign + String(whole) }
    let (integer, fraction) = whole.quotientAndRemainder(dividingBy: Int(scale))
    let decimals = String(fraction)
    return sign + String(integer) + "."
      + String(repeating: "0", count: digits - decimals.count) + decimals
  }

  /// An attention weight in three columns: `1.0`, `.77`, `.00`.
  static func weight(_ value: Float) -> String {
    value >= 0.995 ? "1.0" : String(fixed(Double(value), 2).dropFirst())
  }

  /// An attention weight in one column: its tenths, blank below a twentieth.
  static func weightDigit(_ value: Float) -> String {
    let tenths = Int((Double(value) * 10).rounded())
    return tenths == 0 ? " " : String(min(tenths, 9))
  }

  /// As many numbers of a vector as fit into `columns`.
  static func vector(
    _ values: [Float], columns: Int, _ glyphs: GlyphSet, digits: Int = 2
  ) -> String {
    var text = "["
    for (index, value) in values.enumerated() {
      let next = (index == 0 ? "" : " ") + fixed(Double(value), digits)
      let end = index == values.count - 1 ? 1 : ScalarWidth.of(glyphs.ellipsis) + 2
      guard text.count + next.count + end <= columns else { return text + " \(glyphs.ellipsis)]" }
      text += next
    }
    return text + "]"
  }

  /// A score in at most `columns`, of which there are three or more: `-12.3`, `2.1`, `-.8`, `-3`.
  static func score(_ value: Float, columns: Int) -> String {
    let value = Double(value)
    for digits in [1, 0] {
      let text = fixed(value, digits)
      if text.count <= columns { return text }
      let short = text.hasPrefix("-0.") ? "-" + text.dropFirst(2) : text
      if short.count <= columns { return short }
    }
    return value < 0
      ? "-" + String(repeating: "9", count: columns - 1) : String(repeating: "9", count: columns)
  }

  /// A count with three significant digits and a decimal prefix: `427 k`, `1.62 M`; exact below 10,000.
  static func count(_ value: Int) -> String {
    guard abs(value) >= 10_000 else { return String(value) }
    var scaled = Double(value)
    var prefixes = ["k", "M", "G", "T", "P", "E"].makeIterator()
    var prefix = ""
    while abs(scaled) >= 999.5, let next = prefixes.next() {
      scaled /= 1000
      prefix = next
    }
    return fixed(scaled, abs(scaled) < 9.995 ? 2 : abs(scaled) < 99.95 ? 1 : 0) + " " + prefix
  }

  /// Bytes with a binary prefix: `512 B`, `8 KiB`, `1.5 MiB`.
  static func bytes(_ value: Int) -> String {
    guard value >= 1024 else { return "\(value) B" }
    var scaled = Double(value)
    var prefix = ""
    // At most three digits before the prefix.
    for next in ["KiB", "MiB", "GiB", "TiB"] where prefix.isEmpty || scaled >= 999.5 {
      scaled /= 1024
      prefix = next
    }
    let isWhole = scaled == scaled.rounded() || scaled >= 99.95
    return fixed(scaled, isWhole ? 0 : 1) + " " + prefix
  }

  /// Two positive numbers without their common factors, for a fraction.
  static func reduced(_ part: Int, _ whole: Int) -> (part: Int, whole: Int) {
    var (divisor, rest) = (part, whole)
    while rest > 0 { (divisor, rest) = (rest, divisor % rest) }
    return (part / divisor, whole / divisor)
  }

  /// What share of `whole` was saved, in whole percent; never 100 unless all was.
  static func saved(_ part: Int, of whole: Int) -> String {
    guard whole > 0 else { return "" }
    let percent = Double(whole - part) / Double(whole) * 100
    if part > 0 && percent > 99 { return fixed((percent * 10).rounded(.down) / 10, 1) + " %" }
    return fixed(percent, 0) + " %"
  }
}

extension String {
  /// The text cut or filled with blanks to `columns`.
  package func padded(to columns: Int, right: Bool = false) -> String {
    let fitted = self.fitted(to: columns)
    let blanks = String(repeating: " ", count: max(0, columns - ScalarWidth.of(fitted)))
    return right ? blanks + fitted : fitted + blanks
  }

  /// The longest beginning that takes at most `columns`.
  package func fitted(to columns: Int) -> String {
    var used = 0
    var scalars = UnicodeScalarView()
    for scalar in unicodeScalars {
      used += max(0, ScalarWidth.of(scalar))
      if used > columns { break }
      scalars.append(scalar)
    }
    return String(scalars)
  }

  /// The longest end that takes at most `columns`.
  package func fittedEnd(to columns: Int) -> String {
    var used = 0
    let kept = unicodeScalars.reversed().prefix { scalar in
      used += max(0, ScalarWidth.of(scalar))
      return used <= columns
    }
    return String(String.UnicodeScalarView(kept.reversed()))
  }

  /// Lines of at most `columns`, broken at blanks, or between wide glyphs.
  package func wrapped(to columns: Int) -> [String] {
    TextFlow.wrap([TextFlow.Span(self, Style())], columns: columns)
      .map { $0.map(\.text).joined() }
  }
}
