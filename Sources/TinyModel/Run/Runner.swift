internal import Kernels
public import Trace

/// Runs a model twice, without and with a KV cache, step by step.
///
///     let runner = try Runner(model: model, tokenizer: tokenizer, plan: plan)
///     while let step = try runner.computeNextStep() { print(step.cached.counter.flops) }
///
/// The uncached run feeds the whole sequence through every layer at every step; the cached run feeds
/// the prompt once, then one token a step. Both keep the last row's logits only.
///
/// Their seconds are those of the forward pass alone. Both are warm before the first step, and the steps alternate which
/// run goes first: the second finds in the processor's caches what the first has left there.
public final class Runner {
  /// The run so far.
  public private(set) var trace: Trace
  /// How far the step has come that is being computed; it also stops the run.
  public let progress = StepProgress()
  private let model: Transformer
  private let tokenizer: Tokenizer
  private let plan: RunPlan
  private let cache: FullStore
  private let cachedBuffers: ForwardBuffers
  private var uncachedCache: FullStore
  private var uncachedBuffers: ForwardBuffers
  private var sampler: Sampler
  private var sequence: [Int]
  private var failure: ModelError?
  private let now: () -> Duration

  /// Prepares a run; nothing is computed yet.
  public convenience init(model: Transformer, tokenizer: Tokenizer, plan: RunPlan) {
    self.init(model: model, tokenizer: tokenizer, plan: plan, now: PassTimer.wallClock)
  }

  init(
    model: Transformer, tokenizer: Tokenizer, plan: RunPlan, now: @escaping () -> Duration
  ) {
    self.now = now
    self.model = model
    self.tokenizer = tokenizer
    self.plan = plan
    let shape = model.configuration
    cache = FullStore(shape, capacity: plan.longest)
    cachedBuffers = ForwardBuffers(
      shape, rows: plan.length(at: 1), length: plan.longest, threads: model.threads)
    uncachedCache = FullStore(shape, capacity: plan.length(at: 1))
    uncachedBuffers = ForwardBuffers(
      shape, rows: plan.length(at: 1), length: plan.length(at: 1), threads: model.threads)
    sampler = Sampler(plan.sampling)
    sequence = plan.ids
    trace = Trace(
      model: model.description,
      tokens: plan.ids.map { TraceToken(id: $0, text: tokenizer.text(of: $0)) },
      givenTokens: plan.ids.count, plannedSteps: plan.steps)
  }

  /// Computes the next step of both runs; nil when the run is over or was cancelled.
  ///
  /// A run that has failed fails again; one that was cancelled stays so, as its caches hold half of a pass.
  public func computeNextStep() throws(ModelError) -> Step? {
    if let failure { throw failure }
    guard !trace.isComplete, !progress.isCancelled else { return nil }
    let number = trace.steps.count + 1
    let length = plan.length(at: number)

    progress.begin(step: number, lanes: trace.lanes.count)
    // It throws when the run is cancelled, and for nothing else.
    guard let passes = try? runBoth(number, length: length) else { return nil }
    let logits = passes.map(\.logits.floats)
    guard logits.allSatisfy({ $0.allSatisfy(\.isFinite) }) else {
      let failure = ModelError.notFinite(model: model.name, step: number)
      self.failure = failure
      throw failure
    }

    let chosen = advance(logits[0], length: length, step: number)
    let step = Step(
      number: number, phase: number == 1 ? .prefill : .decode, length: length,
      fed: Array(trace.tokens[(trace.steps.last?.length ?? 0)..<length]),
      lanes: record(passes, logits),
      chosen: TraceToken(id: chosen, text: tokenizer.text(of: chosen)))
    trace.steps.append(step)
    return step
  }

  /// What the lanes did, each beside the reference lane, the first.
  private func record(_ passes: [Pass], _ logits: [[Float]]) -> [LaneStep] {
    let reference = passes[0]
    let next = candidates(logits[0])
    return passes.indices.map { lane in
      let pass = passes[lane]
      if lane > 0 { pass.check.compareNewest(with: reference.check.activations) }
      let difference = LaneDifference(
        logits: model.kernels.maxAbsDifference(
          pass.logits.pointer, reference.logits.pointer, count: pass.logits.count),
        rows: pass.check.maxAbsDifference)
      return LaneStep(
        fed: pass.fed, kept: pass.kept,
        activations: lane == 0 || difference.rows != 0 ? pass.check.activations : nil,
        counter: pass.counter, seconds: pass.seconds, cacheBytes: pass.cacheBytes,
        next: difference.logits == 0 ? next : candidates(logits[lane]), difference: difference)
    }
  }

  /// Decides what the next step is fed, or that there is none.
  private func advance(_ logits: [Float], length: Int, step: Int) -> Int {
    // Inside a text the next token is the text's own.
    if length < plan.ids.count { return plan.ids[length] }
    let chosen = sampler.choose(logits)
    let isEnd = model.configuration.endOfSequence.contains(chosen)
    if isEnd && !plan.ignoresEndOfSequence {
      trace.plannedSteps = step
    } else if step < plan.steps {
      sequence.append(chosen)
      trace.tokens.append(TraceToken(id: chosen, text: tokenizer.text(of: chosen)))
    }
    return chosen
  }

