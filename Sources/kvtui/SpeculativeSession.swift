internal import Base
internal import Kernels
internal import Screens
internal import TinyModel
internal import Trace

/// Writes texts with drafts, as often as the screen changes its knobs; models are read when they are first needed.
final class SpeculativeSession: WorkSession {
  private let source: ModelSource
  private let tokenizer: Tokenizer
  private let type: WeightType
  private let pool: ThreadPool
  private let newTokens: Int
  private let ignoresEndOfSequence: Bool
  private var model: Transformer?
  /// Models that draft, by their names.
  private var drafts: [String: Transformer] = [:]
  /// The names of those that could.
  private var names: [String] = []
  let start: SpeculativeStart

  /// A text of which some of what is drafted first is right and some is not.
  private static let standardText = "红楼梦"
  private static let standardTokens = 17

  /// Options with the text that is written where none is given.
  static func completed(_ options: RunOptions) -> RunOptions {
    guard options.prompt == nil else { return options }
    var options = options
    options.prompt = standardText
    options.tokens = options.tokens ?? "\(standardTokens)"
    return options
  }

  /// Opens both models and refuses what does not go together; no weights are read.
  init(_ options: RunOptions, draft: String, drafted: Int) throws {
    let hasPrompt = options.prompt != nil
    let text = try options.promptText() ?? Self.standardText
    newTokens =
      try options.tokens.map { tokens throws(CommandError) in
        try NumberArgument.whole(tokens, of: "--tokens", in: 1...Int.max)
      } ?? (hasPrompt ? RunOptions.defaultNewTokens : Self.standardTokens)
    source = try options.model.source(seed: NumberArgument.bits(options.seedText, of: "--seed"))
    (type, pool) = (try options.engine.weightType(of: source), try options.engine.pool())
    tokenizer = try source.tokenizer()
    ignoresEndOfSequence = options.ignoreEos
    start = SpeculativeStart(
      model: source.name,
      question: SpeculativeQuestion(
        text: text, drafts: drafted, draft: try ProcessFacts.path(draft, of: "--draft")))
    try check(plan(of: text), start.question, try Self.source(of: start.question.draft))
  }

  static func asked(_ question: Question) -> SpeculativeQuestion? {
    guard case .speculative(let asked) = question else { return nil }
    return asked
  }

  static func findings(_ board: SpeculativeBoard) -> Findings { .speculative(board) }

  private static func source(of draft: String) throws -> ModelSource {
    try ModelSource(model: draft, random: nil, seed: 0)
  }

  // MARK: Checking

  private func plan(of text: String) throws -> RunPlan {
    try RunPlan(
      start: .prompt, ids: tokenizer.encodeStart(text), newTokens: newTokens,
      contextLength: source.configuration.contextLength,
      ignoresEndOfSequence: ignoresEndOfSequence)
  }

  /// Refuses models that do not go together, and what does not fit into memory.
  private func check(
    _ plan: RunPlan, _ question: SpeculativeQuestion, _ small: ModelSource
  ) throws {
    try SpeculativeDecoding.requireSameTokens(
      (source.name, source.configuration, tokenizer),
      (question.draft, small.configuration, try small.tokenizer()))
    try SpeculativeDecoding.requirePositions(for: plan, (question.draft, small.configuration))
    guard let weights = source.memoryPlan(type) else { return }
    let (shape, threads) = (source.configuration, pool.threads)
    try plan.requireMemory(
      of: shape, beside: weights, threads: threads, use: .session(.cached)
    ) { [type] plan in
      SpeculativeDecoding.bytes(
        plan, drafts: question.drafts, model: shape, draft: small.configuration,
        draftWeights: small.memoryPlan(type)?.total ?? 0, threads: threads, recordsWeights: true)
    }
  }

  // MARK: Runs

  /// The passes as they come, then the same text token by token.
  func work(
    on asked: SpeculativeQuestion, _ goesOn: (SpeculativeBoard) -> Bool
  ) throws -> SpeculativeBoard {
    let (plan, small) = (try plan(of: asked.text), try Self.source(of: asked.draft))
    try check(plan, asked, small)
    let (model, draft) = (try loaded(), try loaded(small, asked.draft))
    let run = SpeculativeDecoding(
      model: model, draft: draft, plan: plan, drafts: asked.drafts, recordsWeights: true)
    var board = SpeculativeBoard(
      question: asked, model: model.description, drafters: drafters(asked.draft),
      draftParameters: draft.description.parameters, trace: run.trace)
    while try run.computeNextPass() != nil {
      fill(&board, run.trace)
      guard goesOn(board) else { return board }
    }
    fill(&board, run.trace)
    board.plain = try PlainDecoding(model, plan: plan)
    return board
  }

  private func fill(_ board: inout SpeculativeBoard, _ trace: SpeculativeTrace) {
    board.trace = trace
    let ids = trace.text + trace.passes.flatMap { $0.drafted + $0.chosen }
    for id in ids where board.texts[id] == nil { board.texts[id] = tokenizer.text(of: id) }
  }

  private func loaded() throws -> Transformer {
    if let model { return model }
    let model = try source.transformer(type, pool)
    self.model = model
    return model
  }

  private func loaded(_ small: ModelSource, _ name: String) throws -> Transformer {
    if let known = drafts[name] { return known }
    let draft = try small.transformer(type, pool)
    drafts[name] = draft
    return draft
  }

  /// The library's other models of the same tokens, and the one that was named: the model itself would draft what it
  /// writes, so it does not come by itself.
  private func drafters(_ named: String) -> [String] {
    if names.isEmpty {
      names = ProcessFacts.modelLibrary.listings().map(\.name).filter {
        $0 != source.name && isFit($0)
      }
    }
    return names.contains(named) ? names : [named] + names
  }

  private func isFit(_ name: String) -> Bool {
    guard let small = try? Self.source(of: name), let other = try? small.tokenizer() else {
      return false
    }
    return
      (try? SpeculativeDecoding.requireSameTokens(
        (source.name, source.configuration, tokenizer), (name, small.configuration, other))) != nil
  }
}
