/// One of the runs that go in lock-step over the same tokens.
public struct Lane: Sendable, Equatable {
  /// What the lane is called; no two of a trace are called the same.
  public let name: String
  /// What its cache keeps; nil where everything is computed anew at each step.
  public let cache: CachePolicy?
  /// What is wrong with it on purpose.
  public let fault: Fault?

  /// Describes a lane.
  public init(name: String, cache: CachePolicy?, fault: Fault? = nil) {
    self.name = name
    self.cache = cache
    self.fault = fault
  }

  /// The run that feeds the whole sequence at every step.
  public static let uncached = Lane(name: "uncached", cache: nil)
  /// The run that feeds the new tokens only.
  public static let cached = Lane(name: "cached", cache: .full)

  /// The run without and the run with a cache, and what is wrong with them: with the cached one, as a rule.
  public static func bothRuns(_ fault: Fault?) -> [Lane] {
    let isInBoth = fault?.isInEveryLane ?? false
    return [
      Lane(name: uncached.name, cache: nil, fault: isInBoth ? fault : nil),
      Lane(name: cached.name, cache: .full, fault: fault),
    ]
  }
}

/// The largest |Δ| between a lane and the reference lane in one step; NaN where a number is NaN.
public struct LaneDifference: Sendable, Equatable {
  /// Over all logits of the last row.
  public let logits: Float
  /// Over Q, K and V of every token that the lane was fed, in every layer; nil where nobody recorded it.
  public let rows: Float?

  /// A difference as it was measured.
  public init(logits: Float, rows: Float?) {
    self.logits = logits
    self.rows = rows
  }
}

/// What a pass took otherwise than the text has it, by a fault's doing.
public struct PassDeparture: Sendable, Equatable {
  /// The positions that its rows were embedded or turned with, row by row.
  public let positions: [Int]
  /// The token whose K and V stand in the first slot; nil where they are those of the text's first.
  public let first: TraceToken?

  /// A departure as it was recorded.
  public init(positions: [Int], first: TraceToken? = nil) {
    (self.positions, self.first) = (positions, first)
  }
}

/// What one lane did in one step.
public struct LaneStep: Sendable, Equatable {
  /// The positions of the text that it was fed: a query row each.
  public let fed: Range<Int>
  /// The positions whose K and V its store holds after the step, layer by layer (the last for all that follow), slot by
  /// slot, as the store recorded them; empty where nothing is kept for the next step.
  public let kept: [Positions]
  /// The same of each layer and KV head; nil where all heads keep the same.
  public let keptByHead: [[Positions]]?
  /// Q, K and V of the tokens that are new at this step; nil where they are those of the reference lane, bit for bit.
  public let activations: Activations?
  /// What attention read, layer by layer; nil where that is what the lane computed of every position up to this step.
  public let reading: StoreReading?
  /// What was counted while it was done, by layer, operation and head; nil where only sums were recorded.
  public let counter: OperationCounter?
  /// What was counted in all, where that is all that was recorded.
  let recorded: StepSums
  /// Wall time of the forward pass, measured once; nil where nobody recorded it.
  public let seconds: Double?
  /// Bytes of the K and V that its store holds after the step; nil where nobody recorded them.
  public let cacheBytes: Int?
  /// The most likely next tokens.
  public let next: [Candidate]
  /// How far it is from the reference lane; that lane itself from what it computed of the same rows before; nil where nobody
  /// compared them.
  public let difference: LaneDifference?
  /// What the pass took otherwise than the text has it; nil where that is nothing.
  public let departure: PassDeparture?

  /// What a lane did, as it was recorded.
  public init(
    fed: Range<Int>, kept: [Positions], keptByHead: [[Positions]]? = nil,
    activations: Activations?, reading: StoreReading? = nil,
    counter: OperationCounter?, recorded: StepSums = StepSums(), seconds: Double?,
    cacheBytes: Int?, next: [Candidate],
    difference: LaneDifference? = LaneDifference(logits: 0, rows: 0),
    departure: PassDeparture? = nil
  ) {
    self.fed = fed
    self.kept = kept
    self.keptByHead = keptByHead
    self.activations = activations
    self.reading = reading
    self.counter = counter
    self.recorded = recorded
    self.seconds = seconds
    self.cacheBytes = cacheBytes
    self.next = next
    self.difference = difference
    self.departure = departure
  }

  /// The positions that the store holds of a layer after the step; nil where nothing is kept.
  public func kept(layer: Int) -> Positions? {
    kept.indices.contains(layer) ? kept[layer] : kept.last
  }

  /// The positions that the store holds of a KV head after the step; nil where nothing is kept.
  public func kept(layer: Int, kvHead: Int) -> Positions? {
    keptByHead?[layer][kvHead] ?? kept(layer: layer)
  }

  /// Query rows.
  public var rows: Int { fed.count }

  /// Slots that the store holds after the step, of the first layer.
  public var cacheTokens: Int { kept.first?.count ?? 0 }

  /// Whether K and V of a position were computed in this step.
  public func computes(_ position: Int) -> Bool { fed.contains(position) }

  /// Whether K and V of a position were read from the store: kept from an earlier step.
  ///
  /// Where heads keep different positions, of the first KV head, or of the one that is named.
  public func reads(_ position: Int, layer: Int, kvHead: Int = 0) -> Bool {
    guard !computes(position) else { return false }
    if let reading { return reading.layers[layer].positions(kvHead: kvHead).contains(position) }
    return kept(layer: layer, kvHead: kvHead).map { $0.contains(position) } ?? false
  }
}
