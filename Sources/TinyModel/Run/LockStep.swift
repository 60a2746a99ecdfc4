public import Kernels
public import Trace

/// Runs a model in some lanes side by side, step by step, over one plan.
///
///     let run = LockStep(model: model, tokenizer: tokenizer, plan: plan)     // without and with a KV cache
///     while let step = try run.computeNextStep() { print(step.cached.flops ?? 0) }
///
/// The first lane is the reference: it chooses the tokens, and the others are held against it. The lane without a cache
/// feeds the whole sequence through every layer at every step; one with a cache feeds the prompt once, then one token a
/// step. All keep the last row's logits only.
///
/// Their seconds are those of the forward pass alone. All are warm before the first step, and the steps alternate which
/// lane goes first: the next finds in the processor's caches what the one before has left there. A run that nobody times
/// says no seconds: that of a model whose weights are not packed yet would be those of reading them.
public final class LockStep {
  /// The run so far.
  public private(set) var trace: Trace
  /// How far the step has come that is being computed; it also stops the run.
  public let progress: StepProgress
  private let model: Transformer
  private let tokenizer: Tokenizer
  private let plan: RunPlan
  private let sessions: [DecodeSession]
  private let isTimed: Bool
  /// What writes down the lanes' readings; nil where there is nothing to.
  private let recorders: [ReadingRecorder?]
  private var sampler: Sampler
  private var sequence: [Int]
  private var failure: ModelError?
  /// The logits of the newest step, lane by lane: `[lanes][vocabulary]`.
  private(set) var logits: [[Float]] = []

  /// Prepares a run; nothing is computed yet.
  ///
  /// - Parameters:
  ///   - model: what computes.
  ///   - tokenizer: tells what tokens add to the text.
  ///   - plan: which steps there are.
  ///   - lanes: what goes side by side, the reference first; one that forgets needs a plan that feeds one token a step.
  ///   - isTimed: whether the seconds of passes are wanted.
  ///   - progress: is told how far it comes.
  public convenience init(
    model: Transformer, tokenizer: Tokenizer, plan: RunPlan,
    lanes: [Lane] = [.uncached, .cached], isTimed: Bool = true,
    progress: StepProgress = StepProgress()
  ) {
    self.init(
      model: model, tokenizer: tokenizer, plan: plan, lanes: lanes, isTimed: isTimed,
      progress: progress, now: PassTimer.wallClock)
  }

  init(
    model: Transformer, tokenizer: Tokenizer, plan: RunPlan, lanes: [Lane] = [.uncached, .cached],
    isTimed: Bool = true, progress: StepProgress = StepProgress(), now: @escaping () -> Duration,
    makeStore: @escaping Stores.Maker = Stores.make
  ) {
    self.model = model
    self.isTimed = isTimed
    self.tokenizer = tokenizer
    self.plan = plan
    self.progress = progress
    let first = plan.length(at: 1)
    sessions = lanes.map { lane in
      DecodeSession(
        model, lane: lane, rows: first, capacity: lane.cache == nil ? first : plan.longest,
        calibration: plan.calibration, now: now, makeStore: makeStore)
    }
    recorders = sessions.map { $0.needsReading ? ReadingRecorder(model.configuration) : nil }
    sampler = Sampler(plan.sampling)
    sequence = plan.ids
    trace = plan.beginning(model.description, tokenizer, lanes)
  }

  /// Computes the next step of every lane; nil when the run is over or was cancelled.
  ///
  /// A run that has failed fails again; one that was cancelled stays so.
  public func computeNextStep() throws(ModelError) -> Step? {
    if let failure { throw failure }
    guard !trace.isComplete, !progress.isCancelled else { return nil }
    let number = trace.steps.count + 1
    let length = plan.length(at: number)

    progress.begin(step: number, lanes: sessions.count)
    // It throws when the run is cancelled, and for nothing else.
    guard let passes = try? runLanes(number, length: length) else { return nil }
    logits = passes.map(\.logits.floats)
    if let failure = model.readingFailure {
      self.failure = failure
      throw failure
    }
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

  /// What all queries of a lane so far gave in all to each slot: `[layers][kv heads][slots]`; nil where its store does not go
  /// by that.
  func weightSums(lane: Int) -> [[[Double]]]? { sessions[lane].weightSums }

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
}

extension LockStep {
  /// What a pass of one of the lanes gave.
  private struct Pass {
    let fed: Range<Int>
    let session: DecodeSession
    let seconds: Double
    let logits: FloatBuffer
    let check: RowCheck
    let reading: StoreReading?
    let departure: PassDeparture?
  }

  /// Rows of the passes that nobody times: enough for the loops over many rows to be warm as well.
  private static let warmRows = 8

  /// Feeds all lanes a few tokens and forgets them: whoever went first would be cold.
  private func warmUp(length: Int) {
    for session in sessions {
      _ = session.feed(
        sequence[..<min(length, Self.warmRows)], observer: RowRecorder(model.configuration)
      ) { () throws(Never) in }
      session.removeAll()
    }
  }

