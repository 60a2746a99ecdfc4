/// How long the parts of a lecture have taken, and the timer of the question.
struct LectureClock: Hashable, Sendable {
  /// When the time was told last.
  private var told: ContinuousClock.Instant?
  /// Whether the lecture has begun: it waits on the wall as long as the class does.
  private(set) var isRunning = false
  /// How long each part was on the wall.
  private(set) var items: [Duration]
  /// What is left on the timer; nil while none runs.
  private(set) var timer: Duration?

  /// A step of the timer's keys.
  static let step = Duration.seconds(30)
  private static let longest = Duration.seconds(3600)

  /// - Parameters:
  ///   - items: how many parts there are.
  ///   - seconds: how long each of them was on the wall before.
  init(items: Int, seconds: [Int] = []) {
    self.items = (0..<items).map { .seconds(seconds.indices.contains($0) ? seconds[$0] : 0) }
  }

  /// The lecture begins, or goes on, unless it has.
  mutating func begin() { isRunning = true }

  /// Seconds of each part, in tens: what is kept is not written anew each second.
  var kept: [Int] { items.map { Int($0 / .seconds(10)) * 10 } }

  /// The time is told while a part is on the wall.
  mutating func tell(_ now: ContinuousClock.Instant, item: Int) {
    let passed = told.map { max(.zero, now - $0) } ?? .zero
    told = now
    if isRunning { items[item] += passed }
    timer = timer.map { max(.zero, $0 - passed) }
  }

  /// Gives more time, or less; a timer without any is none.
  mutating func change(by more: Duration) {
    let wanted = min(Self.longest, (timer ?? .zero) + more)
    timer = wanted > .zero ? wanted : nil
  }

  /// The timer belongs to the phase that ends.
  mutating func stopTimer() { timer = nil }

  /// Seconds that are left, rounded up: a timer that shows 0 has ended.
  var secondsLeft: Int? {
    timer.map { Int(($0 + .milliseconds(999)) / .seconds(1)) }
  }
}
