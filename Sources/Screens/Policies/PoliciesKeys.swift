internal import Base
internal import Viz

/// What a key does on the screen of cache policies.
enum PoliciesAction: ToolAction {
  case next, back, first, last, play
  case nextKind, previousKind, more, less, moreFirst, fewerFirst
  case lowerLayer, higherLayer, lowerHead, higherHead, losingHead
  case companion, cell, language, theme, help, leave
}

/// The keys of the screen of cache policies.
enum PoliciesKeys {
  static let map = KeyMap<PoliciesAction>(
    [
      KeyRow(
        [.right, .character("l"), .pageDown, .enter], .next, { $0.glyphs == .full ? "→" : "Right" },
        label: { $0("走一步", "step") },
        help: { $0("下一步：喂入下一个字", "the next step: one more token is fed") }),
      KeyRow(
        [.left, .character("h"), .pageUp, .backspace], .back,
        { $0.glyphs == .full ? "←" : "Left" }, label: { $0("走一步", "step") },
        help: { $0("上一步", "the step before") }),
      KeyRow(
        [.character("p")], .nextKind, "p", label: { $0("换办法", "policy") },
        help: { $0("换一种缓存策略；P 换回前一种", "the next kind of policy; P: the one before") }),
      KeyRow(
        [.character("P")], .previousKind, "P"),
      KeyRow(
        [.character("+"), .character("=")], .more, "+", label: { $0("大小", "size") },
        help: {
          $0(
            "多留一格，- 少一格（kivi：位数，paged：块）",
            "one more, - less (kivi bits, paged block)")
        }),
      KeyRow(
        [.character("-"), .character("_")], .less, "-", label: { $0("大小", "size") }),
      KeyRow(
        [.character("s")], .moreFirst, "s",
        help: {
          $0(
            "sinks、h2o：开头的多一个，S 少一个",
            "sinks, h2o: one more of the first, S one less")
        }),
      KeyRow(
        [.character("S")], .fewerFirst, "S"),
      KeyRow(
        [.character("c")], .companion, "c", label: { $0("和谁比", "compare") },
        help: {
          $0(
            "右边放谁：完整缓存，或一样大的别的策略",
            "what stands on the right: full, or as large")
        }),
      KeyRow(
        [.character("[")], .lowerLayer, "[", label: { $0("层 头", "layer, head") },
        help: { $0("前一层，] 后一层；{ } 前后的头", "[ ] layer before, after; { } head") }, rank: 3),
      KeyRow(
        [.character("]")], .higherLayer, "]", label: { $0("层 头", "layer, head") }, rank: 3),
      KeyRow(
        [.character("{")], .lowerHead, "{", label: { $0("层 头", "layer, head") }, rank: 3),
      KeyRow(
        [.character("}")], .higherHead, "}", label: { $0("层 头", "layer, head") }, rank: 3),
      KeyRow(
        [.character("m")], .losingHead, "m", label: { $0("丢得最多的头", "worst head") },
        help: { $0("这一步丢掉注意力最多的头", "the head that loses most at this step") },
        rank: 3),
      KeyRow(
        [.character("i")], .cell, "i", label: { $0("看一格", "a cell") },
        help: { $0("看一格的数", "a cell in numbers") }, rank: 1),
      KeyRow(
        [.home], .first, "Home", label: { $0("从头看", "from the start") },
        help: { $0("第一步；End 最后一步", "the first step; End: the last") }, rank: 2),
      KeyRow(
        [.character(" ")], .play, "Space", label: { $0("自动走", "play") },
        help: { $0("自动走；再按停", "plays, and stops") }, rank: 3),
      KeyRow([.end], .last, "End"),
    ] + KeyMap.common())

  /// The keys while it plays: all of them, and one that stops it.
  static let playing = KeyMap<PoliciesAction>([
    KeyRow(
      [.character(" ")], .play, "Space", label: { $0("停", "stop") },
      help: { $0("停下；别的键也停", "stops; so does any other key") })
  ]).over(map)

  /// The keys while a cell is looked at: arrows go from key to key, the others do what they always do.
  static let cell = KeyMap<PoliciesAction>([
    KeyRow(
      [.right, .character("l")], .next, { $0.glyphs == .full ? "→" : "Right" },
      label: { $0("换一格", "cell") }, help: { $0("看后一个键", "the next key") }),
    KeyRow(
      [.left, .character("h")], .back, { $0.glyphs == .full ? "←" : "Left" },
      label: { $0("换一格", "cell") }, help: { $0("看前一个键", "the key before") }),
    KeyRow(
      [.escape, .character("i"), .character("q"), .control("c")], .cell, "Esc",
      label: { $0("返回", "back") }, help: { $0("不看这一格了", "back to the table") }, isWayOut: true),
  ]).over(
    KeyMap(
      map.rows.filter { ![.next, .back, .cell, .leave, .play].contains($0.action) }.map { row in
        var row = row
        // Behind the way back, help is the first that the footer names.
        if row.action == .help { row.rank = -1 }
        return row
      }))
}
