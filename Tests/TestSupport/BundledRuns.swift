package import Lessons
internal import Base
internal import TinyModel
internal import Trace

/// Scenes' runs of the bundled models, each computed once.
package final class BundledRuns: SceneRunner, @unchecked Sendable {
  private var models: [String: (Transformer, Tokenizer)] = [:]
  private var runs: [SceneSpec: SceneRuns] = [:]

  /// Nothing is computed yet.
  package init() {}

  /// The run of a scene, and the run of its second text.
  package func runs(of scene: SceneSpec) throws(RunFailure) -> SceneRuns {
    if let known = runs[scene] { return known }
    do {
      let computed = SceneRuns(
        try trace(scene, scene.text), comparison: try scene.change.map { try trace(scene, $0) },
        tools: ToolFacts(of: scene.commands, BuiltProgram.facts))
      runs[scene] = computed
      return computed
    } catch {
      throw .cannotCompute(Failure(error: error))
    }
  }

  private func trace(_ scene: SceneSpec, _ text: String) throws -> Trace {
    let (model, tokenizer) = try model(scene.model)
    let plan = try RunPlan(
      start: scene.start, ids: tokenizer.encode(text), newTokens: scene.tokens,
      contextLength: model.configuration.contextLength)
    let runner = LockStep(model: model, tokenizer: tokenizer, plan: plan)
    while try runner.computeNextStep() != nil {}
    return runner.trace
  }

  private func model(_ name: String) throws -> (Transformer, Tokenizer) {
    if let known = models[name] { return known }
    let checkpoint = try Checkpoint(folder: Checkout.root + "/models/" + name)
    let model = (try Transformer(checkpoint), try checkpoint.tokenizer())
    models[name] = model
    return model
  }
}
