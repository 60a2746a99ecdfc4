/// What was counted of a lane in one step or over some, in all; what nobody recorded is nil.
public struct StepSums: Sendable, Equatable {
  /// Query rows.
  public var rows: Int?
  /// QKᵀ cells computed of one head.
  public var cells: Int?
  /// Of these, cells that the mask threw away.
  public var masked: Int?
  /// Tokens whose K and V were computed, of one layer.
  public var keyValues: Int?
  /// Wall time of the forward passes.
  public var seconds: Double?
  /// FLOP of Q, K, V and output projections.
  public var projection: Int?
  /// FLOP of QKᵀ and weights × V.
  public var attention: Int?
  /// FLOP of the feed-forward layers.
  public var mlp: Int?
  /// FLOP of the logits.
  public var logits: Int?
  /// FLOP in all.
  public var total: Int?
  /// Tokens that the cache holds after the step.
  public var cacheTokens: Int?
  /// Bytes that the cache holds after the step.
  public var cacheBytes: Int?

  /// Sums of which none is known.
  public init() {}

  /// FLOP of one category.
  public func flops(_ category: FLOPCategory) -> Int? {
    switch category {
    case .projection: projection
    case .attention: attention
    case .mlp: mlp
    case .logits: logits
    }
  }

  /// Adds a later step; a sum is known where both parts are, and the cache is the later step's.
  public mutating func add(_ later: StepSums) {
    let before = self
    for case (_, .whole(let path)) in StepFields.lane {
      self[keyPath: path] = before[keyPath: path] + later[keyPath: path]
    }
    seconds = before.seconds.flatMap { own in later.seconds.map { own + $0 } }
    for case (_, .whole(let path)) in StepFields.cache {
      self[keyPath: path] = later[keyPath: path]
    }
  }
}

extension Int? {
  /// A sum is known where both parts are, and no number beyond all integers.
  package static func + (a: Int?, b: Int?) -> Int? {
    guard let a, let b else { return nil }
    let (sum, isBeyond) = a.addingReportingOverflow(b)
    return isBeyond ? nil : sum
  }
}

/// What was counted, from the detail where there is one, else from the sums; nil where neither has it.
extension LaneStep {
  /// QKᵀ cells computed of one head.
  public func cells(layer: Int = 0, head: Int = 0) -> Int? {
    counter?.cells(layer: layer, head: head) ?? recorded.cells
  }

  /// Cells of one head that the mask threw away.
  public func masked(layer: Int = 0, head: Int = 0) -> Int? {
    counter?.masked(layer: layer, head: head) ?? recorded.masked
  }

  /// Tokens whose K and V were computed in one layer.
  public func keyValues(layer: Int = 0) -> Int? {
    counter?.keyValues(layer: layer) ?? recorded.keyValues
  }

  /// FLOP of one category.
  public func flops(_ category: FLOPCategory) -> Int? {
    counter?.flops(category) ?? recorded.flops(category)
  }

  /// FLOP in all.
  public var flops: Int? { counter?.flops ?? recorded.total }

  /// Everything that was counted, in all.
  public var sums: StepSums {
    guard counter != nil else { return recorded }
    var sums = StepSums()
    (sums.rows, sums.cells, sums.masked, sums.keyValues) = (rows, cells(), masked(), keyValues())
    (sums.projection, sums.attention) = (flops(.projection), flops(.attention))
    (sums.mlp, sums.logits, sums.total) = (flops(.mlp), flops(.logits), flops)
    (sums.seconds, sums.cacheTokens, sums.cacheBytes) = (seconds, cacheTokens, cacheBytes)
    return sums
  }
}
