internal import Base
internal import Viz

/// What a key does on the list of recordings.
enum RecordingsAction: ToolAction {
  case up, down, pageUp, pageDown, first, last, open, again, language, theme, help, leave
}

/// Its keys.
enum RecordingsKeys {
  static let map = KeyMap<RecordingsAction>(
    [
      KeyRow(
        [.up, .character("k"), .left], .up, { $0.glyphs == .full ? "↑ ↓" : "Up Down" },
        label: { $0("选", "choose") }, help: { $0("选一个录像", "choose a recording") }),
      KeyRow([.down, .character("j"), .right], .down),
      KeyRow([.pageUp], .pageUp), KeyRow([.pageDown], .pageDown),
      KeyRow([.home], .first), KeyRow([.end], .last),
      KeyRow(
        [.enter, .character(" ")], .open, "Enter", label: { $0("重放", "play") },
        help: { $0("重放；q 回到这里", "play it; q comes back here") }),
      KeyRow(
        [.character("r")], .again, "r", label: { $0("再找一遍", "look again") },
        help: { $0("再看一遍文件夹", "look in the folders again") }, rank: 2),
    ] + KeyMap.common(isNamed: true))
}
