internal import Base
internal import Kernels
internal import Screens
internal import TinyModel
internal import Trace

/// Serves requests over a pool of blocks, as often as the screen changes its knobs; the model is read when it is first needed.
final class ServingSession: WorkSession {
  private let source: ModelSource
  private let tokenizer: Tokenizer
  private let type: WeightType
  private let pool: ThreadPool
  private let ignoresEndOfSequence: Bool
  /// What the requests are called in errors.
  private let file: String
  /// Entries that a file has, for errors that name its lines.
  private let entries: [RequestScript.Entry]
  private var model: Transformer?
  let start: ServingStart

  /// The most tokens of a step of the bundled requests.
  static let bundledBudget = 16
  /// Blocks for the bundled requests: enough for all where they share their beginnings.
  static func bundledBlocks(_ size: Int) -> Int { max(1, 144 / size) }

  /// Nothing of the weights is read yet.
  init(
    _ source: ModelSource, tokenizer: Tokenizer, _ type: WeightType, _ pool: ThreadPool,
    _ script: RequestScript, blockSize: Int, blocks: Int?, budget: Int,
    ignoresEndOfSequence: Bool, shares: Bool
  ) {
    (self.source, self.tokenizer, self.type, self.pool) = (source, tokenizer, type, pool)
    self.ignoresEndOfSequence = ignoresEndOfSequence
    (file, entries) = (script.file, script.entries)
    let requests = script.entries.map {
      ServingRequest(prompt: $0.prompt, tokens: $0.tokens, arrives: $0.arrives)
    }
    // A pool beyond all numbers is refused by its blocks.
    let slots = blocks.map { $0.multipliedReportingOverflow(by: blockSize) }
    start = ServingStart(
      model: source.name, positions: source.configuration.contextLength,
      question: ServingQuestion(
        requests: requests, blockSize: blockSize,
        slots: slots.map { $0.overflow ? Int.max : $0.partialValue }, shares: shares,
        budget: budget))
  }

  static func asked(_ question: Question) -> ServingQuestion? {
    guard case .serving(let asked) = question else { return nil }
    return asked
  }

  static func findings(_ board: ServingBoard) -> Findings { .serving(board) }

  /// Refuses what cannot be served, before the weights are read.
  func check() throws { _ = try plan(start.question) }

  // MARK: Runs

  /// The steps as they come, then what they are held against.
  func work(on asked: ServingQuestion, _ goesOn: (ServingBoard) -> Bool) throws -> ServingBoard {
    let run = try run(asked)
    var board = ServingBoard(
      question: asked, prompts: try asked.requests.map { try tokens(of: $0.prompt) },
      trace: run.trace)
    while try run.computeNextStep() != nil {
      board.trace = run.trace
      guard goesOn(board) else { return board }
    }
    var other = asked
    other.shares.toggle()
    board.wholeBatches = try all(asked, batching: .whole) { goesOn(board) }
    if board.wholeBatches != nil { board.otherSharing = try all(other) { goesOn(board) } }
    return board
  }

  /// All steps of a run that is made for its numbers; nil where it was given up.
  private func all(
    _ question: ServingQuestion, batching: Batching = .continuous, _ goesOn: () -> Bool
  ) throws -> ServingTrace? {
    let run = try run(question, batching: batching)
    while try run.computeNextStep() != nil {
      guard goesOn() else { return nil }
    }
    return run.trace
  }

  /// A run at its beginning.
  func run(_ question: ServingQuestion, batching: Batching = .continuous) throws -> ServingRun {
    var plan = try plan(question)
    plan.shares = question.shares
    plan.batching = batching
    return ServingRun(try loaded(), tokenizer: tokenizer, plan: plan)
  }

  private func plan(_ question: ServingQuestion) throws -> ServingPlan {
    let script = try RequestScript(
      question.requests.enumerated().map { index, request in
        let line = entries.indices.contains(index) ? entries[index].line : index + 1
        return RequestScript.Entry(
          line: line, prompt: request.prompt, tokens: request.tokens, arrives: request.arrives)
      }, file: file)
    let plan = try ServingPlan(
      script, tokenizer: tokenizer, shape: source.configuration, blockSize: question.blockSize,
      blocks: question.slots.map { max(1, $0 / question.blockSize) }, budget: question.budget,
      ignoresEndOfSequence: ignoresEndOfSequence)
    if let weights = source.memoryPlan(type) {
      try plan.requireMemory(
        beside: weights, of: source.configuration, threads: pool.threads)
    }
    return plan
  }

  private func loaded() throws -> Transformer {
    if let model { return model }
    let model = try source.transformer(type, pool)
    self.model = model
    return model
  }

  private func tokens(of prompt: String) throws -> [TraceToken] {
    try tokenizer.encode(prompt).map { TraceToken(id: $0, text: tokenizer.text(of: $0)) }
  }

  // MARK: Bundled requests

  /// Five requests as a server gets them: three begin alike, and nobody comes when another ends.
  static func bundledRequests() throws(RequestScriptError) -> RequestScript {
    let stem = "问：你好！\n答：你好！我是一个很小的模型，只会几十句话。\n"
    let requests: [(prompt: String, tokens: Int, arrives: Int)] = [
      (stem + "问：你是谁？\n答：", 19, 1), ("中华人民共和国", 22, 3), (stem + "问：谢谢！\n答：", 4, 6),
      (stem + "问：《静夜思》是谁写的？\n答：", 7, 7), ("世界最高峰", 22, 10),
    ]
    return try RequestScript(
      requests.enumerated().map { index, request in
        RequestScript.Entry(
          line: index + 1, prompt: request.prompt, tokens: request.tokens,
          arrives: request.arrives)
      }, file: wording("程序自带的请求", "the bundled requests"))
  }
}
