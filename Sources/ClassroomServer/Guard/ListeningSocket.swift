internal import Classroom
internal import Base

#if canImport(Glibc)
  internal import Glibc
#else
  internal import Darwin
#endif

/// The socket that phones reach: bound to the address that was named, to no other.
struct ListeningSocket {
  let descriptor: Int32
  /// Where it listens, its port known also where the system chose it.
  let address: ServeAddress

  /// Peers that the system lets wait until they are looked at.
  private static let backlog: Int32 = 1024

  init(_ address: ServeAddress) throws(ServerError) {
    descriptor = try Self.bound(to: address)
    guard listen(descriptor, Self.backlog) == 0, let local = LocalEnd(of: descriptor) else {
      let failure = SystemFailure.last
      close(descriptor)
      throw .cannotListen(address, failure)
    }
    self.address = ServeAddress(host: local.host, port: local.port)
  }

  private static func bound(to address: ServeAddress) throws(ServerError) -> Int32 {
    var hints = addrinfo()
    hints.ai_socktype = Sockets.stream
    var found: UnsafeMutablePointer<addrinfo>?
    guard getaddrinfo(address.host, "\(address.port)", &hints, &found) == 0, let found else {
      throw .unknownHost(address.host)
    }
    defer { freeaddrinfo(found) }
    // A name may have an address of IPv6 where this machine speaks IPv4 alone.
    var failure = SystemFailure(code: EADDRNOTAVAIL)
    for candidate in sequence(first: found, next: \.pointee.ai_next) {
      do throws(SystemFailure) {
        return try bound(to: candidate.pointee)
      } catch {
        failure = error
      }
    }
    throw .cannotListen(address, failure)
  }

  private static func bound(to address: addrinfo) throws(SystemFailure) -> Int32 {
    let descriptor = socket(address.ai_family, Sockets.stream, 0)
    guard descriptor >= 0 else { throw .last }
    Sockets.prepare(descriptor)
    // Or the port could not be had again for minutes after a restart.
    Sockets.set(descriptor, SOL_SOCKET, SO_REUSEADDR, 1)
    guard bind(descriptor, address.ai_addr, address.ai_addrlen) == 0 else {
      let failure = SystemFailure.last
      close(descriptor)
      throw failure
    }
    return descriptor
  }
}
