/// Passes of prefill and decode, and what the machine that they ran on can do at most, as far as they are measured.
public struct Phases: Sendable, Equatable {
  /// Limits of a machine.
  public struct Machine: Sendable, Equatable {
    /// What it is called; nil for the one that the passes ran on.
    public let name: String?
    /// FLOP a second.
    public let flops: Double
    /// Bytes a second.
    public let bandwidth: Double

    /// Creates limits.
    public init(name: String? = nil, flops: Double, bandwidth: Double) {
      (self.name, self.flops, self.bandwidth) = (name, flops, bandwidth)
    }

    /// FLOP a byte from which on arithmetic is what limits.
    public var ridge: Double { flops / bandwidth }
  }

  /// Passes that were run.
  public var runs: [PhaseRun] = []
  /// What this machine can do, measured between the passes; nil before the first.
  public var machine: Machine?

  /// Nothing yet.
  public init() {}
}
