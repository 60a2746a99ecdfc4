internal import Base
internal import Classroom
internal import Lessons
internal import Viz

/// The projector's screen.
struct PresentView {
  let state: PresentState

  /// The frame at a size.
  func canvas(_ size: Size) -> Canvas {
    var canvas = Canvas(size)
    guard state.mode != .blank, let exhibit = state.exhibit, exhibit.hasStep else { return canvas }
    switch exhibit {
    case .lesson(let lesson): canvas = lesson.view(size)
    case .run(let run): canvas = run.view(size, state.look)
    }
    canvas.fill(Point(0, size.rows - 1), columns: size.columns, Style())
    canvas.putFooter(state.keys.hints(state.look), notice: state.notice, state.look)
    return canvas
  }

  /// The picture alone, for phones.
  func picture(_ size: Size) -> Canvas? {
    guard state.mode != .blank, let exhibit = state.exhibit, exhibit.hasStep else { return nil }
    switch exhibit {
    case .lesson(let lesson):
      var canvas = Canvas(size)
      let area = Area(x: 0, y: 0, columns: size.columns, rows: size.rows)
      lesson.drawFigure(in: area, on: &canvas)
      return canvas
    case .run(let run): return run.view(size, state.look)
    }
  }
}
