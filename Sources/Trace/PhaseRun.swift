/// A pass that was run to see what limits it: how much arithmetic it does for each byte that it has to read.
public struct PhaseRun: Sendable, Equatable {
  /// Prefill or decode.
  public let phase: Phase
  /// Tokens that were fed.
  public let rows: Int
  /// Tokens whose K and V were there before.
  public let past: Int
  /// FLOP of its matrix products, as they were counted.
  public let flops: Int
  /// Bytes of the weights that it read, each once.
  public let weightBytes: Int
  /// Bytes of K and V that it read, each once, its own among them.
  public let keyValueBytes: Int
  /// Its seconds, the median over repeated passes.
  public let seconds: Double

  /// Creates a pass.
  public init(
    phase: Phase, rows: Int, past: Int, flops: Int, weightBytes: Int, keyValueBytes: Int,
    seconds: Double
  ) {
    (self.phase, self.rows, self.past, self.flops) = (phase, rows, past, flops)
    (self.weightBytes, self.keyValueBytes, self.seconds) = (weightBytes, keyValueBytes, seconds)
  }

  /// Bytes that it read.
  public var bytes: Int { weightBytes + keyValueBytes }

  /// FLOP for each of them.
  public var intensity: Double { Double(flops) / Double(bytes) }

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
