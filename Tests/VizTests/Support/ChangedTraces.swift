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
    rows: Activations? = nil, cached: Activations? = nil, difference: Float? = nil,
    rowDifference: Float? = nil,
    next: [Candidate]? = nil
  ) -> Step {
    let difference = LaneDifference(
      logits: difference ?? maxAbsDifference ?? 0, rows: rowDifference ?? maxAbsRowDifference)
    let changed = lanes.enumerated().map { lane, done in
      LaneStep(
        fed: done.fed, kept: done.kept,
        activations: lane == 0
          ? rows ?? self.rows : cached ?? (rows == nil ? done.activations : nil),
        counter: done.counter, seconds: done.seconds, cacheBytes: done.cacheBytes,
        next: next ?? done.next,
        difference: lane == 0 ? LaneDifference(logits: 0, rows: 0) : difference)
    }
    return Step(
      number: number, phase: phase, length: length, fed: fed, lanes: changed, chosen: chosen)
  }
}
