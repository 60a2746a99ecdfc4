/// An error that says itself: once, in both languages, side by side.
public protocol Explained: Error {
  /// What is wrong, where, and what to do, in one sentence; nil where nobody needs to be told.
  ///
  /// Values from outside are in it as they are: the whole is sanitised before anyone sees it.
  func message(_ language: Language) -> String?
  /// The exit code where nobody handles it: an `ExitStatus`, or 128 + a signal.
  var status: Int32 { get }
}

extension Explained {
  /// The sentence, or nothing.
  public func sentence(_ language: Language) -> String { message(language) ?? "" }
}
