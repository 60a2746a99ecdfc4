internal import Base

/// What commands print, as expressions ask for it.
extension Evaluation {
  /// The value of a function of what a command prints.
  mutating func ask(_ name: String, _ arguments: [Expression]) throws(ExpressionError) -> Value {
    guard (1...2).contains(arguments.count), case .text(let text) = try value(of: arguments[0])
    else { throw .arguments(of: name) }
    let printed = try printed(of: name, arguments)
    var lookup = ToolLookup(try ToolPath(text))
    if name == "tool" {
      let found = try lookup.one(in: printed)
      try spend(lookup.work)
      return try Self.value(found, at: text)
    }
    let found = try lookup.all(in: printed)
    try spend(lookup.work)
    if name == "size" { return .number(Double(Self.size(of: found))) }
    return .number(try Self.number(name, of: found, at: text))
  }

  /// What the command prints that is meant or named.
  private func printed(
    of name: String, _ arguments: [Expression]
  ) throws(ExpressionError) -> JSON {
    let link = arguments.count > 1 ? arguments[1].link : tools.place
    guard let link else {
      guard arguments.count > 1 else { throw .noTool }
      throw .arguments(of: name)
    }
    switch tools[link] {
    case nil: throw .unknownFacts(link.line)
    case .failure(let failure)?: throw .noFacts(link.line, failure)
    case .success(let printed)?: return printed
    }
  }

  /// The length of the one list that there is, else how many values.
  private static func size(of found: [JSON]) -> Int {
    found.count == 1 ? found[0].elements?.count ?? 1 : found.count
  }

  private static func number(
    _ name: String, of found: [JSON], at path: String
  ) throws(ExpressionError) -> Double {
    // A path to a list means its elements.
    let values = found.count == 1 ? found[0].elements ?? found : found
    let numbers = values.compactMap(\.number)
    guard !numbers.isEmpty, numbers.count == values.count else { throw .notANumber(path) }
    switch name {
    case "total": return numbers.reduce(0, +)
    case "smallest": return numbers.reduce(.infinity, min)
    default: return numbers.reduce(-.infinity, max)
    }
  }

  private static func value(_ json: JSON, at path: String) throws(ExpressionError) -> Value {
    switch json {
    case .boolean(let truth): return .truth(truth)
    case .string(let text): return .text(text)
    case .integer, .real: return .number(json.number ?? .nan)
    case .null: throw .noFact(path, nearest: nil)
    case .array, .object: throw .severalFacts(path)
    }
  }

  /// The value of an option of the place where the tool stands: a number where it is one, nothing where the option is not given.
  func option(_ arguments: [Expression]) throws(ExpressionError) -> Value {
    guard arguments.count == 1, case .literal(.text(let name)) = arguments[0] else {
      throw .arguments(of: "place")
    }
    guard let place = tools.place else { throw .noTool }
    let text = place.option("--" + name) ?? ""
    return Double(text).map { .number($0) } ?? .text(text)
  }
}
