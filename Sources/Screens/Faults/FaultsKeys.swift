internal import Base
internal import Trace
internal import Viz

/// What a key does on the screen of broken caches.
enum FaultsAction: ToolAction {
  case next, back, first, last, upper, lower, other, mend, hide, inspect, draw, giveUp, theme
  case language, help, leave
  /// Takes the fault of this place among all.
  case pick(Int)
}

/// The keys of the screen of broken caches: of the picture, of a round, of one that is over, of a cell's numbers.
enum FaultsKeys {
  /// The keys of the picture.
  static let map = KeyMap<FaultsAction>(
    steps + [
      KeyRow(
        [.character("b")], .other, "b", label: { $0("换一种坏法", "another fault") },
        help: { $0("换一种坏法；1 到 7 直接选", "another fault; 1 to 7 take one") }),
      KeyRow(
        [.character("0")], .mend, "0", label: { $0("修好", "mended") },
        help: { $0("修好：什么都没弄坏", "mended: nothing is broken") }),
      KeyRow(
        [.character("h")], .hide, "h", label: { $0("藏起来猜", "guess") },
        help: { $0("另一句话，抽一种错，藏起名字来猜", "a hidden fault on another text, to be told") }),
      inspect,
    ] + digits + common)

  /// The keys of a round.
  static let round = KeyMap<FaultsAction>(
    letters + steps + [
      inspect,
      KeyRow(
        [.character("n")], .draw, "n", label: { $0("另抽", "draw") },
        help: { $0("另抽一题", "draws another round") }, rank: 1),
      KeyRow(
        [.character("h")], .giveUp, "h", label: { $0("揭晓", "reveal") },
        help: { $0("不猜了，看答案", "gives up and shows what it was") }, rank: 1),
    ] + common)

  /// The keys of a round that is over.
  static let over = KeyMap<FaultsAction>(
    steps + [
      KeyRow(
        [.character("n"), .enter], .draw, "n", label: { $0("另抽一题", "another round") },
        help: { $0("另抽一题", "draws another round") }),
      KeyRow(
        [.character("h")], .hide, "h", label: { $0("不猜了", "no more") },
        help: { $0("回到不藏名字的画面", "back to the picture with its name") }),
      inspect,
    ] + common)

  private static let steps: [KeyRow<FaultsAction>] = [
    KeyRow(
      [.right, .character("l"), .character(" "), .pageDown], .next,
      { $0.glyphs == .full ? "→" : "Right" }, label: { $0("走一步", "a step") },
      help: { $0("走一步；看一格时换一个词元", "a step on; at a cell, a token on") }),
    KeyRow(
      [.left, .pageUp, .backspace], .back, { $0.glyphs == .full ? "←" : "Left" },
      label: { $0("走一步", "a step") },
      help: { $0("退一步；看一格时换一个词元", "a step back; at a cell, a token back") }),
    KeyRow([.home], .first, "Home", help: { $0("第一步", "the first step") }),
    KeyRow([.end], .last, "End", help: { $0("最后一步", "the last step") }),
    KeyRow(
      [.up, .character("k")], .upper, { $0.glyphs == .full ? "↑" : "Up" },
      help: { $0("看一格时：上一行", "at a cell: the row above") }),
    KeyRow(
      [.down, .character("j")], .lower, { $0.glyphs == .full ? "↓" : "Down" },
      help: { $0("看一格时：下一行", "at a cell: the row below") }),
  ]

  private static let inspect = KeyRow<FaultsAction>(
    [.character("i")], .inspect, "i", label: { $0("看一格", "a cell") },
    help: { $0("看一格的数：差多少，这一行看向哪里", "the numbers of a cell, and where its row looks") }, rank: 1)

  private static let digits = Fault.allCases.indices.map { place in
    KeyRow<FaultsAction>([.character(Character("\(place + 1)"))], .pick(place))
  }

  /// The letters of the faults, in their order.
  static let names = Array("abcdefg")

  private static let letters = names.indices.map { place in
    KeyRow<FaultsAction>([.character(names[place])], .pick(place), "\(names[place])")
  }

  private static let common = KeyMap<FaultsAction>.common()
}
