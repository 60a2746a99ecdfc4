public import Base

/// Why an expression cannot be read or has no value.
public enum ExpressionError: Explained, Equatable, Sendable {
  case unexpected(String)
  case unexpectedEnd
  case tooDeep
  /// A `{{` has no `}}`, or the other way round.
  case openBraces
  case unknownField(String, nearest: String?)
  case unknownFunction(String)
  case arguments(of: String)
  case notANumber(String)
  case noStep(Int, steps: Int)
  case noComparison
  case divisionByZero
  case tooLong(most: Int)
  case tooMuchWork(most: Int)

  /// 65.
  public var status: Int32 { ExitStatus.badData.rawValue }

  /// What is wrong, in a few words that stand behind the expression.
  public func message(_ language: Language) -> String? {
    switch self {
    case .unexpected(let text): language("意外的 \(text)", "unexpected \(text)")
    case .unexpectedEnd: language("没有写完", "it ends too early")
    case .tooDeep: language("括号套得太深", "it is nested too deeply")
    case .openBraces: language("{{ 和 }} 没有成对", "{{ without }}")
    case .unknownField(let name, let nearest):
      language(
        "没有字段 \(name)" + (nearest.map { "，是不是 \($0)" } ?? ""),
        "no field \(name)" + (nearest.map { ", did you mean \($0)" } ?? ""))
    case .unknownFunction(let name): language("没有函数 \(name)", "no function \(name)")
    case .arguments(let name): language("\(name) 的参数不对", "wrong arguments of \(name)")
    case .notANumber(let text): language("\(text) 不是数", "\(text) is no number")
    case .noStep(let step, let steps):
      language("没有第 \(step) 步，运行只有 \(steps) 步", "no step \(step), the run has \(steps)")
    case .noComparison: language("场景没有第二段文字可比", "the scene compares no second text")
    case .divisionByZero: language("除以零", "division by zero")
    case .tooLong(let most): language("超过 \(most) 个字符", "it has more than \(most) characters")
    case .tooMuchWork(let most):
      language(
        "计算超过 \(most) 步；请少套几层求和",
        "it takes more than \(most) steps of reckoning; nest fewer sums")
    }
  }
}
