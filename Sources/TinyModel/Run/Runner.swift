internal import Kernels
public import Trace

/// Runs a model twice, without and with a KV cache, step by step.
///
///     let runner = try Runner(model: model, tokenizer: tokenizer, plan: plan)
///     while let step = try runner.computeNextStep() { print(step.cached.counter.flops) }
///
/// The uncached run feeds the whole sequence through every layer at every step; the cached run feeds
/// the prompt once, then one token a step. Both keep the last row's logits only.
public final class Runner {
  /// The run so far.
  public private(set) var trace: Trace
  private let model: Transformer
  private let tokenizer: Tokenizer
  private let plan: RunPlan
  private let cache: KVCache
  private let cachedBuffers: ForwardBuffers
  private var uncachedCache: KVCache
  private var uncachedBuffers: ForwardBuffers
  private var sampler: Sampler
  private var sequence: [Int]
  private var failure: ModelError?

  /// Prepares a run; nothing is computed yet.
  public init(model: Transformer, tokenizer: Tokenizer, plan: RunPlan) {
    self.model = model
    self.tokenizer = tokenizer
    self.plan = plan
    let shape = model.configuration
    cache = KVCache(shape, capacity: plan.longest)
    cachedBuffers = ForwardBuffers(
      shape, rows: plan.length(at: 1), length: plan.longest, threads: model.threads)
    uncachedCache = KVCache(shape, capacity: plan.length(at: 1))
    uncachedBuffers = ForwardBuffers(
      shape, rows: plan.length(at: 1), length: plan.length(at: 1), threads: model.threads)
    sampler = Sampler(plan.sampling)
    sequence = plan.ids
    trace = Trace(
      model: model.description,
      tokens: plan.ids.map { TraceToken(id: $0, text: tokenizer.text(of: $0)) },
      givenTokens: plan.ids.count, plannedSteps: plan.steps)
  }

  /// Computes the next step of both runs; nil when the run is over.
  ///
  /// A run that has failed fails again.
  public func computeNextStep() throws(ModelError) -> Step? {
    if let failure { throw failure }
    guard !trace.isComplete else { return nil }
    let number = trace.steps.count + 1
    let length = plan.length(at: number)

    let (cached, cachedLogits, rows) = runCached(length: length)
    let (uncached, uncachedLogits, rowDifference) = runUncached(length: length, newest: rows)
    let difference = model.kernels.maxAbsDifference(
      cachedLogits.pointer, uncachedLogits.pointer, count: cachedLogits.count)
    let logits = cachedLogits.floats
    guard logits.allSatisfy(\.isFinite) else {
      let failure = ModelError.notFinite(model: model.name, step: number)
      self.failure = failure
      throw failure
    }

    let chosen = advance(logits, length: length, step: number)
    let step = Step(
      number: number, phase: number == 1 ? .prefill : .decode, length: length,
      fed: Array(trace.tokens[(length - cached.rows)..<length]), rows: rows, uncached: uncached,
      cached: cached, maxAbsDifference: difference, maxAbsRowDifference: rowDifference,
      next: candidates(logits), chosen: TraceToken(id: chosen, text: tokenizer.text(of: chosen)))
    trace.steps.append(step)
    return step
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

  private func runCached(length: Int) -> (RunStep, FloatBuffer, FedRows) {
    var counter = OperationCounter(
      layers: model.configuration.layers, heads: model.configuration.heads)
    let recorder = RowRecorder(model.configuration)
    let rows = length - cache.tokens
    let start = ContinuousClock.now
    let logits = model.forward(
      sequence[cache.tokens..<length], cache: cache, buffers: cachedBuffers, counter: &counter,
      observer: recorder)
    let seconds = (ContinuousClock.now - start).inSeconds
    let step = RunStep(
      rows: rows, counter: counter, seconds: seconds, cacheTokens: cache.tokens,
      cacheBytes: cache.usedBytes)
    return (step, logits, recorder.rows)
  }

  private func runUncached(length: Int, newest: FedRows) -> (RunStep, FloatBuffer, Float) {
    growUncached(to: length)
    var counter = OperationCounter(
      layers: model.configuration.layers, heads: model.configuration.heads)
    let check = RowCheck(
      model.configuration, reference: trace.steps.map(\.rows) + [newest], kernels: model.kernels)
    // Before the clock starts: forgetting is no part of the model's work.
    uncachedCache.removeAll()
    let start = ContinuousClock.now
    let logits = model.forward(
      sequence[..<length], cache: uncachedCache, buffers: uncachedBuffers, counter: &counter,
      observer: check)
    let seconds = (ContinuousClock.now - start).inSeconds
    let step = RunStep(
      rows: length, counter: counter, seconds: seconds, cacheTokens: 0, cacheBytes: 0)
    return (step, logits, check.maxAbsDifference)
  }

  /// The uncached run's room grows by doubling: rows for the longest run would be large for a run that is left early.
  private func growUncached(to length: Int) {
    guard length > uncachedBuffers.rows else { return }
    let room = min(plan.longest, max(length, 2 * uncachedBuffers.rows))
    uncachedCache = KVCache(model.configuration, capacity: room)
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
