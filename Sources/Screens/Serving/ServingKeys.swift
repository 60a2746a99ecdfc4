internal import Base
internal import Viz

/// What a key does on the serving screen.
enum ServingAction: ToolAction {
  case next, back, first, last, nextRequest, previousRequest
  case blockSize, smallerBlocks, sharing, budget, smallerBudget
  case add, remove, undo, blocks
  case theme, language, help, leave
}

/// What a key does while a request is typed, besides editing it.
enum ServingTyping: Hashable, Sendable { case add, leave }

/// The keys of the serving screen.
enum ServingKeys {
  static let map = KeyMap<ServingAction>(
    [
      KeyRow(
        [.right, .character(" "), .character("l"), .pageDown], .next, arrows,
        label: { $0("走一步", "step") },
        help: { $0("下一步；← 上一步", "the next step; left: the one before") }
      ),
      KeyRow([.left, .character("h"), .pageUp, .backspace], .back),
      KeyRow(
        [.up, .character("k")], .previousRequest, { $0.glyphs == .full ? "↑ ↓" : "Up Dn" },
        label: { $0("选请求", "pick") }, help: { $0("选一个请求", "chooses a request") }, rank: 3),
      KeyRow([.down, .character("j")], .nextRequest),
      KeyRow(
        [.character("b")], .blockSize, "b", label: { $0("块大小", "block") },
        help: { $0("一块放几个词元：多些；B 少些", "more tokens in a block; B: fewer") }),
      KeyRow([.character("B")], .smallerBlocks, "B"),
      KeyRow(
        [.character("s")], .sharing, "s", label: { $0("共用开关", "sharing") },
        help: {
          $0("开头相同的请求共用块，或者不共用", "requests that begin alike share blocks, or do not")
        }),
      KeyRow(
        [.character("u")], .budget, "u", label: { $0("每步至多", "budget") },
        help: { $0("一步至多算几个词元：多些；U 少些", "more tokens per step; U: fewer") }),
      KeyRow([.character("U")], .smallerBudget, "U"),
      KeyRow(
        [.character("a")], .add, "a", label: { $0("加、去请求", "add, drop") },
        help: { $0("打字加一个请求，从下一步起等", "types a request that waits from the next step on") }),
      KeyRow(
        [.character("x")], .remove, "x", label: { $0("加、去请求", "add, drop") },
        help: { $0("去掉选中的请求", "removes the chosen request") }),
      KeyRow(
        [.character("z")], .undo, "z", label: { $0("退回", "undo") },
        help: {
          $0("退回上一次加或去掉的请求", "takes back the last request that was added or removed")
        }, rank: 4),
      KeyRow(
        [.character("i")], .blocks, "i", label: { $0("看块", "blocks") },
        help: {
          $0(
            "在池里选一块，看里面是什么；Esc 离开", "chooses a block of the pool and says what is in it; Esc leaves"
          )
        }, rank: 3),
      KeyRow(
        [.home], .first, "Home", help: { $0("第一步；End 最后一步", "the first step; End: the last") }),
      KeyRow([.end], .last, "End"),
    ] + KeyMap.common(leaving: { $0("离开；再来时还是这样", "leaves; it stays as it is") }))

  /// A block of the pool is chosen: the arrows go from block to block.
  static let blocks = KeyMap<ServingAction>([
    KeyRow([.right, .character("l")], .next, arrows, label: { $0("选块", "block") }),
    KeyRow([.left, .character("h")], .back),
    KeyRow([.up, .character("k")], .previousRequest),
    KeyRow([.down, .character("j")], .nextRequest),
    KeyRow([.home], .first, "Home End", label: { $0("首尾", "ends") }),
    KeyRow([.end], .last),
    KeyRow(
      [.escape, .character("i")], .blocks, "Esc", label: { $0("离开", "leave") }, isWayOut: true),
  ]).over(map.naming([.blockSize, .sharing, .help]))

  /// A request is typed.
  static let typing = KeyMap<ServingTyping>([
    KeyRow([.enter], .add, "Enter", label: { $0("加上", "add") }),
    KeyRow(
      [.escape], .leave, "Esc", label: { $0("不要了", "leave") }, isWayOut: true),
  ])

  @Sendable private static func arrows(_ look: Look) -> String {
    look.glyphs == .full ? "→ ←" : "Right Left"
  }
}
