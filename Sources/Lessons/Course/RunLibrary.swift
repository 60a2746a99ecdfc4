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
public enum RunFailure: Explained {
  /// Its model cannot be found, opened or run.
  case model(ModelError)
  /// Its text cannot be run.
  case plan(RunPlanError)

  private var cause: any Explained {
    switch self {
    case .model(let error): error
    case .plan(let error): error
    }
  }

  /// The cause's exit code.
  public var status: Int32 { cause.status }

  /// The cause's sentence.
  public func message(_ language: Language) -> String? { cause.message(language) }
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
    let runner: Runner
    do throws(RunPlanError) {
      let plan = try RunPlan(
        start: scene.start, ids: tokenizer.encodeStart(text), newTokens: scene.tokens,
        positions: model.configuration.positions)
      runner = Runner(model: model, tokenizer: tokenizer, plan: plan)
    } catch {
      throw .plan(error)
    }
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
