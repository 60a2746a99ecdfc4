#if canImport(Glibc)
  internal import Glibc
#else
  internal import Darwin
#endif
internal import Base

/// Descriptors as the process was given them.
enum Descriptors {
  /// Takes the places of standard streams that are closed, before a file can get them.
  ///
  /// They are opened in the wrong direction, so that use fails as it would on the closed stream.
  static func guardStandardStreams() {
    for descriptor in [STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO]
    where fcntl(descriptor, F_GETFD) < 0 {
      // The lowest free number is the one that is missing: those below are open by now.
      _ = open("/dev/null", descriptor == STDIN_FILENO ? O_WRONLY : O_RDONLY)
    }
  }

  /// Why no more files can be opened, if that is so.
  static var lack: SystemFailure? {
    let descriptor = dup(STDIN_FILENO)
    guard descriptor < 0 else {
      close(descriptor)
      return nil
    }
    return errno == EMFILE || errno == ENFILE ? .last : nil
  }

  /// Waits until a descriptor that does not block is ready; false if the last call failed for another reason.
  static func canRetry(_ descriptor: Int32, for events: Int32) -> Bool {
    switch errno {
    case EINTR: return true
    case EAGAIN, EWOULDBLOCK:
      var waiting = pollfd(fd: descriptor, events: Int16(events), revents: 0)
      // An interrupted wait ends in another try, which fails with the same reason.
      _ = poll(&waiting, 1, -1)
      return true
    default: return false
    }
  }

  /// Lets a descriptor block that was opened so that opening it could not.
  static func block(_ descriptor: Int32) {
    _ = fcntl(descriptor, F_SETFL, fcntl(descriptor, F_GETFL) & ~O_NONBLOCK)
  }
}
