#if canImport(Glibc)
  internal import Glibc
#else
  internal import Darwin
#endif

/// This machine's addresses, for who has asked to be reached at all of them.
enum Interfaces {
  /// Addresses in numbers by which others reach this machine: those of IPv4 first, none of this machine alone.
  static var addresses: [String] {
    var first: UnsafeMutablePointer<ifaddrs>?
    guard getifaddrs(&first) == 0, let first else { return [] }
    defer { freeifaddrs(first) }
    let found = sequence(first: first, next: \.pointee.ifa_next).compactMap(address)
    return found.filter { !$0.contains(":") } + found.filter { $0.contains(":") }
  }

  private static func address(_ interface: UnsafeMutablePointer<ifaddrs>) -> String? {
    let facts = interface.pointee
    let isUp = facts.ifa_flags & UInt32(IFF_UP) != 0
    guard isUp, facts.ifa_flags & UInt32(IFF_LOOPBACK) == 0, let address = facts.ifa_addr else {
      return nil
    }
    let length: Int
    switch Int32(address.pointee.sa_family) {
    case AF_INET: length = MemoryLayout<sockaddr_in>.size
    case AF_INET6: length = MemoryLayout<sockaddr_in6>.size
    default: return nil
    }
    let host = LocalEnd(at: address, length: socklen_t(length))?.host
    // An address of one link has to be written with the name of the phone's own interface.
    return host.flatMap { $0.hasPrefix("fe80:") ? nil : $0 }
  }
}
