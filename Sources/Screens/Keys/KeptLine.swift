internal import Base
internal import Viz

/// A line of a session's file, whose fields are checked as they are read.
struct KeptLine {
  /// File and line, as errors name them.
  let place: String
  let root: JSONField

  init(_ bytes: [UInt8], file: String, number: Int) throws(FileError) {
    place = "\(file):\(number)"
    let value: JSON
    do throws(FileError) {
      value = try JSON.parse(bytes, file: place)
    } catch .badJSON(_, _, let reason) {
      throw .badJSON(file: file, line: number, reason: reason)
    }
    root = JSONField(file: place, value: value)
    try root.fields()
  }

  /// Refuses fields that are none of these.
  func allow(_ known: [String], in field: JSONField? = nil) throws {
    let field = field ?? root
    for (key, value) in try field.fields() where !known.contains(key) {
      throw KeptSessionError.unknownField(
        place: place, field: field.child(value, key).path, known: known)
    }
  }

  /// A string that must be there and be one of a few.
  func choice<Value: CaseIterable & RawRepresentable>(
    _ key: String
  ) throws(FileError) -> Value where Value.RawValue == String {
    let field = try root.required(key)
    guard let value = field.value.string.flatMap(Value.init(rawValue:)) else {
      throw field.mustBe(.oneOf(Value.allCases.map(\.rawValue)))
    }
    return value
  }

  /// Refuses another value of a field that must be there.
  func require(_ value: JSONText, at key: String) throws(FileError) {
    let field = try root.required(key)
    guard field.value.summary == value.text else { throw field.mustBe(.notation(value.text)) }
  }

  // MARK: The first line

  /// The size of the screen.
  func size() throws(FileError) -> Size {
    let field = try root.required("size")
    let sides = try field.text().split(separator: "x", omittingEmptySubsequences: false)
      .map { Int($0) }
    guard sides.count == 2, let columns = sides[0], let rows = sides[1],
      (1...1000).contains(columns), (1...1000).contains(rows)
    else { throw field.mustBe(.size) }
    return Size(columns: columns, rows: rows)
  }

  /// The options of a command.
  func options(of command: KeptOpening.Command) throws -> [KeptOpening.Option] {
    guard let field = try root.optional("options") else { return try required([], of: command) }
    try allow(command.valued + command.flags, in: field)
    let options = try field.fields().compactMap { key, value in
      try option(field.child(value, key), key, isFlag: command.flags.contains(key))
    }
    return try required(options, of: command)
  }

  private func option(
    _ field: JSONField, _ name: String, isFlag: Bool
  ) throws(FileError) -> KeptOpening.Option? {
    if isFlag {
      guard case .boolean(let flag) = field.value else { throw field.mustBe(.boolean) }
      return flag ? KeptOpening.Option(name) : nil
    }
    switch field.value {
    case .integer(let number): return KeptOpening.Option(name, String(number))
    case .real(let number): return KeptOpening.Option(name, String(number))
    // The keyboard's place in a pipe is nobody's to give away.
    case .string("-") where name == "prompt": throw field.mustBe(.textItself)
    case .string(let text): return KeptOpening.Option(name, text)
    default: throw field.mustBe(.textOrNumber)
    }
  }

  /// A replay is of a file.
  private func required(
    _ options: [KeptOpening.Option], of command: KeptOpening.Command
  ) throws(FileError) -> [KeptOpening.Option] {
    guard command == .replay, !options.contains(where: { $0.name == "file" }) else {
      return options
    }
    throw .missingField(file: place, field: "options.file")
  }

  // MARK: The other lines

  /// Whether it says that the program was left.
  func isEnd() throws -> Bool {
    guard let end = root.value["end"] else { return false }
    try allow(["end"])
    guard case .boolean(true) = end else { throw root.child(end, "end").mustBe(.notation("true")) }
    return true
  }

  /// What came, and when.
  func event() throws -> KeptEvent {
    try allow(["after", "key", "paste"])
    let pause = try pause()
    guard let key = try root.optional("key") else {
      return KeptEvent(
        after: pause, .paste(try root.required(root.has("paste") ? "paste" : "key").text()))
    }
    if let paste = try root.optional("paste") { throw paste.mustBe(.notAlsoKey) }
    let name = try key.text()
    guard Self.isName(name), let pressed = Key(tmuxName: name) else { throw key.mustBe(.keyName) }
    return KeptEvent(after: pause, .key(pressed))
  }

  private func pause() throws(FileError) -> Int {
    guard let field = try root.optional("after") else { return 0 }
    guard let number = field.value.number, (0...Double(KeptEvent.longest)).contains(number) else {
      throw field.mustBe(.size(0...KeptEvent.longest))
    }
    return Int(number)
  }

  /// A terminal sends one scalar for a character, and none that is a control.
  private static func isName(_ name: String) -> Bool {
    let scalars = name.unicodeScalars
    guard name.count == 1 else { return scalars.allSatisfy(\.isASCII) }
    return scalars.count == 1 && scalars.first?.properties.generalCategory != .control
  }
}

extension Expectation {
  fileprivate static let size = Self(
    "列数x行数，从 1x1 到 1000x1000，如 80x24", "columns and rows from 1x1 to 1000x1000, such as 80x24")
  fileprivate static let textItself = Self(
    "提示词本身（不读标准输入）", "the prompt itself (standard input is not read)")
  fileprivate static let textOrNumber = Self("字符串或数", "a string or a number")
  fileprivate static let notAlsoKey = Self(
    "另一行的（这一行已有 key）", "on a line of its own (this one has a key)")
  fileprivate static let keyName = Self(
    " tmux 写法的键名，如 Right、Space、i", "a key's name as tmux writes it, such as Right, Space or i")
}
