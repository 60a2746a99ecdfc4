internal import Base

/// Options of a tool's place as its screen names them.
enum SettingWords {
  /// Options that say where one looks: who looks around has turned nothing.
  static let looks = ["--step", "--layer", "--head"]

  /// What stands in front of a value; nothing where the value says enough.
  private static func name(_ option: String, _ language: Language) -> String {
    switch option {
    case "--model", "--policy": ""
    case "--context": language("长度", "context")
    case "--batch": language("请求", "batch")
    case "--dtype": language("缓存", "cache")
    case "--weights-dtype": language("权重", "weights")
    case "--gpu", "--machine": language("卡", "card")
    default: String(option.drop { $0 == "-" })
    }
  }

  /// Options that differ, in words; where one looks is left out unless it is all that does.
  static func text(_ options: String, _ language: Language) -> String {
    var pairs: [(option: String, value: String)] = []
    for word in options.split(separator: " ").map(String.init) {
      if word.hasPrefix("--") {
        pairs.append((word, ""))
      } else if !pairs.isEmpty {
        pairs[pairs.count - 1].value += (pairs[pairs.count - 1].value.isEmpty ? "" : " ") + word
      }
    }
    let knobs = pairs.filter { !looks.contains($0.option) }
    let words = (knobs.isEmpty ? pairs : knobs).map { option, value in
      let isType = option.hasSuffix("dtype")
      return [name(option, language), isType ? value.uppercased() : value]
        .filter { !$0.isEmpty }.joined(separator: " ")
    }
    return words.joined(separator: language("，", ", "))
  }
}
