internal import ArgumentParser
internal import Base
internal import Screens
internal import Terminal
internal import TinyModel
internal import Trace
internal import Viz

/// `kvtui growth`: how cells, FLOP, bytes and seconds grow with the length, without and with the cache.
struct GrowthCommand: ToolCommand, PrintingCommand {
  static let configuration = CommandConfiguration(
    commandName: "growth",
    abstract: wording(
      "随长度怎么涨：格子、FLOP、字节、秒，不用缓存和用缓存",
      "How cells, FLOP, bytes and seconds grow with the length, without and with the cache"))

  @OptionGroup var model: ModelOptions

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(wording("从几个词元开始", "tokens to begin with"), valueName: "N"))
  var promptTokens = "1"

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      wording("跑几步（默认 64，或模型装得下的那么多）", "steps to run (64, or as many as the model has room for)"),
      valueName: "N"))
  var tokens: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      wording(
        "跑完之后按算式接着算到多长，标明是算的（默认 8 倍，不超过模型的位置）",
        "how far the counts are continued by arithmetic, and marked so (8 times as far by default, within the model's positions)"
      ),
      valueName: "N"))
  var until: String?

  @OptionGroup var place: GrowthPlaceOptions

  @Flag(help: ArgumentHelp(wording("一页纯文本", "a page of text")))
  var plain = false

  @Flag(help: ArgumentHelp(wording("每个长度一行 JSON", "a line of JSON for each length")))
  var json = false

  @OptionGroup var pressing: KeysOption

  @OptionGroup var engine: EngineOptions
  @OptionGroup var look: LookOptions

  private static let standardSteps = 64

  func run() throws {
    let keys = try pressing.pressed(json: json, plain: plain)
    if let option = place.firstOption, json || plain {
      throw CommandError.together(json ? "--json" : "--plain", option)
    }
    let (look, size) = (try look.look().inLocale, try look.frameSize())
    if json {
      for line in try reportWithProgress(look.language).json { try RunOutput.print(line) }
    } else if keys != nil
      || (!plain && TerminalFacts.current().isInteractive(input: .standardInput))
    {
      try show(look, size, keys: keys)
    } else {
      try Output.standard.say(try reportWithProgress(look.language).text)
    }
  }

  static let tool = Tool.growth

  func open(_ look: Look, isLive: Bool) throws -> OpenTool {
    let session = try session()
    return OpenTool(
      GrowthScreen(session.start, at: try place.checked(steps: session.plan.steps), look),
      try session.service(isLive: isLive))
  }

  /// What is measured, with its model.
  func session() throws -> GrowthSession {
    let source = try model.source(seed: 0)
    let (type, pool) = (try engine.weightType(of: source), try engine.pool())
    let plan = try plan(source)
    let end = try until.map { text throws(CommandError) in
      try NumberArgument.whole(text, of: "--until", in: 1...1_000_000)
    }
    try source.requireMemory(for: plan, type, pool)
    return GrowthSession(
      model: try source.transformer(type, pool), plan: plan,
      end: end ?? min(8 * plan.longest, source.configuration.contextLength))
  }

  func lines(_ line: (JSONText) throws -> Void) throws {
    for text in try report(session(), .english).json { try line(text) }
  }

  private func reportWithProgress(_ language: Language) throws -> GrowthReport {
    let session = try session()
    let progress = ProgressLine(total: session.plan.steps, of: .steps, language: language)
    defer { progress.clear() }
    return try report(session, language) { progress.step() }
  }

  private func report(
    _ session: GrowthSession, _ language: Language, step: () -> Void = {}
  ) throws -> GrowthReport {
    let growth = try session.measure { _ in
      step()
      return true
    }
    return GrowthReport(model: session.model, growth: growth, language: language)
  }

  private func plan(_ source: ModelSource) throws -> RunPlan {
    let (most, vocabulary) = (
      source.configuration.contextLength, source.configuration.vocabulary
    )
    let count = try NumberArgument.whole(promptTokens, of: "--prompt-tokens", in: 1...most)
    let steps =
      try tokens.map { text throws(CommandError) in
        try NumberArgument.whole(text, of: "--tokens", in: 1...(most - count + 1))
      } ?? min(Self.standardSteps, most - count + 1)
    return try RunPlan(
      start: .prompt, ids: (0..<count).map { $0 % vocabulary }, newTokens: steps,
      contextLength: most)
  }
}
