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
/// `max`, `abs`, `round`, `floor`, `ceil`, `sqrt`, `percent(part, whole)`, `grouped(e)` (digits in threes), `text(position)`.
public struct Evaluator: Sendable {
  private let trace: Trace
  private let comparison: Trace?
  private let number: Int

  /// - Parameters:
  ///   - trace: a complete run.
  ///   - comparison: the run of the scene's second text.
  ///   - step: counted from 1.
  public init(_ trace: Trace, comparison: Trace? = nil, step: Int) {
    self.trace = trace
    self.comparison = comparison
    number = step
  }

  /// The value of an expression in this step.
  public func value(of expression: Expression) throws(ExpressionError) -> Value {
    var evaluation = Evaluation(trace: trace, comparison: comparison, number: number)
    return try evaluation.value(of: expression)
  }

  /// The number that an expression is.
  public func number(_ expression: Expression) throws(ExpressionError) -> Double {
    var evaluation = Evaluation(trace: trace, comparison: comparison, number: number)
    return try evaluation.number(expression)
  }

  /// Whether an expression is true.
  public func truth(_ expression: Expression) throws(ExpressionError) -> Bool {
    var evaluation = Evaluation(trace: trace, comparison: comparison, number: number)
    return try evaluation.truth(expression)
  }
}

/// One evaluation of one expression, whose work is bounded: sums in sums ask for more than any run can answer.
private struct Evaluation {
  let trace: Trace
  let comparison: Trace?
  /// The step that is asked, which `at` and `sum` change.
  var number: Int
  private var work = 0

  init(trace: Trace, comparison: Trace?, number: Int) {
    self.trace = trace
    self.comparison = comparison
    self.number = number
  }

  private var step: Step { trace.step(number) }

