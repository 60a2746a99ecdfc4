internal import Base
internal import Trace
internal import Viz

/// What a key does on the screen of broken caches.
enum FaultsAction: ToolAction {
  case next, back, first, last, upper, lower, previousLayer, nextLayer, previousHead, nextHead
  case farthestHead, other, mend, hide, inspect, draw, giveUp, theme
  case language, help, leave
  /// Takes the fault of this place among all.
  case pick(Int)
}

/// The keys of the screen of broken caches: of the picture, of a round, of one that is over, of a cell's numbers.
enum FaultsKeys {
  /// The keys of the picture.
  static let map = KeyMap<FaultsAction>(
    steps + rows + [
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
    letters + digits + steps + rows + [
      inspect,
      KeyRow(
        [.character("n")], .draw, "n", label: { $0("另抽", "draw") },
        help: { $0("另抽一题", "draws another round") }, rank: 2),
      KeyRow(
        [.character("h")], .giveUp, "h", label: { $0("揭晓", "reveal") },
        help: { $0("不猜了，看答案", "gives up and shows what it was") }),
      leavingGame([.escape], { $0("不猜了", "leave") }),
    ] + commonInGame)

  /// The keys of a round that is over.
  static let over = KeyMap<FaultsAction>(
    steps + rows + [
      KeyRow(
        [.character("n"), .enter], .draw, "n", label: { $0("另抽一题", "another round") },
        help: { $0("另抽一题", "draws another round") }),
      inspect, leavingGame([.escape, .character("h")], { $0("不猜了", "end the game") }),
    ] + commonInGame)

  /// The keys while a cell's numbers are shown: the arrows go from cell to cell, those of the mode beneath do what they do there.
  static func cell(_ beneath: KeyMap<FaultsAction>) -> KeyMap<FaultsAction> {
    KeyMap([
      KeyRow(
        [.right, .character("l"), .character(" "), .pageDown], .next,
        { $0.glyphs == .full ? "→" : "Right" }, label: { $0("换词元", "token") },
        help: { $0("右边的词元", "the token at the right") }),
      KeyRow(
        [.left, .pageUp, .backspace], .back, { $0.glyphs == .full ? "←" : "Left" },
        label: { $0("换词元", "token") }, help: { $0("左边的词元", "the token at the left") }),
      KeyRow(
        [.up, .character("k")], .upper, { $0.glyphs == .full ? "↑" : "Up" },
        label: { $0("换层", "layer") }, help: { $0("上一层；K 在 V 上面", "the layer above; K is above V") }),
      KeyRow(
        [.down, .character("j")], .lower, { $0.glyphs == .full ? "↓" : "Down" },
        label: { $0("换层", "layer") }, help: { $0("下一层", "the layer below") }),
      KeyRow(
        [.character("{")], .previousHead, "{ }", label: { $0("换头", "head") },
        help: { $0("前一个头；} 后一个头", "the head before; } the head after") }, rank: 1),
      KeyRow([.character("}")], .nextHead, "}"),
      KeyRow(
        [.character("m")], .farthestHead, "m", label: { $0("差最多的头", "farthest head") },
        help: { $0("差最多的头，一格一格地找", "of each cell the head that differs most") }, rank: 2),
      KeyRow(
        [.character("[")], .previousLayer, "[",
        help: { $0("前一层；] 后一层：K 还是 K", "the layer before; ] after: K stays K") }),
      KeyRow([.character("]")], .nextLayer, "]"),
      KeyRow(
        [.escape, .character("i")], .inspect, "Esc", label: { $0("离开", "leave") },
        help: { $0("回到整个画面", "back to the whole picture") }, isWayOut: true),
    ]).over(beneath.naming([.help]))
  }

  private static let steps: [KeyRow<FaultsAction>] = [
    KeyRow(
      [.right, .character("l"), .character(" "), .pageDown], .next,
      { $0.glyphs == .full ? "→" : "Right" }, label: { $0("走一步", "a step") },
      help: { $0("走一步", "a step on") }),
    KeyRow(
      [.left, .pageUp, .backspace], .back, { $0.glyphs == .full ? "←" : "Left" },
      label: { $0("走一步", "a step") },
      help: { $0("退一步", "a step back") }),
    KeyRow([.home], .first, "Home", help: { $0("第一步", "the first step") }),
    KeyRow([.end], .last, "End", help: { $0("最后一步", "the last step") }),
  ]

  /// They go from cell to cell, and from head to head: who presses them before a cell is chosen is told how.
  private static let rows: [KeyRow<FaultsAction>] = [
    KeyRow([.up, .character("k")], .upper), KeyRow([.down, .character("j")], .lower),
    KeyRow([.character("[")], .previousLayer), KeyRow([.character("]")], .nextLayer),
    KeyRow([.character("{")], .previousHead), KeyRow([.character("}")], .nextHead),
  ]

  private static let inspect = KeyRow<FaultsAction>(
    [.character("i")], .inspect, "i", label: { $0("看一格", "a cell") },
    help: { $0("看一格的数：差多少，这一行看向哪里", "the numbers of a cell, and where its row looks") }, rank: 1)

  private static let digits = Fault.allCases.indices.map { place in
    KeyRow<FaultsAction>([.character(Character("\(place + 1)"))], .pick(place))
  }

  /// The letters of the faults, in their order.
  static let names = Array("abcdefg")

  private static let letters: [KeyRow<FaultsAction>] = names.indices.map { place in
    KeyRow<FaultsAction>(
      [.character(names[place])], .pick(place), "\(names[place])",
      help: place == 0 ? guessing : nil)
  }

  @Sendable private static func guessing(_ language: Language) -> String {
    language("猜第一种；b 到 g 猜别的；1 到 7 也行", "guesses the first fault; b to g the others; or 1 to 7")
  }

  private static let common = KeyMap<FaultsAction>.common()
  /// In the game Esc leads out of it, to the picture.
  private static let commonInGame = KeyMap<FaultsAction>.common(
    keys: [.character("q"), .control("c")])

  private static func leavingGame(
    _ keys: [Key], _ label: @escaping KeyRow<FaultsAction>.Words
  ) -> KeyRow<FaultsAction> {
    KeyRow(
      keys, .hide, "Esc", label: label,
      help: { $0("不猜了，回到不藏名字的画面", "ends the game: back to the picture with its name") })
  }
}
