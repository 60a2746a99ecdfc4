internal import Base
internal import Viz

/// What a key does on the screen of prefill and decode.
enum PhasesAction: Hashable, Sendable {
  case longerPrefill, shorterPrefill, longerContext, shorterContext, machine, here, theme, help,
    leave
}

/// The keys of the screen of prefill and decode.
enum PhasesKeys {
  static let map = KeyMap<PhasesAction>([
    KeyRow(
      [.right, .character("l"), .character(" "), .pageDown], .longerPrefill,
      { $0.glyphs == .full ? "→" : "Right" }, label: { $0("prefill 长度", "prefill") },
      help: { $0("更长的 prefill", "a longer prefill") }),
    KeyRow(
      [.left, .pageUp, .backspace], .shorterPrefill,
      { $0.glyphs == .full ? "←" : "Left" }, label: { $0("prefill 长度", "prefill") },
      help: { $0("更短的 prefill", "a shorter prefill") }),
    KeyRow(
      [.up, .character("k")], .longerContext, { $0.glyphs == .full ? "↑" : "Up" },
      label: { $0("decode 前文", "context") },
      help: { $0("decode 前面更多词元", "more tokens in front of a decode step") }),
    KeyRow(
      [.down, .character("j")], .shorterContext, { $0.glyphs == .full ? "↓" : "Down" },
      label: { $0("decode 前文", "context") },
      help: { $0("decode 前面更少词元", "fewer tokens in front of a decode step") }),
    KeyRow(
      [.character("g")], .machine, "g", label: { $0("换机器", "machine") },
      help: { $0("同样这些遍放到别的机器上：算的，没有跑", "the same passes on another machine: computed, not run") }),
    KeyRow(
      [.character("h")], .here, "h", label: { $0("这台机器", "this machine") },
      help: { $0("回到这台机器：实测", "back to this machine: measured") }, rank: 1),
    KeyRow([.character("t")], .theme, "t", help: { $0("换配色", "changes the colours") }),
    KeyRow([.character("?")], .help, "?", label: { $0("帮助", "help") }, rank: 2),
    KeyRow(
      [.character("q"), .escape, .control("c")], .leave, "q", label: { $0("退出", "leave") },
      help: { $0("离开；没测完就不测了", "leaves, and ends a measurement under way") }, rank: 1),
  ])

  /// The keys of the help page.
  static let help = KeyMap<PhasesAction>([
    KeyRow(
      [.escape, .character("q"), .character("?"), .control("c")], .help, "Esc",
      label: { $0("返回", "back") })
  ])
}
