internal import Classroom
#if canImport(Glibc)
  internal import Glibc
#else
  internal import Darwin
#endif

/// One connection of a phone: one request, one answer, or the states until it goes.
final class Connection {
  typealias Instant = ContinuousClock.Instant

  /// What it is in the middle of.
  enum Phase {
    case reading(RequestReader)
    case asking(Forwarding)
    case answering
    case following(last: Int, waiting: Event?)
    /// The answer is gone; what the peer still sends is thrown away, or the answer could be lost with it.
    case lingering
    case closed
  }

  private let descriptor: Int32
  private let desk: Desk
  private let began: Instant
  private var phase: Phase
  /// When the phase has taken too long, or a heartbeat is due.
  private var deadline: Instant
  private var output = Output()
  /// Bytes that were thrown away.
  private var discarded = 0

  private static let mostDiscarded = 32 << 20

  /// A connection that was accepted, which it owns from now on.
  init(_ descriptor: Int32, _ desk: Desk) {
    self.descriptor = descriptor
    self.desk = desk
    began = desk.now
    deadline = desk.now + desk.limits.requestTime
    let (hosts, end) = (desk.hosts, LocalEnd(of: descriptor))
    phase = .reading(RequestReader(desk.limits) { hosts.contains($0, at: end) })
  }

  // MARK: What the loop asks

  var isClosed: Bool { if case .closed = phase { true } else { false } }
  var isFollowing: Bool { if case .following = phase { true } else { false } }

  /// Whether it goes to make room for another: one that is done with, or has asked for nothing yet and had the time to.
  var givesWay: Bool {
    switch phase {
    case .lingering: true
    case .reading, .asking: desk.now - began > desk.limits.patience
    case .answering, .following, .closed: false
    }
  }

  /// When it wants to be looked at, though nothing has come.
  var nextLook: Instant {
    if case .asking(let forwarding) = phase, !forwarding.isConnected {
      return min(deadline, desk.now + Forwarding.knock)
    }
    return deadline
  }

  /// What to wait for: on the phone's side, and on FlyingFox's.
  var waits: [pollfd] {
    switch phase {
    case .reading, .lingering: [wait(POLLIN)]
    case .answering: [wait(POLLOUT)]
    case .following: [wait(output.isDone ? POLLIN : POLLIN | POLLOUT)]
    case .asking(let forwarding) where forwarding.isConnected:
      [wait(0), pollfd(fd: forwarding.descriptor, events: forwarding.events, revents: 0)]
    case .asking: [wait(0)]
    case .closed: []
    }
  }

  private func wait(_ events: Int32) -> pollfd {
    pollfd(fd: descriptor, events: Int16(events), revents: 0)
  }

  // MARK: What happens to it

  /// Something has come of what it waited for, in the order of `waits`.
  func look(at found: ArraySlice<pollfd>) {
    guard let own = found.first else { return }
    let isLost = own.revents & Int16(POLLERR | POLLNVAL) != 0
    if isLost { return close() }
    if own.revents & Int16(POLLIN) != 0 {
      receive()
    } else if own.revents & Int16(POLLHUP) != 0 {
      return close()
    }
    if own.revents & Int16(POLLOUT) != 0 { flush() }
    if found.dropFirst().contains(where: { $0.revents != 0 }) { forward() }
  }

  /// Does what is due.
  func lookAtClock() {
    if case .asking(let forwarding) = phase, !forwarding.isConnected, deadline > desk.now {
      return forward()
    }
    if deadline <= desk.now { expire() }
  }

  private func expire() {
    switch phase {
    case .reading(let reader): reader.isEmpty ? close() : refuse(.requestTimeout)
    case .asking: refuse(.unavailable)
    case .following where output.isDone: send(Event.heartbeat)
    case .answering, .following, .lingering: close()
    case .closed: break
    }
  }

  /// Sends an answer of the guard's own, the last there will be.
  func refuse(_ refusal: Refusal) { answer(AnswerHead.bytes(of: refusal)) }

  /// Gives it states, oldest first; one that is busy with an older one gets the newest of them when it is through.
  func offer(_ events: [Event]) {
    for event in events {
      guard case .following(let last, _) = phase, event.number > last else { continue }
      if output.isDone {
        phase = .following(last: event.number, waiting: nil)
        send(event.bytes)
      } else {
        phase = .following(last: last, waiting: event)
      }
    }
  }

  /// Ends it.
  func close() {
    if case .asking(var forwarding) = phase { forwarding.close() }
    if !isClosed { closeDescriptor(descriptor) }
    phase = .closed
  }

  // MARK: In

  private func receive() {
    switch Sockets.receive(descriptor, into: &desk.buffer) {
    case .bytes(let count): take(desk.buffer[..<count])
    case .blocked: break
    // Nobody follows, or asks, who has ended before the question was out.
    case .ended, .failed: close()
    }
  }

  private func take(_ bytes: ArraySlice<UInt8>) {
    guard case .reading(var reader) = phase else {
      discarded += bytes.count
      if discarded > Self.mostDiscarded { close() }
      return
    }
    let progress = reader.take(bytes)
    phase = .reading(reader)
    switch progress {
    case .unfinished: break
    case .whole(let request): ask(request)
    case .refused(let refusal): refuse(refusal)
    }
  }

  // MARK: FlyingFox

  private func ask(_ request: [UInt8]) {
    phase = .asking(Forwarding(request))
    deadline = desk.now + desk.limits.answerTime
    forward()
  }

  private func forward() {
    guard case .asking(var forwarding) = phase else { return }
    forwarding.connect(to: desk.backstage)
    guard forwarding.isConnected else { return }
    let outcome = forwarding.move(by: &desk.buffer)
    phase = .asking(forwarding)
    switch outcome {
    case .unfinished: break
    case .answered(let answer): answer.isEventStream ? follow() : self.answer(answer)
    case .failed: refuse(.badRequest)
    }
  }

  private func endForwarding() {
    if case .asking(var forwarding) = phase { forwarding.close() }
  }

  // MARK: Out

  private func answer(_ bytes: [UInt8]) {
    endForwarding()
    phase = .answering
    send(bytes)
  }

  private func follow() {
    guard desk.followers < desk.limits.followers else { return refuse(.unavailable) }
    endForwarding()
    desk.followers += 1
    let event = desk.room.event
    phase = .following(last: event?.number ?? 0, waiting: nil)
    send(AnswerHead.followers + Event.beginning + (event?.bytes ?? []))
  }

  private func send(_ bytes: [UInt8]) {
    output.append(bytes)
    deadline = desk.now + desk.limits.sendTime
    flush()
  }

  private func flush() {
    guard output.flush(to: descriptor) else { return close() }
    guard output.isDone else { return }
    switch phase {
    case .following(_, let event?):
      phase = .following(last: event.number, waiting: nil)
      send(event.bytes)
    case .following: deadline = desk.now + desk.limits.heartbeat
    case .answering: linger()
    case .reading, .asking, .lingering, .closed: break
    }
  }

  private func linger() {
    Sockets.endSending(descriptor)
    phase = .lingering
    deadline = desk.now + desk.limits.lingerTime
  }
}

extension [UInt8] {
  /// Whether these are the head of an answer to somebody who may follow.
  fileprivate var isEventStream: Bool {
    String(decoding: prefix(1024), as: UTF8.self).lowercased().split(separator: "\r\n\r\n")
      .first?.contains("content-type: \(AnswerHead.eventStream)") ?? false
  }
}
