public import Lessons
public import Viz

/// A screen: what it shows, and what messages do to it.
///
/// Everything that takes time or touches the world is an `Effect`.
public protocol Screen {
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
  /// What the next key may lead to: its run is computed while nobody presses one.
  var coming: Coming? { get }
  /// Whether it is found again as it was left; others begin anew each time.
  var isKept: Bool { get }
}

extension Screen {
  /// Most screens ask nothing.
  public var question: Question? { nil }
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
