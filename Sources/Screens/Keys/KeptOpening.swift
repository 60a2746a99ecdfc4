internal import Base

/// What a session opened: a command that shows screens, and those of its options that say which.
public struct KeptOpening: Sendable {
  /// The commands that a session can be of; no other is ever performed.
  public enum Command: String, CaseIterable, Sendable { case run, lesson, replay }

  /// An option by its name, which is the command line's without the dashes.
  public struct Option: Hashable, Sendable {
    /// Such as `text`; `id` and `file` name what stands on the command line without a name.
    public let name: String
    /// As on the command line; nil where the option is a flag.
    public let value: String?

    /// Creates an option.
    public init(_ name: String, _ value: String? = nil) {
      self.name = name
      self.value = value
    }

    /// A number as a number.
    var json: JSONText {
      guard let value else { return .boolean(true) }
      guard let number = Int(value), String(number) == value else { return .string(value) }
      return .integer(number)
    }
  }

  /// The command.
  public let command: Command
  /// The options that were given.
  public var options: [Option]

  /// Creates an opening.
  public init(_ command: Command, _ options: [Option]) {
    self.command = command
    self.options = options
  }

  /// The value of an option; nil where it was not given.
  public func value(_ name: String) -> String? { options.first { $0.name == name }?.value }

  /// The options as a command line has them.
  public var arguments: [String] {
    options.flatMap { ["--" + $0.name] + ($0.value.map { [$0] } ?? []) }
  }
}

extension KeptOpening.Command {
  /// The options with a value that a session may have; none of them names a place to write to.
  var valued: [String] {
    switch self {
    case .run:
      [
        "model", "random", "mla", "dtype", "prompt", "text", "tokens", "seed", "temperature",
        "top-k", "top",
      ]
    case .lesson: ["id"]
    case .replay: ["file", "from", "model"]
    }
  }

  /// The flags that it may have.
  var flags: [String] { self == .run ? ["ignore-eos"] : [] }
}
