/// How long wrong codes wait: a slip of the finger hardly, somebody who tries them all long.
struct WrongCodes {
  typealias Instant = ContinuousClock.Instant

  private let few: Duration
  private let many: Duration
  private let most: Int
  /// When the last ones came, oldest first; no more than are needed to know that they are many.
  private var times: [Instant] = []

  init(_ limits: ServerLimits) {
    (few, many) = (limits.wrongCodeTime, limits.manyWrongCodesTime)
    most = max(1, limits.manyWrongCodes)
  }

  /// How long one that comes now waits.
  mutating func wait(at now: Instant) -> Duration {
    times.removeAll { now - $0 > .seconds(60) }
    let isOneOfMany = times.count >= most
    if isOneOfMany { times.removeFirst() }
    times.append(now)
    return isOneOfMany ? many : few
  }
}
