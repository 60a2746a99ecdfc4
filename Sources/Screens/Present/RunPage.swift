internal import Base
internal import Viz

/// A run on the wall: its own screen, or in less room its picture alone.
struct RunPage: WallPage {
  let state: PresentState
  let viewer: ViewerState

  /// From here on blank rows stand around the picture.
  private static let high = 30

  func draw(on canvas: inout Canvas) {
    let size = canvas.size
    guard let figure = figure(size) else {
      canvas = viewer.view(size)
      return
    }
    if let titles = state.titles(ofRun: viewer) {
      WallBar(look: state.look, titles: titles, right: state.place(ofRun: viewer)).draw(on: &canvas)
    } else {
      viewer.drawHeader(on: &canvas)
    }
    figure.draw(on: &canvas)
  }

  func lit(_ light: Light, _ size: Size) -> [LitPart] { figure(size)?.lit(light) ?? [] }

  /// Whether part of the sequence is out of view at a size.
  func isPartial(_ size: Size) -> Bool { figure(size)?.isPartial ?? false }

  /// The picture; nil where the run's own screen has more to show: something typed, a verdict, the whole triangle, the code.
  private func figure(_ size: Size) -> WallFigure? {
    guard let exhibit = state.exhibit, viewer.hasStep, viewer.isLookedAt else { return nil }
    let margin = size.columns >= 60 ? 2 : 1
    let gap = size.rows >= Self.high ? 1 : 0
    let area = Area(
      x: margin, y: 1 + gap, columns: size.columns - margin - 1, rows: size.rows - 2 - 2 * gap)
    return WallFigure(exhibit, state, in: area)
  }
}

extension ViewerState {
  /// Whether it is the picture that is looked at, and nothing in its place.
  fileprivate var isLookedAt: Bool {
    switch mode {
    case .browse: panel != .overview && panel != .code
    case .cell: true
    default: false
    }
  }
}

extension ViewerState {
  /// Whether the run goes no further.
  var isAtEnd: Bool { moment.step >= knownSteps && moment.isEndOfStep }
}

extension Mode {
  /// Whether it is not the picture that is looked at: something is typed, or a page is read; its keys are its own.
  var isTyped: Bool {
    switch self {
    case .browse, .verdict, .cell: false
    case .jump, .prompt, .predict, .help, .note, .marks, .search, .name: true
    }
  }
}
