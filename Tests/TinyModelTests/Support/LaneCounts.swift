import Trace

extension LaneStep {
  /// What was counted, of a run that was computed here.
  var counts: OperationCounter {
    guard let counter else { preconditionFailure("a step without its counts") }
    return counter
  }
}
