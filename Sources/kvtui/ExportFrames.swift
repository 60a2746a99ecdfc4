internal import Base
internal import Trace
internal import Viz

/// The frames of an export, made when they are asked for.
struct ExportFrames {
  private let state: ViewerState
  private let steps: ClosedRange<Int>
  private let layers: ClosedRange<Int>
  private let heads: ClosedRange<Int>
  private let size: Size
  private let isPage: Bool

  /// How long a step of a film stays, in seconds.
  private static let beat = 2.0
  /// So many columns fit on a phone in letters of 12 pixels; more rows nobody scrolls through.
  private static let narrow = Size(columns: 44, rows: 60)

  /// Those for a page have no keys, and others beside them for a narrow one.
  ///
  /// - Throws: where the run ended before a step that was named.
  init(_ state: ViewerState, _ chosen: ChosenPlaces, _ size: Size, isPage: Bool)
    throws(CommandError)
  {
    let computed = state.trace.steps.count
    self.state = state
    (self.size, self.isPage) = (size, isPage)
    (layers, heads) = (chosen.layers, chosen.heads)
    let wanted = chosen.steps ?? computed...computed
    guard wanted.upperBound <= computed || !chosen.isNamed else {
      throw .noSuchStep(wanted.upperBound, steps: computed)
    }
    steps = wanted.lowerBound...max(wanted.lowerBound, min(wanted.upperBound, computed))
  }

  /// How many frames there are.
  var count: Int { steps.count * layers.count * heads.count }

  /// What runs.
  var title: String { state.title }

  /// Step by step, of each its layers, of each its heads.
  var shots: some Sequence<Reel.Shot> {
    steps.lazy.flatMap { step in
      layers.lazy.flatMap { layer in
        heads.lazy.map { head in shot(step: step, layer: layer, head: head) }
      }
    }
  }

  private func shot(step: Int, layer: Int, head: Int) -> Reel.Shot {
    var state = state
    state.show(step: step, layer: layer, head: head)
    return Reel.Shot(
      Frame(state.view(size, hasKeys: !isPage), theme: state.look.theme),
      at: Double(step - steps.lowerBound) * Self.beat, state.notes,
      narrow: isPage
        ? state.narrowView(columns: Self.narrow.columns, most: Self.narrow.rows) : nil)
  }
}
