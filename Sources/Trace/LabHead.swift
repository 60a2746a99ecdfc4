/// One head of one layer at a step of a lab: what the policy's queries saw, and its newest one beside the full cache's, made
/// again from the trace's Q, K and V.
///
/// The trace is a `PolicyLab`'s: its first lane is the full cache, its second the policy's, and each pass feeds one token.
public struct LabHead: Sendable {
  /// What a query found of a key.
  public enum Cell: Sendable, Equatable {
    /// K and V as they were computed.
    case exact
    /// K and V in fewer bits.
    case quantised
    /// Nothing: the policy has dropped them.
    case dropped
    /// What comes after the query, or what the model's own mask hides.
    case hidden
  }

  /// The layer, counted from 0.
  public let layer: Int
  /// The query head, counted from 0.
  public let head: Int
  /// Tokens in the sequence.
  public let length: Int
  /// The newest query's weights by position; nil where the policy's query saw no such key.
  public let weights: [Float?]
  /// The same with the full cache.
  public let fullWeights: [Float]
  /// The newest query's scores as the softmax takes them, by position; nil where the policy's query saw no such key.
  public let scores: [Float?]
  /// The same with the full cache.
  public let fullScores: [Float]
  /// The largest |Δ| between K as the policy's attention read it and as its own pass computed it, by position; nil where it
  /// read none, or as it was computed.
  public let keyErrors: [Float?]
  /// The same of V.
  public let valueErrors: [Float?]
  /// The largest |K| of the head's KV head that was computed of the tokens so far, and the largest |V|: what errors are
  /// large or small beside; 0 where all is read as it was computed.
  public let largest: (key: Float, value: Float)
  private let trace: Trace
  private let kvHead: Int
  /// The step that first read a position otherwise than it was computed, by position; nil where none did.
  private let quantisedAt: [Int?]

  /// Looks at a head at a step of a trace.
  public init(_ trace: Trace, step: Step, layer: Int, head: Int) {
    (self.trace, self.layer, self.head, length) = (trace, layer, head, step.length)
    let kvHead = trace.model.kvHead(of: head)
    self.kvHead = kvHead
    let full = HeadAttention(trace, step: step, layer: layer, head: head)
    let own = HeadAttention(trace, lane: Self.lane, step: step, layer: layer, head: head)
    let newest = step.length - 1
    fullWeights = full.weights(ofRow: newest)
    fullScores = full.scaledScores(ofRow: newest)
    let (slots, scored) = (own.weights(ofRow: newest), own.scaledScores(ofRow: newest))
    let seen = Set(
      step.lanes[Self.lane].seen(
        layer: layer, kvHead: kvHead, trace.model.rule(ofLayer: layer).mask))
    let seenSlots = (0..<step.length).map { seen.contains($0) ? own.slot(of: $0) : nil }
    weights = seenSlots.map { slot in slot.map { slots[$0] } }
    scores = seenSlots.map { slot in slot.map { scored[$0] } }
    let quantisedAt = trace.quantisedAt(step, layer: layer)
    self.quantisedAt = quantisedAt
    func computed(_ kind: RowKind, _ position: Int) -> [Float] {
      trace.row(kind, lane: Self.lane, layer: layer, position: position, head: kvHead)
    }
    func errors(_ kind: RowKind, _ read: (Int) -> [Float]) -> [Float?] {
      (0..<step.length).map { position in
        guard quantisedAt[position] != nil, own.slot(of: position) != nil else { return nil }
        return largestDifference(read(position), computed(kind, position))
      }
    }
    func largest(_ kind: RowKind) -> Float {
      guard quantisedAt.contains(where: { $0 != nil }) else { return 0 }
      return (0..<step.length).reduce(0) { max($0, computed(kind, $1).map(abs).max() ?? 0) }
    }
    keyErrors = errors(.key, own.key)
    valueErrors = errors(.value, own.value)
    self.largest = (largest(.key), largest(.value))
  }

  /// The policy's lane.
  static let lane = 1

  /// What the full cache's newest query looked at and the policy's could not: a sum of weights, from 0 to 1.
  public var lost: Double {
    zip(weights, fullWeights).reduce(0) { $1.0 == nil ? $0 + Double($1.1) : $0 }
  }

  /// The largest error of K, of all positions; nil where all was read as it was computed.
  public var keyError: Float? { keyErrors.compactMap { $0 }.max() }
  /// The largest error of V.
  public var valueError: Float? { valueErrors.compactMap { $0 }.max() }

  /// What queries found of keys, both by position, each in its own step: `[queries][keys]`.
  ///
  /// - Parameters:
  ///   - queries: positions below `length`.
  ///   - keys: positions below `length`.
  ///   - isFull: of the full cache, not of the policy's.
  /// - Returns: what each query found of each key.
  public func cells(queries: [Int], keys: [Int], isFull: Bool = false) -> [[Cell]] {
    let mask = trace.model.rule(ofLayer: layer).mask
    return queries.map { query in
      let step = trace.steps[query]
      let lane = step.lanes[isFull ? 0 : Self.lane]
      let seen = Set(lane.seen(layer: layer, kvHead: kvHead, mask))
      return keys.map { key in
        if seen.contains(key) {
          let isCoarse = quantisedAt[key].map { $0 <= step.number } ?? false
          return isCoarse && !isFull ? .quantised : .exact
        }
        return key > query || mask.hides(key: key, fromQuery: query) ? .hidden : .dropped
      }
    }
  }
}

/// The largest |Δ|; a NaN is a difference.
private func largestDifference(_ one: [Float], _ other: [Float]) -> Float {
  zip(one, other).reduce(0) { largest, pair in
    let difference = abs(pair.0 - pair.1)
    return difference <= largest ? largest : difference
  }
}

extension Trace {
  /// The step at which each position was first read otherwise than it was computed, by a policy of fewer bits.
  fileprivate func quantisedAt(_ step: Step, layer: Int) -> [Int?] {
    var first = [Int?](repeating: nil, count: step.length)
    guard lanes[LabHead.lane].cache?.format != .f32 else { return first }
    for step in steps.prefix(step.number) {
      guard let reading = step.lanes[LabHead.lane].reading?.layers[layer] else { continue }
      for slot in reading.changed {
        let position = reading.positions[slot]
        first[position] = first[position] ?? step.number
      }
    }
    return first
  }
}

extension LaneStep {
  /// The positions that the last query of a step sees, of those that the lane holds for a KV head, in rising order.
  package func seen(layer: Int, kvHead: Int, _ mask: AttentionMask) -> [Int] {
    let countsSlots = reading?.layers[layer].numbering == .slots
    let kept = kept(layer: layer, kvHead: kvHead)?.all ?? []
    let query = countsSlots ? kept.count - 1 : fed.upperBound - 1
    return kept.enumerated().filter { slot, position in
      !mask.hides(key: countsSlots ? slot : position, fromQuery: query)
    }.map(\.element).sorted()
  }
}
