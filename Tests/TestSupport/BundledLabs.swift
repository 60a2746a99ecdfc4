internal import Synchronization
internal import TinyModel
package import Trace

/// Labs of the bundled models, each run once for all tests.
package final class BundledLabs: @unchecked Sendable {
  /// The labs of all tests, one after another.
  package static let shared = BundledLabs()

  /// A policy beside the full cache.
  package struct Lab {
    package let trace: Trace
    package let steps: [LabStep]
    package let longest: Int
  }

  private struct Key: Hashable {
    let policy: CachePolicy
    let model: String
    let text: String
    let tokens: Int
  }

  private let turn = Mutex(())
  private var models: [String: (Transformer, Tokenizer)] = [:]
  private var labs: [Key: Lab] = [:]

  private init() {}

  /// A policy on a text, to its end or to so many steps.
  package func lab(
    _ policy: String, model: String = "tiny-zh", text: String = "中华人民共和国", tokens: Int = 13,
    steps: Int = .max
  ) throws -> Lab {
    try turn.withLock { _ in
      try ran(policy, model: model, text: text, tokens: tokens, steps: steps)
    }
  }

  private func ran(
    _ policy: String, model: String, text: String, tokens: Int, steps: Int
  ) throws -> Lab {
    let key = Key(policy: try CachePolicy(policy), model: model, text: text, tokens: tokens)
    if steps == .max, let known = labs[key] { return known }
    let (transformer, tokenizer) = try load(model)
    let plan = try RunPlan(
      start: .text, ids: tokenizer.encode(text), newTokens: tokens,
      contextLength: transformer.configuration.contextLength, first: 1)
    let lab = try PolicyLab(
      model: transformer, tokenizer: tokenizer, plan: plan, policy: key.policy)
    while lab.steps.count < steps, try lab.computeNextStep() != nil {}
    let made = Lab(trace: lab.trace, steps: lab.steps, longest: plan.longest)
    if steps == .max { labs[key] = made }
    return made
  }

  /// A model on a text, with the full cache.
  package func form(
    _ model: String, text: String = "中华人民共和国成立于1949年10月1日", steps: Int = .max
  ) throws -> AttentionForm {
    try turn.withLock { _ in try ran(model, text: text, steps: steps) }
  }

  private func ran(_ model: String, text: String, steps: Int) throws -> AttentionForm {
    let (transformer, tokenizer) = try load(model)
    let plan = try RunPlan(
      start: .text, ids: tokenizer.encode(text), newTokens: 0,
      contextLength: transformer.configuration.contextLength)
    let run = AttentionFormRun(model: transformer, tokenizer: tokenizer, plan: plan)
    while run.form.steps.count < steps, try run.computeNextStep() {}
    return run.form
  }

  private func load(_ name: String) throws -> (Transformer, Tokenizer) {
    if let known = models[name] { return known }
    let checkpoint = try Checkpoint(folder: Checkout.root + "/models/" + name)
    let model = (try Transformer(checkpoint), try checkpoint.tokenizer())
    models[name] = model
    return model
  }
}
