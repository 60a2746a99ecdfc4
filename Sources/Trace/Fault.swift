/// A mistake that is put into a lane on purpose, to see what it does.
public enum Fault: String, CaseIterable, Sendable {
  /// From the first decode step on, K and V of position 0 are those of the token with the next id.
  case stalePrefix = "stale-prefix"
  /// K and V of each new token are stored twice from the first decode step on; positions are right.
  case appendedTwice = "appended-twice"
  /// V of earlier positions reads as 0 from the first decode step on.
  case keysOnly = "keys-only"
}
