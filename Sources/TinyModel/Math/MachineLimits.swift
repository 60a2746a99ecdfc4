internal import CKernels

/// What one thread of this machine can do at most, measured just now.
public struct MachineLimits: Sendable {
  /// FLOP a second, in fused multiply-adds on registers.
  public let flopsPerSecond: Double
  /// Bytes a second, reading memory far beyond the caches.
  public let bytesPerSecond: Double

  /// Far beyond the last cache of machines of today, in floats: 256 MiB.
  private static let floats = 64 << 20

  /// Measures for about `seconds` in all.
  public static func measured(seconds: Double = 0.6) -> MachineLimits {
    let buffer = FloatBuffer(count: floats)
    // Written, so that the pages are there and are not one page of zeros.
    for index in stride(from: 0, to: floats, by: 1024) { buffer.pointer[index] = Float(index) }
    return MachineLimits(
      flopsPerSecond: kv_measure_flops(Kernels.best.level, seconds / 3),
      bytesPerSecond: kv_measure_bandwidth(buffer.pointer, floats, seconds * 2 / 3))
  }
}
