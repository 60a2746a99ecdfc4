internal import Base
internal import Lessons
internal import TinyModel
internal import Trace

/// The complete runs of lessons' scenes, each computed once, and what their tools print.
final class RunLibrary: SceneRunner {
  /// What a run is made from.
  private struct Key: Hashable {
    let model: String
    let text: String
    let start: Feeding
    let tokens: Int
  }

  private let models: ModelLibrary
  private var loaded: [String: (Transformer, Tokenizer)] = [:]
  private var traces: [Key: Trace] = [:]

  private let tools: ToolLibrary?

  /// Creates an empty library over the models that can be found; without `tools` nothing is known of commands.
  init(models: ModelLibrary, tools: ToolLibrary? = nil) {
    (self.models, self.tools) = (models, tools)
  }

  /// The run of a scene, the run of its second text, and what its commands print.
  func runs(of scene: SceneSpec) throws(RunFailure) -> SceneRuns {
    let run = try trace(scene, text: scene.text)
    var comparison: Trace?
    if let change = scene.change { comparison = try trace(scene, text: change) }
    var facts = ToolFacts()
    if let tools {
      facts = ToolFacts(of: scene.commands) { link throws(RunFailure) in
        try tools.facts(of: link)
      }
    }
    return SceneRuns(run, comparison: comparison, tools: facts)
  }

  /// Has a model at hand from now on.
  func hold(_ name: String) throws(RunFailure) { _ = try model(name) }

  private func trace(_ scene: SceneSpec, text: String) throws(RunFailure) -> Trace {
    let key = Key(model: scene.model, text: text, start: scene.start, tokens: scene.tokens)
    if let known = traces[key] { return known }
    let trace = try compute(scene, text: text)
    traces[key] = trace
    return trace
  }

  private func compute(_ scene: SceneSpec, text: String) throws(RunFailure) -> Trace {
    let (model, tokenizer) = try model(scene.model)
    let plan: RunPlan
    do throws(RunPlanError) {
      plan = try RunPlan(
        start: scene.start, ids: tokenizer.encodeStart(text), newTokens: scene.tokens,
        contextLength: model.configuration.contextLength)
      try plan.requireMemory(of: model)
    } catch {
      throw .cannotCompute(error)
    }
    guard plan.longest <= LessonLimits.tokens else {
      throw .tooLong(tokens: plan.longest, most: LessonLimits.tokens)
    }
    let runner = LockStep(model: model, tokenizer: tokenizer, plan: plan)
    do throws(ModelError) {
      while try runner.computeNextStep() != nil {}
    } catch {
      throw .cannotCompute(error)
    }
    return runner.trace
  }

  private func model(_ name: String) throws(RunFailure) -> (Transformer, Tokenizer) {
    if let known = loaded[name] { return known }
    do throws(ModelError) {
      let folder = try models.folder(named: name)
      let checkpoint = try ModelError.reading { () throws(FileError) in
        try Checkpoint(folder: folder)
      }
      let tokenizer = try ModelError.reading(checkpoint.tokenizer)
      let pair = (try Transformer(checkpoint), tokenizer)
      loaded[name] = pair
      return pair
    } catch {
      throw .cannotCompute(error)
    }
  }
}
