internal import Trace

/// Counted work of one run, at a moment: this step so far, and the whole run so far.
struct Counters: Equatable {
  var flops: [FLOPCategory: Int] = [:]
  var cells = 0
  var keyValues = 0
  var cacheBytes = 0

  var total: Int { flops.values.reduce(0, +) }
}

extension Scene {
  /// What a run has done of this step up to the moment.
  ///
  /// Cells are of the shown head, K,V of the shown layer; every head and layer counts the same.
  func countersOfStep(_ run: Run) -> Counters {
    let counter = runStep(run).counter
    let moment = state.moment
    var counters = Counters()
    for category in FLOPCategory.allCases {
      counters.flops[category] = counter.flops(
        category, throughLayer: moment.layer, moment.operation)
    }
    if isDone(.scores) { counters.cells = counter.cells(layer: state.layer, head: state.head) }
    if isDone(.queryKeyValue) { counters.keyValues = counter.keyValues(layer: state.layer) }
    counters.cacheBytes = storedBytes(run)
    return counters
  }

  /// Bytes of the K and V that a run has stored so far: tokens that were counted, layer by layer, at the step's own bytes a token.
  private func storedBytes(_ run: Run) -> Int {
    let whole = runStep(run)
    guard whole.cacheTokens > 0 else { return 0 }
    return storedTokens(run) * (whole.cacheBytes / (whole.cacheTokens * model.layers))
  }

  /// Tokens whose K and V a run has stored so far, each counted once for each layer that has them.
  func storedTokens(_ run: Run) -> Int {
    let whole = runStep(run)
    guard whole.cacheTokens > 0 else { return 0 }
    let earlier = whole.cacheTokens - whole.counter.keyValues()
    return (0..<model.layers).reduce(0) { sum, layer in
      let progress = state.moment.progress(in: layer)?.rawValue ?? -1
      let isStored = progress >= Operation.queryKeyValue.rawValue
      return sum + earlier + (isStored ? whole.counter.keyValues(layer: layer) : 0)
    }
  }

  /// What a run has done from its beginning up to the moment; no key that goes forward lets a number of it fall.
  ///
  /// Cells are of the shown head in the first layer, K,V of the first layer: the pass comes to it first, and the others count the same.
  func countersSoFar(_ run: Run) -> Counters {
    var sum = countersOfStep(run)
    let progress = state.moment.progress(in: 0)?.rawValue ?? -1
    let counter = runStep(run).counter
    sum.cells = progress >= Operation.scores.rawValue ? counter.cells(head: state.head) : 0
    sum.keyValues = progress >= Operation.queryKeyValue.rawValue ? counter.keyValues() : 0
    for earlier in state.trace.steps.prefix(step.number - 1) {
      let counter = run == .uncached ? earlier.uncached.counter : earlier.cached.counter
      for category in FLOPCategory.allCases {
        sum.flops[category, default: 0] += counter.flops(category)
      }
      sum.cells += counter.cells(head: state.head)
      sum.keyValues += counter.keyValues()
    }
    return sum
  }
}
