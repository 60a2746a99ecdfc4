internal import ArgumentParser
internal import Viz

/// Keys that are pressed where there is no terminal, as they were typed.
struct KeysOption: ParsableArguments {
  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      wording("不要终端：依次按这些键，打印每一帧", "no terminal: press these keys, print each frame"),
      valueName: "NAMES"))
  var keys: String?

  /// Whether any were given.
  var isGiven: Bool { keys != nil }

  /// The keys; nil where none were given.
  func pressed() throws(CommandError) -> [Key]? {
    try keys.map { names throws(CommandError) in try Key.list(tmuxNames: names) }
  }

  /// The keys, once they are known to go together with `--json` and `--plain`.
  func pressed(json: Bool, plain: Bool) throws(CommandError) -> [Key]? {
    if json && plain { throw .together("--json", "--plain") }
    if json && isGiven { throw .together("--json", "--keys") }
    return try pressed()
  }
}
