/// One step of a cache policy beside the full cache: the full one chooses the tokens.
public struct LabStep: Sendable, Equatable {
  /// Counted from 1.
  public let number: Int
  /// Tokens in the sequence.
  public let length: Int
  /// The token that was fed last: whose query this is.
  public let token: TraceToken
  /// The positions whose K and V its query sees, its own among them.
  public let kept: KeptPositions
  /// What all queries so far gave in all to each slot that a KV head holds, in the slots' order: `[layers][kv heads][slots]`;
  /// nil for a policy that does not go by it.
  public let weightSums: [[[Double]]]?
  /// Bytes that the policy's cache holds after the step.
  public let cacheBytes: Int
  /// Bytes that the full cache holds after the step.
  public let fullCacheBytes: Int
  /// The policy's most likely next tokens.
  public let next: [Candidate]
  /// The full cache's most likely next tokens.
  public let fullNext: [Candidate]
  /// How far the policy's distribution p of the next token is from the full cache's, f: Σ f ln(f / p), at temperature 1.
  public let divergence: Double
  /// How unlikely the text's own next token was, −ln of its probability; nil where the text has none.
  public let surprise: Surprise?

  /// −ln of a token's probability.
  public struct Surprise: Sendable, Equatable {
    /// With the policy's cache.
    public let policy: Double
    /// With the full cache.
    public let full: Double

    /// A surprise as it was computed.
    public init(policy: Double, full: Double) {
      self.policy = policy
      self.full = full
    }
  }

  /// A step as it was computed.
  public init(
    number: Int, length: Int, token: TraceToken, kept: KeptPositions,
    weightSums: [[[Double]]]? = nil, cacheBytes: Int, fullCacheBytes: Int, next: [Candidate],
    fullNext: [Candidate], divergence: Double,
    surprise: Surprise?
  ) {
    self.number = number
    self.length = length
    self.token = token
    self.kept = kept
    self.weightSums = weightSums
    self.cacheBytes = cacheBytes
    self.fullCacheBytes = fullCacheBytes
    self.next = next
    self.fullNext = fullNext
    self.divergence = divergence
    self.surprise = surprise
  }

  /// Whether both hold the same token for the most likely one.
  public var agrees: Bool { next.first?.id == fullNext.first?.id }
}

/// Which positions of a text the heads of a model see.
public enum KeptPositions: Sendable, Equatable {
  /// All heads of all layers the same, in rising order.
  case same([Int])
  /// Each KV head of each layer its own, in rising order: `[layers][kv heads]`.
  case byHead([[[Int]]])

  /// `[layers][kv heads]` of positions, which become one list where they are the same.
  public init(_ heads: [[[Int]]]) {
    if let first = heads.first?.first, heads.allSatisfy({ $0.allSatisfy { $0 == first } }) {
      self = .same(first)
    } else {
      self = .byHead(heads)
    }
  }

  /// The share of all KV heads of all layers that see each of the first `length` positions.
  public func shares(length: Int) -> [Double] {
    let heads: [[Int]] =
      switch self {
      case .same(let positions): [positions]
      case .byHead(let heads): heads.flatMap { $0 }
      }
    var counts = Array(repeating: 0, count: length)
    for position in heads.joined() where position < length { counts[position] += 1 }
    return counts.map { Double($0) / Double(heads.count) }
  }
}

/// What all steps of a lab come to.
public struct LabTotal: Sendable, Equatable {
  /// Steps.
  public let steps: Int
  /// The share of steps at which both hold the same token for the most likely one.
  public let agreement: Double
  /// The mean of the steps' divergences.
  public let meanDivergence: Double
  /// The mean surprise over the text's tokens behind the first; nil where there are none.
  public let surprise: LabStep.Surprise?
  /// Bytes of the policy's cache after the last step.
  public let cacheBytes: Int
  /// Bytes of the full cache after the last step.
  public let fullCacheBytes: Int

  /// Sums up; nil where there is no step.
  public init?(_ steps: [LabStep]) {
    guard let last = steps.last else { return nil }
    func mean(_ numbers: [Double]) -> Double { numbers.reduce(0, +) / Double(numbers.count) }
    self.steps = steps.count
    agreement = mean(steps.map { $0.agrees ? 1 : 0 })
    meanDivergence = mean(steps.map(\.divergence))
    let surprises = steps.compactMap(\.surprise)
    surprise =
      surprises.isEmpty
      ? nil
      : LabStep.Surprise(policy: mean(surprises.map(\.policy)), full: mean(surprises.map(\.full)))
    (cacheBytes, fullCacheBytes) = (last.cacheBytes, last.fullCacheBytes)
  }
}
