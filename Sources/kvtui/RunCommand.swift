internal import ArgumentParser
internal import Base
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
      try printFrames(session, look, size, keys: keys)
    } else if !plain, isInteractive {
      try runInteractively(session, look)
    } else {
      try printPages(session, look, size)
    }
  }

  private func runInteractively(_ session: RunSession, _ look: Look) throws {
    let run = try InteractiveRun(session: session, look: look)
    let screen = try NcursesScreen(input: input)
    defer { screen.close() }
    _ = try run.run(on: screen)
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

  private func printFrames(_ session: RunSession, _ look: Look, _ size: Size, keys: [Key]) throws {
    var player = try SynchronousPlayer(session, look)
    var frames = [player.frame(size)]
    for key in keys {
      try player.press(key)
      if player.isOver { break }
      frames.append(player.frame(size))
    }
    let reel = Reel(frames, every: 1, language: look.language)
    try Output.standard.say(TextRenderer().render(reel))
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

/// A viewer without a terminal: each key's steps are computed before its frame is made.
struct SynchronousPlayer {
  private var session: RunSession
  private var runner: Runner
  private(set) var state: ViewerState

  init(_ session: RunSession, _ look: Look) throws {
    self.session = session
    runner = session.runner()
    _ = try runner.computeNextStep()
    state = session.state(runner.trace, look)
  }

  /// Whether a key asked to leave.
  var isOver: Bool { state.request == .quit }

  /// The frame as it is.
  func frame(_ size: Size) -> Frame { Frame(state.view(size), theme: state.theme) }

  /// Applies a key and computes what it asks for.
  mutating func press(_ key: Key) throws {
    state.update(.key(key))
    if case .run(let text) = state.request { try restart(text) }
    while state.wantedStep > runner.trace.steps.count, try runner.computeNextStep() != nil {}
    state.receive(runner.trace)
  }

  private mutating func restart(_ text: String) throws {
    do throws(RunPlanError) {
      session = try session.session(over: text)
    } catch {
      state.refuse(error.sentence(state.language))
      return
    }
    runner = session.runner()
    _ = try runner.computeNextStep()
    state.restart(runner.trace, longest: session.plan.longest)
  }
}
