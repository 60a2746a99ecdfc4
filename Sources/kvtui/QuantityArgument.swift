/// Numbers with a unit on the command line, kept as they were typed until a command can say what is wrong with them.
enum QuantityArgument {
  private static let decimal = ["": 1.0, "K": 1e3, "M": 1e6, "G": 1e9, "T": 1e12, "P": 1e15]
  private static let binary = ["KI": 0x1p10, "MI": 0x1p20, "GI": 0x1p30, "TI": 0x1p40]

  /// The largest number that is taken.
  private static let most = 1 << 60

  /// Bytes: `24000000000`, `24GB`, `10GiB`; GB is 10⁹.
  static func bytes(_ text: String, of option: String) throws(CommandError) -> Int {
    let units = decimal.merging(binary) { one, _ in one }
    guard let number = number(text, endings: ["B", ""], units: units) else {
      throw .badValue(
        option: option, value: text,
        expected: wording(
          "字节数，如 24000000000、24GB 或 10GiB", "a number of bytes, such as 24000000000, 24GB or 10GiB")
      )
    }
    return number
  }

  /// Bytes a second: `600e9`, `600GB/s`.
  static func bandwidth(_ text: String, of option: String) throws(CommandError) -> Int {
    guard let number = number(text, endings: ["B/S", "B", ""], units: decimal) else {
      throw .badValue(
        option: option, value: text,
        expected: wording("每秒字节数，如 600GB/s 或 600e9", "bytes a second, such as 600GB/s or 600e9"))
    }
    return number
  }

  /// FLOP a second: `125e12`, `125TFLOP/s`.
  static func flops(_ text: String, of option: String) throws(CommandError) -> Int {
    guard let number = number(text, endings: ["FLOP/S", "FLOPS", "FLOP", ""], units: decimal) else {
      throw .badValue(
        option: option, value: text,
        expected: wording(
          "每秒浮点运算数，如 125TFLOP/s 或 125e12", "FLOP a second, such as 125TFLOP/s or 125e12"))
    }
    return number
  }

  /// The first ending that fits counts, then the prefix before it; a whole number above 0.
  private static func number(
    _ text: String, endings: [String], units: [String: Double]
  ) -> Int? {
    let text = text.uppercased()
    guard let ending = endings.first(where: { text.hasSuffix($0) }) else { return nil }
    let rest = text.dropLast(ending.count)
    let prefix = String(rest.reversed().prefix { $0.isLetter }.reversed())
    let digits = rest.dropLast(prefix.count)
    guard let unit = units[prefix], let first = digits.first, first.isNumber || first == "." else {
      return nil
    }
    if unit == 1, let whole = Int(digits) { return (1...most).contains(whole) ? whole : nil }
    guard let value = Double(digits), value.isFinite else { return nil }
    let number = (value * unit).rounded()
    return number >= 1 && number <= Double(most) ? Int(number) : nil
  }
}
