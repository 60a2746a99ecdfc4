package import Trace

extension LaneStep {
  /// What was counted, of a run that was computed here.
  package var counts: OperationCounter {
    guard let counter else { preconditionFailure("a step without its counts") }
    return counter
  }
}

extension Int? {
  /// A number that every run has that was computed here.
  package var known: Int {
    guard let self else { preconditionFailure("a number that nobody recorded") }
    return self
  }
}

extension Int?? {
  /// Likewise, out of a table.
  package var known: Int { (self ?? nil).known }
}

extension Float? {
  /// A difference that every run has that was computed here.
  package var known: Float {
    guard let self else { preconditionFailure("a difference that nobody measured") }
    return self
  }
}
