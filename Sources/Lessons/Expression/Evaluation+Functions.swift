internal import Trace

/// The functions that an expression can call.
extension Evaluation {
  /// The value of a function of some arguments.
  mutating func call(_ name: String, _ arguments: [Expression]) throws(ExpressionError)
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
    case ("place", _): return try option(arguments)
    case (let name, _) where Expression.toolFunctions.contains(name):
      return try ask(name, arguments)
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
}
