public import Lessons
public import Viz

/// A screen: what it shows, and what messages do to it.
///
/// Everything that takes time or touches the world is an `Effect`.
public protocol Screen: Sendable {
  /// Takes a message; returns what it asks the program for.
  mutating func update(_ message: Message) -> [Effect]
  /// The frame at a size; the look is the program's, not the screen's.
  func view(_ size: Size, _ look: Look) -> Canvas
  /// What the screen waits for besides keys.
  var waits: Waits { get }
  /// What it wants to have worked out, and has not got yet; nil when it has all.
  ///
  /// The loop asks for it whenever it changes; what was under way for an older question is given up.
  var question: Question? { get }
  /// The tool that it shows within itself: the loop opens it, hands it over and works out what it asks.
  var shownTool: ShownTool? { get }
  /// Where it stands, as options of its command; nil where it cannot say.
  ///
  /// An option without a value is one that is not given there.
  var place: [String]? { get }
  /// Whether every key belongs to a field that is typed, or to its help page.
  var isTyping: Bool { get }
  /// What the next key may lead to: its run is computed while nobody presses one.
  var coming: Coming? { get }
  /// Whether it is found again as it was left; others begin anew each time.
  var isKept: Bool { get }
}

extension Screen {
  /// Most screens ask nothing.
  public var question: Question? { nil }
  /// Most screens show no other.
  public var shownTool: ShownTool? { nil }
  /// Most screens have no place that a command could name.
  public var place: [String]? { nil }
  /// Most screens have no field.
  public var isTyping: Bool { false }
  /// Most screens know what comes only when it does.
  public var coming: Coming? { nil }
  /// Most screens begin anew.
  public var isKept: Bool { false }
}

/// What the next key may lead to.
public enum Coming: Hashable, Sendable {
  /// A scene of a lesson.
  case scene(SceneSpec)
  /// A part of a lecture.
  case part(LectureItem)
}

/// What a screen waits for besides keys.
public struct Waits: Hashable, Sendable {
  /// The time from beat to beat, while something plays: each is a `tick`.
  public var beat: Duration?
  /// How often what it waits for is looked at, while it waits.
  public var refresh: Duration?
  /// How often the time is told.
  public var clock: Duration?
  /// Whether there is nothing to show yet: for a moment the screen before it stays.
  public var isEmpty = false
  /// A file that is watched.
  public var file: String?

  /// A screen that waits for keys alone.
  public init() {}

  /// Whether the screen has all that it was asked for.
  var isSettled: Bool { !isEmpty && refresh == nil }
}
