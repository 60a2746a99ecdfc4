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

  /// The value of an option; nil where it is not given.
  public func option(_ name: String) -> String? {
    guard let index = arguments.lastIndex(of: name), index + 1 < arguments.count else { return nil }
    return arguments[index + 1]
  }

  /// The same command with other options, of which those that it had already take the place of the old.
  public func with(_ others: [String]) -> ToolLink {
    let names = Set(others.filter { $0.hasPrefix("--") })
    var kept: [String] = []
    var isDropped = false
    for argument in arguments {
      if argument.hasPrefix("--") { isDropped = names.contains(argument) }
      if !isDropped { kept.append(argument) }
    }
    return ToolLink(command, kept + others)
  }

  private init(_ command: String, _ arguments: [String]) {
    (self.command, self.arguments) = (command, arguments)
  }

  /// As it was written.
  public var line: String {
    ([command] + arguments).map { part in
      part.contains(where: \.isWhitespace) || part.isEmpty ? "\"\(part)\"" : part
    }.joined(separator: " ")
  }
}
