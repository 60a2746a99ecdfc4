public import Viz

/// A display without a terminal: messages in order, and a frame after each.
///
///     let display = ScriptDisplay(size: size, keys: keys)
///     app.run(on: display)
///     print(display.frames)
public final class ScriptDisplay: Display {
  /// A frame's size.
  public private(set) var size: Size
  /// What was shown: at first, and after each message.
  public private(set) var frames: [Frame] = []
  /// The script's own time: it passes as fast as the loop can follow.
  public private(set) var now = ContinuousClock.now
  private var messages: [Timed]
  private var isToBeKept = true

  private typealias Timed = (pause: Duration, message: Message)

  private init(size: Size, timed: [Timed]) {
    self.size = size
    messages = timed.reversed()
  }

  /// Creates a display on which messages come one by one.
  public convenience init(size: Size, messages: [Message]) {
    self.init(size: size, timed: messages.map { (.zero, $0) })
  }

  /// Creates a display on which keys are pressed one by one.
  public convenience init(size: Size, keys: [Key]) {
    self.init(size: size, messages: keys.map { .key($0) })
  }

  /// Creates a display on which a session is performed; nobody waits for its pauses, but beats come in them.
  public convenience init(size: Size, playing events: [KeptEvent]) {
    self.init(size: size, timed: events.map { ($0.pause, $0.message) })
  }

  /// Everything can be shown.
  public func fitted(_ look: Look) -> Look { look }

  /// Keeps the frame that a message led to.
  public func show(_ frame: Frame, isSettled: Bool) {
    if isToBeKept { frames.append(frame) }
    isToBeKept = false
  }

  /// The next message, or what comes before it.
  public func wait(wakes: [Int32], until end: ContinuousClock.Instant?) -> [Message]? {
    guard let (pause, message) = messages.last else { return nil }
    if let end, max(.zero, end - now) < pause {
      messages[messages.count - 1].pause -= max(.zero, end - now)
      now = max(now, end)
      return []
    }
    messages.removeLast()
    now += pause
    isToBeKept = true
    if case .resized(let new) = message { size = new }
    return [message]
  }
}
