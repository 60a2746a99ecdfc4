public import Base
internal import Trace

/// The questions of a conversation in a file, one a line; a line that begins with `{` is a JSON object.
///
///     你好！
///     {"edit": 1, "question": "你是谁？"}
///     {"conversation": "new", "question": "你好！"}
public struct ChatScript: Equatable, Sendable {
  /// What a line asks for.
  public enum Entry: Equatable, Sendable {
    /// The next question.
    case question(String)
    /// Another question in the place of a turn's, counted from 1.
    case edit(turn: Int, question: String)
    /// The first question of another conversation.
    case begin(question: String)
  }

  /// A line that asks for something.
  public struct Line: Equatable, Sendable {
    /// Counted from 1.
    public let number: Int
    /// What it asks for.
    public let entry: Entry
  }

  /// The file as errors call it.
  public let file: String
  /// Its lines; there is one at least.
  public let lines: [Line]

  /// Whether it begins another conversation.
  public var hasSeveral: Bool {
    lines.contains { if case .begin = $0.entry { true } else { false } }
  }

  private static let limit = 1 << 20

  /// Reads and checks a file.
  ///
  /// - Throws: `ChatScriptError`, with the line that is wrong.
  public init(reading path: String) throws(ChatScriptError) {
    let bytes: [UInt8]
    do throws(FileError) {
      bytes = try RegularFile(path).allBytes(limit: Self.limit)
    } catch {
      throw .file(error)
    }
    try self.init(bytes, file: path)
  }

  /// Checks what a file holds, which errors call `file`.
  public init(_ bytes: [UInt8], file: String) throws(ChatScriptError) {
    var lines: [Line] = []
    // Turns of the conversation that a line belongs to.
    var turns = 0
    for (index, bytes) in Self.split(bytes.withoutByteOrderMark).enumerated() {
      let number = index + 1
      do throws(LineError) {
        let entry = try Self.entry(bytes, place: "\(file):\(number)")
        turns = try Self.turns(after: entry, turns)
        lines.append(Line(number: number, entry: entry))
      } catch {
        throw .line(file: file, line: number, error)
      }
    }
    guard !lines.isEmpty else { throw .empty(file: file) }
    self.file = file
    self.lines = lines
  }

  /// The lines, without what ends them; nothing behind the last end is no line.
  private static func split(_ bytes: ArraySlice<UInt8>) -> [ArraySlice<UInt8>] {
    var lines = bytes.split(separator: 0x0A, omittingEmptySubsequences: false)
    if lines.last?.isEmpty == true { lines.removeLast() }
    return lines.map { $0.last == 0x0D ? $0.dropLast() : $0 }
  }

  /// What can be wrong with a line.
  public enum LineError: Equatable, Sendable, Error {
    /// It is not UTF-8.
    case notUTF8
    /// It begins as JSON and is none, or has a field that is wrong.
    case json(FileError)
    /// Its question cannot be asked.
    case question(ConversationError)
  }

  private static func entry(_ bytes: ArraySlice<UInt8>, place: String) throws(LineError) -> Entry {
    guard let text = String(validating: bytes, as: UTF8.self) else { throw .notUTF8 }
    let entry: Entry
    do throws(FileError) {
      entry = try bytes.first == 0x7B ? object(Array(bytes), place: place) : .question(text)
    } catch {
      guard case .badJSON(let place, _, let reason) = error else { throw .json(error) }
      // It is a line by itself.
      throw .json(.badJSON(file: place, line: 0, reason: reason))
    }
    do throws(ConversationError) {
      try TurnFormat.check(entry.question)
    } catch {
      throw .question(error)
    }
    return entry
  }

  /// A line that is an object.
  private static func object(_ bytes: [UInt8], place: String) throws(FileError) -> Entry {
    let field = JSONField(file: place, value: try JSON.parse(bytes, file: place))
    let known = ["edit", "question", "conversation"]
    for (key, value) in try field.fields() where !known.contains(key) {
      throw field.child(value, key).unsupported(known)
    }
    let question = try field.required("question").text()
    let edit = try field.optional("edit")
    try field.requireOneOf(["new"], at: "conversation")
    if let edit {
      try field.requireNone(at: "conversation")
      guard let turn = edit.value.integer, turn >= 1 else { throw edit.mustBe(.size(1...Int.max)) }
      return .edit(turn: turn, question: question)
    }
    return field.value["conversation"].map(\.isNull) == false
      ? .begin(question: question) : .question(question)
  }

  /// How many turns there are after an entry.
  private static func turns(after entry: Entry, _ turns: Int) throws(LineError) -> Int {
    switch entry {
    case .question: return turns + 1
    case .begin: return 1
    case .edit(let turn, _):
      guard turn <= turns else { throw .question(.noSuchTurn(turn, turns: turns)) }
      return turn
    }
  }
}

extension ChatScript.Entry {
  /// The question of a line.
  public var question: String {
    switch self {
    case .question(let question), .edit(_, let question), .begin(let question): question
    }
  }
}

/// Why a script of questions cannot be used.
public enum ChatScriptError: Equatable, Sendable {
  /// The file cannot be read.
  case file(FileError)
  /// A line asks for what cannot be done.
  case line(file: String, line: Int, ChatScript.LineError)
  /// There is no line in it.
  case empty(file: String)
  /// What a line asks cannot be answered.
  case turn(file: String, line: Int, ConversationError)
}

extension ChatScriptError: Explained {
  /// As the file's or the conversation's, else 65.
  public var status: Int32 {
    switch self {
    case .file(let error): error.status
    case .turn(_, _, let error): error.status
    case .line, .empty: ExitStatus.badData.rawValue
    }
  }

  /// What is wrong, in which line, and what to do.
  public func message(_ language: Language) -> String? {
    switch self {
    case .file(let error): error.message(language)
    case .empty(let file):
      language("\(file) 里没有一行：请每行写一个问题", "\(file) has no line: give a question on each")
    // It names the line itself.
    case .line(_, _, .json(let error)): error.message(language)
    case .line(let file, let line, .notUTF8):
      Self.place(file, line, language)
        + language(
          "不是 UTF-8；请先用 iconv 转换，或检查是不是这个文件",
          "this is not UTF-8; convert it with iconv first, or check that it is the right file")
    case .line(let file, let line, .question(let error)):
      Self.place(file, line, language) + error.sentence(language)
    case .turn(let file, let line, let error):
      Self.place(file, line, language) + error.sentence(language)
    }
  }

  private static func place(_ file: String, _ line: Int, _ language: Language) -> String {
    language("\(file) 第 \(line) 行：", "\(file), line \(line): ")
  }
}
