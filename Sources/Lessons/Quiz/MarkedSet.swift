internal import Trace
internal import Viz

/// What a learner may have marked, by the names that replies to cells have; a run says which cells each of them is.
package enum MarkedSet: String, CaseIterable {
  case all, none, new, read, cached, computed, first
  case masked, lower, below, upper, row, column, corner, diagonal

  /// The names that say something of the tokens of a strip.
  static let ofStrip: [MarkedSet] = [.all, .none, .new, .read, .cached, .computed, .first]
  /// The names that say something of the cells of a grid.
  static let ofGrid: [MarkedSet] = [
    .all, .none, .new, .computed, .masked, .lower, .below, .upper, .row, .column, .corner,
    .diagonal,
  ]

  /// Those that can be meant where this is to be marked.
  static func known(_ target: MarkTarget) -> [MarkedSet] { target.isStrip ? ofStrip : ofGrid }
}

extension MarkTarget {
  /// Whether tokens of the K strip are marked, and not cells of the grid.
  package var isStrip: Bool { self == .new || self == .read }
}

/// How far marks are from what is right.
package struct MarkDifference: Hashable, Sendable {
  /// How many are not marked and should be.
  package let missed: Int
  /// How many are marked and should not be.
  package let extra: Int
}

extension Grader {
  /// The places of a named set at the step that is asked about; nil where the name says nothing of them.
  func places(_ set: MarkedSet, _ target: MarkTarget, _ pane: ScenePanes) -> Set<GridPoint>? {
    guard MarkedSet.known(target).contains(set) else { return nil }
    let run: Run = pane == .uncached ? .uncached : .cached
    return target.isStrip ? tokens(set, run) : cells(set, run)
  }

  private func tokens(_ set: MarkedSet, _ run: Run) -> Set<GridPoint>? {
    switch set {
    case .all: tokens(where: { _ in true })
    case .none: []
    case .first: tokens { $0 == 0 }
    case .new: state.keyValues(.cached, computed: true)
    case .read, .cached: state.keyValues(.cached, computed: false)
    case .computed: state.keyValues(run, computed: true)
    default: nil
    }
  }

  private func tokens(where isMeant: (Int) -> Bool) -> Set<GridPoint> {
    Set((0..<state.step.length).filter(isMeant).map { GridPoint(query: 0, key: $0) })
  }

  private func cells(_ set: MarkedSet, _ run: Run) -> Set<GridPoint>? {
    let newest = state.step.length - 1
    switch set {
    case .all: return cells { _, _ in true }
    case .none: return []
    case .row: return cells { query, _ in query == newest }
    case .column: return cells { _, key in key == newest }
    case .new: return cells { query, key in query == newest || key == newest }
    case .corner: return [GridPoint(query: newest, key: newest)]
    case .diagonal: return diagonal
    case .computed: return state.cells(run) { isComputed, _ in isComputed }
    case .masked: return masked
    case .upper: return masked.union(diagonal)
    case .lower: return cells { _, _ in true }.subtracting(masked)
    case .below: return cells { _, _ in true }.subtracting(masked).subtracting(diagonal)
    default: return nil
    }
  }

  private var diagonal: Set<GridPoint> { cells { $0 == $1 } }

  /// What the mask hides; the run without a cache computes all of it.
  private var masked: Set<GridPoint> { state.cells(.uncached) { _, isMasked in isMasked } }

  private func cells(where isMeant: (_ query: Int, _ key: Int) -> Bool) -> Set<GridPoint> {
    let places = 0..<state.step.length
    return Set(
      places.flatMap { query in
        places.filter { isMeant(query, $0) }.map { GridPoint(query: query, key: $0) }
      })
  }
}
