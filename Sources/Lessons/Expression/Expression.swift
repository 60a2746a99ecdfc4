/// An expression over the fields of a run, as lessons write it: `uncached.cells - uncached.masked`.
///
/// It reads numbers that were counted and does arithmetic with them; it runs no code.
public indirect enum Expression: Hashable, Sendable {
  case literal(Value)
  /// A field such as `cached.flops.total`.
  case field([String])
  /// A function of the list in `Evaluator`.
  case call(String, [Expression])
  case unary(String, Expression)
  case binary(String, Expression, Expression)
}

extension Expression {
  /// Reads an expression.
  ///
  /// - Parameter text: such as `at(4, uncached.cells) == length * length`.
  /// - Throws: `ExpressionError` where it cannot be read.
  public init(_ text: String) throws(ExpressionError) {
    guard text.count <= LessonLimits.expression else {
      throw .tooLong(most: LessonLimits.expression)
    }
    var parser = ExpressionParser(tokens: try ExpressionParser.tokens(of: text))
    self = try parser.expression(0, depth: 0)
    try parser.expectEnd()
  }
}

/// A precedence-climbing parser.
private struct ExpressionParser {
  enum Token: Equatable {
    case number(Double)
    case text(String)
    case name(String)
    case symbol(String)

    var shown: String {
      switch self {
      case .number(let number): "\(number)"
      case .text(let text): "'\(text)'"
      case .name(let name): name
      case .symbol(let symbol): symbol
      }
    }
  }

  let tokens: [Token]
  var index = 0

  init(tokens: [Token]) { self.tokens = tokens }

  private static let precedences: [String: Int] = [
    "or": 1, "and": 2, "==": 3, "!=": 3, "<": 4, "<=": 4, ">": 4, ">=": 4, "+": 5, "-": 5,
    "*": 6, "/": 6, "%": 6, "^": 7,
  ]
  private static let symbols = [
    "==", "!=", "<=", ">=", "<", ">", "+", "-", "*", "/", "%", "^", "(", ")", ",",
  ]
  private static let deepest = 50

  static func tokens(of text: String) throws(ExpressionError) -> [Token] {
    var tokens: [Token] = []
    var rest = Substring(text)
    while let first = rest.first {
      if first == " " {
        rest.removeFirst()
      } else if first.isASCII && first.isNumber {
        let digits = numeral(at: rest)
        guard let number = Double(digits.filter { $0 != "_" }) else {
          throw .unexpected(String(digits))
        }
        tokens.append(.number(number))
        rest = rest.dropFirst(digits.count)
      } else if first.isASCII && first.isLetter {
        let name = rest.prefix {
          $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "." || $0 == "_")
        }
        tokens.append(.name(String(name)))
        rest = rest.dropFirst(name.count)
      } else if first == "'" || first == "\"" {
        let body = rest.dropFirst().prefix { $0 != first }
        guard rest.dropFirst(body.count + 1).first == first else { throw .unexpectedEnd }
        tokens.append(.text(String(body)))
        rest = rest.dropFirst(body.count + 2)
      } else if let symbol = symbols.first(where: rest.hasPrefix) {
        tokens.append(.symbol(symbol))
        rest = rest.dropFirst(symbol.count)
      } else {
        throw .unexpected(String(first))
      }
    }
    return tokens
  }

  /// Digits with point and underscores, and an exponent such as `e9` or `e-7`.
  private static func numeral(at rest: Substring) -> Substring {
    let isDigit: (Character) -> Bool = { $0.isASCII && ($0.isNumber || $0 == "_") }
    let mantissa = rest.prefix { isDigit($0) || $0 == "." }
    var exponent = rest.dropFirst(mantissa.count)
    guard exponent.first == "e" else { return mantissa }
    exponent = exponent.dropFirst()
    if exponent.first == "-" || exponent.first == "+" { exponent = exponent.dropFirst() }
    let digits = exponent.prefix(while: isDigit)
    return digits.isEmpty ? mantissa : rest[..<digits.endIndex]
  }

  mutating func expression(_ least: Int, depth: Int) throws(ExpressionError) -> Expression {
    guard depth < Self.deepest else { throw .tooDeep }
    var left = try operand(depth: depth)
    while let name = operatorName, let precedence = Self.precedences[name], precedence > least {
      index += 1
      left = .binary(name, left, try expression(precedence, depth: depth + 1))
    }
    return left
  }

  private var operatorName: String? {
    guard index < tokens.count else { return nil }
    switch tokens[index] {
    case .symbol(let symbol): return symbol
    case .name(let name): return name
    default: return nil
    }
  }

  private mutating func operand(depth: Int) throws(ExpressionError) -> Expression {
    guard index < tokens.count else { throw .unexpectedEnd }
    let token = tokens[index]
    index += 1
    switch token {
    case .number(let number): return .literal(.number(number))
    case .text(let text): return .literal(.text(text))
    case .symbol("-"): return .unary("-", try expression(6, depth: depth + 1))
    case .symbol("("):
      let inner = try expression(0, depth: depth + 1)
      try expect(")")
      return inner
    case .name("not"): return .unary("not", try expression(2, depth: depth + 1))
    case .name("true"): return .literal(.truth(true))
    case .name("false"): return .literal(.truth(false))
    case .name(let name):
      guard index < tokens.count, tokens[index] == .symbol("(") else {
        return .field(name.split(separator: ".", omittingEmptySubsequences: false).map(String.init))
      }
      index += 1
      return .call(name, try arguments(depth: depth))
    case .symbol(let symbol): throw .unexpected(symbol)
    }
  }

  private mutating func arguments(depth: Int) throws(ExpressionError) -> [Expression] {
    var arguments: [Expression] = []
    while true {
      arguments.append(try expression(0, depth: depth + 1))
      guard index < tokens.count, tokens[index] == .symbol(",") else {
        try expect(")")
        return arguments
      }
      index += 1
    }
  }

  private mutating func expect(_ symbol: String) throws(ExpressionError) {
    guard index < tokens.count else { throw .unexpectedEnd }
    guard tokens[index] == .symbol(symbol) else { throw .unexpected(tokens[index].shown) }
    index += 1
  }

  func expectEnd() throws(ExpressionError) {
    if index < tokens.count { throw .unexpected(tokens[index].shown) }
  }
}
