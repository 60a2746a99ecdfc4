internal import Base

#if canImport(Glibc)
  internal import Glibc
#else
  internal import Darwin
#endif

/// A Unix socket that never blocks; closed when nobody holds it any more.
///
/// Source: POSIX.1-2017, `<sys/un.h>`.
final class LocalSocket: Sendable {
  let descriptor: Int32

  private init(_ descriptor: Int32) { self.descriptor = descriptor }

  deinit { close(descriptor) }

  /// Connects to a socket that listens.
  static func connected(to path: String) throws(SystemFailure) -> LocalSocket {
    LocalSocket(try Sockets.connect(to: path))
  }

  /// Listens at a path where nothing lies, with these permissions from the beginning.
  static func listening(at path: String, mode: mode_t) throws(SystemFailure) -> LocalSocket {
    LocalSocket(try Sockets.listen(at: path, mode: mode))
  }

  /// The next that connects; nil where none waits, or none can be had.
  func accepted() -> LocalSocket? {
    guard let peer = try? Sockets.accept(descriptor) else { return nil }
    Sockets.prepare(peer)
    return LocalSocket(peer)
  }

  /// Reads what is there, up to the buffer's size, and puts it behind what is in `input`.
  func read(into input: inout [UInt8], _ buffer: inout [UInt8]) -> Sockets.Moved {
    let moved = Sockets.receive(descriptor, into: &buffer)
    if case .bytes(let count) = moved { input += buffer[..<count] }
    return moved
  }

  /// Writes as much as there is room for.
  func write(_ bytes: ArraySlice<UInt8>) -> Sockets.Moved { Sockets.send(descriptor, bytes) }
}
