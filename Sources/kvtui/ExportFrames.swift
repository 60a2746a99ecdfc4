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

  /// How long a step of a film stays, in seconds.
  private static let beat = 2.0

  /// - Throws: where the run ended before a step that was named.
  init(_ state: ViewerState, _ chosen: ChosenPlaces, _ size: Size) throws(CommandError) {
    let computed = state.trace.steps.count
    self.state = state
    self.size = size
    (layers, heads) = (chosen.layers, chosen.heads)
    let wanted = chosen.steps ?? computed...computed
    guard wanted.upperBound <= computed || !chosen.isNamed else {
      throw .noSuchStep(wanted.upperBound, steps: computed)
    }
    steps = wanted.lowerBound...max(wanted.lowerBound, min(wanted.upperBound, computed))
  }

  /// All frames as a reel.
  func reel() -> Reel {
    var reel = Reel(language: state.look.language, title: state.title)
    for state in states {
      let seconds = Double(state.moment.step - steps.lowerBound) * Self.beat
      reel.append(Frame(state.view(size), theme: state.look.theme), at: seconds, state.notes)
    }
    return reel
  }

  /// All frames as a web page, in the look's theme or in the reader's.
  func page(_ keepsTheme: Bool) throws(CommandError) -> String {
    let count = steps.count * layers.count * heads.count
    guard count <= Self.mostPictures else {
      throw .tooManyPictures(count, most: Self.mostPictures)
    }
    var page = HTMLPage(
      language: state.look.language, title: state.title,
      theme: keepsTheme ? state.look.theme : nil)
    for state in states { page.append(state.view(size), state.notes) }
    return page.text
  }

  /// More than these no browser reads with ease.
  private static let mostPictures = 5000

  /// Step by step, of each its layers, of each its heads.
  private var states: some Sequence<ViewerState> {
    steps.lazy.flatMap { step in
      layers.lazy.flatMap { layer in
        heads.lazy.map { head in
          var state = self.state
          state.show(step: step, layer: layer, head: head)
          return state
        }
      }
    }
  }
}
