internal import Base
internal import Viz

/// A run on the wall: its own screen, or in less room its picture alone.
struct RunPage: WallPage {
  let state: PresentState
  let viewer: ViewerState

  private static let smallest = Size(columns: 60, rows: 16)

  func draw(on canvas: inout Canvas) {
    let size = canvas.size
    if let figure = smallFigure(size) {
      WallBar(look: state.look, titles: [notes.heading ?? ""], right: "").draw(on: &canvas)
      figure.draw(on: &canvas)
      return
    }
    canvas = viewer.view(size)
    canvas.shade(
      Area(x: 0, y: 1, columns: size.columns, rows: size.rows - 2), by: state) {
        viewer.lit($0, size)
      }
  }

  func lit(_ light: Light, _ size: Size) -> [Area] {
    smallFigure(size)?.lit(light) ?? viewer.lit(light, size)
  }

  private var notes: FrameNotes { viewer.notes }

  private func smallFigure(_ size: Size) -> WallFigure? {
    guard size.columns < Self.smallest.columns || size.rows < Self.smallest.rows,
      let exhibit = state.exhibit, viewer.hasStep, !viewer.mode.isTyped
    else { return nil }
    let area = Area(x: 1, y: 1, columns: size.columns - 2, rows: size.rows - 2)
    return WallFigure(exhibit, state, in: area)
  }
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
