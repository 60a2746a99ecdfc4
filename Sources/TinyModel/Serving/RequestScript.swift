internal import Base

/// Requests that a file lists: a JSON object a line, `{"prompt":"…","tokens":N,"arrives":STEP}`.
///
/// `arrives` is the step from which on a request waits, 1 where it is left out; blank lines are passed over.
public struct RequestScript: Sendable, Equatable {
  /// One request as it stands there.
  public struct Entry: Sendable, Equatable {
    /// The line, from 1.
    public let line: Int
    /// What it begins with.
    public let prompt: String
    /// Tokens that it writes at most.
    public let tokens: Int
    /// The step from which on it waits.
    public let arrives: Int

    /// A request that stands in no file.
    public init(line: Int, prompt: String, tokens: Int, arrives: Int) {
      (self.line, self.prompt, self.tokens, self.arrives) = (line, prompt, tokens, arrives)
    }
  }

  /// The file's name, for errors.
  public let file: String
  /// The requests, in the file's order.
  public let entries: [Entry]

  /// The most requests of a script.
  static let mostRequests = 256
  /// The last step at which a request can come.
  static let lastArrival = 1_000_000
  private static let mostBytes = 1 << 20
  private static let fields = ["prompt", "tokens", "arrives"]

  /// Requests that were not read.
  ///
  /// - Parameters:
  ///   - entries: at least one.
  ///   - file: what they are called in errors.
  /// - Throws: that there are none, or too many.
  public init(_ entries: [Entry], file: String) throws(RequestScriptError) {
    (self.entries, self.file) = (entries, file)
    try check()
  }

  /// Reads a script.
  public init(reading path: String) throws(RequestScriptError) {
    do throws(FileError) {
      let bytes = try RegularFile(path).allBytes(limit: Self.mostBytes)
      entries = try Self.entries(bytes, file: path)
    } catch {
      throw .file(error)
    }
    file = path
    try check()
  }

  private func check() throws(RequestScriptError) {
    guard !entries.isEmpty else { throw .noRequest(file: file) }
    guard entries.count <= Self.mostRequests else {
      throw .tooMany(file: file, requests: entries.count, most: Self.mostRequests)
    }
  }

  private static func entries(_ bytes: [UInt8], file: String) throws(FileError) -> [Entry] {
    var entries: [Entry] = []
    let lines = bytes.withoutByteOrderMark.split(
      separator: 0x0A, omittingEmptySubsequences: false)
    for (index, line) in lines.enumerated()
    where line.contains(where: { ![0x20, 0x09, 0x0D].contains($0) }) {
      entries.append(try entry(Array(line), line: index + 1, file: file))
    }
    return entries
  }

  private static func entry(
    _ bytes: [UInt8], line: Int, file: String
  ) throws(FileError) -> Entry {
    let value: JSON
    do throws(FileError) {
      value = try JSON.parse(bytes, file: file)
    } catch {
      // The parser counts lines within the one that it is given.
      guard case .badJSON(_, _, let reason) = error else { throw error }
      throw .badJSON(file: file, line: line, reason: reason)
    }
    let object = JSONField(file: "\(file):\(line)", value: value)
    for (name, value) in try object.fields() where !fields.contains(name) {
      throw object.bad(name, value.summary, .oneOfFields(fields))
    }
    return Entry(
      line: line, prompt: try object.required("prompt").text(),
      tokens: try object.whole("tokens", upTo: Int.max),
      arrives: try object.has("arrives") ? object.whole("arrives", upTo: lastArrival) : 1)
  }
}

extension JSONField {
  /// A whole number from 1.
  fileprivate func whole(_ key: String, upTo most: Int) throws(FileError) -> Int {
    let field = try required(key)
    guard let number = field.value.integer, (1...most).contains(number) else {
      throw field.mustBe(.size(1...most))
    }
    return number
  }
}

extension Expectation {
  /// Left out: a line has other fields.
  fileprivate static func oneOfFields(_ names: [String]) -> Self {
    let list = names.joined(separator: "、")
    return Self(
      "去掉：一行里只有 \(list)", "left out: a line has \(names.joined(separator: ", ")) only")
  }
}
