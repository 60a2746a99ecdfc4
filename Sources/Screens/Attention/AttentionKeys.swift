internal import Base
internal import Viz

/// What a key does on the screen of the forms of attention.
enum AttentionAction: ToolAction {
  case next, back, first, last, play, nextModel, previousModel, language, theme, help, leave
}

/// The keys of the screen of the forms of attention.
enum AttentionKeys {
  static let map = KeyMap<AttentionAction>(
    [
      KeyRow(
        [.right, .character("l"), .pageDown, .enter], .next, { $0.glyphs == .full ? "→" : "Right" },
        label: { $0("走一步", "step") },
        help: { $0("下一步：四个模型各喂入一个字", "the next step: one more token for each model") }),
      KeyRow(
        [.left, .character("h"), .pageUp, .backspace], .back,
        { $0.glyphs == .full ? "←" : "Left" }, label: { $0("走一步", "step") },
        help: { $0("上一步", "the step before") }),
      KeyRow(
        [.tab, .down, .character("j")], .nextModel, "Tab", label: { $0("换模型", "model") },
        help: { $0("看下一个模型怎么存", "how the next model keeps it") }),
      KeyRow(
        [.up, .character("k")], .previousModel, { $0.glyphs == .full ? "↑" : "Up" },
        help: { $0("看前一个模型", "the model before") }),
      KeyRow(
        [.character(" ")], .play, "Space", label: { $0("自动走", "play") },
        help: { $0("自动走；再按停", "plays, and stops") }, rank: 1),
      KeyRow([.home], .first, "Home", help: { $0("第一步", "the first step") }),
      KeyRow([.end], .last, "End", help: { $0("最后一步", "the last step") }),
    ] + KeyMap.common())
}
