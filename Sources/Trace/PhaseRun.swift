/// A pass whose limit is of interest: how much arithmetic it does for each byte that it has to read.
///
/// It was run and counted, or it is computed of a shape, and then nobody has timed it.
public struct PhaseRun: Sendable, Equatable {
  /// Prefill or decode.
  public let phase: Phase
  /// Sequences that shared the pass.
  public let batch: Int
  /// Tokens that were fed of each.
  public let rows: Int
  /// Tokens whose K and V were there before, of each.
  public let past: Int
  /// FLOP of its matrix products.
  public let flops: Int
  /// Bytes of the weights that it read, each once.
  public let weightBytes: Int
  /// Bytes of K and V that it read, each once, its own among them.
  public let keyValueBytes: Int
  /// Its seconds, the median over repeated passes; nil where it is computed.
  public let seconds: Double?

  /// Creates a pass.
  public init(
    phase: Phase, batch: Int = 1, rows: Int, past: Int, flops: Int, weightBytes: Int,
    keyValueBytes: Int, seconds: Double?
  ) {
    (self.phase, self.batch, self.rows, self.past) = (phase, batch, rows, past)
    self.flops = flops
    (self.weightBytes, self.keyValueBytes, self.seconds) = (weightBytes, keyValueBytes, seconds)
  }

  /// Bytes that it read.
  public var bytes: Int { weightBytes + keyValueBytes }

  /// FLOP for each of them.
  public var intensity: Double { Double(flops) / Double(bytes) }

  /// FLOP a second; nil where nobody has timed it.
  public var flopsPerSecond: Double? { seconds.map { Double(flops) / $0 } }

  /// Bytes a second; nil where nobody has timed it.
  public var bytesPerSecond: Double? { seconds.map { Double(bytes) / $0 } }

  /// How much faster it read than memory can be read; nil where its bytes can have come from memory.
  ///
  /// What is faster by more than measuring varies came from the processor's caches.
  public func timesMemory(bandwidth: Double) -> Double? {
    bytesPerSecond.map { $0 / bandwidth }.flatMap { $0 > Self.surelyFaster ? $0 : nil }
  }

  /// What is that much faster than memory was not read from it: measuring varies by less.
  public static let surelyFaster = 1.1

  /// What a machine waits for at this intensity.
  public enum Limit: String, Sendable {
    /// Bytes from memory.
    case memory
    /// Arithmetic.
    case compute
  }

  /// What a machine of that arithmetic and memory, FLOP and bytes a second, would wait for.
  public func limit(flops: Double, bandwidth: Double) -> Limit {
    intensity < flops / bandwidth ? .memory : .compute
  }

  /// The least seconds that it takes on such a machine.
  public func leastSeconds(flops: Double, bandwidth: Double) -> Double {
    max(Double(self.flops) / flops, Double(bytes) / bandwidth)
  }
}
