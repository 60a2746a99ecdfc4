internal import Base
internal import Viz

/// What a key does on the planner's screen.
enum PlannerAction: ToolAction {
  case pick(PlannerState.Knob)
  case more, less, next, previous, digit
  case working, help, theme, language, leave
}

/// What a key does while a number is typed, besides editing it.
enum PlannerTyping: Hashable, Sendable { case set, leave }

/// The keys of the planner's screen, and those of its help page.
enum PlannerKeys {
  static let map = KeyMap<PlannerAction>(
    [
      KeyRow(
        [.up, .character("+"), .character("=")], .more, { $0.glyphs == .full ? "↑ ↓" : "Up Dn" },
        label: { $0("改这个数", "change") },
        help: {
          $0("改标出的那一项（+ - 亦可，再按它的字母亦可）", "change what is marked (also + -, or its letter)")
        }),
      KeyRow([.down, .character("-")], .less),
      KeyRow(
        (0...9).map { .character(Character("\($0)")) }, .digit, "1",
        help: {
          $0("数字：直接打长度、请求数、用几成", "digits type a number: the length, the requests, the part used")
        }),
      KeyRow(
        [.tab, .right, .pageDown], .next, "Tab", label: { $0("下一项", "next") },
        help: { $0("下一项；← → 亦可", "what stands next; also the arrows left and right") }),
      KeyRow([.left, .pageUp], .previous),
      knob("m", .model) { $0("模型", "the model") },
      knob("g", .machine) { $0("卡", "the card") },
      knob("n", .context) { $0("一个请求多长，单位是词元", "tokens of a request") },
      knob("b", .batch) { $0("同时几个请求", "requests at once") },
      knob("k", .cacheType) { $0("K、V 用什么类型存", "what K and V are held as") },
      knob("w", .weightsType) { $0("权重用什么类型存", "what the weights are held as") },
      KeyRow(
        [.character("u")], .pick(.utilization), "u", label: { $0("用几成", "part used") },
        help: {
          $0("显存用到几成，其余留着不用", "the part of the memory to use; the rest stays free")
        }, rank: 2),
      KeyRow(
        [.character("e")], .working, "e", label: { $0("算式", "working") },
        help: { $0("完整的算式，每个数都写到个位", "the working in full, each number exact") }, rank: 1),
    ]
      + KeyMap.common(
        leaving: { $0("返回（Esc 亦可）；再来时还是这样", "back (also Esc); it stays as it is") }, isNamed: true))

  /// A number is typed.
  static let typing = KeyMap<PlannerTyping>([
    KeyRow([.enter], .set, "Enter", label: { $0("就用它", "sets it") }),
    KeyRow([.escape], .leave, "Esc", label: { $0("不要了", "leave") }, isWayOut: true),
  ])

  private static func knob(
    _ key: Character, _ knob: PlannerState.Knob, _ help: @escaping KeyRow<PlannerAction>.Words
  ) -> KeyRow<PlannerAction> {
    KeyRow([.character(key)], .pick(knob), String(key), help: help)
  }
}
