/// Numbers in 汉字, written here by the rules of a grammar and not by the program.
enum SpelledNumber {
  private static let figures = ["零", "一", "二", "三", "四", "五", "六", "七", "八", "九"]
  private static let units = ["", "十", "百", "千"]

  /// A number's digits in 汉字; nil where it has too many, or an exponent.
  static func chinese(_ digits: String) -> String? {
    let parts = digits.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
    guard let whole = Int(parts[0]), (0..<1_000_000_000_000).contains(whole), parts.count <= 2
    else { return nil }
    guard parts.count == 2 else { return spelled(whole) }
    let decimals = parts[1].map { $0.wholeNumberValue.map { figures[$0] } }
    guard !decimals.contains(nil), decimals.count <= 20 else { return nil }
    return spelled(whole) + "点" + decimals.compactMap { $0 }.joined()
  }

  private static func spelled(_ number: Int) -> String {
    guard number > 0 else { return "零" }
    var text = ""
    for (scale, name) in [(100_000_000, "亿"), (10000, "万"), (1, "")] {
      let section = number / scale % 10000
      guard section > 0 else { continue }
      // A unit that is missing before it is said by 零.
      if !text.isEmpty, section < 1000 { text += "零" }
      text += spelled(section: section) + name
    }
    return text.hasPrefix("一十") ? String(text.dropFirst()) : text
  }

  private static func spelled(section: Int) -> String {
    var (text, isGap) = ("", false)
    for place in (0..<4).reversed() {
      let scale = [1, 10, 100, 1000][place]
      let figure = section / scale % 10
      if figure == 0 {
        isGap = !text.isEmpty
      } else {
        text += (isGap ? "零" : "") + figures[figure] + units[place]
        isGap = false
      }
    }
    return text
  }
}
