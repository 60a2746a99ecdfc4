public import Base

/// Why a text names no cache policy.
public enum CachePolicyError: Error, Equatable, Sendable {
  /// No choice is called so.
  case unknown(String)
  /// The numbers of a choice are missing, or out of their range.
  case malformed(String, form: String, numbers: ClosedRange<Int> = 1...Int.max)
  /// Two parts make the same one of the three choices.
  case twice(String)
}

extension CachePolicy {
  /// Reads `full`, `window:W`, `sinks:S+W`, `h2o:S+W`, `int8`, `fp8`, `kivi:BITS` and `paged:B`, one or several with commas
  /// between them.
  public init(_ text: String) throws(CachePolicyError) {
    self.init()
    var chosen: [Part] = []
    for choice in text.split(separator: ",", omittingEmptySubsequences: false) {
      let (row, numbers) = try Self.choice(of: String(choice))
      guard !chosen.contains(row.part) else { throw .twice(String(choice)) }
      chosen.append(row.part)
      row.choose(&self, numbers)
    }
  }

  private enum Part { case retention, format, layout }

  /// What one choice means.
  private struct Choice: Sendable {
    let form: PolicyForm
    let part: Part
    let choose: @Sendable (inout CachePolicy, [Int]) -> Void
  }

  /// Every choice: a new one is a row here, one in `text`, and a case above.
  private static let choices = [
    Choice(form: .init("full"), part: .retention) { policy, _ in policy.retention = .full },
    Choice(form: .init("window", "W"), part: .retention) { policy, numbers in
      policy.retention = .window(numbers[0])
    },
    Choice(form: .init("sinks", "S", "W"), part: .retention) { policy, numbers in
      policy.retention = .sinks(first: numbers[0], newest: numbers[1])
    },
    Choice(form: .init("h2o", "S", "W"), part: .retention) { policy, numbers in
      policy.retention = .heavyHitters(numbers[0], newest: numbers[1])
    },
    Choice(form: .init("int8"), part: .format) { policy, _ in policy.format = .int8 },
    Choice(form: .init("fp8"), part: .format) { policy, _ in policy.format = .fp8 },
    Choice(form: .init("kivi", "BITS", range: 2...8), part: .format) { policy, numbers in
      policy.format = .kivi(bits: numbers[0])
    },
    Choice(form: .init("paged", "B"), part: .layout) { policy, numbers in
      policy.layout = .paged(numbers[0])
    },
  ]

  private static func choice(of text: String) throws(CachePolicyError) -> (Choice, [Int]) {
    for choice in choices {
      if let numbers = try choice.form.numbers(of: text) { return (choice, numbers) }
    }
    throw .unknown(text)
  }

  /// How every choice is written.
  static var wordings: [String] { choices.map(\.form.wording) }

  /// The policy as it is written.
  public var text: String {
    let parts = [retention.text, format.text, layout.text].compactMap { $0 }
    return parts.isEmpty ? "full" : parts.joined(separator: ",")
  }
}

extension CachePolicy.Retention {
  fileprivate var text: String? {
    switch self {
    case .full: nil
    case .window(let newest): "window:\(newest)"
    case .sinks(let first, let newest): "sinks:\(first)+\(newest)"
    case .heavyHitters(let heavy, let newest): "h2o:\(heavy)+\(newest)"
    }
  }
}

extension CachePolicy.Format {
  fileprivate var text: String? {
    switch self {
    case .f32: nil
    case .int8: "int8"
    case .fp8: "fp8"
    case .kivi(let bits): "kivi:\(bits)"
    }
  }
}

extension CachePolicy.Layout {
  fileprivate var text: String? {
    switch self {
    case .contiguous: nil
    case .paged(let tokens): "paged:\(tokens)"
    }
  }
}

extension CachePolicyError: Explained {
  /// 64: an option was misused.
  public var status: Int32 { ExitStatus.usage.rawValue }

  /// What is wrong and what to do.
  public func message(_ language: Language) -> String? {
    let all = LabSubject.wordings.joined(separator: language("、", ", "))
    return switch self {
    case .unknown(let text):
      language("没有叫“\(text)”的缓存策略：可用的有 \(all)", "there is no cache policy \"\(text)\": give \(all)")
    case .malformed(let text, let form, _) where !form.contains(":"):
      language(
        "缓存策略“\(text)”应写成 \(form)：请去掉后面的数",
        "the cache policy \"\(text)\" is written \(form): give it without a number")
    case .malformed(let text, let form, let numbers):
      language(
        "缓存策略“\(text)”应写成 \(form)，字母处是\(Self.range(numbers, language))的整数",
        "the cache policy \"\(text)\" is written \(form), with whole numbers \(Self.range(numbers, language)) for the letters"
      )
    case .twice(let text):
      language(
        "缓存策略“\(text)”和前面的选择冲突：保留、格式、布局各选一个",
        "the cache policy \"\(text)\" chooses again what was chosen before it: give one retention, one format, one layout"
      )
    }
  }

  private static func range(_ numbers: ClosedRange<Int>, _ language: Language) -> String {
    guard numbers.upperBound < .max else {
      return language("不小于 \(numbers.lowerBound) ", "from \(numbers.lowerBound) on")
    }
    return language(
      " \(numbers.lowerBound) 到 \(numbers.upperBound) ",
      "from \(numbers.lowerBound) to \(numbers.upperBound)")
  }
}
