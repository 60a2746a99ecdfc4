internal import Base

#if canImport(Glibc)
  internal import Glibc
#else
  internal import Darwin
#endif

/// The system's calls on stream sockets that never block.
enum Sockets {
  /// What came of a call that moves bytes.
  enum Moved: Equatable {
    case bytes(Int)
    /// Nothing can be moved now.
    case blocked
    /// The peer has ended its side.
    case ended
    case failed
  }

  #if canImport(Glibc)
    static let stream = Int32(SOCK_STREAM.rawValue)
    private static let quietly = Int32(MSG_NOSIGNAL)
  #else
    static let stream = SOCK_STREAM
    private static let quietly: Int32 = 0
  #endif

  /// Makes a socket one that never blocks, is no child's, and raises no signal.
  static func prepare(_ descriptor: Int32) {
    _ = fcntl(descriptor, F_SETFL, O_NONBLOCK)
    _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
    #if canImport(Darwin)
      set(descriptor, SOL_SOCKET, SO_NOSIGPIPE, 1)
    #endif
  }

  static func set(_ descriptor: Int32, _ level: Int32, _ option: Int32, _ value: Int) {
    var value = Int32(clamping: value)
    setsockopt(descriptor, level, option, &value, socklen_t(MemoryLayout<Int32>.size))
  }

  /// The next peer that waits: its socket, nil where nobody does.
  static func accept(_ listener: Int32) throws(SystemFailure) -> Int32? {
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
  static func receive(_ descriptor: Int32, into buffer: inout [UInt8]) -> Moved {
    while true {
      let count = buffer.withUnsafeMutableBytes { recv(descriptor, $0.baseAddress, $0.count, 0) }
      if count > 0 { return .bytes(count) }
      if count == 0 { return .ended }
      if errno == EINTR { continue }
      return errno == EAGAIN || errno == EWOULDBLOCK ? .blocked : .failed
    }
  }

  /// Writes as much as there is room for.
  static func send(_ descriptor: Int32, _ bytes: ArraySlice<UInt8>) -> Moved {
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

  /// Connects to a Unix socket; nil where nobody can be reached there now.
  static func connect(to path: String) -> Int32? {
    let descriptor = socket(AF_UNIX, stream, 0)
    guard descriptor >= 0 else { return nil }
    prepare(descriptor)
    let isConnected = withUnixAddress(path) { address, length in
      #if canImport(Glibc)
        Glibc.connect(descriptor, address, length) == 0
      #else
        Darwin.connect(descriptor, address, length) == 0
      #endif
    }
    if isConnected == true { return descriptor }
    close(descriptor)
    return nil
  }

  /// Says to the peer that no more will come.
  static func endSending(_ descriptor: Int32) { shutdown(descriptor, Int32(SHUT_WR)) }

  /// Calls with the address of a Unix socket; nil where the path is too long for one.
  private static func withUnixAddress<Result>(
    _ path: String, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Result
  ) -> Result? {
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    let bytes = Array(path.utf8)
    guard bytes.count < MemoryLayout.size(ofValue: address.sun_path) else { return nil }
    withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: bytes) }
    return withUnsafePointer(to: address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        body($0, socklen_t(MemoryLayout<sockaddr_un>.size))
      }
    }
  }
}
