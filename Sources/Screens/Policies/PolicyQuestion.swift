public import Base
public import Trace

/// A cache policy that is to be run beside the full cache.
public struct PolicyQuestion: Hashable, Sendable {
  /// The policy.
  public let policy: CachePolicy

  /// Asks for a policy.
  public init(_ policy: CachePolicy) { self.policy = policy }
}

/// A policy beside the full cache, as far as it was run; it comes again and again while the run goes on.
public struct PolicyAnswer: Sendable {
  /// What became of it.
  public enum Outcome: Sendable {
    /// It runs, or has run.
    case run(PolicyRun)
    /// The model cannot be run so.
    case refused(any Explained)
  }

  /// What was asked.
  public let question: PolicyQuestion
  /// What became of it.
  public let outcome: Outcome

  /// Answers a question.
  public init(_ question: PolicyQuestion, _ outcome: Outcome) {
    (self.question, self.outcome) = (question, outcome)
  }
}

/// A policy's lane beside the full cache's.
public struct PolicyRun: Sendable {
  /// Both lanes, a token a step; the full cache is the first.
  public let trace: Trace
  /// The steps so far; of a prompt the first is that of its last token.
  public let steps: [LabStep]
  /// Tokens of the longest sequence, as planned.
  public let longest: Int

  /// A run as far as it has come.
  public init(trace: Trace, steps: [LabStep], longest: Int) {
    (self.trace, self.steps, self.longest) = (trace, steps, longest)
  }

  /// Whether every step was run.
  public var isComplete: Bool { trace.isComplete }

  /// How many steps there will be, as far as that is known.
  var plannedSteps: Int { trace.plannedSteps - (trace.steps.count - steps.count) }

  /// The pass of a step: what both lanes did with its token.
  func pass(of step: LabStep) -> Step { trace.steps[step.length - 1] }

  /// Floats that a run keeps, about: Q, K, V and the residual stream of both lanes.
  var floats: Bytes {
    let model = trace.model
    let width = model.heads * model.headDimension + model.kvHeads * 2 * model.headDimension
    let residual = (model.modelDimension ?? 0) * (1 + 2 * model.layers)
    return Bytes(2 * trace.steps.count) * (model.layers * width + residual)
  }
}
