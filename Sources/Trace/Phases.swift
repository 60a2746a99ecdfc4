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

extension Phases.Machine {
  /// What this machine did in passes it can do: limits that no pass goes beyond in arithmetic.
  ///
  /// Bytes are another matter: those of a small model come from the processor's caches, not from memory.
  public func raised(by runs: [PhaseRun]) -> Phases.Machine {
    let fastest = runs.compactMap(\.flopsPerSecond).max() ?? 0
    return Phases.Machine(name: name, flops: max(flops, fastest), bandwidth: bandwidth)
  }

  /// The better of two measurements of one machine.
  public func orBetter(_ other: Phases.Machine?) -> Phases.Machine {
    Phases.Machine(
      name: name, flops: max(flops, other?.flops ?? 0),
      bandwidth: max(bandwidth, other?.bandwidth ?? 0))
  }
}
