#if canImport(Glibc)
  internal import Glibc
#else
  internal import Darwin
#endif
internal import Kernels
internal import Terminal
internal import TinyModel

/// Reads a model's weights with a bar on standard error, where they are so large that one waits for them.
enum WeightsBar {
  private static let leastBytes = 64 << 20

  /// Whether so many bytes are so many.
  static func isShown(for bytes: Int) -> Bool { bytes > leastBytes }

  static func transformer(
    _ checkpoint: Checkpoint, _ type: WeightType, _ pool: ThreadPool
  ) throws(ModelError) -> Transformer {
    let bytes = checkpoint.weightBytes
    guard isShown(for: bytes) else { return try Transformer(checkpoint, type: type, pool: pool) }
    let bar = line(of: bytes)
    defer { bar.clear() }
    return try Transformer(checkpoint, type: type, pool: pool) { bar.advance(to: $0.read) }
  }

  /// A bar of so many bytes.
  static func line(of bytes: Int) -> ProgressLine {
    ProgressLine(total: bytes, of: .weights, language: ProcessFacts.language)
  }

  /// The terminal without echo, where nothing else has taken it; there is no bar to draw.
  static func silentTerminal() -> SilentTerminal? {
    guard isatty(STDERR_FILENO) == 1, !NcursesScreen.isTaken else { return nil }
    return SilentTerminal(reset: "")
  }
}
