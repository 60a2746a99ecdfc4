/// What all connections of the guard work with; touched by its thread only.
final class Desk {
  let limits: ServerLimits
  let room: Room
  let hosts: AllowedHosts
  /// The Unix socket at which FlyingFox answers.
  let backstage: String
  /// How many connections get the states.
  var followers = 0
  /// Where bytes are read into.
  var buffer = [UInt8](repeating: 0, count: 64 * 1024)
  /// When this turn began.
  var now = ContinuousClock.now

  init(limits: ServerLimits, room: Room, hosts: AllowedHosts, backstage: String) {
    self.limits = limits
    self.room = room
    self.hosts = hosts
    self.backstage = backstage
  }
}
