internal import Base
internal import Lessons
internal import Viz

/// The page of keys: the presentation's own, then those that it leaves to what is on the wall.
struct PresentHelp: WallPage {
  let state: PresentState

  func draw(on canvas: inout Canvas) {
    WallBar(
      look: state.look, titles: [state.language("演示的按键", "Keys of a presentation")], right: ""
    ).draw(on: &canvas)
    state.help.draw(
      sheet(columns: canvas.size.columns - 4), state.look, notice: state.notice, on: &canvas)
  }

  /// What it says, at a width.
  func sheet(columns: Int) -> HelpSheet {
    HelpSheet(
      keys: state.keysOfWall.help(state.look) + exhibitKeys, prose: [], columns: columns)
  }

  /// Keys that the presentation itself has.
  private var taken: Set<Key> { Set(state.keysOfWall.rows.flatMap(\.keys)) }

  private var exhibitKeys: [(name: String, help: String)] {
    guard state.cover == nil else { return [] }
    switch state.exhibit {
    case .lesson:
      let actions = LessonKeys.page.filter { if case .scene = $0 { true } else { false } }
      return actions.filter { $0 != .scene(.theme) }.map { action in
        let help = LessonKeys.reading.row(action)?.help?(state.language) ?? ""
        return (LessonKeys.pageName(action), state.glyphs.shown(help))
      }
    case .run(let run):
      let scrolls = RunPage(state: state, viewer: run.state).isPartial(state.help.size)
      let free = run.state.browseKeys.rows.filter { row in
        (scrolls || row.action != .scrollUp)
          && row.keys.first.map { !taken.contains($0) } ?? false
      }
      return KeyMap(free).help(state.look)
    case nil: return []
    }
  }
}
