internal import Base
internal import Trace

/// What a moment of a run has to show: values, no places and no colours.
struct Scene {
  let state: ViewerState
  let step: Step
  /// The tokens of the sequence at this step.
  let tokens: [TraceToken]
  /// The shown head's attention in the reference lane, row by row, computed when looked at.
  let attention: AttentionRows
  /// The same in the cached lane, which computes the same numbers unless something was done to it.
  private let cachedAttention: AttentionRows

  init(_ state: ViewerState) {
    self.state = state
    let step = state.step
    self.step = step
    tokens = Array(state.trace.sequence(at: step))
    func rows(_ lane: Int) -> AttentionRows {
      AttentionRows(
        HeadAttention(
          state.trace, lane: lane, step: step, layer: state.layer, head: state.head))
    }
    let (reference, cached) = (rows(0), step.lanes.count - 1)
    attention = reference
    cachedAttention = state.trace.hasOwnAttention(lane: cached) ? rows(cached) : reference
  }

  /// The shown head's attention as a run computed it.
  func attention(_ run: Run) -> AttentionRows { run == .uncached ? attention : cachedAttention }

  var model: ModelDescription { state.trace.model }
  /// What is wrong on purpose with the cached run; nil where nothing is.
  var fault: Fault? { state.trace.lanes.last?.fault }
  var language: Language { state.language }
  var glyphs: GlyphSet { state.glyphs }
  var length: Int { step.length }

  /// For a hall the cells are as large as so many tokens allow, until there are more; nil in the other themes.
  var near: Int? { state.theme == .projector ? min(state.longest, 8) : nil }

  /// How many tokens the cells are made to have room for: 4, then 8, 16 and so on, up to the planned run, so that a short
  /// sequence is a large picture, and cells keep their size over most steps.
  var room: Int {
    let rooms = sequence(first: 4) { $0 > .max / 2 ? nil : 2 * $0 }
    return min(state.longest, rooms.first { length <= $0 } ?? state.longest)
  }

  /// The same for a hall, where cells grow in smaller steps: 4, 6, 8, 12, 16, 24 and so on.
  var roomInHall: Int {
    let rooms = sequence(first: 4) {
      $0 > .max / 2 ? nil : $0 & ($0 - 1) == 0 ? $0 / 2 * 3 : $0 / 3 * 4
    }
    return min(state.longest, rooms.first { length <= $0 } ?? state.longest)
  }

  /// The last operation done in the shown layer; nil where the pass has not come to it.
  var progress: Operation? { state.moment.progress(in: state.layer) }

  /// Whether an operation has been done in the shown layer.
  func isDone(_ operation: Operation) -> Bool {
    progress.map { $0.rawValue >= operation.rawValue } ?? false
  }

  /// The pane of a run.
  func pane(_ run: Run) -> PaneScene { PaneScene(scene: self, run: run) }

  /// What a run did in this step.
  func runStep(_ run: Run) -> LaneStep { run == .uncached ? step.uncached : step.cached }
}

/// One of the two runs.
package enum Run: CaseIterable, Sendable {
  case uncached
  case cached
}

/// Rows of a head's attention, each computed once for a frame.
final class AttentionRows {
  private let attention: HeadAttention
  private var weights: [Int: [Float]] = [:]
  private var scores: [Int: [Float]] = [:]

  init(_ attention: HeadAttention) { self.attention = attention }

  /// The head itself.
  var head: HeadAttention { attention }

  /// Attention weights of a query over all keys.
  func weights(ofRow row: Int) -> [Float] {
    if let known = weights[row] { return known }
    let computed = attention.weights(ofRow: row)
    weights[row] = computed
    return computed
  }

  /// Scaled scores of a query with all keys, masked ones too.
  func scaledScores(ofRow row: Int) -> [Float] {
    if let known = scores[row] { return known }
    let computed = attention.scaledScores(ofRow: row)
    scores[row] = computed
    return computed
  }
}
