internal import Base
public import Viz

/// A session as a file keeps it: what was opened, how it looked, and what was pressed when.
///
///     {"format":"kvtui-keys","version":1,"command":"run","options":{"text":"中华"},"language":"zh","theme":"dark","size":"80x24"}
///     {"after":1200,"key":"Right"}
///     {"after":900,"key":"q"}
///     {"end":true}
///
/// The last line says that the key before it left the program; a session that broke off has none.
public struct KeptSession: Sendable {
  /// What was opened.
  public var opening: KeptOpening
  /// How it looked.
  public var look: Look
  /// How large the screen was.
  public var size: Size
  /// What came, in order, but for what left the program.
  public var events: [KeptEvent] = []
  /// What left the program.
  public var leaving: KeptEvent?

  /// Creates a session in which nothing has happened yet.
  public init(_ opening: KeptOpening, _ look: Look, _ size: Size) {
    self.opening = opening
    self.look = look
    self.size = size
  }

  /// What is to be pressed: with what left the program, or without.
  public func events(includingLast: Bool) -> [KeptEvent] {
    events + (includingLast ? [leaving].compactMap { $0 } : [])
  }

  static let format = "kvtui-keys"
  static let version = 1

  /// The first line of its file.
  package var firstLine: String {
    var fields: [(String, JSONText)] = [
      ("format", .string(Self.format)), ("version", .integer(Self.version)),
      ("command", .string(opening.command.rawValue)),
      ("options", .object(opening.options.map { ($0.name, $0.json) })),
      ("language", .string(look.language.rawValue)), ("theme", .string(look.theme.rawValue)),
    ]
    if look.glyphs == .ascii { fields.append(("ascii", .boolean(true))) }
    fields.append(("size", .string("\(size.columns)x\(size.rows)")))
    return JSONText.object(fields).text
  }

  /// The last line of its file, once the program was left.
  package static let lastLine = JSONText.object([("end", .boolean(true))]).text
}
