internal import Kernels
public import Trace

/// Serves requests over one pool of blocks, a step at a time; every token comes from a pass of the model.
///
///     let run = ServingRun(model, tokenizer: tokenizer, plan: plan)
///     while let step = try run.computeNextStep() { print(step.pool.used) }
///
/// Beside it each request runs alone with a full cache, as far as it has come: what it writes must be what it writes alone, to
/// the bit of every logit.
public final class ServingRun {
  /// What was done so far.
  public private(set) var trace: ServingTrace
  private let model: Transformer
  private let tokenizer: Tokenizer
  private let plan: ServingPlan
  private let memory: BlockMemory
  private let buffers: ForwardBuffers
  private var scheduler: Scheduler
  private var records: [RequestRecord]
  private var failure: ModelError?

  /// Prepares a run; nothing is computed yet.
  public init(_ model: Transformer, tokenizer: Tokenizer, plan: ServingPlan) {
    let shape = model.configuration
    self.model = model
    self.tokenizer = tokenizer
    self.plan = plan
    memory = BlockMemory(
      shape, blocks: plan.blocks, blockSize: plan.blockSize, longest: plan.longest,
      isFindable: plan.shares)
    buffers = ForwardBuffers(
      shape, rows: plan.rows, length: plan.longest, threads: model.threads)
    scheduler = Scheduler(
      plan.requests.map { (ids: $0.ids, arrives: $0.arrives) }, budget: plan.budget,
      batching: plan.batching)
    records = plan.requests.map { _ in RequestRecord() }
    trace = ServingTrace(
      model: model.description, blockSize: plan.blockSize, blocks: plan.blocks,
      budget: plan.budget, positions: shape.contextLength, requests: plan.requests.count,
      shares: plan.shares, batching: plan.batching)
  }

  /// Computes the next step, pass by pass; nil when every request has finished.
  ///
  /// - Throws: `ModelError.notFinite`, then and ever after, where a logit is no finite number.
  public func computeNextStep() throws(ModelError) -> ServingStep? {
    if let failure { throw failure }
    guard let next = scheduler.next(&memory.tables) else { return nil }
    for number in next.preempted { records[number - 1].preempt() }
    var rows: [Int: RequestStep] = [:]
    for turn in next.turns { rows[turn.request] = try compute(turn, step: next.number) }
    let step = ServingStep(
      number: next.number, requests: arrived(next).map { rows[$0] ?? idle($0) },
      scheduled: next.turns.map(\.request), preempted: next.preempted, pool: memory.usage,
      reservedSlots: memory.tables.sequences.count * model.configuration.contextLength)
    trace.steps.append(step)
    for row in step.requests where row.isFinished { finish(row, step: next.number) }
    return step
  }

  /// The requests that have come, by their numbers.
  private func arrived(_ step: Scheduler.Step) -> [Int] {
    scheduler.requests.filter { $0.arrives <= step.number }.map(\.number)
  }

  /// What a request is that has no turn.
  private func idle(_ number: Int) -> RequestStep {
    let (record, request) = (records[number - 1], scheduler.request(number))
    let isRunning = scheduler.running.contains(number)
    let state: RequestStep.State =
      record.isFinished
      ? .done
      : isRunning
        ? (record.isDecoding ? .decode : .prefill)
        : record.isPreempted ? .preempted : .waiting
    return RequestStep(
      request: number, state: state, held: request.computed,
      blocks: memory.tables.blocks(of: number))
  }
}

extension ServingRun {
  /// Makes the pass of a turn.
  private func compute(_ turn: Scheduler.Turn, step: Int) throws(ModelError) -> RequestStep {
    let index = turn.request - 1
    if turn.isAdmitted { admit(turn, step: step) }
    guard let store = records[index].store else { preconditionFailure("\(turn) has no store") }
    let ids = scheduler.request(turn.request).ids
    let isDecode = !turn.isAdmitted && turn.range.count == 1 && records[index].isDecoding
    let (logits, flops) = forward(ids[turn.range], store)
    records[index].count(turn, flops: flops)
    var written: TraceToken?
    if scheduler.finish(turn) {
      written = try write(logits, by: turn.request, ids, step: step)
    } else {
      try requireFinite(logits, step: step)
    }
    return RequestStep(
      request: turn.request, state: isDecode ? .decode : .prefill, computed: turn.range.count,
      hits: turn.hits, held: turn.range.upperBound, blocks: memory.tables.blocks(of: turn.request),
      written: written, isFinished: isLast(written, by: turn.request), flops: flops)
  }

  private func admit(_ turn: Scheduler.Turn, step: Int) {
    let store = PagedStore(
      memory, sequence: turn.request, layers: model.configuration.layers, tokens: turn.hits)
    records[turn.request - 1].begin(store, step: step)
  }

  /// A pass, its logits and the FLOP that it took.
  private func forward(
    _ ids: ArraySlice<Int>, _ store: any KVStore
  ) -> (logits: [Float], flops: Int) {
    var counter = model.newCounter
    let logits = model.forward(
      ids, store: store, buffers: buffers, counter: &counter, observer: nil)
    return (logits.floats, counter.flops)
  }

  private func requireFinite(_ logits: [Float], step: Int) throws(ModelError) {
    guard logits.allSatisfy(\.isFinite) else {
      let failure = ModelError.notFinite(model: model.name, step: step)
      self.failure = failure
      throw failure
    }
  }

  /// Chooses a request's next token, and holds the logits against those of the request alone.
  private func write(
    _ logits: [Float], by number: Int, _ ids: [Int], step: Int
  ) throws(ModelError) -> TraceToken {
    try requireFinite(logits, step: step)
    let alone =
      records[number - 1].alone
      ?? AloneRun(
        FullStore(model.configuration, capacity: plan.requests[number - 1].longest))
    let (expected, flops) = forward(ids[alone.store.tokens...], alone.store)
    try requireFinite(expected, step: step)
    let id = Sampler.ranking(logits, limit: 1).first ?? 0
    let token = TraceToken(id: id, text: tokenizer.text(of: id))
    records[number - 1].alone = alone
    records[number - 1].write(
      token, difference: zip(logits, expected).map { abs($0 - $1) }.max() ?? 0, flops: flops,
      step: step)
    if !isLast(token, by: number) { scheduler.write(id, by: number) }
    return token
  }

  /// Whether a request has written its last token.
  private func isLast(_ token: TraceToken?, by number: Int) -> Bool {
    guard let token else { return false }
    return isEnd(token)
      || records[number - 1].written.count == plan.requests[number - 1].newTokens
  }

  private func isEnd(_ token: TraceToken) -> Bool {
    !plan.ignoresEndOfSequence && model.configuration.endOfSequence.contains(token.id)
  }

  /// Gives a request's blocks back, and writes down what became of it.
  private func finish(_ row: RequestStep, step: Int) {
    let (record, request) = (records[row.request - 1], plan.requests[row.request - 1])
    let isEnded = record.written.last.map(isEnd) ?? false
    let text = isEnded ? record.written.dropLast() : record.written[...]
    trace.served.append(
      ServedRequest(
        request: row.request, promptTokens: request.ids.count, tokens: record.written,
        text: tokenizer.decode(text.map(\.id)), isEnded: isEnded, arrives: request.arrives,
        began: record.began, firstToken: record.firstToken, finished: step,
        computed: record.computed, hits: record.hits,
        preemptions: scheduler.request(row.request).preemptions, flops: record.flops,
        flopsAlone: record.flopsAlone, difference: record.difference))
    records[row.request - 1].finish()
    scheduler.end(row.request, &memory.tables)
  }
}
