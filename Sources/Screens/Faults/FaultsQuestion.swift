public import Trace

/// What the screen of broken caches wants to have worked out.
public enum FaultsQuestion: Hashable, Sendable {
  /// The command's text with a fault, or with none.
  case run(Fault?)
  /// A round of the game.
  case draw(seed: UInt64)
}

/// What was worked out.
public enum FaultsFindings: Sendable {
  /// A run, as far as it has come.
  case run(FaultRun)
  /// How many runs of a round are there.
  case drawing(runs: Int)
  /// A round.
  case draw(FaultDraw)
}
