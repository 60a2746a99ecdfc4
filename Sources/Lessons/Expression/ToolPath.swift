internal import Base

/// Where a value stands in what a command prints, as an expression writes it: `groups[1].layers`, `[step=13].kl`, `[].flops`.
struct ToolPath {
  /// A step on the way.
  enum Part: Equatable {
    case field(String)
    /// Counted from 1; from the end where it is negative.
    case element(Int)
    /// The element whose field has a value; every such one where several are asked for.
    case match(field: String, value: String)
    /// Every element.
    case all
  }

  let text: String
  let parts: [Part]

  /// Reads a path; nothing is the whole.
  init(_ text: String) throws(ExpressionError) {
    var parts: [Part] = []
    var rest = Substring(text)
    while let first = rest.first {
      if first == "[" {
        guard let end = rest.firstIndex(of: "]") else { throw .badPath(text) }
        let inner = rest[rest.index(after: rest.startIndex)..<end]
        guard let part = Self.part(in: inner) else { throw .badPath(text) }
        parts.append(part)
        rest = rest[rest.index(after: end)...]
        continue
      }
      if first == "." && !parts.isEmpty { rest.removeFirst() }
      let name = rest.prefix { $0 != "." && $0 != "[" && $0 != "]" }
      guard !name.isEmpty else { throw .badPath(text) }
      parts.append(.field(String(name)))
      rest = rest.dropFirst(name.count)
    }
    (self.text, self.parts) = (text, parts)
  }

  /// What stands in brackets.
  private static func part(in inner: Substring) -> Part? {
    if inner.isEmpty { return .all }
    if let number = Int(inner) { return number == 0 ? nil : .element(number) }
    guard let equals = inner.firstIndex(of: "="), equals > inner.startIndex else { return nil }
    return .match(
      field: String(inner[..<equals]), value: String(inner[inner.index(after: equals)...]))
  }
}

/// Looks a path up in what a command printed, and says how much it looked at.
struct ToolLookup {
  let path: ToolPath
  /// Values that were looked at.
  private(set) var work = 0

  init(_ path: ToolPath) { self.path = path }

  /// The one value at the path.
  mutating func one(in json: JSON) throws(ExpressionError) -> JSON {
    var value = json
    for (index, part) in path.parts.enumerated() {
      work += 1
      switch part {
      case .field(let name):
        // A name alone means the last line, which says what all lines come to.
        if index == 0, let last = value.elements?.last { value = last }
        value = try field(name, of: value)
      case .element(let number): value = try element(number, of: value)
      case .match(let name, let wanted):
        guard let found = try elements(of: value).first(where: { Self.has(name, wanted, $0) })
        else { throw .noFact(path.text, nearest: nil) }
        value = found
      case .all: throw .severalFacts(path.text)
      }
    }
    return value
  }

  /// Every value at the path; an element that lacks a field, or has null there, is left out.
  mutating func all(in json: JSON) throws(ExpressionError) -> [JSON] {
    var values = [json]
    for (index, part) in path.parts.enumerated() {
      let isSpread = path.parts[..<index].contains { part in
        switch part {
        case .match, .all: true
        case .field, .element: false
        }
      }
      switch part {
      case .all: values = try spread(values) { _ in true }
      case .match(let name, let wanted):
        values = try spread(values) { Self.has(name, wanted, $0) }
      case .field(let name) where isSpread:
        work += values.count
        let found = values.compactMap { $0[name] }
        guard !found.isEmpty || values.isEmpty else { throw missing(name, in: values) }
        values = found
      case .field(let name):
        if index == 0, let last = json.elements?.last { values = [last] }
        values = [try field(name, of: values[0])]
      case .element(let number):
        work += values.count
        var found: [JSON] = []
        for value in values { found.append(try element(number, of: value)) }
        values = found
      }
    }
    return values.filter { !$0.isNull }
  }

  private mutating func spread(
    _ values: [JSON], where isMeant: (JSON) -> Bool
  ) throws(ExpressionError) -> [JSON] {
    var found: [JSON] = []
    for value in values { found += try elements(of: value).filter(isMeant) }
    return found
  }

  private mutating func elements(of value: JSON) throws(ExpressionError) -> [JSON] {
    guard let elements = value.elements else { throw .noFact(path.text, nearest: nil) }
    work += elements.count
    return elements
  }

  private mutating func element(_ number: Int, of value: JSON) throws(ExpressionError) -> JSON {
    guard let elements = value.elements else { throw .noFact(path.text, nearest: nil) }
    let index = number > 0 ? number - 1 : elements.count + number
    guard elements.indices.contains(index) else { throw .noFact(path.text, nearest: nil) }
    return elements[index]
  }

  private func field(_ name: String, of value: JSON) throws(ExpressionError) -> JSON {
    guard let found = value[name] else { throw missing(name, in: [value]) }
    return found
  }

  private func missing(_ name: String, in values: [JSON]) -> ExpressionError {
    let known = values.first?.fields?.map(\.key) ?? []
    return .noFact(path.text, nearest: YAMLFields.nearest(to: name, in: known))
  }

  private static func has(_ name: String, _ wanted: String, _ value: JSON) -> Bool {
    switch value[name] {
    case .string(let text): text == wanted
    case .boolean(let truth): wanted == (truth ? "true" : "false")
    case let field?: field.number != nil && field.number == Double(wanted)
    case nil: false
    }
  }
}
