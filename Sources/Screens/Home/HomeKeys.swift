internal import Base
internal import Lessons
internal import Viz

/// What a key does in the menu.
enum HomeAction: Hashable, Sendable {
  case up, down, first, last, start, number, theme, quit
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

  private static let rows: [KeyRow<HomeAction>] = [
    KeyRow(
      [.up, .character("k"), .left], .up, { $0.language("↑ ↓", "Up Down") },
      line: { $0("选", "choose") }),
    KeyRow([.down, .character("j"), .right], .down),
    KeyRow([.home], .first),
    KeyRow([.end], .last),
    KeyRow([.enter, .character(" ")], .start, "Enter", line: { $0("开始", "start") }),
    // Digits find a lesson by its number.
    KeyRow((0...9).map { .character(Character("\($0)")) }, .number),
    KeyRow([.character("t")], .theme, "t", line: { $0("配色", "theme") }),
    KeyRow([.character("q"), .escape, .control("c")], .quit, "q", line: { $0("退出", "quit") }),
  ]
}
