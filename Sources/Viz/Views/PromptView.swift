internal import Base
internal import Trace

/// A line in which a text is typed, what it is for, and its keys.
struct PromptView {
  let scene: Scene
  let field: TextField
  let area: Area
  private let title: String
  private let keys: KeyMap<PromptAction>

  /// The field of a mode; nil where nothing is typed.
  init?(scene: Scene, area: Area) {
    let (language, state) = (scene.language, scene.state)
    switch state.mode {
    case .prompt(let field):
      (self.field, keys) = (field, ViewerKeys.prompt)
      title = language("新的提示词", "A new prompt")
    case .note(let field):
      (self.field, keys) = (field, ViewerKeys.note)
      title = language("第 \(scene.step.number) 步的书签", "Mark of step \(scene.step.number)")
    case .search(let field):
      (self.field, keys) = (field, ViewerKeys.search)
      title = language("找哪个字？", "Search for which token?")
    case .name(let field):
      (self.field, keys) = (field, ViewerKeys.name)
      let steps = state.trace.steps.count
      title = language("把已算的 \(steps) 步存到哪个文件？", "Keep the \(steps) computed steps in which file?")
    default: return nil
    }
    (self.scene, self.area) = (scene, area)
  }

  func draw(on canvas: inout Canvas) {
    canvas.put(title, at: Point(area.x, area.y), Style(.heading), limit: area.end)
    drawField(on: &canvas)
    canvas.put(
      keys.line(scene.state.look), at: Point(area.x, area.y + 2), Style(.dim), limit: area.end)
  }

  /// The text before the cursor, as much of its end as fits, the cursor, and what follows.
  private func drawField(on canvas: inout Canvas) {
    let scalars = field.text.unicodeScalars
    let split = scalars.index(scalars.startIndex, offsetBy: field.cursor)
    let isASCII = scene.glyphs == .ascii
    // As many columns as fit can be at most as many scalars.
    let near = String(String.UnicodeScalarView(scalars[..<split].suffix(area.columns)))
    let before = Sanitiser.clean(near, ascii: isASCII).fittedEnd(to: area.columns - 6)
    let after = Sanitiser.clean(String(scalars[split...]), ascii: isASCII)
    let y = area.y + 1
    var x = canvas.put("> " + before, at: Point(area.x, y), Style(.text), limit: area.end)
    canvas.caret = Point(x, y)
    let under = after.isEmpty ? " " : String(after.prefix(1))
    x = canvas.put(under, at: Point(x, y), Style(.selected, reversed: true), limit: area.end)
    canvas.put(String(after.dropFirst()), at: Point(x, y), Style(.text), limit: area.end)
  }
}
