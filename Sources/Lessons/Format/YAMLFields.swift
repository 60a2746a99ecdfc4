internal import Base
internal import Yams

/// The fields of a YAML mapping, each checked as it is read, with the lines at which they stand.
struct YAMLFields {
  let path: String
  /// The line of the file before the YAML's first.
  let lineOffset: Int
  private let mapping: [(key: String, node: Node)]
  /// The line of the mapping itself.
  let line: Int

  /// Parses a mapping whose keys must all be in `known`.
  init(_ text: String, path: String, lineOffset: Int, known: [String]) throws(Finding) {
    guard !Self.hasAlias(text) else {
      throw Finding(path, lineOffset + 1, .notSupported("YAML: &… *…"))
    }
    let node: Node?
    do {
      node = try Yams.compose(yaml: text)
    } catch let error as YamlError {
      throw Finding(
        path, lineOffset + 1 + Self.line(of: error), .badYAML(reason: Self.reason(of: error)))
    } catch {
      throw Finding(path, lineOffset + 1, .badYAML(reason: "\(error)"))
    }
    guard let node else { throw Finding(path, lineOffset + 1, .badYAML(reason: "empty")) }
    try self.init(node, path: path, lineOffset: lineOffset, known: known)
  }

  init(_ node: Node, path: String, lineOffset: Int, known: [String]) throws(Finding) {
    self.path = path
    self.lineOffset = lineOffset
    line = lineOffset + (node.mark?.line ?? 1)
    guard case .mapping(let mapping) = node else {
      throw Finding(
        path, line,
        .badValue(field: "block", value: Self.summary(node), expected: .notation("key: value")))
    }
    self.mapping = mapping.map { ($0.key.string ?? "", $0.value) }
    for (key, value) in self.mapping where !known.contains(key) {
      throw Finding(
        path, lineOffset + (value.mark?.line ?? 1),
        .unknownField(key, nearest: Self.nearest(to: key, in: known)))
    }
  }

  /// Whether an anchor stands in the text and an alias of it: aliases of aliases unfold without end, and no lesson needs one.
  private static func hasAlias(_ text: String) -> Bool {
    let anchors = names(behind: UInt8(ascii: "&"), in: text)
    return !anchors.isEmpty && !anchors.isDisjoint(with: names(behind: UInt8(ascii: "*"), in: text))
  }

  /// The names that stand behind a mark which no letter or digit precedes.
  private static func names(behind mark: UInt8, in text: String) -> Set<String> {
    var names: Set<String> = []
    var bytes = Array(text.utf8)[...]
    while let at = bytes.firstIndex(of: mark) {
      let isToken = at == bytes.startIndex || !isName(bytes[at - 1])
      let name = bytes[(at + 1)...].prefix(while: isName)
      if isToken && !name.isEmpty { names.insert(String(decoding: name, as: UTF8.self)) }
      bytes = bytes[(at + 1)...]
    }
    return names
  }

