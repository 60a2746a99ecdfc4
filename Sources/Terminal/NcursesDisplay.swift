public import Screens
public import Viz

/// The live screen as a display.
public final class NcursesDisplay: Display {
  /// Whether the terminal went away while it was in use.
  public private(set) var isGone = false
  private let screen: NcursesScreen

  /// Opens the screen.
  ///
  /// - Throws: why there is none; nothing was changed then.
  public init(input: TerminalInput = .standardInput) throws(TerminalError) {
    screen = try NcursesScreen(input: input)
  }

  /// Columns and rows of the terminal.
  public var size: Size { screen.size }

  /// Somebody sits there.
  public var isLive: Bool { true }

  /// ASCII where the terminal knows nothing else.
  public func fitted(_ look: Look) -> Look { screen.isUTF8 ? look : look.inASCII }

  /// Gives the terminal back; more calls do nothing.
  public func close() { screen.close() }

  /// Shows a frame, and the cursor where text is typed.
  ///
  /// Whoever leaves while nothing is settled does not wait for a terminal's answer.
  public func show(_ frame: Frame, isSettled: Bool) {
    screen.mayAsk = isSettled
    screen.show(frame.canvas, theme: frame.theme, cursor: frame.canvas.caret)
  }

  /// Waits for the terminal.
  public func wait(wakes: [Int32], until end: ContinuousClock.Instant?) -> [Message]? {
    let inputs = screen.waitForInput(
      wakes: wakes, timeoutMilliseconds: end.map(Self.milliseconds(until:)))
    let messages = inputs.compactMap(message)
    isGone = messages.isEmpty && inputs.contains(.gone)
    return isGone ? nil : messages
  }

  private func message(_ input: ScreenInput) -> Message? {
    switch input {
    case .key(let key): .key(key)
    case .paste(let text): .paste(text)
    case .resized(let size): .resized(size)
    case .glyphsAreWide: .glyphsAreWide
    // The next wait says so again.
    case .woken, .gone: nil
    }
  }

  private static func milliseconds(until end: ContinuousClock.Instant) -> Int {
    max(0, Int((end - .now) / .milliseconds(1)) + 1)
  }
}
