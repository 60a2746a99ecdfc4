internal import Base
internal import Viz

/// What a key does in the menu.
enum HomeAction: ToolAction {
  case up, down, left, right, pageUp, pageDown, first, last
  /// The same key: what it does is called by what is selected.
  case goOn, begin, review, open
  case number, theme, language, help, leave
  /// A tool, by its place in `HomeTool.all`.
  case tool(Int)
}

/// The keys of the menu.
enum HomeKeys {
  static let map = KeyMap<HomeAction>(
    rows
      + HomeTool.all.indices.map { place in
        // The letter stands beside its tool.
        KeyRow([.character(HomeTool.all[place].key)], .tool(place), String(HomeTool.all[place].key))
      })

  private static let rows: [KeyRow<HomeAction>] =
    [
      KeyRow(
        [.up], .up, { $0.glyphs == .full ? "↑ ↓" : "Up Down" }, label: { $0("选", "choose") },
        help: { $0("选一行；两列时 ← → 左右", "choose a line; Left and Right where there are two columns") }),
      KeyRow([.down], .down), KeyRow([.left], .left), KeyRow([.right], .right),
      KeyRow([.pageUp], .pageUp), KeyRow([.pageDown], .pageDown),
      KeyRow([.home], .first), KeyRow([.end], .last),
      KeyRow(
        [.enter, .character(" ")], .goOn, "Enter", label: { $0("接着学", "go on") },
        help: { $0("打开；学过的课从上次停下的地方接着", "open; a lesson goes on where you stopped") }),
      KeyRow([.enter], .begin, "Enter", label: { $0("开始学", "begin") }),
      KeyRow([.enter], .review, "Enter", label: { $0("复习", "review") }),
      KeyRow([.enter], .open, "Enter", label: { $0("打开", "open") }),
      // Digits find a lesson by its number.
      KeyRow(
        (0...9).map { .character(Character("\($0)")) }, .number, "1",
        help: { $0("按课的号码选，如 1 2 选第 12 课", "choose a lesson by its number, 1 2 for number 12") }),
    ]
    + KeyMap.common(
      leaving: { $0("退出", "quit") }, label: { $0("退出", "quit") }, isNamed: true)
}
