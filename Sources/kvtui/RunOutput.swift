internal import ArgumentParser
internal import Base
internal import Trace
internal import Viz

/// How a run is shown where there is no terminal, as it was typed.
struct RunOutputOptions: ParsableArguments {
  @Flag(help: ArgumentHelp(wording("每步一页纯文本", "a page of text per step")))
  var plain = false

  @Flag(help: ArgumentHelp(wording("每步一行 JSON", "a line of JSON per step")))
  var json = false

  @OptionGroup var pressing: KeysOption

  /// The keys of `--keys`, once the options are known to go together.
  func pressedKeys() throws(CommandError) -> [Key]? {
    try pressing.pressed(json: json, plain: plain)
  }
}

/// Runs as lines of JSON and as pages of text.
enum RunOutput {
  /// A line of JSON.
  static func print(_ line: JSONText) throws(CommandError) {
    try Output.standard.write(line.text + "\n")
  }

  /// All lines of a run that is over.
  static func printJSON(_ trace: Trace) throws(CommandError) {
    try print(StepFields.json(trace.model))
    for step in trace.steps { try print(StepFields.json(step)) }
    try print(StepFields.total(trace))
  }

  /// A page: the frame of a state as text.
  static func printPage(_ state: ViewerState, _ size: Size, isFirst: Bool) throws(CommandError) {
    let frame = Frame(state.view(size), theme: state.look.theme)
    try Output.standard.say(
      (isFirst ? "" : "\n") + TextRenderer().render(Reel(frame, language: state.look.language)))
  }
}
