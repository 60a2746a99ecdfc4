internal import Base
#if canImport(Glibc)
  internal import Glibc
#else
  internal import Darwin
#endif
public import Trace

/// Runs a cache policy in lock-step with the full cache, which is the reference and chooses the tokens.
///
///     let lab = try PolicyLab(model: model, tokenizer: tokenizer, plan: plan, policy: CachePolicy("sinks:4+16"))
///     while let step = try lab.computeNextStep() { print(step.divergence) }
///
/// Every token is fed in a pass of its own, those of a prompt too, so that each query sees what the policy kept; a prompt's
/// passes are one step, its last query's.
public final class PolicyLab {
  /// What goes beside the full cache.
  public let policy: CachePolicy
  /// The steps so far.
  public private(set) var steps: [LabStep] = []
  private let run: LockStep
  private let plan: RunPlan

  /// The lanes that go side by side: the reference, and the policy's.
  public static func lanes(_ policy: CachePolicy) -> [Lane] {
    [.cached, Lane(name: "policy", cache: policy)]
  }

  /// Prepares a lab; nothing is computed yet.
  ///
  /// - Parameters:
  ///   - model: what computes.
  ///   - tokenizer: tells what tokens add to the text.
  ///   - plan: which steps there are; it feeds every token by itself.
  ///   - policy: what goes beside the full cache.
  /// - Throws: why the model cannot be run so.
  public init(
    model: Transformer, tokenizer: Tokenizer, plan: RunPlan, policy: CachePolicy
  ) throws(PolicyRefusal) {
    precondition(plan.length(at: 1) == 1, "\(plan.length(at: 1)) tokens at the first step")
    let lanes = Self.lanes(policy)
    for lane in lanes { try PolicyRefusal.check(lane, model.configuration) }
    self.policy = policy
    self.plan = plan
    run = LockStep(model: model, tokenizer: tokenizer, plan: plan, lanes: lanes)
  }

  /// Both lanes as they ran, a pass a step: a prompt's tokens too.
  public var trace: Trace { run.trace }

  /// How far the pass has come that is being computed; it also stops the run.
  public var progress: StepProgress { run.progress }

  /// Passes that lead to the first step: of a prompt all but its last token.
  private var passesBefore: Int { plan.start == .prompt ? plan.ids.count - 1 : 0 }

  /// Computes the next step; nil when the run is over.
  public func computeNextStep() throws(ModelError) -> LabStep? {
    while let pass = try run.computeNextStep() {
      guard pass.number > passesBefore else { continue }
      let step = step(pass)
      steps.append(step)
      return step
    }
    return nil
  }

  private func step(_ pass: Step) -> LabStep {
    let (full, policy) = (pass.lanes[0], pass.lanes[1])
    let (fullLogs, logs) = (LogSoftmax(run.logits[0]), LogSoftmax(run.logits[1]))
    var surprise: LabStep.Surprise?
    if plan.start == .text, pass.length < plan.ids.count {
      let next = plan.ids[pass.length]
      surprise = .init(policy: -logs.values[next], full: -fullLogs.values[next])
    }
    return LabStep(
      number: pass.number - passesBefore, length: pass.length,
      token: run.trace.tokens[pass.length - 1],
      kept: KeptPositions(seen(policy)), weightSums: run.weightSums(lane: 1),
      cacheBytes: policy.cacheBytes ?? 0,
      fullCacheBytes: full.cacheBytes ?? 0, next: policy.next, fullNext: full.next,
      divergence: fullLogs.divergence(of: logs), surprise: surprise)
  }

  /// The positions that the last query sees, of those that the lane holds: `[layers][kv heads]`.
  private func seen(_ lane: LaneStep) -> [[[Int]]] {
    let model = run.trace.model
    return (0..<model.layers).map { layer in
      let mask = model.rule(ofLayer: layer).mask
      return (0..<model.kvHeads).map { lane.seen(layer: layer, kvHead: $0, mask) }
    }
  }
}

/// The natural logarithms of a softmax, in f64.
struct LogSoftmax {
  let values: [Double]

  init(_ logits: [Float]) {
    let largest = logits.reduce(-.infinity) { max($0, Double($1)) }
    let sum = log(logits.reduce(0) { $0 + exp(Double($1) - largest) })
    values = logits.map { Double($0) - largest - sum }
  }

  /// Kullback and Leibler's divergence of another distribution from this one, p: Σ p ln(p / other).
  func divergence(of other: LogSoftmax) -> Double {
    zip(values, other.values).reduce(0) { $0 + exp($1.0) * ($1.0 - $1.1) }
  }
}
