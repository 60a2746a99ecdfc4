/// How a chart writes a kind of number: significant digits, a decimal or binary prefix, a unit.
package struct Quantity: Hashable, Sendable {
  private let unit: String
  private let digits: Int
  private let base: Double
  /// Below this there is no prefix.
  private let plainBelow: Double
  private let hasSmallPrefixes: Bool

  private init(
    _ unit: String, digits: Int, base: Double = 1000, plainBelow: Double = 1000,
    hasSmallPrefixes: Bool = false
  ) {
    self.unit = unit
    self.digits = digits
    self.base = base
    self.plainBelow = plainBelow
    self.hasSmallPrefixes = hasSmallPrefixes
  }

  /// A count, exact below 10,000 where it is whole: `492`, `5.81 M`.
  package static let count = Quantity("", digits: 3, plainBelow: 10_000)
  /// Bytes with decimal prefixes: `13.48 GB`.
  package static let bytes = Quantity("B", digits: 4)
  /// Bytes with binary prefixes: `512 KiB`.
  package static let binaryBytes = Quantity("B", digits: 4, base: 1024, plainBelow: 1024)
  /// Seconds: `29.6 ms`.
  package static let seconds = Quantity("s", digits: 3, hasSmallPrefixes: true)
  /// Any other unit with decimal prefixes: `125 TFLOP/s`.
  package static func of(_ unit: String) -> Quantity { Quantity(unit, digits: 3) }

  /// `value` as text; a dash for what is no number.
  package func text(_ value: Double, _ glyphs: GlyphSet) -> String {
    guard value.isFinite else { return glyphs.dash }
    let text = magnitude(abs(value), glyphs)
    return value < 0 ? "-" + text : text
  }

  private func magnitude(_ value: Double, _ glyphs: GlyphSet) -> String {
    if value == 0 { return with(unit: unit, "0") }
    if hasSmallPrefixes, value < 1 { return small(value, glyphs) }
    return value < rounding(below: plainBelow) ? with(unit: unit, number(value)) : large(value)
  }

  private func small(_ value: Double, _ glyphs: GlyphSet) -> String {
    let micro = glyphs == .full ? "µ" : "u"
    var scaled = value
    for prefix in ["m", micro, "n"] {
      scaled *= 1000
      if scaled >= 1 { return with(unit: prefix + unit, number(scaled)) }
    }
    return with(unit: unit, scientific(value))
  }

  private func large(_ value: Double) -> String {
    let prefixes =
      base == 1024 ? ["Ki", "Mi", "Gi", "Ti", "Pi", "Ei"] : ["k", "M", "G", "T", "P", "E"]
    var scaled = value
    for prefix in prefixes {
      scaled /= base
      if scaled < rounding(below: base) { return with(unit: prefix + unit, number(scaled)) }
    }
    return with(unit: unit, scientific(value))
  }

  /// From here on a number of this many digits would be rounded up to `limit`.
  private func rounding(below limit: Double) -> Double {
    let places = max(0, digits - Self.wholeDigits(limit) + 1)
    return limit - 0.5 / (0..<places).reduce(1.0) { power, _ in power * 10 }
  }

  private func with(unit: String, _ number: String) -> String {
    unit.isEmpty ? number : number + " " + unit
  }

  /// The significant digits, without noughts at the end; whole numbers are whole.
  private func number(_ value: Double) -> String {
    guard value >= 0.001 else { return scientific(value) }
    if value == value.rounded() { return NumberText.fixed(value, 0) }
    var places = digits - Self.wholeDigits(value)
    var rest = value
    while rest < 0.1 {
      rest *= 10
      places += 1
    }
    return Self.trimmed(NumberText.fixed(value, max(0, places)))
  }

  /// Digits before the point: 0 below 1.
  private static func wholeDigits(_ value: Double) -> Int {
    var (rest, count) = (value, 0)
    while rest >= 1 {
      rest /= 10
      count += 1
    }
    return count
  }

  /// A power of ten behind the digits, for what has no prefix.
  private func scientific(_ value: Double) -> String {
    let parts = "\(value)".split(separator: "e")
    guard parts.count == 2, let mantissa = Double(parts[0]), let exponent = Int(parts[1]) else {
      return Self.trimmed(NumberText.fixed(value, 6))
    }
    let rounded = NumberText.fixed(mantissa, digits - 1)
    return rounded.hasPrefix("10.")
      ? "1e\(exponent + 1)" : "\(Self.trimmed(rounded))e\(exponent)"
  }

  private static func trimmed(_ number: String) -> String {
    guard number.contains(".") else { return number }
    var number = Substring(number)
    while number.last == "0" { number.removeLast() }
    if number.last == "." { number.removeLast() }
    return String(number)
  }
}
