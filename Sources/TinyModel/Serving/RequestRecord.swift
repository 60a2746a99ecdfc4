internal import Trace

/// A request's run alone, with a full cache, as far as the request has come.
final class AloneRun {
  let store: FullStore

  init(_ store: FullStore) { self.store = store }
}

/// What was done for a request so far.
struct RequestRecord {
  /// Its store over the pool, while it has blocks.
  private(set) var store: PagedStore?
  /// What it is held against.
  var alone: AloneRun?
  /// Whether its blocks were taken from it, and not given again.
  private(set) var isPreempted = false
  /// Whether all that was known when it began, or began again, is computed.
  private(set) var isDecoding = false
  private(set) var isFinished = false
  /// The step in which it was given blocks first; 0 before that.
  private(set) var began = 0
  /// The step in which it wrote first; 0 before that.
  private(set) var firstToken = 0
  private(set) var written: [TraceToken] = []
  private(set) var computed = 0
  private(set) var hits = 0
  private(set) var flops = 0
  private(set) var flopsAlone = 0
  private(set) var difference: Float = 0

  /// It is given blocks, for the first time or again.
  mutating func begin(_ store: PagedStore, step: Int) {
    self.store = store
    (isPreempted, isDecoding) = (false, false)
    if began == 0 { began = step }
  }

  /// Its blocks are taken from it.
  mutating func preempt() {
    store = nil
    isPreempted = true
  }

  /// Counts a pass.
  mutating func count(_ turn: Scheduler.Turn, flops: Int) {
    computed += turn.range.count
    hits += turn.hits
    self.flops += flops
  }

  /// Notes a token, and how far its logits are from those of the request alone.
  mutating func write(_ token: TraceToken, difference: Float, flops: Int, step: Int) {
    written.append(token)
    isDecoding = true
    if firstToken == 0 { firstToken = step }
    flopsAlone += flops
    self.difference = max(self.difference, difference)
  }

  /// Lets go of what only a running request needs.
  mutating func finish() {
    isFinished = true
    store = nil
    alone = nil
  }
}
