internal import Kernels
internal import Trace

/// Generates greedily with or without a KV cache and times each token: what the chapter's speed test measures.
///
/// The end-of-sequence token is passed over, so that every run writes as many tokens.
public struct Generation {
  private let model: Transformer
  private let ids: [Int]
  private let newTokens: Int
  private let usesCache: Bool

  /// Prepares a generation; the plan of a prompt is checked by `RunPlan`.
  ///
  /// - Parameters:
  ///   - model: what generates.
  ///   - plan: of a prompt.
  ///   - usesCache: whether each step feeds the new token only, or the whole sequence.
  public init(_ model: Transformer, plan: RunPlan, usesCache: Bool) {
    self.model = model
    self.usesCache = usesCache
    ids = plan.ids
    newTokens = plan.newTokens
  }

  /// What one generation took.
  public struct Timing: Sendable {
    /// Wall time of each new token's forward pass, in seconds; the first is the prefill.
    public let seconds: [Double]
    /// FLOP counted in all of them.
    public let flops: Int
    /// Bytes of the weights and of the K and V in use, each once a pass: what has to come from memory at least.
    public let bytes: Int
    /// The ids that were written.
    public let written: [Int]

    /// Wall time of all passes, in seconds.
    public var total: Double { seconds.reduce(0, +) }
  }

  /// Generates once.
  ///
  /// - Parameter progress: called after each token.
  /// - Returns: what it took.
  /// - Throws: `ModelError.notFinite`, where a logit is no finite number.
  public func run(progress: () -> Void = {}) throws(ModelError) -> Timing {
    let longest = ids.count + newTokens - 1
    let session = DecodeSession(
      model, lane: usesCache ? .cached : .uncached, rows: usesCache ? ids.count : longest,
      capacity: longest)
    var sequence = ids
    var seconds: [Double] = []
    // All room is made before the first step.
    sequence.reserveCapacity(ids.count + newTokens)
    seconds.reserveCapacity(newTokens)
    var bytes = 0
    // One pass that is not timed: whatever ran before has taken the processor's caches.
    session.feed(ids[..<1])
    session.removeAll()
    session.resetCounter()
    for step in 1...newTokens {
      // Before the clock starts: forgetting is no part of the model's work.
      let fed = session.prepare(for: sequence.count, longest: longest)
      let pass = session.feed(sequence[fed])
      seconds.append(pass.seconds)
      sequence.append(pass.logits.largestIndex)
      guard pass.logits.isFinite else { throw .notFinite(model: model.name, step: step) }
      bytes += model.bytesPerPass + session.usedBytes
      progress()
    }
    return Timing(
      seconds: seconds, flops: session.counter.flops, bytes: bytes,
      written: Array(sequence[ids.count...]))
  }
}

extension FloatBuffer {
  /// The index of the largest float, the first of equals.
  fileprivate var largestIndex: Int {
    var best = 0
    for index in 1..<max(1, count) where pointer[index] > pointer[best] { best = index }
    return best
  }
}
