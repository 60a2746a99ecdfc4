/// The value of an expression.
public enum Value: Hashable, Sendable {
  case number(Double)
  case text(String)
  case truth(Bool)

  /// As prose shows it: whole numbers without a point, others with at most two decimals that count.
  public var shown: String {
    switch self {
    case .number(let number): Self.shown(number)
    case .text(let text): text
    case .truth(let truth): truth ? "true" : "false"
    }
  }

  /// As `shown`, with a comma between each three digits before the point.
  public var grouped: String {
    let text = shown
    let digits = text.drop { $0 == "-" }.prefix { $0.isNumber }
    let rest = text.drop { $0 == "-" }.dropFirst(digits.count)
    var grouped = ""
    for (index, digit) in digits.enumerated() {
      if index > 0 && (digits.count - index) % 3 == 0 { grouped += "," }
      grouped.append(digit)
    }
    return (text.hasPrefix("-") ? "-" : "") + grouped + rest
  }

  private static func shown(_ number: Double) -> String {
    guard number.isFinite, abs(number) < 1e15 else { return "\(number)" }
    if number == number.rounded() { return String(Int(number)) }
    let hundredths = Int((abs(number) * 100).rounded())
    guard hundredths > 0 else { return scientific(number) }
    let (whole, rest) = hundredths.quotientAndRemainder(dividingBy: 100)
    let decimals = rest % 10 == 0 ? String(rest / 10) : (rest < 10 ? "0" : "") + String(rest)
    return (number < 0 ? "-" : "") + (rest == 0 ? String(whole) : "\(whole).\(decimals)")
  }

  /// One digit and a power of ten, for what two decimals would round to nothing.
  private static func scientific(_ number: Double) -> String {
    var (mantissa, exponent) = (number, 0)
    while abs(mantissa) < 1 {
      mantissa *= 10
      exponent -= 1
    }
    return "\(Int(mantissa.rounded()))e\(exponent)"
  }
}