  /// Runs all, at odd steps the last first, at even steps the first; what is returned is in the lanes' order.
  private func runLanes(
    _ number: Int, length: Int
  ) throws(StepProgress.Cancelled) -> [Pass] {
    if number == 1, isTimed { warmUp(length: length) }
    let fed = sessions.map { $0.prepare(for: length, longest: plan.longest) }
    var passes = [Pass?](repeating: nil, count: sessions.count)
    for turn in sessions.indices {
      let lane = number % 2 == 1 ? sessions.count - 1 - turn : turn
      passes[lane] = try run(lane: lane, fed[lane])
    }
    return passes.compactMap { $0 }
  }

  private func run(lane: Int, _ fed: Range<Int>) throws(StepProgress.Cancelled) -> Pass {
    let check = RowCheck(
      model.configuration, reference: trace.steps.map(\.rows), past: fed.lowerBound,
      kernels: model.kernels, reading: recorders[lane])
    sessions[lane].resetCounter()
    try progress.begin(lane: lane, rows: fed.count)
    let (logits, seconds) = try sessions[lane].feed(sequence[fed], observer: check) {
      () throws(StepProgress.Cancelled) in try progress.finishLayer(ofLane: lane)
    }
    return Pass(
      fed: fed, session: sessions[lane], seconds: seconds, logits: logits, check: check,
      reading: recorders[lane]?.takeReading(), departure: departure(of: sessions[lane], fed: fed))
  }

  /// What a pass took otherwise than the text has it, by the rule that it was computed with.
  private func departure(of session: DecodeSession, fed: Range<Int>) -> PassDeparture? {
    let positions = session.positions(rows: fed.count)
    guard positions != Array(fed) || session.standsForFirst != nil else { return nil }
    return PassDeparture(
      positions: positions,
      first: session.standsForFirst.map { TraceToken(id: $0, text: tokenizer.text(of: $0)) })
  }

  /// What the lanes did, each beside the reference lane, the first.
  private func record(_ passes: [Pass], _ logits: [[Float]]) -> [LaneStep] {
    let next = candidates(logits[0])
    return passes.indices.map { lane in
      let difference = difference(passes[lane], passes[0])
      return record(
        passes[lane], difference,
        activations: lane == 0 || difference.rows != 0 ? passes[lane].check.activations : nil,
        next: difference.logits == 0 ? next : candidates(logits[lane]))
    }
  }

  /// What a lane leaves for the next step is what its store says; one that computes everything anew leaves nothing.
  private func record(
    _ pass: Pass, _ difference: LaneDifference, activations: Activations?, next: [Candidate]
  ) -> LaneStep {
    let isKept = pass.session.lane.cache != nil
    return LaneStep(
      fed: pass.fed, kept: isKept ? pass.session.kept : [],
      keptByHead: isKept ? pass.session.keptByHead : nil, activations: activations,
      reading: pass.reading, counter: pass.session.counter, seconds: isTimed ? pass.seconds : nil,
      cacheBytes: isKept ? pass.session.usedBytes : 0, next: next, difference: difference,
      departure: pass.departure)
  }

  private func difference(_ pass: Pass, _ reference: Pass) -> LaneDifference {
    if pass.check !== reference.check {
      pass.check.compareNewest(with: reference.check.activations)
    }
    return LaneDifference(
      logits: model.kernels.maxAbsDifference(
        pass.logits.pointer, reference.logits.pointer, count: pass.logits.count),
      rows: pass.check.maxAbsDifference)
  }

  private func candidates(_ logits: [Float]) -> [Candidate] {
    let ids = Sampler.ranking(logits, limit: plan.candidates)
    return zip(ids, Sampler.probabilities(logits, of: ids)).map { id, probability in
      Candidate(
        id: id, text: tokenizer.text(of: id), logit: logits[id], probability: probability)
    }
  }
}

extension RunPlan {
  /// A run of this plan of which nothing is computed: what is known before a model's weights are.
  public func beginning(
    _ model: ModelDescription, _ tokenizer: Tokenizer, _ lanes: [Lane]
  ) -> Trace {
    Trace(
      model: model, lanes: lanes,
      tokens: ids.map { TraceToken(id: $0, text: tokenizer.text(of: $0)) },
      givenTokens: ids.count, plannedSteps: steps)
  }
}

extension Transformer {
  /// What a trace says of this model.
  public var description: ModelDescription {
    configuration.description(name: name, type: type, parameters: parameters)
  }
}

extension ModelConfiguration {
  /// What a trace says of a model of this shape; its parameters are known once its weights are read.
  public func description(
    name: String, type: WeightType, parameters: Int? = nil
  ) -> ModelDescription {
    ModelDescription(
      name: name, architecture: architecture, layers: layers, heads: heads, kvHeads: kvHeads,
      modelDimension: modelDimension, headDimension: headDimension, valueDimension: valueDimension,
      vocabulary: vocabulary, parameters: parameters, dtype: type.rawValue,
      contextLength: contextLength, rules: rules.map(\.attention), latent: latent?.description)
  }
}
