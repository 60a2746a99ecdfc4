internal import ArgumentParser
internal import Base
internal import Kernels
internal import TinyModel
internal import Trace
internal import Viz

/// `kvtui bench`: the chapter's speed test, with and without the cache.
struct BenchCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "bench",
    abstract: wording(
      "测速：用缓存和不用缓存，多次取平均", "Time generation with and without the cache, mean over runs"))

  @OptionGroup var model: ModelOptions

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      wording(
        "提示词（默认 \(Self.standardPrompt)）；- 读标准输入",
        "the prompt (default: \(Self.standardPrompt)); - reads standard input"),
      valueName: "TEXT"))
  var prompt: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      wording("不用提示词，而用 N 个词元", "N tokens in place of a prompt"), valueName: "N"))
  var promptTokens: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(wording("每次生成几个", "how many tokens each run writes"), valueName: "N"))
  var tokens = "256"

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(wording("各跑几次", "how many runs of each"), valueName: "N"))
  var runs = "10"

  @Flag(help: ArgumentHelp(wording("只测用缓存的", "time the run with the cache only")))
  var skipUncached = false

  @Flag(help: ArgumentHelp(wording("每项一行 JSON", "a line of JSON for each")))
  var json = false

  @OptionGroup var engine: EngineOptions
  @OptionGroup var language: LanguageOption

  private static let standardPrompt = "What is KV caching?"

  func run() throws {
    let language = try language.value().inLocale
    let runs = try NumberArgument.whole(self.runs, of: "--runs", in: 1...1000)
    let tokens = try NumberArgument.whole(self.tokens, of: "--tokens", in: 1...1_000_000)
    let clock = ContinuousClock()
    let start = clock.now
    let source = try model.source(seed: 0)
    let opening = start.duration(to: clock.now)
    let (type, pool) = (try engine.weightType(of: source), try engine.pool())
    let plan = try RunPlan(
      start: .prompt, ids: ids(source), newTokens: tokens,
      contextLength: source.configuration.contextLength)
    // The run without the cache needs more.
    try source.requireMemory(
      for: plan, type, pool, use: .generation(usesCache: skipUncached),
      other: MachineLimits.Meter.byteCount)
    let (transformer, loading) = try load(source, opened: opening, type, pool)
    let bench = Bench(
      model: transformer, plan: plan, runs: runs, meter: MachineLimits.Meter(pool))
    let (cached, uncached) = try bench.measure(skipsUncached: skipUncached, language)
    let report = BenchReport(
      model: bench.model, promptTokens: plan.ids.count, cached: cached, uncached: uncached,
      limits: bench.meter.limits, loading: loading, language: language)
    if json {
      try Output.standard.write(report.json)
    } else {
      try Output.standard.say(report.text)
    }
  }

  /// Loads the model and times it, with a bar where its weights are large.
  private func load(
    _ source: ModelSource, opened: Duration, _ type: WeightType, _ pool: ThreadPool
  ) throws -> (Transformer, BenchLoading) {
    let bar = source.isLarge ? WeightsBar.line(of: source.bytesToRead) : nil
    defer { bar?.clear() }
    let clock = ContinuousClock()
    let start = clock.now
    let transformer = try source.streamedTransformer(type, pool) { bar?.advance(to: $0.read) }
    let took = opened + start.duration(to: clock.now)
    let loading = try BenchLoading(transformer, took: took) { bar?.advance(to: $0.read) }
    return (transformer, loading)
  }

  private func ids(_ source: ModelSource) throws -> [Int] {
    guard let promptTokens else {
      let text =
        try prompt == "-"
        ? StandardInput.prompt()
        : ProcessFacts.text(prompt ?? Self.standardPrompt, of: "--prompt")
      return try source.tokenizer().encodeStart(text)
    }
    guard prompt == nil else { throw CommandError.together("--prompt", "--prompt-tokens") }
    let most = source.configuration.contextLength
    let count = try NumberArgument.whole(promptTokens, of: "--prompt-tokens", in: 1...most)
    return (0..<count).map { $0 % source.configuration.vocabulary }
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
    (0..<tokens).map { token in median { $0.seconds[token] } }
  }

  /// The median over the runs of the first pass, in seconds.
  var prefill: Double { median { $0.seconds[0] } }

  /// The median over the runs of all passes after the first, in seconds.
  var decode: Double { median { $0.total - $0.seconds[0] } }

  private func median(_ seconds: (Generation.Timing) -> Double) -> Double {
    let sorted = timings.map(seconds).sorted()
    return (sorted[(sorted.count - 1) / 2] + sorted[sorted.count / 2]) / 2
  }
}

/// Measures a model.
struct Bench {
  let model: Transformer
  let plan: RunPlan
  let runs: Int
  let meter: MachineLimits.Meter

  /// Both kinds of runs, or the one with the cache only, behind a bar.
  func measure(
    skipsUncached: Bool, _ language: Language
  ) throws(ModelError) -> (cached: BenchRuns, uncached: BenchRuns?) {
    let progress = ProgressLine(total: (skipsUncached ? 1 : 2) * runs, language: language)
    defer { progress.clear() }
    let cached = try measure(usesCache: true, progress)
    return (cached, skipsUncached ? nil : try measure(usesCache: false, progress))
  }

  /// Runs, and between runs the machine's limits: its speed drifts.
  private func measure(usesCache: Bool, _ progress: ProgressLine) throws(ModelError)
    -> BenchRuns
  {
    let generation = Generation(model, plan: plan, usesCache: usesCache)
    var timings: [Generation.Timing] = []
    for _ in 0..<runs {
      meter.measure()
      timings.append(try generation.run())
      progress.step()
    }
    return BenchRuns(timings: timings)
  }
}