  /// What a pass of one of the lanes gave.
  private struct Pass {
    let fed: Range<Int>
    let kept: [Positions]
    let cacheBytes: Int
    let counter: OperationCounter
    let seconds: Double
    let logits: FloatBuffer
    let check: RowCheck
  }

  /// Rows of the passes that nobody times: enough for the loops over many rows to be warm as well.
  private static let warmRows = 8

  /// Feeds both runs a few tokens and forgets them: whoever went first would be cold.
  private func warmUp(length: Int) {
    for (cache, buffers) in [(cache, cachedBuffers), (uncachedCache, uncachedBuffers)] {
      var counter = newCounter()
      _ = PassTimer(RowRecorder(model.configuration), now: now).time { observer in
        model.forward(
          sequence[..<min(length, Self.warmRows)], store: cache, buffers: buffers,
          counter: &counter, observer: observer)
      }
      cache.removeAll()
    }
  }

  /// Runs both, at odd steps the cached one first, at even steps the other; the reference is the first of what is returned.
  private func runBoth(
    _ number: Int, length: Int
  ) throws(StepProgress.Cancelled) -> [Pass] {
    if number == 1 { warmUp(length: length) }
    growUncached(to: length)
    // Before the clock starts: forgetting is no part of the model's work.
    uncachedCache.removeAll()
    if number % 2 == 1 {
      let cached = try runCached(length: length)
      return [try runUncached(length: length), cached]
    }
    return [try runUncached(length: length), try runCached(length: length)]
  }

  private func runCached(length: Int) throws(StepProgress.Cancelled) -> Pass {
    let fed = cache.tokens..<length
    let pass = try run(lane: 1, fed, cache: cache, buffers: cachedBuffers)
    return Pass(
      fed: fed, kept: cache.positions(layers: model.configuration.layers),
      cacheBytes: cache.usedBytes, counter: pass.counter, seconds: pass.seconds,
      logits: pass.logits, check: pass.check)
  }

  private func runUncached(length: Int) throws(StepProgress.Cancelled) -> Pass {
    try run(lane: 0, 0..<length, cache: uncachedCache, buffers: uncachedBuffers)
  }

  /// Feeds a lane.
  private func run(
    lane: Int, _ fed: Range<Int>, cache: FullStore, buffers: ForwardBuffers
  ) throws(StepProgress.Cancelled) -> Pass {
    var counter = newCounter()
    let check = RowCheck(
      model.configuration, reference: trace.steps.map(\.rows), past: fed.lowerBound,
      kernels: model.kernels)
    try progress.begin(lane: lane, rows: fed.count)
    let (logits, seconds) = try PassTimer(check, now: now).time {
      observer throws(StepProgress.Cancelled) in
      try model.forward(
        sequence[fed], store: cache, buffers: buffers, counter: &counter, observer: observer
      ) { () throws(StepProgress.Cancelled) in try progress.finishLayer(ofLane: lane) }
    }
    return Pass(
      fed: fed, kept: [], cacheBytes: 0, counter: counter, seconds: seconds, logits: logits,
      check: check)
  }

  private func newCounter() -> OperationCounter {
    OperationCounter(layers: model.configuration.layers, heads: model.configuration.heads)
  }

  /// The uncached run's room grows by doubling: rows for the longest run would be large for a run that is left early.
  private func growUncached(to length: Int) {
    guard length > uncachedBuffers.rows else { return }
    let room = min(plan.longest, max(length, 2 * uncachedBuffers.rows))
    // The old room is given back first.
    uncachedCache = FullStore(model.configuration, capacity: 0)
    uncachedBuffers = ForwardBuffers(model.configuration, rows: 0, length: 0, threads: 1)
    uncachedCache = FullStore(model.configuration, capacity: room)
    uncachedBuffers = ForwardBuffers(
      model.configuration, rows: room, length: room, threads: model.threads)
  }

  private func candidates(_ logits: [Float]) -> [Candidate] {
    let ids = Sampler.ranking(logits, limit: plan.candidates)
    return zip(ids, Sampler.probabilities(logits, of: ids)).map { id, probability in
      Candidate(
        id: id, text: tokenizer.text(of: id), logit: logits[id], probability: probability)
    }
  }
}

extension Transformer {
  /// What a trace says of this model.
  public var description: ModelDescription {
    ModelDescription(
      name: name, architecture: configuration.architecture, layers: configuration.layers,
      heads: configuration.heads, kvHeads: configuration.kvHeads, width: configuration.width,
      headWidth: configuration.headWidth, vocabulary: configuration.vocabulary,
      parameters: parameters, dtype: type.rawValue, positions: configuration.positions,
      mask: configuration.mask)
  }
}

extension Duration {
  /// The duration in seconds.
  var inSeconds: Double {
    let (seconds, attoseconds) = components
    return Double(seconds) + Double(attoseconds) * 1e-18
  }
}
