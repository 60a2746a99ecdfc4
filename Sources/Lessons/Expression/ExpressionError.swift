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
  /// The screen has no tool, and the expression names none.
  case noTool
  /// A place in what a command prints that cannot be read.
  case badPath(String)
  /// Nothing stands there, or nothing that is known; with the field that is nearest.
  case noFact(String, nearest: String?)
  /// A list or an object, where one value is asked for.
  case severalFacts(String)
  /// A command printed nothing.
  case noFacts(String, RunFailure)
  /// A command that is not named as it stands.
  case unknownFacts(String)
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
    case .noTool:
      language("这一屏没有 tool，命令要写在后面", "the screen has no tool; name the command")
    case .badPath(let path):
      language("路径「\(path)」读不懂，要如 a.b[3].c", "cannot read the path '\(path)', such as a.b[3].c")
    case .noFact(let path, let nearest):
      language(
        "--json 里 \(path) 处没有值" + (nearest.map { "，是不是 \($0)" } ?? ""),
        "--json has no value at \(path)" + (nearest.map { ", did you mean \($0)" } ?? ""))
    case .severalFacts(let path):
      language(
        "\(path) 处不是一个值；用 size、total、smallest、largest",
        "\(path) is not one value; take size, total, smallest or largest")
    case .noFacts(let command, let failure):
      language(
        "\(command) 没有结果：\(failure.sentence(language))",
        "\(command) gives nothing: \(failure.sentence(language))")
    case .unknownFacts(let command):
      language(
        "命令「\(command)」没有算过；命令要写成引号里的原文",
        "'\(command)' was not worked out; a command stands in quotes as it is")
    case .tooLong(let most): language("超过 \(most) 个字符", "it has more than \(most) characters")
    case .tooMuchWork(let most):
      language(
        "计算超过 \(most) 步；请少套几层求和",
        "it takes more than \(most) steps of reckoning; nest fewer sums")
    }
  }
}
