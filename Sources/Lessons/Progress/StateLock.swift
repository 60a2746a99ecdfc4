internal import Base

#if canImport(Glibc)
  internal import Glibc
#else
  internal import Darwin
#endif

/// A folder's lock, which is held for a moment while something in it is changed: several programs change it in turn.
final class StateLock {
  private var descriptor: Int32 = -1

  /// Attempts, each behind a short sleep: a second in all.
  private static let attempts = 200
  private static let microseconds: UInt32 = 5000

  /// Opens the lock of a folder.
  ///
  /// It is not the one that older programs held as long as they ran.
  init(folder: String) throws(SystemFailure) {
    descriptor = open(
      folder + "/record.lock", O_RDWR | O_CREAT | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw .last }
  }

  deinit { if descriptor >= 0 { close(descriptor) } }

  /// Does something while nobody else does.
  func held(_ work: () throws(SystemFailure) -> Void) throws(SystemFailure) {
    try take()
    defer { flock(descriptor, LOCK_UN) }
    try work()
  }

  private func take() throws(SystemFailure) {
    for _ in 0..<Self.attempts {
      if flock(descriptor, LOCK_EX | LOCK_NB) == 0 { return }
      guard errno == EWOULDBLOCK || errno == EINTR else { throw .last }
      usleep(Self.microseconds)
    }
    throw SystemFailure(code: EWOULDBLOCK)
  }
}
