public import Base
public import Trace

/// Cache policies that are to be run beside the full cache.
public struct PolicyQuestion: Hashable, Sendable {
  /// What is run behind the first policy.
  public enum Other: Hashable, Sendable {
    /// Another policy.
    case policy(CachePolicy)
    /// As many of the newest tokens, as they were computed, as the bytes of the first policy hold.
    case windowOfEqualBytes
  }

  /// The policy that is run first; nil where it is known.
  public let policy: CachePolicy?
  /// The one behind it; nil where there is none.
  public let other: Other?

  /// Asks for policies.
  public init(_ policy: CachePolicy?, _ other: Other? = nil) {
    (self.policy, self.other) = (policy, other)
  }
}

/// Policies beside the full cache, as far as they were run; they come again and again while the runs go on.
public struct PolicyAnswer: Sendable {
  /// What became of a policy.
  public enum Outcome: Sendable {
    /// It runs, or has run.
    case run(PolicyRun)
    /// The model cannot be run so.
    case refused(any Explained)
  }

  /// What became of which policy, in the order in which they were run.
  public private(set) var outcomes: [(policy: CachePolicy, outcome: Outcome)] = []

  /// Nothing yet.
  public init() {}

  /// Says what became of a policy, in the place of what was said of it before.
  public mutating func put(_ policy: CachePolicy, _ outcome: Outcome) {
    outcomes.removeAll { $0.policy == policy }
    outcomes.append((policy, outcome))
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

  /// A window of as many tokens as this policy's bytes hold as they were computed; nil until the run is over.
  public var windowOfEqualBytes: CachePolicy? {
    guard isComplete, let last = steps.last else { return nil }
    let token = max(1, last.fullCacheBytes / max(1, last.length))
    return CachePolicy(retention: .window(max(1, last.cacheBytes / token)))
  }

  /// How many steps there will be, as far as that is known.
  var plannedSteps: Int { trace.plannedSteps - (trace.steps.count - steps.count) }

  /// The pass of a step: what both lanes did with its token.
  func pass(of step: LabStep) -> Step { trace.steps[step.length - 1] }

  /// What runs that are kept take at most, but for the two on the screen.
  package static let mostBytesKept = PolicyRuns.mostFloats * MemoryLayout<Float>.size
  /// Bytes that a run keeps, about.
  package var bytes: Int { (floats * MemoryLayout<Float>.size).count }

  /// Floats that a run keeps, about: Q, K, V and the residual stream of both lanes.
  var floats: Bytes {
    let model = trace.model
    let width = model.heads * model.headDimension + model.kvHeads * 2 * model.headDimension
    let residual = (model.modelDimension ?? 0) * (1 + 2 * model.layers)
    return Bytes(2 * trace.steps.count) * (model.layers * width + residual)
  }
}
