public import Base
public import TinyModel
public import Trace

/// What the run of a scene is made from.
public struct RunKey: Hashable, Sendable {
  let model: String
  let text: String
  let isPrompt: Bool
  let tokens: Int
}

/// Why a scene cannot run.
public enum RunFailure: Explained, Equatable {
  /// Its model cannot be found, opened or run.
  case model(ModelError)
  /// Its text cannot be run.
  case plan(RunPlanError)
  /// A lesson's scene asks for a longer run than a lesson can.
  case tooLong(tokens: Int, most: Int)

  /// The cause's exit code; 65 for a run that is too long.
  public var status: Int32 {
    switch self {
    case .model(let error): error.status
    case .plan(let error): error.status
    case .tooLong: ExitStatus.badData.rawValue
    }
  }

  /// What is wrong and what to do.
  public func message(_ language: Language) -> String? {
    switch self {
    case .model(let error): error.message(language)
    case .plan(let error): error.message(language)
    case .tooLong(let tokens, let most):
      language(
        "这个场景要跑到 \(tokens) 个 token；课里最多 \(most) 个，把 text 或 tokens 改短",
        "the scene runs to \(tokens) tokens, and a lesson's to \(most) at most; shorten text or tokens"
      )
    }
  }
}

/// The complete runs of the scenes, each computed once.
public final class RunLibrary {
  private let models: ModelLibrary
  private var loaded: [String: (Transformer, Tokenizer)] = [:]
  private var traces: [RunKey: Trace] = [:]

  /// Creates an empty library over the models that can be found.
  public init(models: ModelLibrary) { self.models = models }

  /// The run of a scene, and the run of its second text.
  public func traces(of scene: SceneSpec) throws(RunFailure) -> (run: Trace, comparison: Trace?) {
    let run = try trace(scene, text: scene.text)
    guard let change = scene.change else { return (run, nil) }
    return (run, try trace(scene, text: change))
  }

  private func trace(_ scene: SceneSpec, text: String) throws(RunFailure) -> Trace {
    let key = RunKey(
      model: scene.model, text: text, isPrompt: scene.start == .prompt, tokens: scene.tokens)
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
      throw .plan(error)
    }
    guard plan.longest <= LessonLimits.tokens else {
      throw .tooLong(tokens: plan.longest, most: LessonLimits.tokens)
    }
    let runner = LockStep(model: model, tokenizer: tokenizer, plan: plan)
    do throws(ModelError) {
      while try runner.computeNextStep() != nil {}
    } catch {
      throw .model(error)
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
      throw .model(error)
    }
  }
}
