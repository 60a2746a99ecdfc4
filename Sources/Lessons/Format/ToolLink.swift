/// A tool at a place, which a screen of a lesson offers to open: a command with its options, as it was written.
///
/// Which commands and options there are is not the lesson's to say: whoever opens it holds it against a list.
public struct ToolLink: Hashable, Sendable {
  /// The command, such as `memory`.
  public let command: String
  /// Its options and their values.
  public let arguments: [String]

  /// Reads a line, in which parts with blanks in them stand in double quotes.
  ///
  /// nil where there is no command, or a quote is open.
  public init?(_ line: String) {
    guard let parts = Self.parts(line), let command = parts.first else { return nil }
    (self.command, arguments) = (command, Array(parts.dropFirst()))
  }

  /// Names a command and its options.
  public init(_ command: String, _ arguments: [String]) {
    (self.command, self.arguments) = (command, arguments)
  }

  private static func parts(_ line: String) -> [String]? {
    var parts: [String] = []
    var part: String?
    var isQuoted = false
    for character in line {
      if character == "\"" {
        isQuoted.toggle()
        part = part ?? ""
      } else if character.isWhitespace && !isQuoted {
        if let part { parts.append(part) }
        part = nil
      } else {
        part = (part ?? "") + String(character)
      }
    }
    if let part { parts.append(part) }
    return isQuoted ? nil : parts
  }

  /// As it was written.
  public var line: String {
    ([command] + arguments).map { part in
      part.contains(where: \.isWhitespace) || part.isEmpty ? "\"\(part)\"" : part
    }.joined(separator: " ")
  }
}
