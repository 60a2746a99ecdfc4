/// Numbers as the screen writes them.
package enum NumberText {
  /// `value` with `digits` decimals, rounded half away from zero.
  package static func fixed(_ value: Double, _ digits: Int) -> String {
    guard value.isFinite else { return value.isNaN ? "NaN" : value < 0 ? "-inf" : "inf" }
    let scale = (0..<digits).reduce(1.0) { product, _ in product * 10 }
    let scaled = (value * scale).rounded()
    guard abs(scaled) < 1e15 else {
      // A float has few digits of its own: `1e+25`, not those of the double that holds it.
      let float = Float(value)
      return Double(float) == value ? "\(float)" : "\(value)"
    }
    let whole = Int(abs(scaled))
    let sign = scaled < 0 ? "-" : ""
    guard digits > 0 else { return sign + String(whole) }
    let (integer, fraction) = whole.quotientAndRemainder(dividingBy: Int(scale))
    let decimals = String(fraction)
    return sign + String(integer) + "."
      + String(repeating: "0", count: digits - decimals.count) + decimals
  }

  /// An attention weight in three columns: `1.0`, `.77`, `.00`.
  package static func weight(_ value: Float, _ glyphs: GlyphSet) -> String {
    guard (0...1).contains(value) else { return score(value, columns: 3, glyphs) }
    return value >= 0.995 ? "1.0" : String(fixed(Double(value), 2).dropFirst())
  }

  /// An attention weight in one column: its tenths, a mark below a twentieth, blank for nothing at all.
  package static func weightDigit(_ value: Float, _ glyphs: GlyphSet) -> String {
    guard let tenths = (Double(value) * 10).whole(in: 0...9) else { return glyphs.dash }
    return tenths > 0 ? String(tenths) : value > 0 ? glyphs.slight : " "
  }

  /// A score in one column: its sign.
  static func scoreSign(_ value: Float, _ glyphs: GlyphSet) -> String {
    value.isNaN ? glyphs.unknown : value < 0 ? "-" : " "
  }

  /// A probability in percent, among others up to `largest`: `97.1%`, `<0.1%`; two digits where the largest would read 0.0 too.
  package static func percent(_ probability: Double, of largest: Double) -> String {
    let percent = probability * 100
    guard percent > 0, percent < 0.095 else { return fixed(percent, percent == 0 ? 0 : 1) + "%" }
    guard largest * 100 < 0.095 else { return "<0.1%" }
    let digits = (3...5).first { percent * Double(power(of: $0)) >= 9.95 }
    return digits.map { fixed(percent, $0) + "%" } ?? "<0.0001%"
  }

  private static func power(of exponent: Int) -> Int {
    (0..<exponent).reduce(1) { product, _ in product * 10 }
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

  /// A score in at most `columns`, of which there are three or more: `-12.3`, `2.1`, `-.8`, `-3`; `3e9` and `>99` beyond.
  package static func score(
    _ value: Float, columns: Int, _ glyphs: GlyphSet, digits: Int = 1
  ) -> String {
    guard !value.isNaN else { return glyphs.dash }
    let value = Double(value)
    for digits in (0...digits).reversed() {
      let text = fixed(value, digits)
      if text.count <= columns { return text }
      let short = text.hasPrefix("-0.") ? "-" + text.dropFirst(2) : text
      if short.count <= columns { return short }
    }
    return beyond(value, columns: columns)
  }

  /// What has more digits than columns: one digit and a power of ten, or a bound that holds.
  private static func beyond(_ value: Double, columns: Int) -> String {
    let sign = value < 0 ? "-" : ""
    var (mantissa, exponent) = (abs(value), 0)
    while mantissa.isFinite, mantissa >= 9.5 {
      (mantissa, exponent) = (mantissa / 10, exponent + 1)
    }
    let short = "\(sign)\(fixed(mantissa, 0))e\(exponent)"
    if mantissa.isFinite, short.count <= columns { return short }
    let nines = String(repeating: "9", count: max(1, columns - 1 - sign.count))
    return (value < 0 ? "<" : ">") + sign + nines
  }

  /// A count with three significant digits and a decimal prefix: `427 k`, `1.62 M`; exact below 10,000.
  package static func count(_ value: Int) -> String {
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

  /// The most columns that a count takes.
  static let countColumns = 6

  /// The most columns that bytes take.
  static let byteColumns = 8

  /// Bytes with a binary prefix: `512 B`, `8 KiB`, `1.5 MiB`.
  package static func bytes(_ value: Int) -> String {
    guard value >= 1024 else { return "\(value) B" }
    var scaled = Double(value)
    var prefix = ""
    // At most three digits before the prefix.
    for next in ["KiB", "MiB", "GiB", "TiB", "PiB", "EiB"] where prefix.isEmpty || scaled >= 999.5 {
      scaled /= 1024
      prefix = next
    }
    let isWhole = scaled == scaled.rounded() || scaled >= 99.95
    return fixed(scaled, isWhole ? 0 : 1) + " " + prefix
  }

  /// A difference in at most nine columns, a sign beside them where it is negative: three digits, and a power of ten where it is far from 1.
  package static func difference(_ value: Double) -> String {
    guard value.isFinite, value != 0 else { return fixed(value, 0) }
    guard value > 0 else { return "-" + difference(-value) }
    if (0.001..<999.5).contains(value) {
      return fixed(value, value < 0.0995 ? 4 : value < 9.995 ? 2 : value < 99.95 ? 1 : 0)
    }
    var (scaled, exponent) = (value, 0)
    while scaled >= 9.995 { (scaled, exponent) = (scaled / 10, exponent + 1) }
    while scaled < 0.9995 { (scaled, exponent) = (scaled * 10, exponent - 1) }
    return fixed(scaled, 2) + "e\(exponent)"
  }

  /// Two positive numbers without their common factors, for a fraction.
  static func reduced(_ part: Int, _ whole: Int) -> (part: Int, whole: Int) {
    var (divisor, rest) = (part, whole)
    while rest > 0 { (divisor, rest) = (rest, divisor % rest) }
    return (part / divisor, whole / divisor)
  }

  /// A part of a whole in percent with one decimal: `37.5%`; of nothing 0.
  package static func share(_ part: Int, of whole: Int) -> String {
    fixed(Double(part) / Double(max(1, whole)) * 100, 1) + "%"
  }

  /// What share of `whole` was saved, in whole percent; never 100 unless all was.
  package static func saved(_ part: Int, of whole: Int) -> String {
    guard whole > 0 else { return "" }
    let percent = (Double(whole) - Double(part)) / Double(whole) * 100
    if percent <= -999.5 { return "<-999 %" }
    if part > 0 && percent > 99 { return fixed((percent * 10).rounded(.down) / 10, 1) + " %" }
    return fixed(percent, 0) + " %"
  }
}

extension BinaryFloatingPoint {
  /// The nearest whole number within `range`; nil for what is no number.
  ///
  /// Whatever is drawn goes this way from a float to a shade, a digit or a length: a trace may hold any float.
  package func whole(in range: ClosedRange<Int>) -> Int? {
    guard !isNaN else { return nil }
    let bounded = Swift.min(Swift.max(rounded(), Self(range.lowerBound)), Self(range.upperBound))
    return Int(exactly: bounded) ?? range.upperBound
  }
}

extension [String] {
  /// The first wording, of several from the longest to the shortest, that takes at most `columns`; empty where none does.
  func first(fitting columns: Int) -> String {
    first { ScalarWidth.of($0) <= columns } ?? ""
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
