/// The clock beside the keys: when the loop goes on without one.
struct Alarms {
  private var beat: ContinuousClock.Instant?
  private var refresh: ContinuousClock.Instant?
  private var look: ContinuousClock.Instant?
  /// Until then a screen that has nothing to show yet leaves the one before it: most have something at once.
  private var patienceEnd = ContinuousClock.now
  private var isPatient = false
  private var file: (path: String, stamp: AnyHashable)?

  private static let patience = Duration.milliseconds(60)
  /// How often a watched file is looked at.
  private static let interval = Duration.milliseconds(500)

  /// Something is being computed from now on.
  mutating func begin() { patienceEnd = .now + Self.patience }

  func mayShow(_ waits: Waits) -> Bool { !waits.isEmpty || patienceEnd <= .now }

  /// Sets the clock for what a screen waits for.
  mutating func set(_ waits: Waits, _ stamp: (String) -> AnyHashable?) {
    let now = ContinuousClock.now
    beat = waits.beat.map { beat ?? now + $0 }
    refresh = waits.refresh.map { now + $0 }
    isPatient = waits.isEmpty && patienceEnd > now
    look = waits.file == nil ? nil : now + Self.interval
    guard let path = waits.file else { return file = nil }
    if file?.path != path { file = stamp(path).map { (path, $0) } }
  }

  /// When there is something to do without a key.
  var next: ContinuousClock.Instant? {
    [beat, refresh, look, isPatient ? patienceEnd : nil].compactMap { $0 }.min()
  }

  /// What the clock has to tell by now.
  mutating func due(_ stamp: (String) -> AnyHashable?) -> [Message] {
    var messages: [Message] = []
    if let due = beat, due <= .now {
      beat = nil
      messages.append(.tick)
    }
    if let file, let now = stamp(file.path), now != file.stamp {
      self.file = (file.path, now)
      messages.append(.fileChanged(file.path))
    }
    return messages
  }
}
