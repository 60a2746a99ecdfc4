internal import Base
internal import Viz

/// What a key does on the screen of prefill and decode.
enum PhasesAction: ToolAction {
  case moreSequences, fewerSequences, longerContext, shorterContext, prompt, model, machine, here
  case again
  case theme, language, help, leave
}

/// The keys of the screen of prefill and decode.
enum PhasesKeys {
  static let map = KeyMap<PhasesAction>(
    [
      KeyRow(
        [.right, .character("l"), .character(" "), .pageDown], .moreSequences,
        \.glyphs.arrow, label: { $0("批", "batch") },
        help: { $0("更多请求合成一遍", "more sequences decode in a pass") }, rank: 1),
      KeyRow(
        [.left, .pageUp, .backspace], .fewerSequences, \.glyphs.backArrow,
        label: { $0("批", "batch") },
        help: { $0("更少请求合成一遍", "fewer sequences decode in a pass") }, rank: 1),
      KeyRow(
        [.up, .character("k")], .longerContext, { $0.glyphs == .full ? "↑" : "Up" },
        label: { $0("前文", "context") },
        help: { $0("decode 前面更多词元", "more tokens in front of a decode") }, rank: 1),
      KeyRow(
        [.down, .character("j")], .shorterContext, { $0.glyphs == .full ? "↓" : "Down" },
        label: { $0("前文", "context") },
        help: { $0("decode 前面更少词元", "fewer tokens in front of a decode") }, rank: 1),
      KeyRow(
        [.character("p")], .prompt, "p", label: { $0("prefill 长度", "prefill") },
        help: { $0("换一个 prefill 长度", "another length of prefill") }, rank: 4),
      KeyRow(
        [.character("m")], .model, "m", label: { $0("模型", "model") },
        help: { $0("换一个模型：照公式算，没有跑", "another model: computed, not run") }, rank: 2),
      KeyRow(
        [.character("g")], .machine, "g", label: { $0("机器", "machine") },
        help: { $0("换一台机器：照公式算，没有跑", "another machine: computed, not run") }, rank: 3),
      KeyRow(
        [.character("h")], .here, "h", label: { $0("实测", "measured") },
        help: { $0("回到这台机器上跑的", "back to what was run on this machine") }),
      KeyRow(
        [.character("r")], .again, "r", label: { $0("重测", "measure anew") },
        help: { $0("全部重新测一遍", "measures all of it anew") }, rank: 5),
    ] + KeyMap.common(leaving: { $0("返回；没测完就不测了", "back; a measurement under way ends") }))
}
