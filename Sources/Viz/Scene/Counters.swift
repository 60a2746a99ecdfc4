internal import Trace

/// Counted work of one run, at a moment: this step so far, or the whole run so far; nil where nobody recorded it.
struct Counters: Equatable {
  var flops: [FLOPCategory: Int?] = [:]
  var total: Int?
  var cells: Int?
  var keyValues: Int?
  var cacheBytes: Int?
}

extension Scene {
  /// What a run has done of this step up to the moment.
  ///
  /// Cells are of the shown head, K,V of the shown layer; every head and layer counts the same.
  func countersOfStep(_ run: Run) -> Counters {
    let lane = runStep(run)
    var counters = Counters()
    for category in FLOPCategory.allCases { counters.flops[category] = flops(category, of: lane) }
    counters.total = total(of: lane)
    counters.cells = isDone(.scores) ? lane.cells(layer: state.layer, head: state.head) : 0
    counters.keyValues = isDone(.queryKeyValue) ? lane.keyValues(layer: state.layer) : 0
    counters.cacheBytes = storedBytes(run)
    return counters
  }

  /// FLOP of a category up to the moment; inside a step only the detail knows them.
  private func flops(_ category: FLOPCategory, of lane: LaneStep) -> Int? {
    let moment = state.moment
    if moment.isEndOfStep { return lane.flops(category) }
    return lane.counter?.flops(category, throughLayer: moment.layer, moment.operation)
  }

  private func total(of lane: LaneStep) -> Int? {
    if state.moment.isEndOfStep { return lane.flops }
    return FLOPCategory.allCases.reduce(0) { sum, category in sum + flops(category, of: lane) }
  }

  /// Bytes of the K and V that a run has stored so far: tokens that were counted, layer by layer, at the step's own bytes a token.
  private func storedBytes(_ run: Run) -> Int? {
    let whole = runStep(run)
    guard let bytes = whole.cacheBytes else { return nil }
    guard !state.moment.isEndOfStep else { return bytes }
    guard whole.cacheTokens > 0 else { return 0 }
    return storedTokens(run).map { $0 * (bytes / (whole.cacheTokens * model.layers)) }
  }

  /// Tokens whose K and V a run has stored so far, each counted once for each layer that has them; a layer that the step has
  /// not come to holds what the step before left.
  func storedTokens(_ run: Run) -> Int? {
    let whole = runStep(run)
    guard whole.cacheTokens > 0 else { return 0 }
    guard whole.keyValues() != nil else { return nil }
    let before = state.trace.steps.prefix(step.number - 1).last
    let earlier = before.map { (run == .uncached ? $0.uncached : $0.cached).cacheTokens } ?? 0
    return (0..<model.layers).reduce(0) { sum, layer in
      let progress = state.moment.progress(in: layer)?.rawValue ?? -1
      let isStored = progress >= Operation.queryKeyValue.rawValue
      return sum + (isStored ? whole.cacheTokens : earlier)
    }
  }

  /// What a run has done from its beginning up to the moment; no key that goes forward lets a number of it fall.
  ///
  /// Cells are of the shown head in the first layer, K,V of the first layer: the pass comes to it first, and the others count the same.
  func countersSoFar(_ run: Run) -> Counters {
    var sum = countersOfStep(run)
    let progress = state.moment.progress(in: 0)?.rawValue ?? -1
    let lane = runStep(run)
    sum.cells = progress >= Operation.scores.rawValue ? lane.cells(head: state.head) : 0
    sum.keyValues = progress >= Operation.queryKeyValue.rawValue ? lane.keyValues() : 0
    let index = run == .uncached ? 0 : step.lanes.count - 1
    let earlier = state.trace.sums(ofFirst: step.number - 1, lane: index, head: state.head)
    guard let earlier else { return sum }
    for category in FLOPCategory.allCases {
      sum.flops[category] = (sum.flops[category] ?? nil) + earlier.flops(category)
    }
    sum.total = sum.total + earlier.total
    sum.cells = sum.cells + earlier.cells
    sum.keyValues = sum.keyValues + earlier.keyValues
    return sum
  }
}