  private static func isName(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"):
      true
    default: false
    }
  }

  private static func line(of error: YamlError) -> Int {
    switch error {
    case .scanner(_, _, let mark, _), .parser(_, _, let mark, _), .composer(_, _, let mark, _):
      mark.line - 1
    case .duplicatedKeysInMapping(_, let context): context.mark.line - 1
    default: 0
    }
  }

  private static func reason(of error: YamlError) -> String {
    switch error {
    case .scanner(_, let problem, _, _), .parser(_, let problem, _, _),
      .composer(_, let problem, _, _):
      problem
    case .duplicatedKeysInMapping(let keys, _): "duplicate key \(keys.first ?? "")"
    default: "unreadable"
    }
  }

  func has(_ field: String) -> Bool { node(field) != nil }

  func node(_ field: String) -> Node? { mapping.first { $0.key == field }?.node }

  /// The line of a field's value.
  func line(of field: String) -> Int {
    lineOffset + (node(field)?.mark?.line ?? line - lineOffset)
  }

  func problem(_ field: String, expected: Expectation) -> Finding {
    Finding(
      path, line(of: field),
      .badValue(field: field, value: node(field).map(Self.summary) ?? "", expected: expected))
  }

  private func tooMany(_ field: String, _ most: Int) -> Finding {
    Finding(path, line(of: field), .tooMany(field, most: most))
  }

  private static func summary(_ node: Node) -> String {
    switch node {
    case .scalar(let scalar): "\"" + scalar.string.prefix(40) + "\""
    case .sequence: "[…]"
    case .mapping: "{…}"
    case .alias: "*…"
    }
  }

  func string(_ field: String) throws(Finding) -> String {
    guard let text = try optionalString(field) else {
      throw Finding(path, line, .missingField(field))
    }
    return text
  }

  func optionalString(_ field: String) throws(Finding) -> String? {
    guard let node = node(field) else { return nil }
    guard case .scalar(let scalar) = node else { throw problem(field, expected: .text) }
    return scalar.string
  }

  func optionalInt(_ field: String, in range: ClosedRange<Int>) throws(Finding) -> Int? {
    guard let node = node(field) else { return nil }
    guard case .scalar(let scalar) = node, let value = Int(scalar.string), range.contains(value)
    else { throw problem(field, expected: .notation("\(range.lowerBound) … \(range.upperBound)")) }
    return value
  }

  func bool(_ field: String, default standard: Bool = false) throws(Finding) -> Bool {
    guard let text = try optionalString(field) else { return standard }
    switch text {
    case "true": return true
    case "false": return false
    default: throw problem(field, expected: .boolean)
    }
  }

  func optionalName<Name: RawRepresentable & CaseIterable>(
    _ field: String, _ type: Name.Type
  ) throws(Finding) -> Name? where Name.RawValue == String {
    guard let text = try optionalString(field) else { return nil }
    guard let name = Name(rawValue: text) else {
      throw problem(
        field, expected: .notation(Name.allCases.map(\.rawValue).joined(separator: ", ")))
    }
    return name
  }

  /// A list of texts; empty where the field is missing.
  func strings(_ field: String, most: Int = 100) throws(Finding) -> [String] {
    guard let node = node(field) else { return [] }
    guard case .sequence(let sequence) = node else { throw problem(field, expected: .list) }
    guard sequence.count <= most else { throw tooMany(field, most) }
    var texts: [String] = []
    for element in sequence {
      guard case .scalar(let scalar) = element else {
        throw problem(field, expected: .texts)
      }
      texts.append(scalar.string)
    }
    return texts
  }

  /// What a presenter is told: a list of short texts.
  func notes(_ field: String) throws(Finding) -> [String] {
    let texts = try strings(field, most: LessonLimits.notes)
    let isShort = texts.allSatisfy { !$0.isEmpty && $0.count <= LessonLimits.note }
    guard isShort else { throw problem(field, expected: .short(LessonLimits.note)) }
    return texts
  }

  /// A mapping of texts to texts in its order; empty where the field is missing.
  func pairs(
    _ field: String, most: Int
  ) throws(Finding) -> [(key: String, value: String, line: Int)] {
    guard let node = node(field) else { return [] }
    guard case .mapping(let mapping) = node else {
      throw problem(field, expected: .notation("key: value"))
    }
    guard mapping.count <= most else { throw tooMany(field, most) }
    var pairs: [(key: String, value: String, line: Int)] = []
    for (key, value) in mapping {
      guard case .scalar(let left) = key, case .scalar(let right) = value else {
        throw problem(field, expected: .notation("text: text"))
      }
      pairs.append((left.string, right.string, lineOffset + (key.mark?.line ?? 1)))
    }
    return pairs
  }

  /// A mapping of names to lists of numbers, in its order; empty where the field is missing.
  func numberLists(
    _ field: String, most: Int
  ) throws(Finding) -> [(name: String, numbers: [Double])] {
    guard let node = node(field) else { return [] }
    let expected = Expectation.notation("{n: [3, 5, 6]}")
    guard case .mapping(let mapping) = node, mapping.count > 0 else {
      throw problem(field, expected: expected)
    }
    guard mapping.count <= most else { throw tooMany(field, most) }
    var lists: [(name: String, numbers: [Double])] = []
    for (key, value) in mapping {
      guard case .scalar(let name) = key, case .sequence(let sequence) = value else {
        throw problem(field, expected: expected)
      }
      let numbers = sequence.compactMap { $0.scalar.flatMap { Double($0.string) } }
        .filter { abs($0) <= LessonLimits.drawnNumber }
      guard numbers.count == sequence.count else { throw problem(field, expected: expected) }
      lists.append((name.string, numbers))
    }
    return lists
  }

  /// A mapping with the given fields; nil where the field is missing or is none.
  func optionalMapping(_ field: String, known: [String]) throws(Finding) -> YAMLFields? {
    guard let node = node(field), case .mapping = node else { return nil }
    return try YAMLFields(node, path: path, lineOffset: lineOffset, known: known)
  }

  /// A list of mappings with the given fields.
  func mappings(
    _ field: String, known: [String], most: Int = 100
  ) throws(Finding) -> [YAMLFields] {
    guard let node = node(field) else { return [] }
    guard case .sequence(let sequence) = node else { throw problem(field, expected: .list) }
    guard sequence.count <= most else { throw tooMany(field, most) }
    var list: [YAMLFields] = []
    for element in sequence {
      list.append(
        try YAMLFields(element, path: path, lineOffset: lineOffset, known: known))
    }
    return list
  }

  /// The known name with the fewest edits, if it is near.
  static func nearest(to name: String, in known: [String]) -> String? {
    // No known name is as long; the work grows with the name.
    guard name.count <= 40 else { return nil }
    let best = known.map { (name: $0, distance: distance(name, $0)) }.min {
      $0.distance < $1.distance
    }
    return best.flatMap { $0.distance <= 2 ? $0.name : nil }
  }

  /// Levenshtein's distance.
  private static func distance(_ a: String, _ b: String) -> Int {
    let (a, b) = (Array(a), Array(b))
    var row = Array(0...b.count)
    for (i, left) in a.enumerated() {
      var diagonal = row[0]
      row[0] = i + 1
      for (j, right) in b.enumerated() {
        let next = min(row[j] + 1, row[j + 1] + 1, diagonal + (left == right ? 0 : 1))
        diagonal = row[j + 1]
        row[j + 1] = next
      }
    }
    return row[b.count]
  }
}

extension Expectation {
  /// A text that is there, and not too long.
  static func short(_ most: Int) -> Self {
    Self("不空、至多 \(most) 个字符的文字", "text of 1 to \(most) characters")
  }
}
