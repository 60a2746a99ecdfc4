#if canImport(Glibc)
  internal import Glibc
#else
  internal import Darwin
#endif
public import Trace

/// Gives expressions their values in one step of a run.
///
/// Fields: `length`, `step`, `steps`, `layers`, `heads`, `kv_heads`, `d_head`, `d_model`, `vocabulary`, `parameters`, `positions`,
/// `max_abs_difference`, `next.text`, `next.id`, `next.probability`, `token`, and for both runs (`uncached.…`, `cached.…`) `rows`,
/// `cells`, `masked`, `kv_computed`, `kv_read`, `seconds`, `flops` (the total), `flops.projection|attention|mlp|head|total`; of the
/// cached one `cache_tokens`, `cache_bytes` too.
///
/// Functions: `at(step, e)` and `sum(e)` (steps 1 to this one) change the step; `key_change(layer, position)` and
/// `value_change(layer, position)` are the largest |Δ| against the scene's second text (both from 1); `weight(layer, head, query, key)`; `min`,
/// `max`, `abs`, `round`, `floor`, `ceil`, `sqrt`, `percent(part, whole)`, `grouped(e)` (digits in threes), `text(position)`;
/// `tool(path)`, `size`, `total`, `smallest` and `largest` of what the screen's tool, or a command that is named, prints with
/// `--json` (`ToolPath`), and `place(option)` of the tool's own options.
public struct Evaluator: Sendable {
  private let trace: Trace
  private let comparison: Trace?
  private let number: Int
  private let tools: ToolFacts
  private let drawn: [String: Double]

  /// - Parameters:
  ///   - trace: a complete run.
  ///   - comparison: the run of the scene's second text.
  ///   - step: counted from 1.
  ///   - tools: what commands print, and which of them is meant.
  ///   - drawn: a question's numbers, by their names, which are fields as well.
  public init(
    _ trace: Trace, comparison: Trace? = nil, step: Int, tools: ToolFacts = ToolFacts(),
    drawn: [String: Double] = [:]
  ) {
    self.trace = trace
    self.comparison = comparison
    number = step
    self.tools = tools
    self.drawn = drawn
  }

  /// The same with another command meant.
  package func at(_ place: ToolLink) -> Evaluator {
    Evaluator(trace, comparison: comparison, step: number, tools: tools.at(place), drawn: drawn)
  }

  private var evaluation: Evaluation {
    Evaluation(trace: trace, comparison: comparison, number: number, tools: tools, drawn: drawn)
  }

  /// Tokens of the run's last step.
  var longest: Int { trace.steps.last?.length ?? 0 }

  /// The value of an expression in this step.
  public func value(of expression: Expression) throws(ExpressionError) -> Value {
    var evaluation = evaluation
    return try evaluation.value(of: expression)
  }

  /// The number that an expression is.
  public func number(_ expression: Expression) throws(ExpressionError) -> Double {
    var evaluation = evaluation
    return try evaluation.number(expression)
  }

  /// Whether an expression is true.
  public func truth(_ expression: Expression) throws(ExpressionError) -> Bool {
    var evaluation = evaluation
    return try evaluation.truth(expression)
  }
}

/// One evaluation of one expression, whose work is bounded: sums in sums ask for more than any run can answer.
struct Evaluation {
  let trace: Trace
  let comparison: Trace?
  /// The step that is asked, which `at` and `sum` change.
  var number: Int
  /// What commands print.
  let tools: ToolFacts
  /// A question's numbers.
  let drawn: [String: Double]
  private var work = 0

  init(
    trace: Trace, comparison: Trace?, number: Int, tools: ToolFacts = ToolFacts(),
    drawn: [String: Double] = [:]
  ) {
    self.trace = trace
    self.comparison = comparison
    self.number = number
    self.tools = tools
    self.drawn = drawn
  }

  var step: Step { trace.step(number) }

  /// Counts work, in parts of an expression looked at.
  mutating func spend(_ amount: Int) throws(ExpressionError) {
    work += amount
    guard work <= LessonLimits.work else { throw .tooMuchWork(most: LessonLimits.work) }
  }

  mutating func value(of expression: Expression) throws(ExpressionError) -> Value {
    try spend(1)
    switch expression {
    case .literal(let value): return value
    case .field(let path): return try field(path)
    case .call(let name, let arguments): return try call(name, arguments)
    case .unary("not", let operand): return .truth(!(try truth(operand)))
    case .unary(_, let operand): return .number(-(try self.number(operand)))
    case .binary(let name, let left, let right): return try binary(name, left, right)
    }
  }

  mutating func number(_ expression: Expression) throws(ExpressionError) -> Double {
    let value = try value(of: expression)
    guard case .number(let number) = value else { throw .notANumber(value.shown) }
    return number
  }

  mutating func truth(_ expression: Expression) throws(ExpressionError) -> Bool {
    let value = try value(of: expression)
    guard case .truth(let truth) = value else { throw .notANumber(value.shown) }
    return truth
  }

  /// The value of an expression in another step.
  mutating func value(
    of expression: Expression, at target: Int
  ) throws(ExpressionError) -> Value {
    let here = number
    number = target
    defer { number = here }
    return try value(of: expression)
  }

  /// The whole number that an expression is, such as a step or a position.
  mutating func whole(_ expression: Expression) throws(ExpressionError) -> Int {
    let number = try number(expression)
    guard let whole = Int32(exactly: number.rounded()) else { throw .notANumber("\(number)") }
    return Int(whole)
  }

  private mutating func binary(
    _ name: String, _ left: Expression, _ right: Expression
  ) throws(ExpressionError) -> Value {
    switch name {
    case "and":
      guard try truth(left) else { return .truth(false) }
      return .truth(try truth(right))
    case "or":
      guard try !truth(left) else { return .truth(true) }
      return .truth(try truth(right))
    case "==": return .truth(try value(of: left) == value(of: right))
    case "!=": return .truth(try value(of: left) != value(of: right))
    default: return try arithmetic(name, try number(left), try number(right))
    }
  }

  private func arithmetic(
    _ name: String, _ left: Double, _ right: Double
  ) throws(ExpressionError) -> Value {
    switch name {
    case "<": return .truth(left < right)
    case "<=": return .truth(left <= right)
    case ">": return .truth(left > right)
    case ">=": return .truth(left >= right)
    case "+": return .number(left + right)
    case "-": return .number(left - right)
    case "*": return .number(left * right)
    case "^": return .number(pow(left, right))
    case "/":
      guard right != 0 else { throw .divisionByZero }
      return .number(left / right)
    case "%":
      guard right != 0 else { throw .divisionByZero }
      return .number(left.truncatingRemainder(dividingBy: right))
    default: throw .unexpected(name)
    }
  }
}
