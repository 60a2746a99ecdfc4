package import Base
package import Classroom

/// How the server for phones is set up.
package struct ServerSettings: Sendable {
  /// Where it listens.
  package var address: ServeAddress
  /// Hosts under which it is asked for besides its own address, such as `teacher.local`; one without a port has this server's.
  package var hosts: [String]
  /// What lets a phone in.
  package var code: JoinCode
  /// The language of the page until it has got a state.
  package var language: Language
  /// What phones may take.
  package var limits: ServerLimits

  /// Settings with the limits of a lecture.
  package init(
    address: ServeAddress, code: JoinCode, language: Language, hosts: [String] = [],
    limits: ServerLimits = ServerLimits()
  ) {
    self.address = address
    self.hosts = hosts
    self.code = code
    self.language = language
    self.limits = limits
  }

  /// The hosts besides its own address, each with its port as in a URL.
  func authorities(port: UInt16) -> [String] {
    hosts.map { $0.contains(":") ? $0 : ServeAddress(host: $0, port: port).authority }
  }
}
