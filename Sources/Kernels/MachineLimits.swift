internal import CKernels

/// What the threads of a pool can do at most on this machine, measured just now.
public struct MachineLimits: Sendable {
  /// FLOP a second, in fused multiply-adds on registers.
  public let flopsPerSecond: Double
  /// Bytes a second, reading memory far beyond the caches.
  public let bytesPerSecond: Double
  /// Threads that were measured together.
  public let threads: Int

  /// Which of many measurements counts.
  public enum Rate: Sendable {
    /// The median of long ones: what lasts, the yardstick of a benchmark.
    case lasting
    /// The best of short ones: other programs on the machine only ever take from it, so what is measured is the most that it
    /// is seen to do.
    case best
  }

  /// Measures limits again and again, so that a machine whose speed drifts is measured while it works.
  public final class Meter {
    private let kernels: Kernels
    private let rate: Rate
    private let buffer = FloatBuffer(count: Meter.floats)
    private var flops: [Double] = []
    private var bytes: [Double] = []

    /// Far beyond the last cache of machines of today, in floats: 256 MiB.
    private static let floats = 64 << 20

    /// Bytes that a meter takes.
    public static let byteCount = floats * MemoryLayout<Float>.stride

    /// A meter of the threads of `pool`.
    public init(_ pool: ThreadPool, _ rate: Rate = .lasting) {
      (kernels, self.rate) = (Kernels(pool: pool), rate)
      // Written, so that the pages are there and are not one page of zeros.
      for index in stride(from: 0, to: buffer.count, by: 1024) {
        buffer.pointer[index] = Float(index)
      }
    }

    /// Measures for about `seconds`.
    public func measure(seconds: Double = 0.1) {
      let (table, pool) = (kernels.table, kernels.pool.pool)
      let kind = rate == .best ? CK_BEST : CK_LASTING
      flops.append(table.measure_flops(pool, seconds / 3, kind))
      bytes.append(
        table.measure_bandwidth(pool, buffer.pointer, buffer.count, seconds * 2 / 3, kind))
    }

    /// The medians of what was measured, at least once, or the best of it.
    public var limits: MachineLimits {
      MachineLimits(
        flopsPerSecond: chosen(flops), bytesPerSecond: chosen(bytes),
        threads: kernels.pool.threads)
    }

    private func chosen(_ rates: [Double]) -> Double {
      rates.sorted()[rate == .best ? rates.count - 1 : rates.count / 2]
    }
  }
}
