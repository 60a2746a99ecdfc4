#if canImport(Glibc)
  internal import Glibc
#else
  internal import Darwin
#endif

/// The address of this machine's end of a connection, in numbers.
struct LocalEnd {
  let host: String
  let port: UInt16

  /// Where a socket is bound; nil where that is no address of the internet.
  init?(of descriptor: Int32) {
    var storage = sockaddr_storage()
    var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
    let end = withUnsafeMutablePointer(to: &storage) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
        getsockname(descriptor, address, &length) == 0
          ? LocalEnd(at: address, length: length) : nil
      }
    }
    guard let end else { return nil }
    self = end
  }

  /// An address in numbers; nil where it is none of the internet.
  init?(at address: UnsafePointer<sockaddr>, length: socklen_t) {
    var host = [CChar](repeating: 0, count: Int(NI_MAXHOST))
    var port = [CChar](repeating: 0, count: Int(NI_MAXSERV))
    let flags = NI_NUMERICHOST | NI_NUMERICSERV
    let failure = getnameinfo(
      address, length, &host, socklen_t(host.count), &port, socklen_t(port.count), flags)
    guard failure == 0, let number = UInt16(Self.text(port)) else { return nil }
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
