internal import Base
internal import Viz

/// What a key does on the list of recordings.
enum RecordingsAction: Hashable, Sendable {
  case up, down, pageUp, pageDown, first, last, open, again, language, theme, help, leave
}

/// Its keys.
enum RecordingsKeys {
  static let map = KeyMap<RecordingsAction>([
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
    KeyRow(
      [.character("L")], .language, "L", label: { $0("English", "中文") },
      help: { $0("换语言", "another language") }, rank: 3),
    KeyRow(
      [.character("t")], .theme, "t", label: { $0("配色", "theme") },
      help: { $0("换配色", "other colours") }, rank: 3),
    KeyRow(
      [.character("?")], .help, "?", label: { $0("帮助", "help") },
      help: { $0("这一页", "this page") }, rank: 1),
    KeyRow(
      [.character("q"), .escape, .control("c")], .leave, "q", label: { $0("返回", "back") },
      help: { $0("返回", "back") }, rank: 1),
  ])

  /// Any key leaves the help page.
  static let help = KeyMap<RecordingsAction>([
    KeyRow(
      [], .help, { $0.language("任意键", "any key") }, label: { $0("返回", "returns") })
  ])
}
