/// Reads what a person meant by a typed answer: full-width forms, numbers in 汉字, units, thousands, sums such as `625/3`.
///
/// What it is not sure of it does not read: a learner is told so, and loses no try.
package struct AnswerReader {
  /// The question: its words may stand behind a number, and it says in which unit it asks.
  let question: String

  /// Reads the answers to a question.
  package init(question: String) { self.question = question }

  /// Whether a character begins an answer where nothing is typed yet; letters are commands there.
  package static func begins(_ character: Character) -> Bool {
    let folded = fold(String(character))
    guard let first = folded.first, folded.count == 1 else { return false }
    return first.isASCII ? first.isNumber || ".-+(=~".contains(first) : !"、【】".contains(first)
  }

  /// What a number's text can mean, the plainest first; empty if it is not understood.
  package func numbers(_ text: String) -> [Double] {
    // `7×` are seven times; a comparison is no number.
    let isTimes = text.trimmingBlanks.hasSuffix("×")
    let folded = Self.fold(isTimes ? String(text.trimmingBlanks.dropLast()) : text)
    guard !folded.contains("==") else { return [] }
    let text = ChineseNumeral.inDigits(Self.stripped(folded))
    let end = text.lastIndex {
      $0.isASCII && ($0.isNumber || ".)+-*/^".contains($0)) || "²³".contains($0)
    }
    guard let end, let value = Self.value(text[...end]) else { return [] }
    guard let units = units(text[text.index(after: end)...]) else { return [] }
    return units.map { value * $0 }.filter(\.isFinite)
  }

  /// Sizes such as `4 x 16`, `[4, 16]`, `4 行 16 列`; nil if they are not understood.
  package func sizes(_ text: String) -> [Int]? {
    var text = ChineseNumeral.inDigits(Self.fold(text).lowercased())
    for word in Self.betweenSizes { text = text.replacing(word, with: " ") }
    let sizes = text.split(separator: " ").map { Int($0) }
    guard (1...4).contains(sizes.count), !sizes.contains(nil) else { return nil }
    return sizes.compactMap { $0 }
  }

  /// Whether a text is more than a number in digits: then what it comes to is said as well.
  package static func isSum(_ text: String) -> Bool {
    fold(text).dropFirst().contains { "*/^+(加减乘除²³".contains($0) }
      || text.contains(where: ChineseNumeral.isPart)
  }

  private static let betweenSizes = [
    "torch.size", "columns", "column", "cols", "col", "rows", "row", "by", "行", "列", "乘", "x", "*",
    "、",
    ",", ";", "[", "]", "(", ")",
  ]

  // MARK: Forms of a character

  /// Full-width forms and typographic signs as ASCII.
  private static func fold(_ text: String) -> String {
    String(String.UnicodeScalarView(text.unicodeScalars.map(folded)))
      .trimmingBlanks
  }

  private static func folded(_ scalar: Unicode.Scalar) -> Unicode.Scalar {
    switch scalar {
    case "\u{FF01}"..."\u{FF5E}": Unicode.Scalar(scalar.value - 0xFEE0) ?? scalar
    case "\u{3000}", "\u{A0}", "\u{2009}", "\u{202F}", "\n", "\r", "\t": " "
    case "。", "｡": "."
    case "−", "–", "—": "-"
    case "×", "✕", "⋅", "∙", "·": "*"
    case "÷", "⁄", "∕": "/"
    case "≈": "~"
    case "’": "'"
    default: scalar
    }
  }

  // MARK: Around the number

  private static let leadingWords = [
    "=", "~", ":", "约", "大约", "是", "共", "一共", "总共", "等于", "答案", "about", "approximately",
    "approx.", "the answer is", "answer",
  ]

  /// Without words in front of the number, without a full stop behind it; of an equation its right side.
  private static func stripped(_ text: String) -> String {
    var text = text.split(separator: "=").last.map(String.init) ?? text
    text = text.trimmingBlanks.lowercased()
    while let word = leadingWords.first(where: text.hasPrefix) {
      text = String(text.dropFirst(word.count)).trimmingBlanks
    }
    while let last = text.last, ".,;!".contains(last), text.count > 1 { text.removeLast() }
    return perInWords(text)
  }

  /// `bytes/token` holds no division.
  private static func perInWords(_ text: String) -> String {
    var out: [Character] = []
    for (index, character) in text.enumerated() {
      let next = text.dropFirst(index + 1).first { $0 != " " }
      out.append(character == "/" && next.map { $0.isLetter } ?? false ? " " : character)
    }
    return String(out)
  }
}

