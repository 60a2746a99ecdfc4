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

  /// The value of an option; nil where it is not given.
  public func option(_ name: String) -> String? {
    guard let index = arguments.lastIndex(of: name), index + 1 < arguments.count else { return nil }
    return arguments[index + 1]
  }

  /// The same command with other options in the place of its own; those without a value are left out.
  public func with(_ others: [String]) -> ToolLink {
    let given = Self.options(in: others)
    let names = Set(given.map(\.name))
    let words = others.prefix { !$0.hasPrefix("--") }
    let first = words.isEmpty ? arguments.prefix { !$0.hasPrefix("--") } : words
    let kept = Self.options(in: arguments).filter { !names.contains($0.name) }
    let all = kept + given.filter { $0.value != nil }
    return ToolLink(command, first + all.flatMap { [$0.name] + ($0.value.map { [$0] } ?? []) })
  }

  /// Options with their values; what stands before the first is none.
  private static func options(in arguments: [String]) -> [(name: String, value: String?)] {
    var options: [(name: String, value: String?)] = []
    for argument in arguments {
      if argument.hasPrefix("--") {
        options.append((argument, nil))
      } else if !options.isEmpty, options[options.count - 1].value == nil {
        options[options.count - 1].value = argument
      }
    }
    return options
  }

  /// The options that differ from those of another place, as they are written; before them what else is named.
  public func options(unlike other: ToolLink) -> String {
    let changed = given.filter { other.option($0.name) != $0.value }
    let names = names == other.names ? [] : names
    return Self.line(names + changed.flatMap { [$0.name, $0.value].compactMap { $0 } })
  }

  /// Names of the options that one of the two has and the other has not, or otherwise.
  public func changes(from other: ToolLink) -> [String] {
    let mine = given.filter { other.option($0.name) != $0.value }
    let theirs = other.given.filter { option($0.name) != $0.value }
    return (mine + theirs).map(\.name)
  }

  /// What stands before the first option.
  public var names: [String] { Array(arguments.prefix { !$0.hasPrefix("--") }) }

  /// The options with their values, in their order.
  public var given: [(name: String, value: String?)] { Self.options(in: arguments) }

  /// As it was written.
  public var line: String { Self.line([command] + arguments) }

  private static func line(_ parts: [String]) -> String {
    parts.map { part in
      part.contains(where: \.isWhitespace) || part.isEmpty ? "\"\(part)\"" : part
    }.joined(separator: " ")
  }
}
