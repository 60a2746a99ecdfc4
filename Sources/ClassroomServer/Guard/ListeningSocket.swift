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
    let descriptor = socket(found.pointee.ai_family, Sockets.stream, 0)
    guard descriptor >= 0 else { throw .cannotListen(address, .last) }
    Sockets.prepare(descriptor)
    // Or the port could not be had again for minutes after a restart.
    Sockets.set(descriptor, SOL_SOCKET, SO_REUSEADDR, 1)
    guard bind(descriptor, found.pointee.ai_addr, found.pointee.ai_addrlen) == 0 else {
      let failure = SystemFailure.last
      close(descriptor)
      throw .cannotListen(address, failure)
    }
    return descriptor
  }
}

/// The address of this machine's end of a connection, in numbers.
struct LocalEnd {
  let host: String
  let port: UInt16

  /// Where a socket is bound; nil where that is no address of the internet.
  init?(of descriptor: Int32) {
    var storage = sockaddr_storage()
    var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
    var host = [CChar](repeating: 0, count: Int(NI_MAXHOST))
    var port = [CChar](repeating: 0, count: Int(NI_MAXSERV))
    let isKnown = withUnsafeMutablePointer(to: &storage) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
        getsockname(descriptor, address, &length) == 0
          && getnameinfo(
            address, length, &host, socklen_t(host.count), &port, socklen_t(port.count),
            NI_NUMERICHOST | NI_NUMERICSERV) == 0
      }
    }
    guard isKnown, let number = UInt16(Self.text(port)) else { return nil }
    self.host = Self.plain(Self.text(host))
    self.port = number
  }

  private static func text(_ bytes: [CChar]) -> String {
    String(decoding: bytes.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  /// Without an interface's name, and as IPv4 where a socket of IPv6 was reached by it: so a phone writes it.
  private static func plain(_ host: String) -> String {
    let address = host.prefix { $0 != "%" }
    return String(address.hasPrefix("::ffff:") ? address.dropFirst(7) : address)
  }
}
