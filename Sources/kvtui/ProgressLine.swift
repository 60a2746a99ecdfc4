#if canImport(Glibc)
  internal import Glibc
#else
  internal import Darwin
#endif
internal import Base
internal import Terminal
internal import Viz

/// A bar on standard error, if that is a terminal; it leaves nothing behind, not even when a signal ends the program, and
/// keys that are typed meanwhile do not show in it.
final class ProgressLine {
  /// What there is so much of.
  enum Work {
    /// Runs of a speed test.
    case runs
    /// Bytes of weights, to read.
    case weights
    /// Steps of a run, to compute.
    case steps
    /// Bytes of a recording, to write.
    case recording
  }

  private let total: Int
  private let work: Work
  private let language: Language
  private let isShown: Bool
  private var done = 0
  private var shown = ""
  private var terminal: SilentTerminal?
  private var clearsOnInterrupt = false
  private static let columns = 30

  init(total: Int, of work: Work = .runs, language: Language) {
    self.total = total
    self.work = work
    self.language = language
    isShown =
      isatty(STDERR_FILENO) == 1 && Environment.value("TERM") != "dumb"
      && !NcursesScreen.isTaken
    if isShown {
      terminal = SilentTerminal(reset: "\(Self.blank)")
      clearsOnInterrupt = terminal == nil && Self.clearOnInterrupt()
    }
    show()
  }

  /// One more of the total is done.
  func step() { advance(to: done + 1) }

  /// So much of the total is done.
  func advance(to done: Int) {
    self.done = done
    show()
  }

  /// Takes the bar away.
  func clear() {
    guard isShown else { return }
    if let terminal { terminal.giveBack() } else { Self.writeBlank() }
    if clearsOnInterrupt { signal(SIGINT, SIG_DFL) }
  }

  private func show() {
    guard isShown else { return }
    let filled =
      (Double(done) / Double(max(1, total)) * Double(Self.columns)).rounded(.down)
      .whole(in: 0...Self.columns) ?? 0
    let bar =
      String(repeating: "#", count: filled) + String(repeating: ".", count: Self.columns - filled)
    let text = "\r\(name) [\(bar)] \(amount)"
    // Slow terminals are not sent what they show already.
    guard text != shown else { return }
    shown = text
    // A bar that cannot be drawn is no reason to stop.
    try? Output(descriptor: STDERR_FILENO, file: nil).say(text)
  }

  private var name: String {
    switch work {
    case .runs: language("测速", "timing")
    case .weights: language("读取权重", "loading")
    case .steps: language("计算", "computing")
    case .recording: language("写录像", "writing")
    }
  }

  private var amount: String {
    switch work {
    case .runs, .steps: "\(done)/\(total)"
    case .weights, .recording: "\(done / 1_000_000)/\(total / 1_000_000) MB"
    }
  }

  /// Blanks over the longest bar.
  private static let blank: StaticString =
    "\r                                                            \r"

  /// A signal handler may do so.
  private static func writeBlank() {
    _ = write(STDERR_FILENO, blank.utf8Start, blank.utf8CodeUnitCount)
  }

  /// Has Ctrl-C take the bar away before it ends the program as ever; false where it is ignored, as under `nohup`.
  private static func clearOnInterrupt() -> Bool {
    Signals.handle(SIGINT) { number in
      ProgressLine.writeBlank()
      signal(number, SIG_DFL)
      raise(number)
    }
  }
}
