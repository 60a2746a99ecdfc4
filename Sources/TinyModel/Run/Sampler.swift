#if canImport(Glibc)
  internal import Glibc
#else
  internal import Darwin
#endif
internal import Base

/// How the next token is chosen from the logits.
public struct SamplingOptions: Sendable, Equatable {
  /// Divides the logits; 0 is greedy.
  public var temperature: Double
  /// Only this many of the most likely tokens are drawn from; nil for all.
  public var topK: Int?
  /// Seeds the draw.
  public var seed: UInt64

  /// The most likely token, always.
  public static let greedy = SamplingOptions(temperature: 0, topK: nil, seed: 0)

  /// Creates options.
  public init(temperature: Double, topK: Int?, seed: UInt64) {
    self.temperature = temperature
    self.topK = topK
    self.seed = seed
  }
}

/// Chooses tokens; equal seeds choose equally.
struct Sampler {
  private let options: SamplingOptions
  private var random: SplitMix64

  init(_ options: SamplingOptions) {
    self.options = options
    random = SplitMix64(seed: options.seed)
  }

  /// The ids in falling order of their logits, ties by the lower id; at most `limit`.
  static func ranking(_ logits: [Float], limit: Int) -> [Int] {
    func isBetter(_ a: Int, _ b: Int) -> Bool {
      logits[a] > logits[b] || (logits[a] == logits[b] && a < b)
    }
    guard limit < logits.count / 8 else {
      return Array(logits.indices.sorted(by: isBetter).prefix(limit))
    }
    var best: [Int] = []
    for id in logits.indices {
      if best.count == limit, let last = best.last, !isBetter(id, last) { continue }
      let place = best.firstIndex { isBetter(id, $0) } ?? best.count
      best.insert(id, at: place)
      if best.count > limit { best.removeLast() }
    }
    return best
  }

  /// Softmax at temperature 1 of the tokens in `ids`.
  static func probabilities(_ logits: [Float], of ids: [Int]) -> [Double] {
    let maximum = Double(logits.max() ?? 0)
    let total = logits.reduce(0.0) { $0 + exp(Double($1) - maximum) }
    return ids.map { exp(Double(logits[$0]) - maximum) / total }
  }

  /// The next token's id.
  mutating func choose(_ logits: [Float]) -> Int {
    guard options.temperature > 0 else { return Self.ranking(logits, limit: 1).first ?? 0 }
    let limit = min(options.topK ?? logits.count, logits.count)
    let ids = Self.ranking(logits, limit: max(1, limit))
    let maximum = Double(logits[ids[0]])
    let masses = ids.map { exp((Double(logits[$0]) - maximum) / options.temperature) }
    var rest = random.uniform() * masses.reduce(0, +)
    for (id, mass) in zip(ids, masses) {
      rest -= mass
      if rest < 0 { return id }
    }
    return ids[ids.count - 1]
  }
}
