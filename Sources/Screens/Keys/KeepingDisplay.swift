public import Viz

/// A display that tells what is pressed and pasted on another, and when.
///
/// Only settled time counts, in which the screen had what it was asked for: so a session is the same on a slower machine.
/// What is computed and drawn takes none of it, so that beats and keys come in the same order when it is performed.
public final class KeepingDisplay: Display {
  /// The session's time.
  public private(set) var now: ContinuousClock.Instant
  private let display: any Display
  private let keep: (KeptEvent) -> Void
  private var pause = Duration.zero
  private var isSettled = false
  /// What came at once is handed on one by one: what comes behind the key that leaves is not part of the session.
  private var pending: ArraySlice<Message> = []

  /// Creates a display in front of another one.
  ///
  /// - Parameters:
  ///   - display: where frames are seen and keys are pressed.
  ///   - keep: is told each event before the screen gets it.
  public init(_ display: any Display, keep: @escaping (KeptEvent) -> Void) {
    self.display = display
    self.keep = keep
    now = display.now
  }

  /// The other one's.
  public var size: Size { display.size }

  /// As the other one can show it.
  public func fitted(_ look: Look) -> Look { display.fitted(look) }

  /// Shows the frame, unless the next follows at once.
  public func show(_ frame: Frame, isSettled: Bool) {
    self.isSettled = isSettled
    if pending.isEmpty { display.show(frame, isSettled: isSettled) }
  }

  /// Waits on the other display.
  public func wait(wakes: [Int32], until end: ContinuousClock.Instant?) -> [Message]? {
    if pending.isEmpty {
      guard let messages = relayedWait(wakes, end) else { return nil }
      pending = messages[...]
    }
    guard let message = pending.popFirst() else { return [] }
    if let event = KeptEvent(after: pause, message) {
      keep(event)
      pause = .zero
      // Until there is a frame, nobody has seen what it led to.
      isSettled = false
    }
    return [message]
  }

  private func relayedWait(_ wakes: [Int32], _ end: ContinuousClock.Instant?) -> [Message]? {
    let start = display.now
    let left = end.map { max(.zero, $0 - now) }
    let messages = display.wait(wakes: wakes, until: left.map { start + $0 })
    let all = display.now - start
    let passed = left.map { min(all, $0) } ?? all
    now += passed
    if isSettled { pause += passed }
    return messages
  }
}