// MARK: Units

extension AnswerReader {
  private static let plainUnits: Set<String> = [
    "x", "a", "per", "each", "in", "all", "total", "or", "so", "of", "them", "times", "time",
    "fold",
    "cell", "cells", "score", "scores", "token", "tokens", "character", "characters", "char",
    "chars",
    "step", "steps", "row", "rows", "column", "columns", "layer", "layers", "head", "heads",
    "request",
    "requests", "number", "numbers", "value", "values", "flop", "flops", "key", "keys", "vector",
    "vectors", "s", "ms", "second", "seconds",
  ]
  private static let chineseUnits = [
    "请求", "词元", "左右", "参数", "向量", "毫秒", "个", "格", "字", "倍", "次", "步", "行", "列", "层", "头", "位",
    "数", "子", "份", "条", "项", "遍", "块", "秒", "的", "了", "吧",
  ]
  private static let bytes: [(name: String, sizes: [Double])] = [
    ("kib", [1024]), ("mib", [1_048_576]), ("gib", [1_073_741_824]), ("tib", [1_099_511_627_776]),
    ("kb", [1024, 1e3]), ("mb", [1_048_576, 1e6]), ("gb", [1_073_741_824, 1e9]),
    ("tb", [1_099_511_627_776, 1e12]), ("bytes", [1]), ("byte", [1]), ("字节", [1]), ("b", [1]),
  ]
  private static let multiples: [(name: String, factors: [Double])] = [
    ("thousand", [1e3]), ("million", [1e6]), ("billion", [1e9]), ("k", [1e3, 1024]),
    ("m", [1e6, 1_048_576]), ("g", [1e9, 1_073_741_824]), ("千", [1e3]), ("万", [1e4]), ("亿", [1e8]),
    ("百万", [1e6]),
  ]

  /// The factors that a unit can stand for; nil if it is none.
  private func units(_ text: Substring) -> [Double]? {
    var rest = String(text).trimmingBlanks
    if rest.isEmpty { return [1] }
    if rest.hasPrefix("%") || rest.hasPrefix("percent") {
      let isAsked =
        question.contains("%") || question.contains("百分") || question.contains("percent")
      rest = String(rest.dropFirst(rest.hasPrefix("%") ? 1 : 7))
      return areWords(rest) ? (isAsked ? [1] : [1, 0.01]) : nil
    }
    if let unit = Self.bytes.first(where: { Self.begins(rest, with: $0.name) }) {
      return areWords(String(rest.dropFirst(unit.name.count))) ? bytes(unit.sizes) : nil
    }
    if let multiple = Self.multiples.first(where: { Self.begins(rest, with: $0.name) }) {
      guard let more = units(rest.dropFirst(multiple.name.count)) else { return nil }
      return multiple.factors.flatMap { factor in more.map { $0 * factor } }
    }
    return areWords(rest) ? [1] : nil
  }

  /// Whether a text begins with a unit and goes on with something else than the same word.
  private static func begins(_ text: String, with unit: String) -> Bool {
    guard text.hasPrefix(unit) else { return false }
    let next = text.dropFirst(unit.count).first
    return unit.first?.isASCII == false || !(next.map { $0.isASCII && $0.isLetter } ?? false)
  }

  /// A size in bytes in the unit that is asked for: 0.5 MiB are 512 where KiB are.
  private func bytes(_ sizes: [Double]) -> [Double] {
    let words = Set(question.lowercased().split { !$0.isASCII || !$0.isLetter }.map(String.init))
    let asked = Self.bytes.filter {
      ($0.name != "b" && words.contains($0.name)) || ($0.name == "字节" && question.contains("字节"))
    }
    guard !asked.isEmpty else { return [1] + sizes }
    return asked.flatMap { unit in unit.sizes.flatMap { own in sizes.map { $0 / own } } }
  }

