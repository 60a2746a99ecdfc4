internal import ArgumentParser
internal import Base
internal import Screens
internal import TinyModel
internal import Trace

/// What a run is of: the model, the text, how tokens are chosen; numbers as they were typed.
struct RunOptions: ParsableArguments {
  @OptionGroup var model: ModelOptions

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      wording(
        "提示词，一次喂入（prefill）；- 读标准输入", "a prompt, fed at once (prefill); - reads standard input"),
      valueName: "TEXT"))
  var prompt: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      wording("一段文字，从第一个字起逐字走", "a text, stepped over token by token from the first"),
      valueName: "TEXT"))
  var text: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      wording(
        "生成几个（--prompt 后默认 12，--text 后默认 0）",
        "how many to generate (12 after --prompt, 0 after --text)"),
      valueName: "N"))
  var tokens: String?

  @Flag(help: ArgumentHelp(wording("遇到结束符也不停", "go on after the end-of-sequence token")))
  var ignoreEos = false

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(wording("采样的种子", "seeds the sampling"), valueName: "N"))
  var seed: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      wording(
        "采样温度；0 为贪心（默认，给了 --top-k 则为 1）",
        "sampling temperature; 0 is greedy (the default; 1 with --top-k)"),
      valueName: "T"))
  var temperature: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      wording("只从最可能的 K 个里采样", "sample from the K most likely only"), valueName: "K"))
  var topK: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      wording(
        "每步列出几个候选；画面上放得下几个就几个，--json 全列",
        "how many candidates each step lists: as many as fit on a screen, all with --json"),
      valueName: "K"))
  var top = "5"

  @OptionGroup var engine: EngineOptions
}

extension RunOptions {
  /// The seed as it was typed, or 0.
  var seedText: String { seed ?? "0" }

  private static let demonstration = (text: "中华人民共和国", tokens: 9)
  static let defaultNewTokens = 12

  /// What the run begins with and how many tokens the model writes.
  private struct Beginning {
    let start: Feeding
    let newTokens: Int
    /// nil: it is on standard input.
    let text: String?
  }

  /// Reads the model and prepares the run; nothing is computed.
  ///
  /// - Parameters:
  ///   - lanes: what goes side by side.
  ///   - first: how many tokens of a prompt are fed at the first step; nil for all.
  /// - Returns: what the run needs.
  /// - Throws: what is wrong with the options or the model, or does not fit into memory.
  func session(
    lanes: [Lane] = [.uncached, .cached], first: Int? = nil
  ) throws -> RunSession {
    try opened(lanes: lanes, first: first).read()
  }

  /// Opens the model and prepares the run, as `session` does, but reads no weights.
  func opened(
    lanes: [Lane] = [.uncached, .cached], first: Int? = nil
  ) throws -> OpenedRun {
    let sampling = try samplingOptions()
    let candidates = try NumberArgument.whole(top, of: "--top", in: 1...Int.max)
    let beginning = try beginning()
    let source = try model.source(seed: NumberArgument.bits(seedText, of: "--seed"))
    let (type, pool) = (try engine.weightType(of: source), try engine.pool())
    let tokenizer = try source.tokenizer()
    let text = try beginning.text ?? StandardInput.prompt()
    let plan = try named {
      let plan = try RunPlan(
        start: beginning.start, ids: tokenizer.encodeStart(text),
        newTokens: beginning.newTokens, contextLength: source.configuration.contextLength,
        limit: source.configuration.contextLimit, ignoresEndOfSequence: ignoreEos,
        sampling: sampling, candidates: candidates, first: first)
      for lane in lanes { try PolicyRefusal.check(lane, source.configuration) }
      try source.requireMemory(for: plan, type, pool, use: .lanes(lanes))
      return plan
    }
    return OpenedRun(
      model: OpenedModel(source, type, pool), tokenizer: tokenizer, plan: plan, text: text,
      unheeded: source.unheededFields(tokenizer))
  }

  /// Whether the prompt is what standard input holds, so that keys must come from the terminal itself.
  var readsStandardInput: Bool { prompt == "-" }

  /// The prompt, from standard input where it is `-`; nil where none was given.
  func promptText() throws -> String? {
    guard let prompt else { return nil }
    return readsStandardInput ? try StandardInput.prompt() : try given(prompt, "--prompt")
  }

  private func beginning() throws(CommandError) -> Beginning {
    guard text == nil || prompt == nil else { throw .together("--text", "--prompt") }
    if let text {
      let text = try given(text, "--text")
      return Beginning(start: .text, newTokens: try newTokens(or: 0, least: 0), text: text)
    }
    if let prompt {
      let newTokens = try newTokens(or: Self.defaultNewTokens, least: 1)
      let text = readsStandardInput ? nil : try given(prompt, "--prompt")
      return Beginning(start: .prompt, newTokens: newTokens, text: text)
    }
    return Beginning(
      start: .text, newTokens: try newTokens(or: Self.demonstration.tokens, least: 0),
      text: Self.demonstration.text)
  }

  private func given(_ text: String, _ option: String) throws(CommandError) -> String {
    guard !text.isEmpty else {
      throw .badValue(
        option: option, value: text, expected: wording("至少一个字", "at least one character"))
    }
    return try ProcessFacts.text(text, of: option)
  }

  /// A number beyond all integers is the nearest one, for the plan to refuse.
  private func newTokens(or standard: Int, least: Int) throws(CommandError) -> Int {
    guard let tokens else { return standard }
    guard let number = NumberArgument.nearest(tokens) else {
      throw .badValue(
        option: "--tokens", value: tokens,
        expected: wording("不小于 \(least) 的整数", "a whole number, \(least) or more"))
    }
    return number
  }

  /// Makes a plan; a refused number of tokens is named as it was typed where it is no `Int`.
  private func named(_ plan: () throws -> RunPlan) throws -> RunPlan {
    do {
      return try plan()
    } catch let error as RunPlanError {
      guard let tokens, Int(tokens) == nil else { throw error }
      let bound: String
      switch error {
      case .tooManySteps(_, let most, _, _): bound = wording("不大于 \(most) 的整数", "at most \(most)")
      case .tooFewTokens(_, let least): bound = wording("不小于 \(least) 的整数", "at least \(least)")
      default: throw error
      }
      throw CommandError.badValue(option: "--tokens", value: tokens, expected: bound)
    }
  }

  private func samplingOptions() throws(CommandError) -> SamplingOptions {
    var most: Int?
    if let topK { most = try NumberArgument.whole(topK, of: "--top-k", in: 1...Int.max) }
    var divisor: Double?
    if let temperature { divisor = try NumberArgument.fromZero(temperature, of: "--temperature") }
    return SamplingOptions(
      temperature: divisor ?? (most == nil ? 0 : 1), topK: most,
      seed: try NumberArgument.bits(seedText, of: "--seed"))
  }
}
