internal import ArgumentParser
internal import TinyModel
internal import Viz

/// `kvtui bench`: the chapter's speed test, with and without the cache.
struct BenchCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "bench",
    abstract: wording(
      "测速：用缓存和不用缓存，多次取平均", "Time generation with and without the cache, mean over runs"))

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(wording("模型：文件夹或名字", "the model: a folder or a name"), valueName: "DIR|NAME")
  )
  var model: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      wording(
        "不用模型，而用随机的权重：config.json 或形状的名字",
        "random weights in place of a model: a config.json or a named shape"), valueName: "CONFIG"))
  var random: String?

  @Option(
    parsing: .unconditional, help: ArgumentHelp(wording("提示词", "the prompt"), valueName: "TEXT"))
  var prompt = "What is KV caching?"

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(wording("每次生成几个", "how many tokens each run writes"), valueName: "N"))
  var tokens = "256"

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(wording("各跑几次", "how many runs of each"), valueName: "N"))
  var runs = "10"

  @Flag(help: ArgumentHelp(wording("每项一行 JSON", "a line of JSON for each")))
  var json = false

  @OptionGroup var language: LanguageOption

  func run() throws {
    let language = try language.value()
    let runs = try NumberArgument.whole(self.runs, of: "--runs", in: 1...1000)
    let tokens = try NumberArgument.whole(self.tokens, of: "--tokens", in: 1...1_000_000)
    let source = try ModelSource(model: model, random: random, seed: 0)
    let plan = try RunPlan(
      start: .prompt, ids: source.tokenizer.encodeStart(prompt), newTokens: tokens,
      positions: source.configuration.positions)
    let bench = Bench(model: try source.transformer(), plan: plan, runs: runs)
    let progress = ProgressLine(total: 2 * runs, language: language)
    let (cached, uncached) = (
      bench.measure(usesCache: true, progress), bench.measure(usesCache: false, progress)
    )
    let limits = MachineLimits.measured()
    progress.clear()
    let report = BenchReport(
      model: bench.model, cached: cached, uncached: uncached, limits: limits, language: language)
    try Output.standard.write(json ? report.json : report.text)
  }
}

/// Runs of one kind.
struct BenchRuns {
  let timings: [Generation.Timing]

  var tokens: Int { timings[0].seconds.count }
  var mean: Double { timings.map(\.total).reduce(0, +) / Double(timings.count) }

  /// The population's standard deviation, as NumPy's `std` that the chapter prints.
  var deviation: Double {
    let mean = mean
    let squares = timings.map { ($0.total - mean) * ($0.total - mean) }.reduce(0, +)
    return (squares / Double(timings.count)).squareRoot()
  }

  /// The median time of each token over the runs, in seconds.
  var secondsByToken: [Double] {
    (0..<tokens).map { token in
      timings.map { $0.seconds[token] }.sorted()[timings.count / 2]
    }
  }
}

/// Measures a model.
struct Bench {
  let model: Transformer
  let plan: RunPlan
  let runs: Int

  func measure(usesCache: Bool, _ progress: ProgressLine) -> BenchRuns {
    let generation = Generation(model, plan: plan, usesCache: usesCache)
    return BenchRuns(
      timings: (0..<runs).map { _ in
        defer { progress.step() }
        return generation.run()
      })
  }
}
