#if canImport(Glibc)
  internal import Glibc
#else
  internal import Darwin
#endif

/// What signals do to this process.
enum Signals {
  /// Gives a signal a handler, or nil for what the system does; false, and nothing is changed, where it is ignored, as under `nohup`.
  @discardableResult static func handle(
    _ number: Int32, with handler: (@convention(c) (Int32) -> Void)?
  ) -> Bool {
    let former = signal(number, SIG_IGN)
    guard unsafeBitCast(former, to: Int.self) != unsafeBitCast(SIG_IGN, to: Int.self) else {
      return false
    }
    signal(number, handler ?? SIG_DFL)
    return true
  }
}
