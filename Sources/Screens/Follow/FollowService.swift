public import Base
public import Classroom
public import Viz

/// What is heard of a presentation that is shared on this machine.
public enum PresentationNews {
  /// Its newest state.
  case document(PresentationDocument)
  /// Nothing is heard; why.
  case absent(any Explained)
  /// So late it is by the wall's clock.
  case clock(TimeOfDay)
}

/// A time of day, to the minute.
public struct TimeOfDay: Hashable, Sendable {
  /// From 0 to 23.
  public let hour: Int
  /// From 0 to 59.
  public let minute: Int

  /// Names a time.
  public init(hour: Int, minute: Int) {
    self.hour = hour
    self.minute = minute
  }

  /// Such as 9:05.
  var text: String { "\(hour):" + (minute < 10 ? "0" : "") + "\(minute)" }
}

/// What is done for who follows a presentation.
public protocol FollowService: AnyObject {
  /// What is new since it was last looked at.
  var news: [PresentationNews] { get }
  /// Descriptors that are readable when there is news.
  var wakes: [Int32] { get }
  /// Opens what the presentation shows; what it is comes from another program, and is not trusted.
  ///
  /// - Throws: why it cannot be shown here.
  func exhibit(_ source: ShownPlace.Source, _ look: Look) throws -> OpenExhibit
  /// Has the presentation do something; only its owner can.
  func say(_ command: PresentCommand)
}
