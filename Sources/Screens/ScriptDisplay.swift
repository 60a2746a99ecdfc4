public import Viz

/// A display without a terminal: messages in order, and a frame after each.
///
///     let display = ScriptDisplay(size: size, keys: keys)
///     app.run(on: display)
///     print(display.frames)
public final class ScriptDisplay: Display {
  /// A frame's size.
  public private(set) var size: Size
  /// What was shown.
  public private(set) var frames: [Frame] = []
  private var messages: [Message]

  /// Creates a display on which messages come one by one.
  public init(size: Size, messages: [Message]) {
    self.size = size
    self.messages = messages.reversed()
  }

  /// Creates a display on which keys are pressed one by one.
  public convenience init(size: Size, keys: [Key]) {
    self.init(size: size, messages: keys.map { .key($0) })
  }

  /// Everything can be shown.
  public func fitted(_ look: Look) -> Look { look }

  /// Keeps the frame.
  public func show(_ frame: Frame, isSettled: Bool) { frames.append(frame) }

  /// The next message, at once.
  public func wait(wake: Int32?, until end: ContinuousClock.Instant?) -> [Message]? {
    guard let message = messages.popLast() else { return nil }
    if case .resized(let new) = message { size = new }
    return [message]
  }
}
