public import Base
internal import Viz

/// What is wrong with a line of a session's file that no other file has.
public enum KeptSessionError: Explained, Equatable {
  /// A field that the line cannot have.
  case unknownField(place: String, field: String, known: [String])
  /// A line behind the last.
  case behindEnd(place: String)

  /// 65.
  public var status: Int32 { ExitStatus.badData.rawValue }

  /// What is wrong, where, and what to do.
  public func message(_ language: Language) -> String? {
    switch self {
    case .unknownField(let place, let field, let known):
      language(
        "\(place)：没有字段 \(field.clipped)；这里可用 \(known.joined(separator: "、"))",
        "\(place): there is no field \(field.clipped); use \(known.joined(separator: ", "))")
    case .behindEnd(let place):
      language(
        "\(place)：end 必须是最后一行，前面还要有一个键；请删去多余的行",
        "\(place): end must be the last line, behind a key; correct the lines")
    }
  }
}

extension KeptSession {
  /// No session's file has more bytes.
  public static let limit = 1 << 20

  /// Reads a file that anyone may have written; errors name file and line.
  ///
  /// - Throws: `FileError` or `KeptSessionError`.
  public init(reading path: String) throws {
    try self.init(try RegularFile(path).allBytes(limit: Self.limit), file: path)
  }

  init(_ bytes: [UInt8], file: String) throws {
    let lines = try bytes.split(separator: 0x0A, omittingEmptySubsequences: false).enumerated()
      .filter { !$0.element.allSatisfy { [0x20, 0x09, 0x0D].contains($0) } }
      .map { try KeptLine(Array($0.element), file: file, number: $0.offset + 1) }
    guard let first = lines.first else { throw FileError.missingField(file: file, field: "format") }
    try self.init(first)
    var isOver = false
    for line in lines.dropFirst() {
      guard !isOver else { throw KeptSessionError.behindEnd(place: line.place) }
      if try line.isEnd() {
        guard let last = events.popLast() else {
          throw KeptSessionError.behindEnd(place: line.place)
        }
        (leaving, isOver) = (last, true)
      } else {
        events.append(try line.event())
      }
    }
  }

  private init(_ line: KeptLine) throws {
    try line.allow([
      "format", "version", "command", "options", "language", "theme", "ascii", "size",
    ])
    try line.require(.string(Self.format), at: "format")
    try line.require(.integer(Self.version), at: "version")
    let command: KeptOpening.Command = try line.choice("command")
    let options = try line.options(of: command)
    let look = Look(
      language: try line.choice("language"), theme: try line.choice("theme"),
      glyphs: try line.root.flag("ascii") ? .ascii : .full)
    self.init(KeptOpening(command, options), look, try line.size())
  }
}
