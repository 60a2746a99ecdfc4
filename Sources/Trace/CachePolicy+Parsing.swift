public import Base

/// Why a text names no cache policy.
public enum CachePolicyError: Error, Equatable, Sendable {
  /// No choice is called so.
  case unknown(String)
  /// The numbers of a choice are missing, or out of their range.
  case malformed(String, form: String)
  /// Two parts make the same one of the three choices.
  case twice(String)
}

extension CachePolicy {
  /// Reads `full`, `window:W`, `sinks:S+W`, `int8`, `fp8` and `paged:B`, one or several with commas between them.
  public init(_ text: String) throws(CachePolicyError) {
    self.init()
    var chosen: [Part] = []
    for choice in text.split(separator: ",", omittingEmptySubsequences: false) {
      let (form, numbers) = try Self.form(of: String(choice))
      guard !chosen.contains(form.part) else { throw .twice(String(choice)) }
      chosen.append(form.part)
      form.choose(&self, numbers)
    }
  }

  private enum Part { case retention, format, layout }

  /// How one choice is written, and what it means.
  private struct Form: Sendable {
    let name: String
    /// What stands behind the colon.
    var numbers: [String] = []
    /// The least of each number.
    var least = 1
    let part: Part
    let choose: @Sendable (inout CachePolicy, [Int]) -> Void

    var wording: String { numbers.isEmpty ? name : name + ":" + numbers.joined(separator: "+") }
  }

  /// Every choice: a new one is a row here and a case above.
  private static let forms = [
    Form(name: "full", part: .retention) { policy, _ in policy.retention = .full },
    Form(name: "window", numbers: ["W"], part: .retention) { policy, numbers in
      policy.retention = .window(numbers[0])
    },
    Form(name: "sinks", numbers: ["S", "W"], part: .retention) { policy, numbers in
      policy.retention = .sinks(first: numbers[0], newest: numbers[1])
    },
    Form(name: "int8", part: .format) { policy, _ in policy.format = .int8 },
    Form(name: "fp8", part: .format) { policy, _ in policy.format = .fp8 },
    Form(name: "paged", numbers: ["B"], part: .layout) { policy, numbers in
      policy.layout = .paged(numbers[0])
    },
  ]

  private static func form(of text: String) throws(CachePolicyError) -> (Form, [Int]) {
    let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
    guard let form = forms.first(where: { $0.name == parts[0] }) else { throw .unknown(text) }
    let numbers = parts.count > 1 ? numbers(in: parts[1]) : []
    guard numbers.count == form.numbers.count, parts.count > 1 || form.numbers.isEmpty,
      !(parts.count > 1 && form.numbers.isEmpty), numbers.allSatisfy({ $0 >= form.least })
    else { throw .malformed(text, form: form.wording) }
    return (form, numbers)
  }

  /// Whole numbers in ASCII digits, with plus signs between them; 0 where something else stands.
  private static func numbers(in text: Substring) -> [Int] {
    text.split(separator: "+", omittingEmptySubsequences: false).map { digits in
      digits.utf8.allSatisfy { (48...57).contains($0) } ? Int(digits) ?? 0 : 0
    }
  }

  /// How every choice is written.
  static var wordings: [String] { forms.map(\.wording) }
}

extension CachePolicyError: Explained {
  /// 64: an option was misused.
  public var status: Int32 { ExitStatus.usage.rawValue }

  /// What is wrong and what to do.
  public func message(_ language: Language) -> String? {
    let all = CachePolicy.wordings.joined(separator: language("、", ", "))
    return switch self {
    case .unknown(let text):
      language("没有叫“\(text)”的缓存策略：可用的有 \(all)", "there is no cache policy \"\(text)\": give \(all)")
    case .malformed(let text, let form):
      language(
        "缓存策略“\(text)”应写成 \(form)，字母处是不小于 1 的整数",
        "the cache policy \"\(text)\" is written \(form), with whole numbers from 1 on for the letters"
      )
    case .twice(let text):
      language(
        "缓存策略“\(text)”和前面的选择冲突：保留、格式、布局各选一个",
        "the cache policy \"\(text)\" chooses again what was chosen before it: give one retention, one format, one layout"
      )
    }
  }
}
