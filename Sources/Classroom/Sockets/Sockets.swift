package import Base

#if canImport(Glibc)
  package import Glibc
#else
  package import Darwin
#endif

/// The system's calls on stream sockets that never block.
package enum Sockets {
  /// What came of a call that moves bytes.
  package enum Moved: Equatable {
    case bytes(Int)
    /// Nothing can be moved now.
    case blocked
    /// The peer has ended its side.
    case ended
    case failed
  }

  #if canImport(Glibc)
    package static let stream = Int32(SOCK_STREAM.rawValue)
    private static let quietly = Int32(MSG_NOSIGNAL)
  #else
    package static let stream = SOCK_STREAM
    private static let quietly: Int32 = 0
  #endif

  /// Makes a socket one that never blocks, is no child's, and raises no signal.
  package static func prepare(_ descriptor: Int32) {
    _ = fcntl(descriptor, F_SETFL, O_NONBLOCK)
    _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
    #if canImport(Darwin)
      set(descriptor, SOL_SOCKET, SO_NOSIGPIPE, 1)
    #endif
  }

  package static func set(_ descriptor: Int32, _ level: Int32, _ option: Int32, _ value: Int) {
    var value = Int32(clamping: value)
    setsockopt(descriptor, level, option, &value, socklen_t(MemoryLayout<Int32>.size))
  }

  /// The next peer that waits: its socket, nil where nobody does.
  package static func accept(_ listener: Int32) throws(SystemFailure) -> Int32? {
    while true {
      #if canImport(Glibc)
        let descriptor = Glibc.accept(listener, nil, nil)
      #else
        let descriptor = Darwin.accept(listener, nil, nil)
      #endif
      if descriptor >= 0 { return descriptor }
      switch errno {
      case EINTR, ECONNABORTED: continue
      case EAGAIN, EWOULDBLOCK: return nil
      default: throw .last
      }
    }
  }

  /// Reads what is there, into a buffer, from its beginning.
  package static func receive(_ descriptor: Int32, into buffer: inout [UInt8]) -> Moved {
    while true {
      let count = buffer.withUnsafeMutableBytes { recv(descriptor, $0.baseAddress, $0.count, 0) }
      if count > 0 { return .bytes(count) }
      if count == 0 { return .ended }
      if errno == EINTR { continue }
      return errno == EAGAIN || errno == EWOULDBLOCK ? .blocked : .failed
    }
  }

  /// Writes as much as there is room for.
  package static func send(_ descriptor: Int32, _ bytes: ArraySlice<UInt8>) -> Moved {
    while true {
      let count = bytes.withUnsafeBytes {
        #if canImport(Glibc)
          Glibc.send(descriptor, $0.baseAddress, $0.count, quietly)
        #else
          Darwin.send(descriptor, $0.baseAddress, $0.count, quietly)
        #endif
      }
      if count >= 0 { return .bytes(count) }
      if errno == EINTR { continue }
      return errno == EAGAIN || errno == EWOULDBLOCK ? .blocked : .failed
    }
  }

  // MARK: Unix sockets

  /// Bytes that a Unix socket's path may have.
  package static var longestPath: Int { MemoryLayout.size(ofValue: sockaddr_un().sun_path) - 1 }

  /// Connects to a Unix socket.
  ///
  /// - Returns: a descriptor that never blocks, which is the caller's to close.
  /// - Throws: why nobody can be reached there now.
  package static func connect(to path: String) throws(SystemFailure) -> Int32 {
    try opened { descriptor in
      withUnixAddress(path) { address, length in
        #if canImport(Glibc)
          Glibc.connect(descriptor, address, length)
        #else
          Darwin.connect(descriptor, address, length)
        #endif
      }
    }
  }

  /// Listens at a path where nothing lies, with these permissions from the beginning.
  ///
  /// - Returns: a descriptor that never blocks, which is the caller's to close.
  package static func listen(at path: String, mode: mode_t) throws(SystemFailure) -> Int32 {
    let descriptor = try opened { descriptor in
      withUnixAddress(path) { bind(descriptor, $0, $1) }
    }
    // Nobody can connect before it listens, so the permissions are never wider than they end up.
    #if canImport(Glibc)
      let listens = chmod(path, mode) == 0 && Glibc.listen(descriptor, 128) == 0
    #else
      let listens = chmod(path, mode) == 0 && Darwin.listen(descriptor, 128) == 0
    #endif
    guard !listens else { return descriptor }
    let failure = SystemFailure.last
    unlink(path)
    close(descriptor)
    throw failure
  }

  /// A Unix socket with which something was done that gives 0, or is closed again.
  private static func opened(_ work: (Int32) -> Int32) throws(SystemFailure) -> Int32 {
    let descriptor = socket(AF_UNIX, stream, 0)
    guard descriptor >= 0 else { throw .last }
    prepare(descriptor)
    guard work(descriptor) != 0 else { return descriptor }
    let failure = SystemFailure.last
    close(descriptor)
    throw failure
  }

  /// Says to the peer that no more will come.
  package static func endSending(_ descriptor: Int32) { shutdown(descriptor, Int32(SHUT_WR)) }

  /// Calls with the address of a Unix socket; a path that is too long for one is refused as the system would.
  private static func withUnixAddress(
    _ path: String, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Int32
  ) -> Int32 {
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    let bytes = Array(path.utf8)
    guard bytes.count <= longestPath else {
      errno = ENAMETOOLONG
      return -1
    }
    withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: bytes) }
    return withUnsafePointer(to: address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        body($0, socklen_t(MemoryLayout<sockaddr_un>.size))
      }
    }
  }
}
