import Trace

extension LaneStep {
  /// What was counted, of a run that was computed here.
  var counts: OperationCounter {
    guard let counter else { preconditionFailure("a step without its counts") }
    return counter
  }
}

extension Int? {
  /// A number that every run has that was computed here.
  var known: Int {
    guard let self else { preconditionFailure("a number that nobody recorded") }
    return self
  }
}

extension Int?? {
  /// Likewise, out of a table.
  var known: Int { (self ?? nil).known }
}
