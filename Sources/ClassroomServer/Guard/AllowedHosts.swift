/// The hosts under which the server may be asked for.
///
/// A name that somebody else's DNS leads here (DNS rebinding) is none of them, so no page of somebody else reads or votes.
struct AllowedHosts {
  /// Hosts that were named, in lower case.
  private let named: Set<String>

  init(_ settings: ServerSettings, port: UInt16) {
    let own = ServeAddress(host: settings.address.host, port: port).authority
    named = Set(([own] + settings.authorities(port: port)).map { $0.lowercased() })
  }

  /// Whether a request that came to this end of a connection may have asked for this host.
  func contains(_ host: String, at end: LocalEnd?) -> Bool {
    let host = host.lowercased()
    if named.contains(host) { return true }
    guard let end else { return false }
    if host == ServeAddress(host: end.host, port: end.port).authority { return true }
    let isLoopback = end.host == "::1" || end.host.hasPrefix("127.")
    return isLoopback && host == ServeAddress(host: "localhost", port: end.port).authority
  }
}
