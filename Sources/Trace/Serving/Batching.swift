/// Who may begin while others run.
public enum Batching: String, CaseIterable, Hashable, Sendable {
  /// Whoever has come and finds room (continuous batching).
  case continuous
  /// Nobody: all that wait are a batch, and the next begins when it has finished.
  case whole
}
