internal import Base
public import Viz

/// A display on which a session is performed, until the keyboard takes over.
///
/// Its time passes in waits alone, at the speed of the performance; a key's pause runs down while the screen is settled, so that no
/// key comes before the screen has what it was asked for.
public final class PlayingDisplay: Display {
  /// The performance's time.
  public private(set) var now: ContinuousClock.Instant
  private let display: any Display
  private let quitsAtEnd: Bool
  private var events: ArraySlice<KeptEvent>
  /// What is left of the next event's pause.
  private var pause: Duration
  private var look = Look()
  private var isSettled = false
  private var isPaused = false
  private var isTakenOver = false
  private var speed = PlaySpeed.normal

  /// Creates a display in front of another one.
  ///
  /// - Parameters:
  ///   - display: where frames are seen and keys are pressed.
  ///   - session: what is pressed, and when.
  ///   - quitsAtEnd: whether the program is left where the session was, instead of going on with the keyboard.
  public init(_ display: any Display, playing session: KeptSession, quitsAtEnd: Bool = false) {
    self.display = display
    self.quitsAtEnd = quitsAtEnd
    events = session.events(includingLast: quitsAtEnd)[...]
    pause = events.first?.pause ?? .zero
    now = display.now
  }

  /// Whether the keyboard does not have the screen yet.
  private var isPlaying: Bool { !isTakenOver && (quitsAtEnd || !events.isEmpty) }

  /// The other one's.
  public var size: Size { display.size }

  /// As the other one can show it.
  public func fitted(_ look: Look) -> Look {
    self.look = display.fitted(look)
    return self.look
  }

  /// Shows the frame, and how it is performed.
  public func show(_ frame: Frame, isSettled: Bool) {
    self.isSettled = isSettled
    let bar = PlayBar(look: look, speed: speed, isPaused: isPaused)
    display.show(isPlaying ? bar.drawn(on: frame) : frame, isSettled: isSettled)
  }

  /// Waits for the session's next event, and for the keyboard.
  public func wait(wakes: [Int32], until end: ContinuousClock.Instant?) -> [Message]? {
    let isOver = events.isEmpty && isSettled
    if isPlaying, isOver { return nil }
    guard let messages = pass(wakes, end), let own = isPlaying ? control(messages) : messages else {
      return nil
    }
    return own + next()
  }

  /// Waits, and lets as much time pass as the performance has.
  private func pass(_ wakes: [Int32], _ end: ContinuousClock.Instant?) -> [Message]? {
    let isRunning = isPlaying && isSettled && !isPaused
    // A model is as fast as it is, and who took over goes by the clock on the wall.
    let pace = isPlaying && isSettled ? (isPaused ? 0 : speed.rawValue) : 1
    let left = [end.map { max(.zero, $0 - now) }, isRunning ? pause : nil].compactMap { $0 }.min()
    let start = display.now
    let messages = display.wait(
      wakes: wakes, until: pace == 0 ? nil : left.map { start + $0 / pace })
    var passed = (display.now - start) * pace
    // What is left of rounding is nothing to wait for.
    if let left, left - passed < .microseconds(1) { passed = left }
    now += passed
    if isRunning { pause -= passed }
    return messages
  }

  /// The session's next event, if it is due.
  private func next() -> [Message] {
    guard isPlaying, isSettled, !isPaused, pause <= .zero, let event = events.popFirst() else {
      return []
    }
    pause = events.first?.pause ?? .zero
    isSettled = false
    return [event.message]
  }

  /// Takes the keys that are about the performance; nil when it is to be stopped.
  private func control(_ messages: [Message]) -> [Message]? {
    var others: [Message] = []
    for message in messages {
      switch message {
      case .key(let key) where !isTakenOver:
        guard press(key) else { return nil }
      case .paste where !isTakenOver: break
      case .glyphsAreWide:
        look = look.narrowed
        others.append(message)
      default: others.append(message)
      }
    }
    return others
  }

  /// Does what a key means; false where it stops.
  private func press(_ key: Key) -> Bool {
    switch PlayKeys.map(isPaused: isPaused).action(for: key) {
    case .pause: isPaused.toggle()
    case .faster: speed = speed.changed(by: 1)
    case .slower: speed = speed.changed(by: -1)
    case .takeOver: isTakenOver = true
    case .stop: return false
    case nil: break
    }
    return true
  }
}
