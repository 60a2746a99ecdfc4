public import Viz

/// Where frames are seen and keys are pressed.
public protocol Display: AnyObject {
  /// Columns and rows of a frame.
  var size: Size { get }
  /// The time that beats are counted by; a display that plays a session has one of its own.
  var now: ContinuousClock.Instant { get }
  /// Whether somebody sits there: a key that is held repeats, and a script's does not.
  var isLive: Bool { get }
  /// A look as this display can show it.
  func fitted(_ look: Look) -> Look
  /// Shows a frame; one that is not settled is soon followed by another.
  func show(_ frame: Frame, isSettled: Bool)
  /// Waits for something to happen: a message, a byte on one of the descriptors `wakes`, or the end of the time.
  ///
  /// - Returns: all there is, in order; nil when nothing can come any more.
  func wait(wakes: [Int32], until end: ContinuousClock.Instant?) -> [Message]?
}

extension Display {
  /// The wall's time.
  public var now: ContinuousClock.Instant { .now }

  /// A script.
  public var isLive: Bool { false }
}
