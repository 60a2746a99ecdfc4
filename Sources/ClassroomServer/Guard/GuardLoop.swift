internal import Classroom
internal import Base

#if canImport(Glibc)
  internal import Glibc
#else
  internal import Darwin
#endif

/// The guard, the only one whom phones talk to.
///
/// It takes their requests in within limits of size and time, lets FlyingFox answer those that are sound, and holds itself
/// who follows.
final class GuardLoop {
  private let listener: Int32
  private let desk: Desk
  /// In the order in which they came.
  private var connections: [Connection] = []
  /// Until when nobody is let in, where the system has no descriptors left.
  private var restsUntil: ContinuousClock.Instant?

  /// Connections beyond the limit that are told so; the rest is closed without a word waited for.
  private static let spare = 64
  /// Peers that are let in between two looks at the others.
  private static let mostAtOnce = 64
  private static let rest = Duration.milliseconds(100)

  /// A guard at a socket that listens, which it owns from now on.
  init(_ listener: Int32, _ desk: Desk) {
    self.listener = listener
    self.desk = desk
  }

  /// Guards until the room is stopped.
  func run() {
    while !desk.room.isStopped { turn() }
    for connection in connections { connection.close() }
    closeDescriptor(listener)
  }

  // MARK: One turn

  private func turn() {
    let (own, theirs) = wait()
    desk.now = .now
    if own[0].revents != 0 { desk.room.guardWake.drain() }
    let events = desk.room.takePending()
    for (connection, found) in zip(connections, theirs) {
      connection.look(at: found)
      connection.offer(events)
      connection.lookAtClock()
    }
    connections.removeAll(where: \.isClosed)
    if own.count > 1, own[1].revents != 0 { letIn() }
    desk.followers = connections.count(where: \.isFollowing)
    desk.room.setFollowers(desk.followers)
  }

  /// Waits until there is something to do: what came of the guard's own descriptors, and of each connection's.
  private func wait() -> (own: ArraySlice<pollfd>, theirs: [ArraySlice<pollfd>]) {
    var all = [pollfd(fd: desk.room.guardWake.readEnd, events: Int16(POLLIN), revents: 0)]
    if isOpen { all.append(pollfd(fd: listener, events: Int16(POLLIN), revents: 0)) }
    let own = all.count
    let starts = connections.map { connection in
      defer { all += connection.waits }
      return all.count
    }
    let count = poll(&all, nfds_t(all.count), timeout)
    if count <= 0 { for index in all.indices { all[index].revents = 0 } }
    let ends = starts.dropFirst() + [all.count]
    return (all[..<own], zip(starts, ends).map { all[$0..<$1] })
  }

  private var isOpen: Bool { restsUntil.map { $0 <= desk.now } ?? true }

  /// Milliseconds until something is due; for ever where nothing is.
  private var timeout: Int32 {
    let now = ContinuousClock.now
    desk.now = now
    let rest = restsUntil.flatMap { $0 > now ? $0 : nil }
    guard let next = (connections.map(\.nextLook) + (rest.map { [$0] } ?? [])).min() else {
      return -1
    }
    return Int32(min(60_000, max(0, (next - now) / .milliseconds(1)).rounded(.up)))
  }

  // MARK: Who comes

  private func letIn() {
    do {
      for _ in 0..<Self.mostAtOnce {
        guard let descriptor = try Sockets.accept(listener) else { return }
        letIn(descriptor)
      }
    } catch {
      restsUntil = desk.now + Self.rest
    }
  }

  private func letIn(_ descriptor: Int32) {
    Sockets.prepare(descriptor)
    prepare(descriptor)
    // One that was refused is among those that give way, and its end alone makes no room.
    while connections.count >= desk.limits.connections, makeRoom() {}
    guard connections.count >= desk.limits.connections else {
      connections.append(Connection(descriptor, desk))
      return
    }
    let connection = Connection(descriptor, desk)
    connection.refuse(.unavailable)
    let isSpared = connections.count < desk.limits.connections + Self.spare
    isSpared ? connections.append(connection) : connection.close()
  }

  /// Small buffers, no waiting for more to send, and a phone that has gone without a word is noticed by the heartbeats.
  private func prepare(_ descriptor: Int32) {
    Sockets.set(descriptor, SOL_SOCKET, SO_SNDBUF, desk.limits.sendBuffer)
    Sockets.set(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, 1)
    #if canImport(Glibc)
      let patience = 3 * (desk.limits.heartbeat / .milliseconds(1))
      Sockets.set(descriptor, Int32(IPPROTO_TCP), TCP_USER_TIMEOUT, Int(patience))
    #endif
  }

  /// Ends the oldest connection that gives way; false where there is none.
  private func makeRoom() -> Bool {
    guard let index = connections.firstIndex(where: \.givesWay) else { return false }
    connections.remove(at: index).close()
    return true
  }
}
