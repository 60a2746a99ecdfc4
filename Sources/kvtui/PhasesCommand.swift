internal import ArgumentParser
internal import Base
internal import Kernels
internal import Planner
internal import Screens
internal import Terminal
internal import TinyModel
internal import Trace
internal import Viz

/// `kvtui phases`: prefill and decode on a roofline, measured on this machine and computed for others.
struct PhasesCommand: ToolCommand, PrintingCommand {
  static let configuration = CommandConfiguration(
    commandName: "phases",
    abstract: wording(
      "prefill 和 decode：每字节多少 FLOP，谁等算术、谁等搬运",
      "Prefill and decode: FLOP for each byte, and which waits for arithmetic, which for bytes"))

  @OptionGroup var model: ModelOptions

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      wording("prefill 的长度，几个用逗号隔开", "lengths of prefill, with commas between them"),
      valueName: "N,…"))
  var promptTokens: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      wording("decode 时前面有几个词元", "tokens in front of a decode step"), valueName: "N,…"))
  var context: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      wording(
        "decode 时几个请求合成一遍：权重只读一次（默认 1；画面上 1 到 32，给一个就从它看起）",
        "sequences that decode in one pass, which reads the weights once (1 by default; 1 to 32 on the screen, which begins at one that is given)"
      ),
      valueName: "N,…"))
  var batch: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      wording("每一遍跑几次，取中位数", "how often each pass is run, for the median"), valueName: "N"))
  var runs = "7"

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      wording(
        "还在哪台机器上算一算（kvtui memory --list；默认 a10、a100、h100）",
        "a machine to compute it for as well (kvtui memory --list; a10, a100 and h100 by default)"),
      valueName: "NAME"), completion: CompletionKind.machines)
  var machine: String?

  @Flag(help: ArgumentHelp(wording("一页纯文本", "a page of text")))
  var plain = false

  @Flag(help: ArgumentHelp(wording("每遍、每台机器一行 JSON", "a line of JSON for each pass and machine")))
  var json = false

  @OptionGroup var pressing: KeysOption

  @OptionGroup var engine: EngineOptions
  @OptionGroup var look: LookOptions

  private static let standardMachines = ["a10", "a100", "h100"]
  private static let standardLengths = [1, 4, 16, 64, 256]
  /// The steps that make the tokens of these lengths: what the same step takes without a cache is measured beside them.
  private static let standardContexts = [3, 15, 63, 255]
  private static let screenBatches = [1, 2, 4, 8, 16, 32]
  private static let mostBatch = 1024

  func run() throws {
    let keys = try pressing.pressed(json: json, plain: plain)
    let (look, size) = (try look.look().inLocale, try look.frameSize())
    let isInteractive = TerminalFacts.current().isInteractive(input: .standardInput)
    if keys != nil || (!plain && !json && isInteractive) {
      try show(look, size, keys: keys)
    } else {
      try printReport(look.language)
    }
  }

  static let tool = Tool.phases

  func open(_ look: Look, isLive: Bool) throws -> OpenTool {
    let session = try session(batches: Self.screenBatches, isScreen: true)
    return OpenTool(PhasesScreen(try session.start(), look), try session.service(isLive: isLive))
  }

  private func printReport(_ language: Language) throws {
    let session = try session(batches: [1])
    let progress = ProgressLine(
      total: session.prompts.count + session.batches.count * session.contexts.count,
      language: language)
    defer { progress.clear() }
    let report = try report(session, language) { progress.step() }
    progress.clear()
    if json {
      for line in report.json { try RunOutput.print(line) }
    } else {
      try Output.standard.say(report.text)
    }
  }

  func lines(_ line: (JSONText) throws -> Void) throws {
    for text in try report(session(batches: [1]), .english).json { try line(text) }
  }

  private func report(
    _ session: PhasesSession, _ language: Language, pass: () -> Void = {}
  ) throws -> PhasesReport {
    let measured = try session.measurePasses { _ in
      pass()
      return true
    }
    return PhasesReport(
      model: session.model, runs: measured.runs, limits: measured.limits,
      machines: session.machines, language: language)
  }

  /// What is measured, with its model.
  private func session(batches standard: [Int], isScreen: Bool = false) throws -> PhasesSession {
    let machines = try (machine.map { [$0] } ?? Self.standardMachines).map { name in
      try Catalogue.machine(name)
    }
    let repeats = try NumberArgument.whole(runs, of: "--runs", in: 1...1000)
    let source = try model.source(seed: 0)
    let (type, pool) = (try engine.weightType(of: source), try engine.pool())
    let (prompts, contexts) = try lengths(source.configuration.contextLength)
    let plan = try plan(source, prompts, contexts)
    let given = try batches(source, standard)
    // A screen that begins at one number has the others beside it.
    let isPlace = isScreen && batch != nil && given.count == 1 && source.configuration.sharesPasses
    let batches = isPlace ? Array(Set(standard + given)).sorted() : given
    try source.requireMemory(
      for: plan, type, pool, use: .generation(usesCache: true),
      other: MachineLimits.Meter.byteCount
        + PhaseMeter.bytes(
          source.configuration, batch: batches.max() ?? 1, longest: plan.longest,
          threads: pool.threads))
    return PhasesSession(
      model: try source.transformer(type, pool), plan: plan, pool: pool, repeats: repeats,
      prompts: prompts, contexts: contexts, batches: batches, batch: given.first,
      machines: machines)
  }

  /// How many sequences decode together; one where the model's cannot.
  private func batches(_ source: ModelSource, _ standard: [Int]) throws(CommandError) -> [Int] {
    guard let batch else { return source.configuration.sharesPasses ? standard : [1] }
    let batches = try NumberArgument.list(batch, of: "--batch", in: 1...Self.mostBatch)
    guard batches == [1] || source.configuration.sharesPasses else {
      throw .badValue(
        option: "--batch", value: batch,
        expected: wording(
          "1：缓存里是潜变量的模型还不能合成一遍", "1: a model whose cache keeps latents does not share passes"))
    }
    return batches
  }

  private func lengths(_ most: Int) throws -> (prompts: [Int], contexts: [Int]) {
    let prompts = try promptTokens.map { text throws(CommandError) in
      try NumberArgument.list(text, of: "--prompt-tokens", in: 1...most)
    }
    let contexts = try context.map { text throws(CommandError) in
      guard most > 1 else {
        throw .badValue(
          option: "--context", value: text,
          expected: wording("有更多位置的模型", "a model with more positions"))
      }
      return try NumberArgument.list(text, of: "--context", in: 1...(most - 1))
    }
    return (
      prompts ?? Self.standardLengths.filter { $0 <= most },
      contexts ?? Self.standardContexts.filter { $0 < most }
    )
  }

  private func plan(
    _ source: ModelSource, _ prompts: [Int], _ contexts: [Int]
  ) throws -> RunPlan {
    let longest = max(prompts.max() ?? 1, (contexts.max() ?? 0) + 1)
    return try RunPlan(
      start: .prompt, ids: (0..<longest).map { $0 % source.configuration.vocabulary },
      newTokens: 1, contextLength: source.configuration.contextLength)
  }
}

extension NumberArgument {
  /// Numbers of a list on the command line, at most.
  private static let longestList = 32

  /// Whole numbers in a range, with commas between them.
  static func list(
    _ text: String, of option: String, in range: ClosedRange<Int>
  ) throws(CommandError) -> [Int] {
    let parts = text.split(separator: ",", omittingEmptySubsequences: false)
    let numbers = parts.compactMap { Int($0) }.filter(range.contains)
    guard numbers.count == parts.count, numbers.count <= longestList else {
      throw .badValue(
        option: option, value: text,
        expected: wording(
          "\(range.lowerBound) 到 \(range.upperBound) 的整数，用逗号隔开，至多 \(longestList) 个",
          "whole numbers from \(range.lowerBound) to \(range.upperBound) with commas between them, at most \(longestList)"
        ))
    }
    return numbers
  }
}
