internal import Synchronization

/// What was counted of a lane up to each step, kept with the run, so that the next look adds only the steps since.
///
/// What is found is what would be added up anew: a run's steps only ever join at its end, so the last one says whether sums are of it.
final class SumsSoFar: Sendable {
  private struct Place: Hashable {
    let lane: Int
    /// Whose cells count.
    let head: Int
  }

  /// Of a step, and of all up to it.
  private struct Sums {
    let ofStep: StepSums
    let soFar: StepSums
  }

  private let shelf = Mutex<[Place: [Sums]]>([:])

  /// What a lane counted in the first `count` steps, cells of the given head; nil for no step.
  func sums(ofFirst count: Int, of trace: Trace, lane: Int, head: Int) -> StepSums? {
    let place = Place(lane: lane, head: head)
    return shelf.withLock { shelf in
      let steps = trace.steps.prefix(count)
      guard !steps.isEmpty else { return nil }
      var sums = shelf[place] ?? []
      if let last = sums.prefix(steps.count).last,
        last.ofStep != steps[min(sums.count, steps.count) - 1].lanes[lane].sums(head: head)
      {
        sums = []
      }
      for step in steps.dropFirst(sums.count) {
        let own = step.lanes[lane].sums(head: head)
        var all = sums.last?.soFar ?? own
        if !sums.isEmpty { all.add(own) }
        sums.append(Sums(ofStep: own, soFar: all))
      }
      shelf[place] = sums
      return sums[steps.count - 1].soFar
    }
  }
}

extension LaneStep {
  /// Everything that was counted, cells of one head.
  fileprivate func sums(head: Int) -> StepSums {
    var sums = sums
    sums.cells = cells(head: head)
    return sums
  }
}

extension Trace {
  /// What a lane counted in the first `count` steps, cells of the given head; nil for no step.
  package func sums(ofFirst count: Int, lane: Int, head: Int) -> StepSums? {
    sumsSoFar.sums(ofFirst: count, of: self, lane: lane, head: head)
  }
}
