/// The clock beside the keys: when the loop goes on without one.
///
/// Times are the display's, which may stand still or run at another speed than the wall's.
struct Alarms {
  typealias Instant = ContinuousClock.Instant

  private var beat: Instant?
  private var refresh: Instant?
  private var clock: Instant?
  private var look: Instant?
  /// Until then a screen that has nothing to show yet leaves the one before it: most have something at once.
  private var patienceEnd: Instant?
  private var isPatient = false
  private var isBegun = false
  private var file: (path: String, stamp: AnyHashable)?

  private static let patience = Duration.milliseconds(60)
  /// How often a watched file is looked at.
  private static let interval = Duration.milliseconds(500)

  /// Something is being computed from now on.
  mutating func begin() { isBegun = true }

  /// Whether a screen is shown, though it may have nothing to show.
  mutating func mayShow(_ waits: Waits, _ now: Instant) -> Bool {
    if isBegun { patienceEnd = now + Self.patience }
    isBegun = false
    return !waits.isEmpty || !isPatience(now)
  }

  private func isPatience(_ now: Instant) -> Bool { patienceEnd.map { now < $0 } ?? false }

  /// Sets the clock for what a screen waits for.
  mutating func set(_ waits: Waits, _ now: Instant, _ stamp: (String) -> AnyHashable?) {
    beat = waits.beat.map { beat ?? now + $0 }
    refresh = waits.refresh.map { now + $0 }
    // A clock that is to be told more often does not wait for the old time.
    clock = waits.clock.map { min(clock ?? now + $0, now + $0) }
    isPatient = waits.isEmpty && isPatience(now)
    if waits.file != file?.path {
      file = waits.file.flatMap { path in stamp(path).map { (path, $0) } }
    }
    look = file == nil ? nil : now + Self.interval
  }

  /// When there is something to do without a key.
  var next: Instant? {
    [beat, refresh, clock, look, isPatient ? patienceEnd : nil].compactMap { $0 }.min()
  }

  /// What the clock has to tell by now.
  mutating func due(_ now: Instant, _ stamp: (String) -> AnyHashable?) -> [Message] {
    var messages: [Message] = []
    if let due = beat, due <= now {
      beat = nil
      messages.append(.tick)
    }
    if let due = clock, due <= now {
      clock = nil
      messages.append(.time(now))
    }
    if let file, let stamp = stamp(file.path), stamp != file.stamp {
      self.file = (file.path, stamp)
      messages.append(.fileChanged(file.path))
    }
    return messages
  }
}
