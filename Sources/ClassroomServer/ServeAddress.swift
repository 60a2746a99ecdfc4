/// Where the server listens: a host that was named, or this machine alone, and a port.
package struct ServeAddress: Hashable, Sendable, CustomStringConvertible {
  /// A name, or an address of IPv4 or IPv6 without brackets.
  package let host: String
  /// 0 where the system is to choose one.
  package let port: UInt16

  /// An address by its parts.
  package init(host: String = "127.0.0.1", port: UInt16) {
    self.host = host
    self.port = port
  }

  /// An address as `--serve` has it, `[HOST:]PORT`; an IPv6 address stands in square brackets.
  package init(parsing text: String) throws(ServerError) {
    let colon = text.lastIndex(of: ":")
    let digits = text[(colon.map(text.index(after:)) ?? text.startIndex)...]
    guard digits.allSatisfy(\.isNumber), let port = UInt16(digits) else {
      throw .badAddress(text)
    }
    guard let colon else {
      self.init(port: port)
      return
    }
    guard let host = Self.host(text[..<colon]) else { throw .badAddress(text) }
    self.init(host: host, port: port)
  }

  /// A host without its brackets; nil where it cannot be one.
  private static func host(_ text: Substring) -> String? {
    let isBracketed = text.hasPrefix("[") && text.hasSuffix("]") && text.count > 2
    let host = isBracketed ? text.dropFirst().dropLast() : text
    let isPlain = host.utf8.allSatisfy { (0x21...0x7E).contains($0) && $0 != 0x5B && $0 != 0x5D }
    guard isPlain, !host.isEmpty, host.contains(":") == isBracketed else { return nil }
    return String(host)
  }

  /// The address as it stands in a URL; a port of 80 is understood.
  package var authority: String { (host.contains(":") ? "[\(host)]" : host) + portPart }

  private var portPart: String { port == 80 ? "" : ":\(port)" }

  /// Host and port.
  package var description: String { authority }
}