  /// Counts work, in parts of an expression looked at.
  private mutating func spend(_ amount: Int) throws(ExpressionError) {
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
  private mutating func value(
    of expression: Expression, at target: Int
  ) throws(ExpressionError) -> Value {
    let here = number
    number = target
    defer { number = here }
    return try value(of: expression)
  }

  /// The whole number that an expression is, such as a step or a position.
  private mutating func whole(_ expression: Expression) throws(ExpressionError) -> Int {
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

  // MARK: Functions

  private mutating func call(_ name: String, _ arguments: [Expression]) throws(ExpressionError)
    -> Value
  {
    switch (name, arguments.count) {
    case ("at", 2):
      let target = try whole(arguments[0])
      guard (1...trace.steps.count).contains(target) else {
        throw .noStep(target, steps: trace.steps.count)
      }
      return try value(of: arguments[1], at: target)
    case ("sum", 1):
      return .number(try sum(arguments[0]))
    case ("key_change", 2): return .number(Double(try change(\.keys, arguments)))
    case ("value_change", 2): return .number(Double(try change(\.values, arguments)))
    case ("weight", 4): return .number(try weight(arguments))
    case ("text", 1):
      let position = try whole(arguments[0])
      guard (1...trace.tokens.count).contains(position) else { throw .arguments(of: name) }
      return .text(trace.tokens[position - 1].text)
    case ("grouped", 1): return .text(Value.number(try number(arguments[0])).grouped)
    case ("percent", 2):
      let whole = try number(arguments[1])
      guard whole != 0 else { throw .divisionByZero }
      return .number(try number(arguments[0]) / whole * 100)
    default: return .number(try mathematics(name, arguments))
    }
  }

  private mutating func sum(_ expression: Expression) throws(ExpressionError) -> Double {
    var sum = 0.0
    for earlier in 1...number {
      let value = try value(of: expression, at: earlier)
      guard case .number(let number) = value else { throw .notANumber(value.shown) }
      sum += number
    }
    return sum
  }

  private mutating func mathematics(
    _ name: String, _ arguments: [Expression]
  ) throws(ExpressionError) -> Double {
    if let function = Self.function(name) {
      guard arguments.count == 1 else { throw .arguments(of: name) }
      return function(try number(arguments[0]))
    }
    guard name == "min" || name == "max" else { throw .unknownFunction(name) }
    var best = try number(arguments[0])
    for argument in arguments.dropFirst() {
      let next = try number(argument)
      best = name == "min" ? min(best, next) : max(best, next)
    }
    return best
  }

  /// A function of one number.
  private static func function(_ name: String) -> ((Double) -> Double)? {
    switch name {
    case "abs": { abs($0) }
    case "round": { $0.rounded() }
    case "floor": { $0.rounded(.down) }
    case "ceil": { $0.rounded(.up) }
    case "sqrt": { $0.squareRoot() }
    default: nil
    }
  }

  /// The largest |Δ| of a token's key or value in a layer between the two texts.
  private mutating func change(
    _ rows: KeyPath<Activations, [[Float]]>, _ arguments: [Expression]
  ) throws(ExpressionError) -> Float {
    guard let comparison else { throw .noComparison }
    let layer = try whole(arguments[0])
    let position = try whole(arguments[1])
    guard
      let difference = trace.largestDifference(
        from: comparison, rows, layer: layer - 1, position: position - 1)
    else { throw .arguments(of: "key_change") }
    return difference
  }

  private mutating func weight(_ arguments: [Expression]) throws(ExpressionError) -> Double {
    var places: [Int] = []
    for argument in arguments { places.append(try whole(argument) - 1) }
    guard (0..<trace.model.layers).contains(places[0]), (0..<trace.model.heads).contains(places[1]),
      (0..<step.length).contains(places[2]), (0..<step.length).contains(places[3])
    else { throw .arguments(of: "weight") }
    // A head's keys and values are gathered for it.
    try spend(step.length)
    let head = HeadAttention(trace, step: step, layer: places[0], head: places[1])
    return Double(head.weights(ofRow: places[2])[places[3]])
  }

  // MARK: Fields

  private static let runFields = [
    "rows", "cells", "masked", "kv_computed", "kv_read", "seconds", "flops",
  ]
  private static let plainFields = [
    "length", "step", "steps", "layers", "heads", "kv_heads", "d_head", "d_model", "vocabulary",
    "parameters", "positions", "max_abs_difference", "token",
  ]

  private func field(_ path: [String]) throws(ExpressionError) -> Value {
    switch path.first {
    case "uncached": return .number(try field(path.dropFirst(), of: step.uncached, path))
    case "cached": return .number(try field(path.dropFirst(), of: step.cached, path))
    case "next" where path.count == 2: return try next(path)
    default:
      guard path.count == 1, let value = plain(path[0]) else {
        throw .unknownField(
          path.joined(separator: "."),
          nearest: YAMLFields.nearest(to: path[0], in: Self.plainFields))
      }
      return value
    }
  }

  private func plain(_ name: String) -> Value? {
    let model = trace.model
    switch name {
    case "length": return .number(Double(step.length))
    case "step": return .number(Double(number))
    case "steps": return .number(Double(trace.steps.count))
    case "layers": return .number(Double(model.layers))
    case "heads": return .number(Double(model.heads))
    case "kv_heads": return .number(Double(model.kvHeads))
    case "d_head": return .number(Double(model.headDimension))
    case "d_model": return number(model.modelDimension)
    case "vocabulary": return number(model.vocabulary)
    case "parameters": return number(model.parameters)
    case "positions": return number(model.contextLength)
    case "max_abs_difference": return .number(Double(step.maxAbsDifference ?? .nan))
    case "token": return .text(trace.tokens[step.length - 1].text)
    default: return nil
    }
  }

  private func number(_ number: Int?) -> Value? { number.map { .number(Double($0)) } }

  private func next(_ path: [String]) throws(ExpressionError) -> Value {
    guard let best = step.next.first else { throw .unknownField("next", nearest: nil) }
    switch path[1] {
    case "text": return .text(best.text)
    case "id": return .number(Double(best.id))
    case "probability": return .number(best.probability)
    default: throw .unknownField(path.joined(separator: "."), nearest: "next.text")
    }
  }

  private func field(
    _ path: ArraySlice<String>, of run: LaneStep, _ whole: [String]
  ) throws(ExpressionError) -> Double {
    let name = path.joined(separator: ".")
    if name == "kv_read" { return Double((0..<step.length).count { run.reads($0, layer: 0) }) }
    if let number = StepFields.number(name == "flops" ? "flops.total" : name, of: run.sums) {
      return number ?? .nan
    }
    throw .unknownField(
      whole.joined(separator: "."),
      nearest: YAMLFields.nearest(to: path.last ?? "", in: Self.runFields)
        .map { "\(whole[0]).\($0)" })
  }
}
