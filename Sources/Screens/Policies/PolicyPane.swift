internal import Base
internal import Trace
internal import Viz

/// One side of the picture: what a policy, or the full cache, has of the tokens at a step.
struct PolicyPane {
  let policy: CachePolicy
  /// What is drawn; nil where the step has not been run.
  let content: Content?
  /// Why it cannot be run.
  let refusal: (any Explained)?
  /// Steps run so far.
  let computed: Int

  /// A step of a head.
  struct Content {
    let run: PolicyRun
    let step: LabStep
    let pass: Step
    let head: LabHead
    /// Whether this is the full cache's lane.
    let isFull: Bool

    /// What the newest query looked at.
    var weights: [Float?] { isFull ? head.fullWeights.map { $0 } : head.weights }
    /// The first passes, in which attention read all as it was computed, and whether none has read anything else; nil where
    /// the first read fewer bits.
    var unscaled: (count: Int, isAll: Bool)? {
      let passes = run.trace.steps.prefix(pass.number)
      let count = passes.prefix {
        $0.lanes[1].reading?.layers.allSatisfy(\.changed.isEmpty) ?? true
      }.count
      return isFull || count == 0 ? nil : (count, count == passes.count)
    }
    var tokens: ArraySlice<TraceToken> { run.trace.sequence(at: pass) }
    /// Sums of weights by position, of the head's KV head; nil where the policy does not go by them.
    var sums: [Double?]? {
      guard !isFull, let all = step.weightSums else { return nil }
      let kvHead = run.trace.model.kvHead(of: head.head)
      var sums = [Double?](repeating: nil, count: step.length)
      let kept = pass.lanes[1].kept(layer: head.layer, kvHead: kvHead)?.all ?? []
      for (slot, position) in kept.enumerated() { sums[position] = all[head.layer][kvHead][slot] }
      return sums
    }
  }

  /// The policy of a state, or with `isCompanion` what stands beside it.
  init(_ state: PoliciesState, isCompanion: Bool) {
    let other = state.companionPolicy
    let isFull = isCompanion && state.companion == .full
    let shown = isCompanion ? other ?? .full : state.policy
    policy = isFull ? .full : shown
    let run = isFull || !isCompanion ? state.run : other.flatMap { state.runs.run($0) }
    refusal = isFull ? nil : state.runs.refusal(shown)
    computed = run?.steps.count ?? 0
    guard let run, state.step > 0, state.step <= run.steps.count else {
      content = nil
      return
    }
    let step = run.steps[state.step - 1]
    let pass = run.pass(of: step)
    content = Content(
      run: run, step: step, pass: pass,
      head: LabHead(run.trace, step: pass, layer: state.layer, head: state.head), isFull: isFull)
  }

  /// How many of the first tokens stay in view of a sequence that is too long for the screen.
  var first: Int {
    if case .sinks(let first, _) = policy.retention { return min(first, 8) }
    return 0
  }
}
