internal import ArgumentParser
internal import Base
internal import Screens
internal import Terminal
internal import TinyModel
internal import Trace
internal import Viz

/// `kvtui fault`: a cache that is broken on purpose beside the sound run, and the game in which the fault is to be found.
struct FaultCommand: ToolCommand, PrintingCommand {
  static let configuration = CommandConfiguration(
    commandName: "fault",
    abstract: wording(
      "弄坏缓存：从哪一步、哪一层起不同，差多少，什么时候说错；再来猜是哪一种",
      "A broken cache: where it parts from the sound run, by how much, when it says something else; and a game"
    ),
    discussion: wording(
      "不给名字而给 --seed N：由 N 抽一句话和一种错，从画面里猜。\n不给文字时是「\(standardPrompt)」，写 \(standardTokens) 个。\nmask-off 在这里只弄坏用缓存的那遍；run --fault mask-off 两遍都弄坏。",
      "With --seed N and no NAME a prompt and a fault are drawn from N, to be told by their picture.\nWithout a text it is \(standardPrompt), and \(standardTokens) tokens are written.\nHere mask-off breaks the cached run alone; run --fault mask-off breaks both."
    ))

  static let standardPrompt = "世界最高峰是"
  static let standardTokens = 16

  @Argument(
    help: ArgumentHelp(
      wording(
        "哪一种错（默认 \(Fault.positionNotAdvanced.rawValue)；none 是没有弄坏）：\(names)",
        "which fault (\(Fault.positionNotAdvanced.rawValue) by default; none for the sound run): \(names)"
      ),
      valueName: "NAME"), completion: .list(Fault.allCases.map(\.rawValue)))
  var name: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      wording(
        "画面上从第几步看起（默认先看出不同的那一步）",
        "the step that the screen begins at (default: the one at which it shows)"),
      valueName: "N"))
  var step: String?

  @OptionGroup var options: RunOptions
  @OptionGroup var look: LookOptions
  @OptionGroup var output: RunOutputOptions

  private static var names: String { Fault.allCases.map(\.rawValue).joined(separator: ", ") }
  private static let none = "none"
  /// Rounds of a session that nobody seeded are numbered from one of these.
  private static let seeds: ClosedRange<UInt64> = 1...9999

  func run() throws {
    let keys = try output.pressedKeys()
    if step != nil, output.json || output.plain {
      throw CommandError.together(output.json ? "--json" : "--plain", "--step")
    }
    let (look, size) = (try look.look().inLocale, try look.frameSize())
    if output.json {
      try lines { try RunOutput.print($0) }
    } else if keys != nil || !output.plain && isInteractive {
      try show(look, size, keys: keys)
    } else {
      try FaultPage(self).print(look)
    }
  }

  func lines(_ line: (JSONText) throws -> Void) throws { try FaultPage(self).lines(line) }

  private var isInteractive: Bool {
    TerminalFacts.current().isInteractive(input: .standardInput)
  }

  static let tool = Tool.faults

  func open(_ look: Look, isLive: Bool) throws -> OpenTool {
    let (fault, seed) = (try fault(), try seed())
    let session = try session()
    let start = FaultsStart(
      model: session.session.model.name, fault: fault,
      seed: seed ?? (isLive ? UInt64.random(in: Self.seeds) : Self.seeds.lowerBound),
      isGame: isGame, step: try firstStep(of: session))
    return OpenTool(FaultsScreen(start, look), try session.service(isLive: isLive))
  }
}

// MARK: What was typed

extension FaultCommand {
  /// Whether a round is to be drawn.
  var isGame: Bool { name == nil && options.seed != nil }

  /// The fault that is named, or the one that is shown without a name; nil for none.
  func fault() throws(CommandError) -> Fault? {
    guard let name else { return .positionNotAdvanced }
    guard name != Self.none else { return nil }
    guard let fault = Fault(rawValue: name) else {
      throw .badValue(
        option: "fault", value: name,
        expected: Self.names + wording(" 或 ", " or ") + Self.none)
    }
    return fault
  }

  /// What the first round is drawn from; nil where nobody says.
  func seed() throws(CommandError) -> UInt64? {
    guard let seed = options.seed else { return nil }
    for (option, isGiven) in [
      ("--prompt", options.prompt != nil), ("--text", options.text != nil),
    ] where isGame && isGiven {
      throw .together("--seed", option)
    }
    return try NumberArgument.bits(seed, of: "--seed")
  }

  /// The step that the screen begins at; nil where nobody says.
  private func firstStep(of session: FaultSession) throws(CommandError) -> Int? {
    guard let step else { return nil }
    if isGame { throw .together("--seed", "--step") }
    return try NumberArgument.whole(
      step, of: "--step", in: 1...max(1, session.session.plan.steps))
  }

  /// The model with the text; nothing is computed.
  func session() throws -> FaultSession {
    var options = options
    if options.prompt == nil, options.text == nil {
      options.prompt = Self.standardPrompt
      options.tokens = options.tokens ?? "\(Self.standardTokens)"
    }
    return FaultSession(try options.session(lanes: FaultRun.lanes(try fault())))
  }
}
