/// What one request did in one step of a scheduler.
public struct RequestStep: Sendable, Equatable {
  /// What a request is at.
  public enum State: String, Sendable {
    /// It has come, and has no block yet.
    case waiting
    /// It computes tokens that are known: of its prompt, or once more what was taken from it.
    case prefill
    /// It computes the token that it wrote last.
    case decode
    /// Its blocks were taken from it; it waits at the head of the queue.
    case preempted
    /// It has written all that it was to write, in an earlier step.
    case done
  }

  /// Which request: its place in the script, from 1.
  public let request: Int
  /// What it was at.
  public let state: State
  /// Tokens that were computed for it: the rows of its pass.
  public let computed: Int
  /// Tokens whose K and V were found in the pool in this step.
  public let hits: Int
  /// Tokens whose K and V its blocks hold behind the pass.
  public let held: Int
  /// Its block table in this step, in the text's order.
  public let blocks: [Int]
  /// The token that it wrote; nil where its prompt is not through.
  public let written: TraceToken?
  /// Whether that was its last.
  public let isFinished: Bool
  /// FLOP of its pass.
  public let flops: Int

  /// What was done, as it was recorded.
  public init(
    request: Int, state: State, computed: Int = 0, hits: Int = 0, held: Int = 0,
    blocks: [Int] = [], written: TraceToken? = nil, isFinished: Bool = false, flops: Int = 0
  ) {
    self.request = request
    self.state = state
    self.computed = computed
    self.hits = hits
    self.held = held
    self.blocks = blocks
    self.written = written
    self.isFinished = isFinished
    self.flops = flops
  }
}

/// One step of a scheduler over a pool of blocks.
///
/// Each request's tokens are a pass of their own here, one after another in the order of `scheduled`; a serving engine makes
/// one pass of all of them, with `computed` rows.
public struct ServingStep: Sendable, Equatable {
  /// Counted from 1; a step in which there was nothing to do is left out.
  public let number: Int
  /// The requests that have come, by their numbers.
  public let requests: [RequestStep]
  /// Those for which tokens were computed, in their order.
  public let scheduled: [Int]
  /// Those whose blocks were taken from them in this step, in their order.
  public let preempted: [Int]
  /// The pool behind the passes, before those that have finished give their blocks back.
  public let pool: PoolUsage
  /// Slots that a reservation in one piece would hold now: one of the model's positions for each request with a table.
  public let reservedSlots: Int

  /// What was done, as it was recorded.
  public init(
    number: Int, requests: [RequestStep], scheduled: [Int], preempted: [Int], pool: PoolUsage,
    reservedSlots: Int
  ) {
    self.number = number
    self.requests = requests
    self.scheduled = scheduled
    self.preempted = preempted
    self.pool = pool
    self.reservedSlots = reservedSlots
  }

  /// Tokens that were computed.
  public var computed: Int { requests.reduce(0) { $0 + $1.computed } }

  /// FLOP of all passes.
  public var flops: Int { requests.reduce(0) { $0 + $1.flops } }
}
