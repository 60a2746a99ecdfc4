internal import Base
internal import Viz

/// What a key does on the speculative screen.
enum SpeculativeAction: ToolAction {
  case next, back, first, last, more, fewer, drafter, text
  case previousLayer, nextLayer, previousHead, nextHead
  case theme, language, help, leave
}

/// What a key does while a text is typed, besides editing it.
enum SpeculativeTyping: Hashable, Sendable { case write, leave }

/// The keys of the speculative screen.
enum SpeculativeKeys {
  static let map = KeyMap<SpeculativeAction>(
    [
      KeyRow(
        [.right, .character(" "), .character("l"), .pageDown], .next,
        { $0.glyphs == .full ? "→ ←" : "Right Left" }, label: { $0("轮", "round") },
        help: { $0("下一轮；← 上一轮", "the next round; left: the one before") }),
      KeyRow([.left, .character("h"), .pageUp, .backspace], .back),
      KeyRow(
        [.character("+"), .character("=")], .more, "+ -", label: { $0("几个", "count") },
        help: { $0("每轮起草几个：+ 多一个，- 少一个", "how many are drafted: + one more, - one fewer") }),
      KeyRow([.character("-")], .fewer),
      KeyRow(
        [.character("d")], .drafter, "d", label: { $0("谁起草", "draft") },
        help: { $0("换一个词表相同的模型起草", "another model of the same tokens drafts") }),
      KeyRow(
        [.character("/")], .text, "/", label: { $0("换句", "text") },
        help: { $0("打一句新的开头", "types another beginning") }, rank: 1),
      KeyRow(
        [.character("[")], .previousLayer, "[ ]", label: { $0("层头", "layer") },
        help: { $0("看上一层；] 看下一层", "the layer before; ] the layer after") }, rank: 2),
      KeyRow([.character("]")], .nextLayer, "]"),
      KeyRow(
        [.character("{")], .previousHead, "{ }", label: { $0("层头", "head") },
        help: { $0("看上一个头；} 看下一个头", "the head before; } the head after") }, rank: 3),
      KeyRow([.character("}")], .nextHead, "}"),
      KeyRow(
        [.home], .first, "Home", help: { $0("第一轮；End 最后一轮", "the first round; End: the last") }),
      KeyRow([.end], .last, "End"),
    ] + KeyMap.common(leaving: { $0("离开；再来时还是这样", "leaves; it stays as it is") }))

  /// A text is typed.
  static let typing = KeyMap<SpeculativeTyping>([
    KeyRow([.enter], .write, "Enter", label: { $0("写下去", "write on") }),
    KeyRow(
      [.escape], .leave, "Esc", label: { $0("不要了", "leave") }, isWayOut: true),
  ])
}
