internal import Base

/// What a key does while a run is looked at.
public enum Action: Hashable, Sendable {
  case next, back, first, last, jump
  case previousLayer, nextLayer, previousHead, nextHead
  case depth, play, faster, slower
  case cell, parts, overview, code, predict, prompt
  case scrollUp, scrollDown
  case theme, language, help, redraw, quit
}

/// One row of the key table: the dispatcher, the footer and the help page read it.
public struct KeyBinding: Sendable {
  /// Keys that do it, after folding.
  public let keys: [Key]
  /// What it does.
  public let action: Action
  /// The key as the footer writes it.
  let name: @Sendable (GlyphSet) -> String
  /// What it does, in a word or two; nil keeps it out of the footer.
  let label: (@Sendable (Language) -> String)?
  /// What it does, in a sentence; nil where another row says it.
  let help: (@Sendable (Language) -> String)?
}

/// The one table of keys.
public enum KeyTable {
  /// The action of a key.
  public static func action(for key: Key) -> Action? {
    let folded = key.folded
    return bindings.first { $0.keys.contains(folded) }?.action
  }

  /// Every binding, in the order of the footer and the help page.
  public static let bindings: [KeyBinding] = [
    row(
      [.right, .character("l"), .pageDown], .next, { $0.arrow }, { $0("下一步", "next") },
      { $0("前进一步（l、PgDn 亦可）", "one step forward (also l, PgDn)") }),
    row(
      [.left, .character("h"), .pageUp], .back, { $0.backArrow }, { $0("上一步", "back") },
      { $0("后退一步，画面与来时相同（h、PgUp 亦可）", "one step back, to the same picture (also h, PgUp)") }),
    row(
      [.character("[")], .previousLayer, { _ in "[ ]" }, { $0("层", "layer") },
      { $0("看上一层；] 看下一层", "the layer before; ] the layer after") }),
    row([.character("]")], .nextLayer, { _ in "]" }, nil, nil),
    row(
      [.character("{")], .previousHead, { _ in "{ }" }, { $0("头", "head") },
      { $0("看上一个头；} 看下一个头", "the head before; } the head after") }),
    row([.character("}")], .nextHead, { _ in "}" }, nil, nil),
    row(
      [.character("i")], .cell, { _ in "i" }, { $0("看一格", "cell") },
      {
        $0(
          "选一格：方向键移动，Home、End 到行首、行末，看它的算式；Esc 离开",
          "pick a cell: arrows move, Home and End go to the row's ends, its arithmetic is shown; Esc leaves"
        )
      }),
    row(
      [.character("p")], .predict, { _ in "p" }, { $0("预测", "predict") },
      { $0("每一步之前先预测，再由运行核对", "predict each step first; the run checks it") }),
    row(
      [.character("?")], .help, { _ in "?" }, { $0("帮助", "help") },
      { $0("这一页", "this page") }),
    row(
      [.character("q"), .control("c")], .quit, { _ in "q" }, { $0("退出", "quit") },
      { $0("退出", "quit") }),
    row(
      [.character("d")], .depth, { _ in "d" }, { $0("深度", "depth") },
      { $0("一步走多远：字、层、运算", "how far a step goes: token, layer, operation") }),
    row(
      [.character(" ")], .play, { _ in "Space" }, { $0("播放", "play") },
      { $0("播放或暂停", "play or pause") }),
    row(
      [.character("f")], .parts, { _ in "f" }, { $0("分项", "parts") },
      {
        $0(
          "FLOP 按部分：本步、累计，再按回到总表",
          "FLOPs by part: this step, so far, and back")
      }),
    row(
      [.character("/")], .prompt, { _ in "/" }, { $0("新提示词", "prompt") },
      { $0("输入新的提示词并运行", "type a new prompt and run it") }),
    row(
      [.character("g")], .jump, { _ in "g" }, { $0("跳到", "go to") },
      { $0("跳到某一步", "go to a step") }),
    row(
      [.home, .character("0")], .first, { _ in "Home" }, nil,
      { $0("回到第一步", "to the first step") }),
    row(
      [.end, .character("$")], .last, { _ in "End" }, nil, { $0("到最后一步", "to the last step") }),
    row(
      [.character("+"), .character("=")], .faster, { _ in "+ -" }, nil,
      { $0("播放快些；- 慢些", "play faster; - slower") }),
    row([.character("-")], .slower, { _ in "-" }, nil, nil),
    row(
      [.up, .character("k")], .scrollUp, { $0 == .full ? "↑ ↓" : "Up Dn" }, nil,
      { $0("长序列：向旧的字滚动；↓ 滚回", "long sequences: scroll to older tokens; ↓ back") }),
    row(
      [.down, .character("j")], .scrollDown, { $0 == .full ? "↓" : "Dn" }, nil, nil),
    row(
      [.character("o")], .overview, { _ in "o" }, { $0("全貌", "overview") },
      { $0("整个三角的缩图", "the whole triangle, small") }),
    row(
      [.character("c")], .code, { _ in "c" }, { $0("代码", "code") },
      { $0("伪代码，正在运行的行亮起", "the pseudo-code, the running line lit") }),
    row(
      [.character("t")], .theme, { _ in "t" }, { $0("配色", "theme") },
      { $0("配色：深、浅、投影", "theme: dark, light, projector") }),
    row(
      [.control("l")], .redraw, { _ in "Ctrl-L" }, nil,
      { $0("重画屏幕", "draw the screen anew") }),
    row(
      [.character("L")], .language, { _ in "L" }, nil,
      { $0("中文或英文", "Chinese or English") }),
  ]

  private static func row(
    _ keys: [Key], _ action: Action, _ name: @escaping @Sendable (GlyphSet) -> String,
    _ label: (@Sendable (Language) -> String)?, _ help: (@Sendable (Language) -> String)?
  ) -> KeyBinding {
    KeyBinding(keys: keys, action: action, name: name, label: label, help: help)
  }
}
