internal import ArgumentParser
internal import Base
internal import Screens
internal import Terminal

/// Whether what is pressed is kept, as it was typed.
struct KeepKeysOptions: ParsableArguments {
  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      wording(
        "把按了什么键、什么时候按，存成文件，由 kvtui play 重演（课的进度不看也不记）",
        "keep which keys are pressed and when, for kvtui play (a lesson's progress is left alone)"),
      valueName: "FILE"), completion: .file())
  var keepKeys: String?

  @Flag(help: ArgumentHelp(wording("--keep-keys 的文件已有也替换", "replace the file of --keep-keys")))
  var force = false

  private static let name = "--keep-keys"

  /// Whether the option was given.
  var isGiven: Bool { keepKeys != nil }

  /// Refuses it where no keys are pressed: beside these options, or without a terminal.
  func require(interactive: Bool, _ others: [(name: String, isGiven: Bool)]) throws {
    guard isGiven else { return }
    if let other = others.first(where: \.isGiven) {
      throw CommandError.together(Self.name, other.name)
    }
    if !interactive { throw CommandError.keepsNoKeys }
  }

  /// Refuses it beside another output, or without a terminal.
  func require(interactive: Bool, _ output: RunOutputOptions) throws {
    try require(
      interactive: interactive,
      [
        ("--json", output.json), ("--plain", output.plain), ("--keys", output.pressing.isGiven),
      ])
  }

  /// What keeps a session that opens this; nil where none is to be kept.
  func keeper(_ opening: @autoclosure () throws -> KeptOpening) throws -> SessionKeeper? {
    guard let keepKeys else { return nil }
    return SessionKeeper(
      path: try ProcessFacts.path(keepKeys, of: Self.name), replaces: force,
      opening: try opening())
  }
}
