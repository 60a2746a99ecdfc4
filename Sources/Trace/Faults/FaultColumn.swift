/// What a broken cache holds of one token, held against the sound run.
public struct FaultColumn: Sendable, Equatable {
  /// The token's position in the text.
  public let position: Int
  /// The largest |Δ| between the K that is there and the sound run's, by layer; nil where not one bit differs.
  public internal(set) var keys: [Float?]
  /// The same of V.
  public internal(set) var values: [Float?]
  /// The position that the token was embedded or turned with.
  public let given: Int
  /// Keys that the token's row saw when it was new, in the first layer's cache.
  public let seen: Int
  /// Keys that the sound run's row saw.
  public let toSee: Int
  /// How often its K and V are in the cache, in the first layer.
  public internal(set) var copies: Int
  /// Whether V reads as 0 in every layer.
  public internal(set) var readsZero: Bool
  /// The token whose K and V are there; nil where they are its own.
  public internal(set) var owner: TraceToken?

  /// K and V, in this order.
  public enum Part: String, CaseIterable, Sendable {
    /// Keys.
    case keys = "k"
    /// Values.
    case values = "v"
  }

  /// The largest |Δ| of a part by layer.
  public func gaps(_ part: Part) -> [Float?] { part == .keys ? keys : values }

  /// The largest |Δ| of a part over some layers; nil where not one bit differs.
  public func gap(_ part: Part, _ layers: Range<Int>) -> Float? {
    gaps(part)[layers].reduce(nil) { largest, gap in
      guard let gap, let largest else { return largest ?? gap }
      // A NaN is a difference, and `max` would drop it.
      return gap <= largest || largest.isNaN ? largest : gap
    }
  }
}

/// The largest |Δ| of two rows; nil where not one bit differs.
func largestGap(_ own: some Collection<Float>, _ other: some Collection<Float>) -> Float? {
  var largest: Float?
  for (one, two) in zip(own, other) where one.bitPattern != two.bitPattern {
    let gap = abs(one - two)
    guard let known = largest else {
      largest = gap
      continue
    }
    if !known.isNaN, !(gap <= known) { largest = gap }
  }
  return largest
}
