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

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      wording(
        "故意弄坏用缓存的那遍（mask-off 两遍都坏），看从哪里起不同",
        "break the run with the cache on purpose (mask-off: both), and see where they part"
      ),
      valueName: "NAME"))
  var fault: Choice<Fault>?

  @OptionGroup var output: RunOutputOptions
  @OptionGroup var keeping: KeepKeysOptions

  func run() throws {
    let keys = try output.pressedKeys()
    if keeping.isGiven, fault != nil { throw CommandError.together("--keep-keys", "--fault") }
    try keeping.require(interactive: isInteractive, output)
    let fault = try fault?.value(of: "--fault")
    let (look, size) = (try look.look().inLocale, try look.frameSize())
    var run = try options.opened(lanes: Lane.bothRuns(fault))
    run.fault = fault
    run.unheeded?.say()
    if output.json {
      try printJSON(run.read())
    } else if let keys {
      try App.print(
        .run, look, Services(recorder: RunRecorder()) { try ImmediateRun(run) }, size: size,
        keys: keys)
    } else if !output.plain, isInteractive {
      let computed = try ComputedRun(run)
      try App.live(
        .run, look, Services(recorder: RunRecorder()) { computed }, input: input,
        keeper: try keeping.keeper(options.opening(of: run)))
      // The screen has said it; whoever started the program by a script is told too.
      if let refusal = computed.refusal { throw refusal }
    } else {
      try printPages(run.read(), look, size)
    }
  }

  private var input: TerminalInput {
    options.readsStandardInput ? .controllingTerminal : .standardInput
  }

  private var isInteractive: Bool { TerminalFacts.current().isInteractive(input: input) }

  private func printJSON(_ session: RunSession) throws {
    let runner = session.runner()
    try RunOutput.print(StepFields.json(runner.trace.model))
    while let step = try runner.computeNextStep() {
      let isBroken = session.fault != nil
      try RunOutput.print(isBroken ? StepFields.jsonOfBroken(step) : StepFields.json(step))
    }
    try RunOutput.print(StepFields.total(runner.trace))
  }

  private func printPages(_ session: RunSession, _ look: Look, _ size: Size) throws {
    let runner = session.runner()
    while let step = try runner.computeNextStep() {
      var state = session.state(runner.trace, look)
      state.show(step: step.number)
      try RunOutput.printPage(state, size, isFirst: step.number == 1)
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
