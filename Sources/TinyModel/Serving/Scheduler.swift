internal import Trace

/// Who computes how many tokens in a step: continuous batching with chunked prefill over a pool of blocks.
///
/// There is no phase of prefill and none of decode: a request has tokens that are known and tokens that are computed, and each
/// step lets it catch up as far as the step's budget goes. Those that run come first, in the order in which they began; behind
/// them those that wait, each once its whole text finds room. Where blocks are lacking, the request that began last gives all
/// of its own back and waits at the head of the queue, to be computed again, with what is found of it; nobody is admitted in
/// such a step. Batch by batch, nobody is admitted before all those have finished that waited when the batch began.
/// Source: `scheduler.py` of vLLM v1 with its defaults, without a bound on how many run.
struct Scheduler {
  /// A request as the scheduler knows it.
  struct Request: Equatable {
    /// Its number, from 1.
    let number: Int
    /// All its tokens that are known: the prompt, and what it has written.
    var ids: [Int]
    /// The step from which on it waits.
    let arrives: Int
    /// Tokens whose K and V its blocks hold.
    var computed = 0
    /// How often its blocks were taken from it.
    var preemptions = 0
  }

  /// What a request computes in a step.
  struct Turn: Equatable {
    let request: Int
    /// The tokens, by their places in the text.
    let range: Range<Int>
    /// Tokens before them that were found in the pool.
    let hits: Int
    /// Whether it was given its first blocks in this step.
    let isAdmitted: Bool
  }

  /// A step that is to be computed.
  struct Step: Equatable {
    let number: Int
    let turns: [Turn]
    let preempted: [Int]
  }

  /// The most tokens of a step.
  let budget: Int
  /// Who may begin while others run.
  let batching: Batching
  /// Of a batch those that have not finished; nobody where there are no batches.
  private var batch: Set<Int> = []
  /// All requests; number n is at n − 1.
  private(set) var requests: [Request]
  /// Numbers of those that have not come, those that wait and those that run, in their order.
  private(set) var coming: [Int]
  private(set) var waiting: [Int] = []
  private(set) var running: [Int] = []
  /// The last step that was scheduled.
  private(set) var step = 0

  /// - Parameters:
  ///   - requests: prompts and when they come, in the script's order.
  ///   - budget: the most tokens of a step.
  ///   - batching: who may begin while others run.
  init(
    _ requests: [(ids: [Int], arrives: Int)], budget: Int, batching: Batching = .continuous
  ) {
    self.budget = budget
    self.batching = batching
    self.requests = requests.enumerated().map { index, request in
      Request(number: index + 1, ids: request.ids, arrives: request.arrives)
    }
    let all = self.requests
    // The sort is stable: those that come together keep the script's order.
    coming = all.indices.sorted { (all[$0].arrives, $0) < (all[$1].arrives, $1) }.map { $0 + 1 }
  }

  /// A request by its number.
  func request(_ number: Int) -> Request { requests[number - 1] }

  /// Schedules the next step, and takes its blocks; nil where every request has finished.
  ///
  /// A block that a pass is to fill can be found at once, so passes must be made in the order of the turns.
  mutating func next(_ tables: inout BlockTables) -> Step? {
    guard !coming.isEmpty || !waiting.isEmpty || !running.isEmpty else { return nil }
    step += 1
    // Where nothing is to be done, time passes until somebody comes.
    if waiting.isEmpty && running.isEmpty { step = max(step, request(coming[0]).arrives) }
    while let first = coming.first, request(first).arrives <= step {
      waiting.append(coming.removeFirst())
    }
    if batch.isEmpty, batching == .whole { batch = Set(waiting) }
    var turns: [Turn] = []
    var rest = budget
    let preempted = continueRunning(&turns, &rest, &tables)
    if preempted.isEmpty { admitWaiting(&turns, &rest, &tables) }
    return Step(number: step, turns: turns, preempted: preempted)
  }

  /// Lets those that run catch up.
  ///
  /// - Returns: those whose blocks were taken from them.
  private mutating func continueRunning(
    _ turns: inout [Turn], _ rest: inout Int, _ tables: inout BlockTables
  ) -> [Int] {
    var preempted: [Int] = []
    var index = 0
    while index < running.count, rest > 0 {
      let request = request(running[index])
      let end = request.computed + min(request.ids.count - request.computed, rest)
      while !tables.allocate(request.number, request.ids, upTo: end) {
        preempted.append(preemptLast(&tables))
        // It was the last itself.
        if preempted.last == request.number { return preempted }
      }
      turns.append(
        Turn(
          request: request.number, range: request.computed..<end, hits: 0, isAdmitted: false))
      rest -= end - request.computed
      index += 1
    }
    return preempted
  }

  /// Takes the blocks of the request that began last.
  private mutating func preemptLast(_ tables: inout BlockTables) -> Int {
    let number = running.removeLast()
    tables.free(number)
    requests[number - 1].computed = 0
    requests[number - 1].preemptions += 1
    waiting.insert(number, at: 0)
    return number
  }

  /// Lets those begin that wait, until one does not find room.
  private mutating func admitWaiting(
    _ turns: inout [Turn], _ rest: inout Int, _ tables: inout BlockTables
  ) {
    while let number = waiting.first, rest > 0, batching == .continuous || batch.contains(number) {
      let request = request(number)
      let hits = tables.longestHit(request.ids)
      let found = hits.count * tables.pool.blockSize
      let end = found + min(request.ids.count - found, rest)
      guard
        tables.allocate(number, request.ids, upTo: end, hits: hits, wholeMustFit: true)
      else { return }
      running.append(waiting.removeFirst())
      requests[number - 1].computed = found
      turns.append(Turn(request: number, range: found..<end, hits: found, isAdmitted: true))
      rest -= end - found
    }
  }

  /// A turn's tokens were computed.
  ///
  /// - Returns: whether the request's next token can be chosen from the logits.
  mutating func finish(_ turn: Turn) -> Bool {
    requests[turn.request - 1].computed = turn.range.upperBound
    return turn.range.upperBound == request(turn.request).ids.count
  }

  /// A request has written a token that is to be fed.
  mutating func write(_ id: Int, by number: Int) { requests[number - 1].ids.append(id) }

  /// A request has written its last token: its blocks are free.
  mutating func end(_ number: Int, _ tables: inout BlockTables) {
    running.removeAll { $0 == number }
    batch.remove(number)
    requests[number - 1].computed = 0
    tables.free(number)
  }
}
