internal import Trace

/// Going where somebody else is in the same run.
extension ViewerState {
  /// Where one is: what somebody else is told of a place, and how far the step has come.
  package struct Place: Hashable, Sendable {
    package let moment: Moment
    package let layer: Int
    package let head: Int
    package let mode: Mode
  }

  /// Where the viewer is, or will be as soon as it is computed.
  package var place: Place {
    Place(moment: awaited ?? moment, layer: layer, head: head, mode: mode)
  }

  /// Goes to the end of a step, as soon as it is computed, and to a layer, a head and a cell, these counted from 0.
  ///
  /// What is beyond the run is cut. Who is in the step already stays where he is in it.
  package mutating func follow(step: Int, layer: Int, head: Int, cell: (query: Int, key: Int)?) {
    (isPlaying, isPredicting, mode, notice) = (false, false, .browse, nil)
    let wanted = max(1, min(step, trace.plannedSteps))
    if (awaited ?? moment).step != wanted { go(to: Moment(endOf: wanted, layers: layers)) }
    let (layer, head) = (max(0, min(layer, layers - 1)), max(0, min(head, trace.model.heads - 1)))
    if trace.has(layer: layer) { self.layer = layer }
    if trace.has(head: head) { self.head = head }
    guard let cell, hasStep, awaited == nil else { return }
    let newest = self.step.length - 1
    mode = .cell(
      query: max(0, min(cell.query, newest)), key: max(0, min(cell.key, newest)))
  }

  /// Leaves a cell that is looked at.
  package mutating func closeCell() {
    if case .cell = mode { mode = .browse }
  }

  /// What was said is said elsewhere.
  package mutating func forgetNotice() { notice = nil }

  /// Goes to the end of the step that is shown.
  package mutating func leaveStep() {
    if hasStep, !moment.isEndOfStep { arrive(at: Moment(endOf: moment.step, layers: layers)) }
  }
}
