/// How the text of a run is fed.
public enum Feeding: Sendable, Equatable {
  /// The whole prompt is fed at the first step (prefill).
  case prompt
  /// The text is fed token by token from the first.
  case text
}
