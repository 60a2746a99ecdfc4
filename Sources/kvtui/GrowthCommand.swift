internal import ArgumentParser
internal import Base
internal import TinyModel
internal import Trace

/// `kvtui growth`: how cells, FLOP, bytes and seconds grow with the length, without and with the cache.
struct GrowthCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "growth",
    abstract: wording(
      "随长度怎么涨：格子、FLOP、字节、秒，不用缓存和用缓存",
      "How cells, FLOP, bytes and seconds grow with the length, without and with the cache"))

  @OptionGroup var model: ModelOptions

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(wording("从几个 token 开始", "tokens to begin with"), valueName: "N"))
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

  @Flag(help: ArgumentHelp(wording("每个长度一行 JSON", "a line of JSON for each length")))
  var json = false

  @OptionGroup var engine: EngineOptions
  @OptionGroup var language: LanguageOption

  private static let standardSteps = 64

  func run() throws {
    let language = try language.value().inLocale
    let (type, pool) = (try engine.weightType(), try engine.pool())
    let source = try model.source(seed: 0)
    let plan = try plan(source)
    let end = try until.map { text throws(CommandError) in
      try NumberArgument.whole(text, of: "--until", in: 1...1_000_000)
    }
    try source.requireMemory(for: plan, type, pool)
    let model = try source.transformer(type, pool)
    let progress = ProgressLine(total: plan.steps, of: .steps, language: language)
    defer { progress.clear() }
    var growth = try GrowthMeter(model, plan: plan).measure { progress.step() }
    progress.clear()
    growth.continueTo(
      Self.lengths(
        behind: plan.longest,
        until: end ?? min(8 * plan.longest, source.configuration.contextLength)))
    let report = GrowthReport(model: model, growth: growth, language: language)
    if json {
      for line in report.json { try RunOutput.print(line) }
    } else {
      try Output.standard.say(report.text)
    }
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

  /// Powers of two behind a length, and the end.
  private static func lengths(behind last: Int, until end: Int) -> [Int] {
    let powers = (1...30).map { 1 << $0 }.filter { $0 > last && $0 < end }
    return end > last ? powers + [end] : []
  }
}
