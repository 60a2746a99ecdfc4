internal import Base
internal import Screens
internal import TinyModel
internal import Trace

/// A run that is ready but for its model's weights, and what another prompt needs.
struct OpenedRun {
  let model: OpenedModel
  let tokenizer: Tokenizer
  let plan: RunPlan
  /// What it begins with, where that was given as a text.
  var text = ""
  /// What the model's folder asks for and nobody does.
  var unheeded: UnheededFields?
  /// What is wrong with it on purpose.
  var fault: Fault?

  /// The runs that go side by side.
  private var lanes: [Lane] { Lane.bothRuns(fault) }

  /// The run with the weights, which are read where nobody has read them.
  func read() throws(ModelError) -> RunSession {
    RunSession(model: try model.read(), tokenizer: tokenizer, plan: plan, fault: fault)
  }

  /// The most tokens of a first step that is computed twice: once before the weights are packed, so that there is something to see.
  private static let mostPreviewed = 64

  /// The run's first step before the weights are packed, of which nobody says how long it took; nil where they are, where the
  /// step is long itself, or where it was cancelled.
  func preview(_ progress: StepProgress) throws(ModelError) -> Trace? {
    guard plan.length(at: 1) <= Self.mostPreviewed else { return nil }
    let model = try model.streamed(progress)
    guard !model.isPacked else { return nil }
    let runner = LockStep(
      model: model, tokenizer: tokenizer, plan: plan, lanes: lanes, isTimed: false,
      progress: progress)
    return try runner.computeNextStep() == nil ? nil : runner.trace
  }

  /// A runner at the beginning of the run; the weights are read beside a screen, which is told how far that has come.
  func runner(_ progress: StepProgress) throws(ModelError) -> LockStep {
    LockStep(
      model: try model.read(progress), tokenizer: tokenizer, plan: plan, lanes: lanes,
      progress: progress)
  }

  /// The run of which nothing is computed.
  var beginning: Trace { plan.beginning(model.description, tokenizer, lanes) }

  /// How a screen begins with it, as far as it is computed.
  func start(_ trace: Trace) -> RunStart {
    let notices = Language.allCases.compactMap { language in
      unheeded.map { (language, $0.notice(language)) }
    }
    return RunStart(
      trace: trace, longest: plan.longest, notice: Dictionary(uniqueKeysWithValues: notices))
  }

  /// The same kind of run over another text; what was said of the folder is not said again.
  func over(_ text: String) throws(RunPlanError) -> OpenedRun {
    let shape = model.configuration
    let plan = try RunPlan(
      start: plan.start, ids: tokenizer.encodeStart(text), newTokens: plan.newTokens,
      contextLength: shape.contextLength, limit: shape.contextLimit,
      ignoresEndOfSequence: plan.ignoresEndOfSequence, sampling: plan.sampling,
      candidates: plan.candidates)
    try model.requireMemory(for: plan, lanes)
    return OpenedRun(model: model, tokenizer: tokenizer, plan: plan, text: text, fault: fault)
  }
}

extension OpenedRun {
  /// What computes it: beside a screen, or where a step is wanted.
  func service(isLive: Bool) throws -> any RunService {
    isLive ? try ComputedRun(self) : try ImmediateRun(self)
  }
}

/// A model with a run that is ready to be computed.
struct RunSession {
  let model: Transformer
  let tokenizer: Tokenizer
  let plan: RunPlan
  /// What is wrong with it on purpose.
  var fault: Fault?

  /// A runner at the beginning of the run.
  func runner() -> LockStep {
    LockStep(model: model, tokenizer: tokenizer, plan: plan, lanes: Lane.bothRuns(fault))
  }
}
