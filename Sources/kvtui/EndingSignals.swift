#if canImport(Glibc)
  internal import Glibc
#else
  internal import Darwin
#endif
internal import Base
internal import Dispatch

/// Does something before a signal ends the process.
///
/// The screen's guard gives the terminal back first and hands the signal on to what was there before it.
enum EndingSignals {
  /// Set once, before any signal is taken.
  nonisolated(unsafe) private static var wanted: Int32 = -1
  nonisolated(unsafe) private static var done: Int32 = -1
  /// No ending takes longer, in milliseconds.
  private static let patience: Int32 = 3000

  /// Has `work` done, on a thread of its own, when a signal ends the process.
  static func before(_ work: @escaping @Sendable () -> Void) throws(SystemFailure) {
    var (ask, answer): ([Int32], [Int32]) = ([0, 0], [0, 0])
    guard pipe(&ask) == 0, pipe(&answer) == 0 else { throw .last }
    for end in ask + answer { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    (wanted, done) = (ask[1], answer[0])
    let (asked, answered) = (ask[0], answer[1])
    DispatchQueue(label: "kvtui.ending").async {
      var byte: UInt8 = 0
      while read(asked, &byte, 1) < 0 && errno == EINTR {}
      work()
      _ = write(answered, &byte, 1)
    }
    for signal in [SIGHUP, SIGINT, SIGQUIT, SIGTERM] { Signals.handle(signal, with: end) }
  }

  /// Runs in a signal handler: async-signal-safe calls only.
  private static let end: @convention(c) (Int32) -> Void = { number in
    var byte: UInt8 = 0
    _ = write(EndingSignals.wanted, &byte, 1)
    var waiting = pollfd(fd: EndingSignals.done, events: Int16(POLLIN), revents: 0)
    while poll(&waiting, 1, EndingSignals.patience) < 0 && errno == EINTR {}
    signal(number, SIG_DFL)
    raise(number)
  }
}
