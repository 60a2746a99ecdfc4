internal import Classroom

/// How often votes may come: of one device, and of all together.
struct VoteRates {
  typealias Instant = ContinuousClock.Instant

  private let interval: Duration
  private let perSecond: Double
  private let atOnce: Double
  /// When each device voted last, as far as that matters still.
  private var last: [Device: Instant] = [:]
  /// How many votes more may come now.
  private var credit: Double
  private var credited: Instant?

  init(_ limits: ServerLimits) {
    interval = limits.voteInterval
    perSecond = Double(limits.votesPerSecond)
    atOnce = Double(limits.votesAtOnce)
    credit = atOnce
  }

  /// Whether a vote may come now; one that may not changes nothing for the next.
  mutating func allows(_ device: Device, at now: Instant) -> Bool {
    renew(at: now)
    if let before = last[device], now - before < interval { return false }
    guard credit >= 1 else { return false }
    credit -= 1
    if last.count >= Ballot.mostDevices { last = last.filter { now - $0.value < interval } }
    last[device] = now
    return true
  }

  private mutating func renew(at now: Instant) {
    let since = credited.map { now - $0 } ?? .zero
    credit = min(atOnce, credit + max(0, since / .seconds(1)) * perSecond)
    credited = now
  }
}
