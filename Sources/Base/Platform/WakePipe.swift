#if canImport(Glibc)
  internal import Glibc
#else
  internal import Darwin
#endif

/// A pipe by which a thread wakes another that waits for descriptors.
///
/// Both ends are closed when nobody holds it any more, so that no late wake reaches a descriptor of somebody else.
package final class WakePipe: Sendable {
  /// Readable after `wake`.
  package let readEnd: Int32
  private let writeEnd: Int32

  /// Opens both ends.
  package init() throws(SystemFailure) {
    var ends: [Int32] = [0, 0]
    guard pipe(&ends) == 0 else { throw .last }
    for end in ends {
      _ = fcntl(end, F_SETFL, O_NONBLOCK)
      _ = fcntl(end, F_SETFD, FD_CLOEXEC)
    }
    (readEnd, writeEnd) = (ends[0], ends[1])
  }

  deinit {
    close(readEnd)
    close(writeEnd)
  }

  /// Makes the read end readable; a pipe that is full is so already.
  package func wake() { _ = write(writeEnd, "w", 1) }

  /// Takes all wakes that have come: the read end is readable after the next.
  package func drain() {
    var bytes = [UInt8](repeating: 0, count: 64)
    while read(readEnd, &bytes, bytes.count) > 0 {}
  }
}
