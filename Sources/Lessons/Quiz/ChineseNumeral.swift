/// Numbers in 汉字, as they are said and written: 二十八, 两千零四十八, 一万九, 一点五, 三分之二, 百分之五, 二〇四八.
enum ChineseNumeral {
  private static let digits: [Character: Double] = [
    "零": 0, "〇": 0, "一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8,
    "九": 9, "壹": 1, "贰": 2, "叁": 3, "肆": 4, "伍": 5, "陆": 6, "柒": 7, "捌": 8, "玖": 9,
  ]
  private static let small: [Character: Double] = [
    "十": 10, "百": 100, "千": 1000, "拾": 10, "佰": 100, "仟": 1000,
  ]
  private static let large: [Character: Double] = ["万": 1e4, "亿": 1e8]

  /// Whether a character can be a part of such a number.
  static func isPart(_ character: Character) -> Bool {
    digits[character] != nil || small[character] != nil || large[character] != nil
      || "点半负".contains(character)
  }

  /// A text with its 汉字 numbers written in digits; what is no number stays as it is.
  static func inDigits(_ text: String) -> String {
    var out = ""
    var rest = Substring(text)
    while let first = rest.first {
      let run = rest.prefix(while: isPart)
      guard !run.isEmpty else {
        out.append(first)
        rest.removeFirst()
        continue
      }
      rest = rest.dropFirst(run.count)
      // Behind digits it is a unit: `3千`, `1.9 万`.
      let before = out.last { $0 != " " }
      if let before, before.isASCII, before.isNumber || before == "." {
        out += run
        continue
      }
      if rest.hasPrefix("分之") {
        let parts = rest.dropFirst(2).prefix(while: isPart)
        if let fraction = fraction(whole: run, part: parts) {
          out += fraction
          rest = rest.dropFirst(2 + parts.count)
          continue
        }
      }
      out += value(run).map(written) ?? String(run)
    }
    return out
  }

  /// `三分之二` as a quotient, `百分之五` as a percentage.
  private static func fraction(whole: Substring, part: Substring) -> String? {
    guard let part = value(part) else { return nil }
    if whole == "百" { return written(part) + "%" }
    guard let whole = value(whole), whole > 0 else { return nil }
    return "(\(written(part))/\(written(whole)))"
  }

  private static func written(_ number: Double) -> String {
    number == number.rounded() && abs(number) < 1e15 ? String(Int(number)) : "\(number)"
  }

  /// What a number in 汉字 is; nil where it is none.
  static func value(_ text: Substring) -> Double? {
    guard text.count <= 40 else { return nil }
    if text.first == "负" { return positive(text.dropFirst()).map { -$0 } }
    return positive(text)
  }

  private static func positive(_ text: Substring) -> Double? {
    if text == "半" || text == "一半" { return 0.5 }
    let parts = text.split(separator: "点", maxSplits: 1, omittingEmptySubsequences: false)
    guard parts.count == 2 else { return whole(text) }
    // 一点九万
    let unit = parts[1].last.flatMap { large[$0] }
    guard let whole = whole(parts[0]),
      let places = figures(unit == nil ? parts[1] : parts[1].dropLast())
    else { return nil }
    let decimals = places.map { String(Int($0)) }.joined()
    guard let fraction = Double("0." + decimals) else { return nil }
    return (whole + fraction) * (unit ?? 1)
  }

  /// Figures one after the other; nil where there is anything else, or none.
  private static func figures(_ text: Substring) -> [Double]? {
    let figures = text.compactMap { digits[$0] }
    return figures.count == text.count && !figures.isEmpty ? figures : nil
  }

  private static func whole(_ text: Substring) -> Double? {
    guard !text.isEmpty else { return nil }
    if let figures = figures(text) {
      // 二〇四八, figure by figure; 两 is no figure of such a row.
      guard figures.count == 1 || !text.contains("两") else { return nil }
      return figures.reduce(0) { $0 * 10 + $1 }
    }
    var reading = Reading()
    for character in text {
      let isRead =
        if let digit = digits[character] {
          reading.take(digit: digit)
        } else if let unit = small[character] {
          reading.take(small: unit)
        } else if let unit = large[character] {
          reading.take(large: unit)
        } else {
          false
        }
      guard isRead else { return nil }
    }
    return reading.end()
  }

  /// A whole number of figures and units, read from the left.
  private struct Reading {
    /// What stands before the last 万 or 亿.
    private var total = 0.0
    /// What has been read behind it.
    private var section = 0.0
    private var figure: Double?
    private var hasZero = false
    /// The last unit, of which the next is a part: after 百 comes no 千.
    private var smallest = Double.infinity
    private var largest = Double.infinity

    mutating func take(digit: Double) -> Bool {
      guard figure == nil else { return false }
      if digit == 0 {
        guard !hasZero else { return false }
        hasZero = true
      } else {
        figure = digit
      }
      return true
    }

    mutating func take(small unit: Double) -> Bool {
      // 十二 is 一十二.
      let isBare = figure == nil
      guard !isBare || unit == 10 && (section == 0 || hasZero) else { return false }
      // 零 stands for a unit that is not there: 一千零四十, not 一百零四十.
      guard unit < (hasZero ? smallest / 10 : smallest) else { return false }
      section += (figure ?? 1) * unit
      (figure, hasZero, smallest) = (nil, false, unit)
      return true
    }

    mutating func take(large unit: Double) -> Bool {
      let all = section + (figure ?? 0)
      if all == 0, total > 0, unit > largest {
        // 万亿: the units multiply.
        total *= unit
      } else {
        guard all > 0, unit < largest || total < unit else { return false }
        total = unit > largest ? (total + all) * unit : total + all * unit
      }
      (section, figure, hasZero, smallest, largest) = (0, nil, false, .infinity, unit)
      return true
    }

    /// The number; a figure behind a unit is of the next lower one: 一百四 is 140, 一万九 is 19000.
    func end() -> Double? {
      guard let figure else { return hasZero ? nil : total + section }
      if hasZero { return total + section + figure }
      if smallest.isFinite {
        return total + section + figure * (smallest == 10 ? 1 : smallest / 10)
      }
      if largest.isFinite { return total + figure * largest / 10 }
      return total + figure
    }
  }
}
