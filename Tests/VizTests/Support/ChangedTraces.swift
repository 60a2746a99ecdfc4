@testable import TinyModel
internal import Trace

extension Trace {
  /// This run with a step put in another's place.
  func with(_ step: Step) -> Trace {
    var trace = self
    trace.steps[step.number - 1] = step
    return trace
  }

  /// This run with every Q, K and V and the residual stream replaced, float by float.
  func mappingRows(_ change: (Float) -> Float) -> Trace {
    var trace = self
    for step in steps {
      var rows = step.rows
      rows.queries = rows.queries.map { $0.map(change) }
      rows.keys = rows.keys.map { $0.map(change) }
      rows.values = rows.values.map { $0.map(change) }
      rows.residuals = rows.residuals.map { $0.map(change) }
      trace.steps[step.number - 1] = step.changed(rows: rows)
    }
    return trace
  }
}

extension Step {
  /// This step with some of what was measured replaced.
  func changed(
    rows: FedRows? = nil, difference: Float? = nil, rowDifference: Float? = nil,
    next: [Candidate]? = nil
  ) -> Step {
    Step(
      number: number, phase: phase, length: length, fed: fed, rows: rows ?? self.rows,
      uncached: uncached, cached: cached, maxAbsDifference: difference ?? maxAbsDifference,
      maxAbsRowDifference: rowDifference ?? maxAbsRowDifference, next: next ?? self.next,
      chosen: chosen)
  }
}
