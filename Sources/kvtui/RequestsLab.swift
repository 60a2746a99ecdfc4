internal import ArgumentParser
internal import Base
internal import Kernels
internal import TinyModel
internal import Trace
internal import Viz

/// Several requests over one pool of blocks, as they were typed.
struct RequestsOptions: ParsableArguments {
  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      wording(
        "一起服务几个请求（连续批处理）：文件里每行一个 {\"prompt\":\"…\",\"tokens\":N,\"arrives\":步}",
        "serve several requests together (continuous batching): a file with a line each, {\"prompt\":\"…\",\"tokens\":N,\"arrives\":STEP}"
      ), valueName: "FILE"))
  var requests: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      wording(
        "--requests 的池里有几块（默认够所有请求同时用）",
        "blocks of the pool of --requests (default: enough for all at once)"), valueName: "N"))
  var blocks: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      wording(
        "--requests 的每一步最多算几个 token（默认 \(Self.standardBudget)）",
        "tokens that a step of --requests computes at most (default: \(Self.standardBudget))"),
      valueName: "TOKENS"))
  var budget: String?

  static let standardBudget = 32

  /// Refuses what means nothing without requests.
  func requireNone() throws(CommandError) {
    for (option, value) in [("--blocks", blocks), ("--budget", budget)] {
      if let value {
        throw .badValue(
          option: option, value: value,
          expected: wording("它和 --requests FILE 一起给", "it with --requests FILE"))
      }
    }
  }
}

/// `kvtui lab --requests`: a scheduler over a pool of blocks, a step at a time, as lines of JSON and as a page for people.
struct RequestsLab {
  private let file: String
  private let given: RequestsOptions
  private let options: RunOptions
  private let policy: CachePolicy

  /// Nothing is read yet; nil where no requests were given.
  ///
  /// - Parameters:
  ///   - given: the options of requests.
  ///   - options: which model; what a prompt would need is refused.
  ///   - policy: what `--policy` says; blocks of 16 where it says nothing.
  ///   - draft: what `--draft` says, which is refused.
  /// - Throws: what is wrong with the options.
  init?(_ given: RequestsOptions, options: RunOptions, policy: String?, draft: String?) throws {
    guard let file = given.requests else {
      try given.requireNone()
      return nil
    }
    let others = [
      ("--prompt", options.prompt), ("--text", options.text), ("--tokens", options.tokens),
      ("--temperature", options.temperature), ("--top-k", options.topK),
      ("--draft", draft),
    ]
    if let other = others.first(where: { $0.1 != nil }) {
      throw CommandError.together("--requests", other.0)
    }
    self.file = try ProcessFacts.path(file, of: "--requests")
    self.given = given
    self.options = options
    let text = try policy.map { try ProcessFacts.text($0, of: "--policy") }
    self.policy =
      try text.map { try Self.policy($0) }
      ?? CachePolicy(layout: .paged(PrefixCache.standardBlockSize))
  }

  private static func policy(_ text: String) throws -> CachePolicy {
    guard case .policy(let policy) = try LabSubject(text) else {
      throw CommandError.together("--requests", "--policy \(text)")
    }
    return policy
  }

  /// The blocks' size, where the policy is of blocks and of nothing else.
  private func blockSize() throws(CommandError) -> Int {
    guard case .paged(let size) = policy.layout,
      policy == CachePolicy(layout: .paged(size))
    else {
      throw .badValue(
        option: "--policy", value: policy.text,
        expected: wording(
          "paged:B：--requests 的请求共用一个块池",
          "paged:B: the requests of --requests share a pool of blocks"))
    }
    return size
  }

  private func run() throws -> ServingRun {
    let size = try blockSize()
    let budget = try NumberArgument.whole(
      given.budget ?? "\(RequestsOptions.standardBudget)", of: "--budget", in: 1...Int.max)
    let blocks = try given.blocks.map {
      try NumberArgument.whole($0, of: "--blocks", in: 1...Int.max)
    }
    let script = try RequestScript(reading: file)
    let (type, pool) = (try options.engine.weightType(), try options.engine.pool())
    let source = try options.model.source(
      seed: NumberArgument.bits(options.seedText, of: "--seed"))
    try PolicyRefusal.check(Lane(name: "policy", cache: policy), source.configuration)
    let tokenizer = try source.tokenizer()
    let plan = try ServingPlan(
      script, tokenizer: tokenizer, shape: source.configuration, blockSize: size, blocks: blocks,
      budget: budget, ignoresEndOfSequence: options.ignoreEos)
    if let weights = source.memoryPlan(type) {
      try plan.requireMemory(
        beside: weights, of: source.configuration, threads: pool.threads)
    }
    return ServingRun(try source.transformer(type, pool), tokenizer: tokenizer, plan: plan)
  }

  /// The model, a line for each step, one for each request behind the step that was its last, and what they come to.
  func printJSON() throws {
    let run = try run()
    try RunOutput.print(StepFields.json(run.trace.model))
    while let step = try run.computeNextStep() {
      try RunOutput.print(ServingFields.json(step, budget: run.trace.budget))
      for served in run.trace.served where served.finished == step.number {
        try RunOutput.print(ServingFields.json(served))
      }
    }
    try RunOutput.print(ServingFields.total(run.trace))
  }

  /// The same for people, when all is done: a row a request, a column a step.
  func print(_ look: Look) throws {
    let run = try run()
    while try run.computeNextStep() != nil {}
    try Output.standard.say(RequestsText(run.trace, look).text)
  }
}
