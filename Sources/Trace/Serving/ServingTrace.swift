/// A scheduler's steps over a pool of blocks, and what became of the requests.
public struct ServingTrace: Sendable {
  /// The model.
  public let model: ModelDescription
  /// Tokens of a block.
  public let blockSize: Int
  /// Blocks of the pool.
  public let blocks: Int
  /// Tokens that a step computes at most.
  public let budget: Int
  /// Positions of the model: what a reservation in one piece would hold for each request.
  public let positions: Int
  /// Requests in the script.
  public let requests: Int
  /// Whether requests that begin alike share blocks.
  public let shares: Bool
  /// Who may begin while others run.
  public let batching: Batching
  /// The steps so far.
  public package(set) var steps: [ServingStep] = []
  /// The requests that have finished, in that order.
  public package(set) var served: [ServedRequest] = []

  /// A trace at its beginning.
  public init(
    model: ModelDescription, blockSize: Int, blocks: Int, budget: Int, positions: Int,
    requests: Int, shares: Bool = true, batching: Batching = .continuous
  ) {
    self.shares = shares
    self.batching = batching
    self.positions = positions
    self.model = model
    self.blockSize = blockSize
    self.blocks = blocks
    self.budget = budget
    self.requests = requests
  }

  /// Tokens that were computed.
  public var computed: Int { steps.reduce(0) { $0 + $1.computed } }

  /// FLOP of all passes.
  public var flops: Int { steps.reduce(0) { $0 + $1.flops } }

  /// FLOP of the requests that have finished, each alone.
  public var flopsAlone: Int { served.reduce(0) { $0 + $1.flopsAlone } }

  /// Tokens that were found in the pool.
  public var hits: Int { steps.reduce(0) { $0 + $1.requests.reduce(0) { $0 + $1.hits } } }

  /// How often a request's blocks were taken from it.
  public var preemptions: Int { steps.reduce(0) { $0 + $1.preempted.count } }

  /// How many blocks were taken that a text could have found.
  public var evictions: Int { steps.last?.pool.evictions ?? 0 }

  /// The largest |Δ| of a logit from that of a request alone.
  public var difference: Float { served.map(\.difference).max() ?? 0 }

  /// The most blocks that were in use at once.
  public var mostUsed: Int { steps.map(\.pool.used).max() ?? 0 }

  /// The most requests that had blocks at once.
  public var mostRunning: Int {
    steps.map { step in step.requests.count { !$0.blocks.isEmpty } }.max() ?? 0
  }

  /// Slots, added up over the steps: what the blocks took and what of it was empty, and the same of reservations in one
  /// piece.
  public struct Waste: Sendable, Equatable {
    /// Slots of the blocks in use.
    public let usedSlots: Int
    /// Of these, empty ones.
    public let wastedSlots: Int
    /// Slots of a reservation of the model's positions for each request that had blocks.
    public let reservedSlots: Int
    /// Of these, those that no token would fill.
    public let reservedWaste: Int
  }

  /// What was wasted in all steps.
  public var waste: Waste {
    let held = steps.reduce(0) { $0 + $1.requests.reduce(0) { $0 + $1.held } }
    let reserved = steps.reduce(0) { $0 + $1.reservedSlots }
    return Waste(
      usedSlots: steps.reduce(0) { $0 + $1.pool.usedSlots },
      wastedSlots: steps.reduce(0) { $0 + $1.pool.wastedSlots }, reservedSlots: reserved,
      reservedWaste: reserved - held)
  }
}
