internal import ArgumentParser
internal import Base
internal import Screens
internal import Terminal
internal import TinyModel
internal import Trace
internal import Viz

/// `kvtui run`: a run on the screen, as pages of text, as JSON, or as the frames after given keys.
struct RunCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "run",
    abstract: wording(
      "运行模型：不用缓存、用 KV 缓存，并排逐步看",
      "Run the model without and with the KV cache, step by step, side by side"))

  @OptionGroup var options: RunOptions
  @OptionGroup var look: LookOptions

  @Flag(help: ArgumentHelp(wording("每步一页纯文本", "a page of text per step")))
  var plain = false

  @Flag(help: ArgumentHelp(wording("每步一行 JSON", "a line of JSON per step")))
  var json = false

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      wording("不要终端：依次按这些键，打印每一帧", "no terminal: press these keys, print each frame"),
      valueName: "NAMES"))
  var keys: String?

  func run() throws {
    if json && plain { throw CommandError.together("--json", "--plain") }
    if json && keys != nil { throw CommandError.together("--json", "--keys") }
    let (look, size) = (try look.look().inLocale, try look.frameSize())
    let keys = try self.keys.map { try Key.list(tmuxNames: $0) }
    let session = try options.session()
    if json {
      try printJSON(session)
    } else if let keys {
      try App.print(
        .run, look, Services { ImmediateRun(session) }, size: size, keys: keys)
    } else if !plain, isInteractive {
      try App.live(.run, look, Services { try ComputedRun(session) }, input: input)
    } else {
      try printPages(session, look, size)
    }
  }

  private var input: TerminalInput {
    options.readsStandardInput ? .controllingTerminal : .standardInput
  }

  private var isInteractive: Bool { TerminalFacts.current().isInteractive(input: input) }

  private func printJSON(_ session: RunSession) throws {
    let runner = session.runner()
    try Output.standard.write(JSONLines.model(runner.trace.model).text + "\n")
    while let step = try runner.computeNextStep() {
      try Output.standard.write(JSONLines.step(step).text + "\n")
    }
    try Output.standard.write(JSONLines.total(runner.trace).text + "\n")
  }

  private func printPages(_ session: RunSession, _ look: Look, _ size: Size) throws {
    let runner = session.runner()
    while let step = try runner.computeNextStep() {
      var state = session.state(runner.trace, look)
      state.show(step: step.number)
      let frame = Frame(state.view(size), theme: look.theme)
      let separator = step.number == 1 ? "" : "\n"
      try Output.standard.say(
        separator + TextRenderer().render(Reel(frame, language: look.language)))
    }
  }
}

extension Key {
  /// Keys by their names as tmux writes them, blanks between.
  static func list(tmuxNames names: String) throws(CommandError) -> [Key] {
    var pressed: [Key] = []
    for name in names.split(separator: " ").map(String.init) {
      guard let key = Key(tmuxName: name) else { throw .unknownKey(name) }
      pressed.append(key)
    }
    return pressed
  }
}

extension RunSession {
  /// The state at the beginning of this run.
  func state(_ trace: Trace, _ look: Look, layer: Int? = nil, head: Int = 0) -> ViewerState {
    ViewerState(
      trace: trace, longest: plan.longest, look: look, layer: layer, head: head)
  }
}
