/// Prefill or decode.
public enum Phase: String, Sendable {
  /// The first step, which fills the cache.
  case prefill
  /// Every step after it, one token each.
  case decode
}

/// One step of every lane.
public struct Step: Sendable, Equatable {
  /// Counted from 1.
  public let number: Int
  /// Prefill or decode.
  public let phase: Phase
  /// Tokens in the sequence.
  public let length: Int
  /// The tokens that are new at this step.
  public let fed: [TraceToken]
  /// What each lane did, in the order of the trace's lanes; the first is the reference.
  public let lanes: [LaneStep]
  /// The token that was chosen and is fed at the next step, if there is one; for a text, the text's own; nil where a recording
  /// does not say.
  public let chosen: TraceToken?

  /// A step as its lanes did it; there is one at least.
  public init(
    number: Int, phase: Phase, length: Int, fed: [TraceToken], lanes: [LaneStep],
    chosen: TraceToken?
  ) {
    precondition(!lanes.isEmpty, "step \(number) has no lane")
    self.number = number
    self.phase = phase
    self.length = length
    self.fed = fed
    self.lanes = lanes
    self.chosen = chosen
  }

  /// What was computed of the new tokens in a lane.
  public func activations(of lane: Int = 0) -> Activations {
    lanes[lane].activations ?? lanes[0].activations ?? Activations()
  }
}

/// A run without and with a cache, as most views ask for it.
extension Step {
  /// The lane that feeds the whole sequence: the first.
  public var uncached: LaneStep { lanes[0] }
  /// The lane that feeds the new tokens: the last.
  public var cached: LaneStep { lanes[lanes.count - 1] }
  /// Q, K and V of the new tokens, of the reference lane.
  public var rows: Activations { activations() }
  /// The most likely next tokens, of the cached lane.
  public var next: [Candidate] { cached.next }
  /// The largest |Δ| of any lane from the reference over all logits of the last row; nil where nobody compared them.
  public var maxAbsDifference: Float? { largest { $0.logits } }
  /// The largest |Δ| of any lane from the reference over Q, K and V of every token and layer; nil where nobody compared them.
  public var maxAbsRowDifference: Float? { largest { $0.rows } }

  private func largest(_ part: (LaneDifference) -> Float?) -> Float? {
    lanes.compactMap { $0.difference.flatMap(part) }.reduce(nil) { largest, difference in
      guard let largest else { return difference }
      // A NaN is a difference, and `max` would drop it.
      return difference <= largest || largest.isNaN ? largest : difference
    }
  }
}
