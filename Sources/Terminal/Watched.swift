#if canImport(Darwin)
  import Darwin
#elseif canImport(Musl)
  import Musl
#else
  import Glibc
#endif

/// A descriptor that is waited for; a negative one is never ready.
struct Watched {
  let descriptor: Int32
  private(set) var isReadable = false
  private(set) var isHungUp = false

  init(_ descriptor: Int32) {
    self.descriptor = descriptor
  }

  /// Waits until one of them is ready, a signal comes, or the time is over; nil waits without end.
  static func wait(_ watched: [Watched], until end: ContinuousClock.Instant?) -> [Watched] {
    var entries = watched.map { pollfd(fd: $0.descriptor, events: Int16(POLLIN), revents: 0) }
    let count = poll(&entries, nfds_t(entries.count), milliseconds(until: end))
    // After an error `revents` say nothing.
    return count > 0 ? zip(watched, entries).map { $0.with($1.revents) } : watched
  }

  private func with(_ events: Int16) -> Watched {
    var copy = self
    copy.isReadable = events & Int16(POLLIN) != 0
    copy.isHungUp = events & Int16(POLLHUP | POLLERR | POLLNVAL) != 0
    return copy
  }

  /// Rounded up: a wait that ends too early would be repeated without a pause.
  private static func milliseconds(until end: ContinuousClock.Instant?) -> Int32 {
    guard let end else { return -1 }
    let left = end - .now
    guard left > .zero else { return 0 }
    return Int32(min(left / .milliseconds(1) + 1, 1_000_000))
  }
}
