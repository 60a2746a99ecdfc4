internal import Base
internal import Trace

/// The line in which a step's number is typed.
struct JumpView {
  let scene: Scene
  let digits: String
  let area: Area

  func draw(on canvas: inout Canvas) {
    let language = scene.language
    let steps = scene.state.knownSteps
    let x = canvas.put(
      language("跳到第几步（1 至 \(steps)）？", "Go to which step (1 to \(steps))?"),
      at: Point(area.x, area.y), Style(.heading), limit: area.end)
    canvas.caret = Point(x + 2 + digits.count, area.y)
    canvas.put(
      (digits + "_").padded(to: 8), at: Point(x + 2, area.y), Style(.selected, reversed: true),
      limit: area.end)
    canvas.put(
      ViewerKeys.jump.line(scene.state.look), at: Point(area.x, area.y + 1),
      Style(.dim), limit: area.end)
  }
}
