internal import ArgumentParser
internal import Base
internal import Kernels
internal import Screens
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
      ), valueName: "FILE"), completion: .file())
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
        "--requests 的每一步最多算几个词元（默认 \(Self.standardBudget)）",
        "tokens that a step of --requests computes at most (default: \(Self.standardBudget))"),
      valueName: "TOKENS"))
  var budget: String?

  @Flag(
    help: ArgumentHelp(
      wording(
        "--requests 里开头相同的请求不共用块", "requests of --requests that begin alike share no blocks")))
  var noSharing = false

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      wording(
        "谁可以插进来：continuous 随到随排（默认），whole 算完一批再收一批",
        "who may begin while others run: continuous, whoever has come (the default), or whole, nobody before a batch has finished"
      ), valueName: "HOW"))
  var batching: Choice<Batching>?

  static let standardBudget = 32

  /// Whether the pool of requests is described: a step beside it is the scheduler's.
  var hasPool: Bool { budget != nil || blocks != nil }

  /// Refuses what means nothing without requests.
  func requireNone() throws(CommandError) {
    let given = [
      ("--blocks", blocks), ("--budget", budget), ("--no-sharing", noSharing ? "" : nil),
      ("--batching", batching?.defaultValueDescription),
    ]
    for (option, value) in given {
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
  /// The script; nil for the requests that come with the program.
  private let file: String?
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
    try self.init(
      file: ProcessFacts.path(file, of: "--requests"), given, options, policy, draft)
  }

  /// The requests that come with the program.
  init(bundled given: RequestsOptions, options: RunOptions, policy: String, draft: String?) throws {
    try self.init(file: nil, given, options, policy, draft)
  }

  private init(
    file: String?, _ given: RequestsOptions, _ options: RunOptions, _ policy: String?,
    _ draft: String?
  ) throws {
    let others = [
      ("--prompt", options.prompt), ("--text", options.text), ("--tokens", options.tokens),
      ("--temperature", options.temperature), ("--top-k", options.topK),
      ("--draft", draft),
    ]
    if let other = others.first(where: { $0.1 != nil }) {
      throw CommandError.together("--requests", other.0)
    }
    self.file = file
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

  // MARK: Opening

  /// What serves the requests, once it is known that they can be served; the weights are not read yet.
  func session() throws -> ServingSession {
    let size = try blockSize()
    let standard = file == nil ? ServingSession.bundledBudget : RequestsOptions.standardBudget
    let budget = try NumberArgument.whole(
      given.budget ?? "\(standard)", of: "--budget", in: 1...Int.max)
    let blocks = try given.blocks.map {
      try NumberArgument.whole($0, of: "--blocks", in: 1...Int.max)
    }
    let script =
      try file.map { try RequestScript(reading: $0) } ?? ServingSession.bundledRequests()
    let source = try options.model.source(
      seed: NumberArgument.bits(options.seedText, of: "--seed"))
    let (type, pool) = (try options.engine.weightType(of: source), try options.engine.pool())
    try PolicyRefusal.check(Lane(name: "policy", cache: policy), source.configuration)
    let session = ServingSession(
      source, tokenizer: try source.tokenizer(), type, pool, script,
      blockSize: size, blocks: blocks ?? (file == nil ? ServingSession.bundledBlocks(size) : nil),
      budget: budget, ignoresEndOfSequence: options.ignoreEos, shares: !given.noSharing)
    try session.check()
    return session
  }

  private func run() throws -> ServingRun {
    let session = try session()
    return try session.run(
      session.start.question, batching: try given.batching?.value(of: "--batching") ?? .continuous)
  }

  /// The model, a line for each step, one for each request behind the step that was its last, and what they come to.
  func lines(_ line: (JSONText) throws -> Void) throws {
    let run = try run()
    try line(StepFields.json(run.trace.model))
    while let step = try run.computeNextStep() {
      try line(ServingFields.json(step, budget: run.trace.budget))
      for served in run.trace.served where served.finished == step.number {
        try line(ServingFields.json(served))
      }
    }
    try line(ServingFields.total(run.trace))
  }

  /// The same for people, when all is done: a row a request, a column a step.
  func print(_ look: Look) throws {
    let run = try run()
    while try run.computeNextStep() != nil {}
    try Output.standard.say(RequestsText(run.trace, look).text)
  }
}
