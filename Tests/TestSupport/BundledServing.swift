internal import Base
internal import TinyModel
package import Trace

/// Requests that the bundled model served over a pool.
package struct BundledServing {
  /// A request: its prompt, tokens that it writes at most, and the step from which on it waits.
  package typealias Request = (prompt: String, tokens: Int, arrives: Int)

  /// Each prompt, token by token.
  package let prompts: [[TraceToken]]
  private let script: RequestScript
  private let model: Transformer
  private let tokenizer: Tokenizer

  /// Reads the model.
  package init(_ requests: [Request]) throws {
    let checkpoint = try Checkpoint(folder: Checkout.root + "/models/tiny-zh")
    let tokenizer = try checkpoint.tokenizer()
    (model, self.tokenizer) = (try Transformer(checkpoint), tokenizer)
    prompts = try requests.map { request in
      try tokenizer.encode(request.prompt).map {
        TraceToken(id: $0, text: tokenizer.text(of: $0))
      }
    }
    script = try RequestScript(
      requests.map {
        RequestScript.Entry(line: 1, prompt: $0.prompt, tokens: $0.tokens, arrives: $0.arrives)
      }, file: "requests")
  }

  /// All steps, or the first of them.
  package func run(
    blockSize: Int, blocks: Int?, budget: Int, shares: Bool = true,
    batching: Batching = .continuous, steps: Int = .max
  ) throws -> ServingTrace {
    var plan = try ServingPlan(
      script, tokenizer: tokenizer, shape: model.configuration, blockSize: blockSize,
      blocks: blocks, budget: budget)
    (plan.shares, plan.batching) = (shares, batching)
    let run = ServingRun(model, tokenizer: tokenizer, plan: plan)
    while run.trace.steps.count < steps, try run.computeNextStep() != nil {}
    return run.trace
  }
}

/// A text that one bundled model drafted and another verified.
package struct BundledDrafts {
  /// The model that verifies.
  package let model: ModelDescription
  /// Numbers that the drafting model's weights are.
  package let draftParameters: Int?
  /// The passes, with their weights.
  package let trace: SpeculativeTrace
  /// The same text token by token.
  package let plain: PlainDecoding
  /// The text of each id that occurs.
  package let texts: [Int: String]

  /// Writes behind a prompt.
  package init(_ prompt: String, tokens: Int, drafts: Int, draft: String = "tiny-zh-mqa") throws {
    let (own, small) = (try Self.checkpoint("tiny-zh"), try Self.checkpoint(draft))
    let (tokenizer, model) = (try own.tokenizer(), try Transformer(own))
    let plan = try RunPlan(
      start: .prompt, ids: tokenizer.encodeStart(prompt), newTokens: tokens,
      contextLength: model.configuration.contextLength)
    let draft = try Transformer(small)
    draftParameters = draft.description.parameters
    let run = SpeculativeDecoding(
      model: model, draft: draft, plan: plan, drafts: drafts, recordsWeights: true)
    while try run.computeNextPass() != nil {}
    trace = run.trace
    plain = try PlainDecoding(model, plan: plan)
    self.model = model.description
    let ids = Set(trace.text + trace.passes.flatMap { $0.drafted + $0.chosen })
    texts = Dictionary(uniqueKeysWithValues: ids.map { ($0, tokenizer.text(of: $0)) })
  }

  private static func checkpoint(_ name: String) throws -> Checkpoint {
    try Checkpoint(folder: Checkout.root + "/models/" + name)
  }
}