  /// Words that say what is counted: known ones, and those of the question.
  private func areWords(_ text: String) -> Bool {
    let words = Set(
      question.lowercased().split { !$0.isASCII || !$0.isLetter }.filter { $0.count > 2 }.map(
        String.init))
    return text.split(separator: " ").allSatisfy { word in
      if word.allSatisfy(\.isASCII) {
        return Self.plainUnits.contains(String(word)) || Self.bytes.contains { $0.name == word }
          || words.contains(String(word))
      }
      return isChinese(word)
    }
  }

  private func isChinese(_ word: Substring) -> Bool {
    var rest = word
    while !rest.isEmpty {
      if rest.allSatisfy({ !$0.isASCII && $0.isLetter }), question.contains(rest) { return true }
      guard let unit = (Self.chineseUnits + ["字节"]).first(where: rest.hasPrefix) else {
        return false
      }
      rest = rest.dropFirst(unit.count)
    }
    return true
  }
}

// MARK: The number itself

extension AnswerReader {
  /// A plain number, or what a sum comes to.
  private static func value(_ text: Substring) -> Double? {
    if let plain = plain(text) { return plain }
    guard let sum = sum(text), let expression = try? Expression(sum) else { return nil }
    return value(of: expression)
  }

  /// Digits with a point, an exponent, and thousands set apart by one kind of mark.
  private static func plain(_ text: Substring) -> Double? {
    let text = text.first == "+" ? text.dropFirst() : text
    guard let mark = text.first(where: { ",' _".contains($0) }) else {
      let isPlain = text.allSatisfy { $0.isASCII && ($0.isNumber || ".e+-".contains($0)) }
      return isPlain ? Double(text) : nil
    }
    let parts = text.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
    let groups = parts[0].split(separator: mark, omittingEmptySubsequences: false)
    let first = groups[0].first == "-" ? groups[0].dropFirst() : groups[0]
    let digits = [first] + groups.dropFirst() + parts.dropFirst()
    guard (1...3).contains(first.count), groups.dropFirst().allSatisfy({ $0.count == 3 }),
      digits.joined().allSatisfy({ $0.isASCII && $0.isNumber })
    else { return nil }
    return Double(text.filter { $0 != mark })
  }

  private static let operators = [
    ("**", "^"), ("²", "^2"), ("³", "^3"), ("除以", "/"), ("乘以", "*"), ("乘", "*"),
  ]

  /// A sum as the expressions of lessons write it; nil where it holds anything else than numbers and signs.
  private static func sum(_ text: Substring) -> String? {
    var out = ""
    var run = ""
    var spelled = String(text)
    for (word, sign) in operators { spelled = spelled.replacing(word, with: sign) }
    for character in spelled + " " {
      if character.isASCII && (character.isNumber || character == "." || character == ",") {
        run.append(character)
        continue
      }
      if !run.isEmpty {
        guard let number = plain(run[...]) else { return nil }
        // Two numbers side by side are no sum.
        if out.last.map({ $0.isNumber }) ?? false { return nil }
        out += "\(number)"
        run = ""
      }
      if character == " " { continue }
      guard "+-*/^()x加减".contains(character) else { return nil }
      out.append(
        character == "x" ? "*" : character == "加" ? "+" : character == "减" ? "-" : character)
    }
    return out
  }

  /// A sum's value; nil where it holds fields or functions: those would be the answer itself.
  private static func value(of expression: Expression) -> Double? {
    switch expression {
    case .literal(.number(let number)): return number
    case .unary("-", let operand): return value(of: operand).map { -$0 }
    case .binary(let name, let left, let right):
      guard let left = value(of: left), let right = value(of: right) else { return nil }
      switch name {
      case "+": return left + right
      case "-": return left - right
      case "*": return left * right
      case "/": return right == 0 ? nil : left / right
      case "^": return power(left, right)
      default: return nil
      }
    default: return nil
    }
  }

  private static func power(_ base: Double, _ exponent: Double) -> Double? {
    guard let times = Int(exactly: exponent), (0...64).contains(times) else { return nil }
    return (0..<times).reduce(1) { product, _ in product * base }
  }
}

extension StringProtocol {
  fileprivate var trimmingBlanks: String {
    var text = self[...]
    while text.first == " " { text = text.dropFirst() }
    while text.last == " " { text = text.dropLast() }
    return String(text)
  }
}
