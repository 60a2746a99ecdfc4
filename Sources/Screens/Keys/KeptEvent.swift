internal import Base
public import Viz

/// What was pressed or pasted in a session, and how long after what came before it.
public struct KeptEvent: Hashable, Sendable {
  /// What a keyboard can do.
  public enum Input: Hashable, Sendable {
    /// A key was pressed.
    case key(Key)
    /// Text was pasted.
    case paste(String)
  }

  /// Milliseconds since the event before, or since the beginning; time in which the screen waited for the model does not count.
  public let milliseconds: Int
  /// What came.
  public let input: Input

  /// No pause is longer, in milliseconds: ten minutes.
  public static let longest = 600_000

  /// Creates an event; a pause is cut to the longest.
  public init(after milliseconds: Int, _ input: Input) {
    self.milliseconds = max(0, min(milliseconds, Self.longest))
    self.input = input
  }

  /// Creates an event of a message, if it is one of the keyboard's.
  ///
  /// Parts of a millisecond count as a whole one, so that what came after a beat comes after it again.
  init?(after pause: Duration, _ message: Message) {
    let pause = min(pause, .milliseconds(Self.longest))
    let milliseconds = Int((pause / .milliseconds(1)).rounded(.up))
    switch message {
    case .key(let key): self.init(after: milliseconds, .key(key))
    case .paste(let text): self.init(after: milliseconds, .paste(text))
    default: return nil
    }
  }

  /// The pause as time.
  var pause: Duration { .milliseconds(milliseconds) }

  /// What it is to a screen.
  var message: Message {
    switch input {
    case .key(let key): .key(key)
    case .paste(let text): .paste(text)
    }
  }

  /// Its line in a file.
  package var line: String {
    let what: (String, JSONText) =
      switch input {
      case .key(let key): ("key", .string(key.tmuxName))
      case .paste(let text): ("paste", .string(text))
      }
    return JSONText.object([("after", .integer(milliseconds)), what]).text
  }
}
