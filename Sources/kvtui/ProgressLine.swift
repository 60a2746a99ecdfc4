#if canImport(Glibc)
  internal import Glibc
#else
  internal import Darwin
#endif
internal import Viz

/// A bar on standard error, if that is a terminal; it leaves nothing behind.
final class ProgressLine {
  private let total: Int
  private let language: Language
  private let isShown: Bool
  private var done = 0
  private static let columns = 30

  init(total: Int, language: Language) {
    self.total = total
    self.language = language
    isShown = isatty(STDERR_FILENO) == 1 && ProcessFacts.environment("TERM") != "dumb"
    show()
  }

  /// One more of the total is done.
  func step() {
    done += 1
    show()
  }

  /// Takes the bar away.
  func clear() {
    if isShown { say("\r" + String(repeating: " ", count: Self.columns + 20) + "\r") }
  }

  private func show() {
    guard isShown else { return }
    let filled = done * Self.columns / max(1, total)
    let bar =
      String(repeating: "#", count: filled) + String(repeating: ".", count: Self.columns - filled)
    say("\r\(language("测速", "timing")) [\(bar)] \(done)/\(total)")
  }

  private func say(_ text: String) {
    // A bar that cannot be drawn is no reason to stop.
    _ = text.withCString { write(STDERR_FILENO, $0, strlen($0)) }
  }
}
