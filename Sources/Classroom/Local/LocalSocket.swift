internal import Base

#if canImport(Glibc)
  internal import Glibc
#else
  internal import Darwin
#endif

/// A descriptor of a Unix socket that never blocks; closed when nobody holds it any more.
///
/// Source: POSIX.1-2017, `<sys/un.h>`.
final class LocalSocket: Sendable {
  let descriptor: Int32

  private init(_ descriptor: Int32) {
    self.descriptor = descriptor
    _ = fcntl(descriptor, F_SETFL, O_NONBLOCK)
    _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
    #if canImport(Darwin)
      var on: Int32 = 1
      setsockopt(
        descriptor, SOL_SOCKET, SO_NOSIGPIPE, &on, socklen_t(MemoryLayout<Int32>.size))
    #endif
  }

  deinit { close(descriptor) }

  /// What came of a read or a write.
  enum Transfer: Equatable {
    case bytes(Int)
    /// Not now.
    case blocked
    /// The other side is gone.
    case closed
  }

  // MARK: Opening

  private convenience init() throws(SystemFailure) {
    #if canImport(Glibc)
      let kind = Int32(SOCK_STREAM.rawValue)
    #else
      let kind = SOCK_STREAM
    #endif
    let descriptor = socket(AF_UNIX, kind, 0)
    guard descriptor >= 0 else { throw .last }
    self.init(descriptor)
  }

  /// Bytes that a path may have.
  static var longestPath: Int { MemoryLayout.size(ofValue: sockaddr_un().sun_path) - 1 }

  private static func withAddress(
    _ path: String, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Int32
  ) -> Int32 {
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    withUnsafeMutableBytes(of: &address.sun_path) { room in
      room.copyBytes(from: path.utf8.prefix(longestPath))
    }
    return withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        body($0, socklen_t(MemoryLayout<sockaddr_un>.size))
      }
    }
  }

  /// Connects to a socket that listens.
  static func connected(to path: String) throws(SystemFailure) -> LocalSocket {
    let socket = try LocalSocket()
    guard withAddress(path, { connect(socket.descriptor, $0, $1) }) == 0 else { throw .last }
    return socket
  }

  /// Listens at a path where nothing lies, with these permissions from the beginning.
  static func listening(at path: String, mode: mode_t) throws(SystemFailure) -> LocalSocket {
    let socket = try LocalSocket()
    // Nobody can connect before `listen`, so the permissions are never wider than they end up.
    guard withAddress(path, { bind(socket.descriptor, $0, $1) }) == 0 else { throw .last }
    guard chmod(path, mode) == 0, listen(socket.descriptor, 128) == 0 else {
      let failure = SystemFailure.last
      unlink(path)
      throw failure
    }
    return socket
  }

  /// The next that connects; nil where none waits.
  func accepted() -> LocalSocket? {
    let descriptor = accept(descriptor, nil, nil)
    return descriptor >= 0 ? LocalSocket(descriptor) : nil
  }

  // MARK: Bytes

  func read(into buffer: inout [UInt8], atMost count: Int) -> Transfer {
    var room = [UInt8](repeating: 0, count: count)
    let got = recv(descriptor, &room, count, 0)
    if got > 0 { buffer += room.prefix(got) }
    return Self.transfer(got)
  }

  func write(_ bytes: ArraySlice<UInt8>) -> Transfer {
    #if canImport(Glibc)
      let flags = Int32(MSG_NOSIGNAL)
    #else
      let flags: Int32 = 0
    #endif
    return Self.transfer(
      bytes.withUnsafeBytes { send(descriptor, $0.baseAddress, $0.count, flags) })
  }

  private static func transfer(_ count: Int) -> Transfer {
    if count > 0 { return .bytes(count) }
    let isBlocked = count < 0 && [EAGAIN, EWOULDBLOCK, EINTR].contains(errno)
    return isBlocked ? .blocked : .closed
  }
}
