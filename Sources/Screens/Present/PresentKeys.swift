internal import Base
internal import Classroom
internal import Viz

/// What a key does while something is presented.
enum PresentAction: Hashable, Sendable {
  case goOn, goBack, skip, blank, spotlight, moreTime, lessTime, countHands, invitation, text
  case scrollUp, scrollDown
  case nextItem, previousItem, stepOn, stepBack, tool, theme, language, help, leave, quit
  /// Of a count of hands that is typed.
  case enter, giveUp
}

/// The keys of a presentation; what they leave free, what is shown answers.
enum PresentKeys {
  static let show = KeyMap<PresentAction>([
    goOn { $0("往下", "go on") }, goBack,
  ]).over(always).over(unasked)

  /// A question is open.
  static let asked = KeyMap<PresentAction>([
    goOn { $0("下一阶段", "next") }, goBack,
    KeyRow(
      [.character("x")], .skip, "x x", label: { $0("直接揭晓", "reveal") },
      help: { $0("按两次直接揭晓", "twice reveals at once") }, rank: 3),
    count,
  ]).over(always).over(unasked)

  /// Its answer is on the wall.
  static let revealed = KeyMap<PresentAction>([goOn { $0("往下", "go on") }, goBack, count])
    .over(always).over(unasked)

  /// The screen speaks of a tool, or shows one.
  static let tool = KeyMap<PresentAction>([
    KeyRow(
      [.character("o")], .tool, "o", label: { $0("工具", "tool") },
      help: { $0("打开这一屏说到的工具，q 回来", "opens the screen's tool; q comes back") }, rank: 1)
  ])

  /// Before or behind the lecture's parts.
  static func cover(_ cover: ShownCover) -> KeyMap<PresentAction> { cover == .first ? first : last }

  private static let first = KeyMap<PresentAction>([
    goOn { $0("开始", "begin") }, KeyRow([.right], .stepOn),
    KeyRow([.backspace, .pageUp], .goBack, "Bksp"), KeyRow([.left], .stepBack),
    KeyRow(
      [.character("J")], .invitation, "J", label: { $0("二维码", "QR code") },
      help: { $0("怎么加入：二维码", "how to join: the QR code") }, rank: 1),
  ]).over(around)

  private static let last = KeyMap<PresentAction>([
    KeyRow([.enter, .pageDown], .goOn, "Enter"), goBack, KeyRow([.right], .stepOn),
    KeyRow([.left], .stepBack),
  ]).over(around)

  private static let around = KeyMap(always.rows + unasked.rows)
    .only([
      .blank, .help, .leave, .nextItem, .previousItem, .invitation, .theme, .language, .quit,
    ])

  /// The text of a lesson is on the wall.
  static let text = KeyMap<PresentAction>([
    KeyRow(
      [.up], .scrollUp, { $0.glyphs == .full ? "↑ ↓" : "Up Dn" }, label: { $0("滚动", "scroll") },
      rank: 1),
    KeyRow([.down], .scrollDown),
  ])

  /// How to join is said over all.
  static let invitation = KeyMap<PresentAction>([
    KeyRow(
      [.enter, .pageDown, .character("J"), .escape], .invitation, "Enter",
      label: { $0("关上", "close") }, isWayOut: true)
  ]).over(KeyMap(always.rows + unasked.rows).only([.blank, .theme, .language, .quit]))

  /// What the page of keys leaves to the presentation.
  static let help = KeyMap<PresentAction>([KeyRow([.control("c")], .quit)])

  /// Counts of hands are typed; everything that can be printed belongs to them.
  static let counting = KeyMap<PresentAction>([
    KeyRow([.enter], .enter, "Enter", label: { $0("记下", "keep") }),
    KeyRow([.escape], .giveUp, "Esc", label: { $0("不要了", "leave") }, isWayOut: true),
    KeyRow([.control("c")], .quit),
  ])

  static let blank = KeyMap<PresentAction>([
    KeyRow([.control("c")], .quit)
  ])

  private static func goOn(
    _ label: @escaping KeyRow<PresentAction>.Words
  ) -> KeyRow<PresentAction> {
    KeyRow(
      [.enter, .pageDown], .goOn, "Enter", label: label,
      help: { $0("往下；问题走完各阶段才揭晓（PgDn 也行）", "go on; a question goes through its phases (PgDn too)") }
    )
  }

  private static let goBack = KeyRow<PresentAction>(
    [.backspace, .pageUp], .goBack, "Bksp", label: { $0("往回", "back") },
    help: { $0("往回（PgUp 也行）", "go back (PgUp too)") }, rank: 1)

  private static let count = KeyRow<PresentAction>(
    [.character("v")], .countHands, "v", label: { $0("举手", "hands") },
    help: { $0("填举手的人数，加在手机的票上", "type the counts of a show of hands; they add to phones' votes") },
    rank: 2)

  private static let always = KeyMap<PresentAction>([
    KeyRow(
      [.tab], .text, "Tab", label: { $0("课文", "text") },
      help: { $0("换一面：题、课文、图", "turns to another side: question, text, picture") }, rank: 2),
    KeyRow(
      [.character("+")], .moreTime, "+", label: { $0("计时", "timer") },
      help: { $0("计时器加 30 秒，- 减", "30 seconds on the timer, - off it") }, rank: 5),
    KeyRow([.character("-")], .lessTime, "-"),
    KeyRow(
      [.character("b")], .blank, "b", label: { $0("黑屏", "blank") },
      help: { $0("黑屏，再按任意键回来", "a blank screen; any key brings it back") }, rank: 7),
    KeyRow(
      [.character(".")], .spotlight, ".", label: { $0("聚光", "spotlight") },
      help: { $0("聚光：一格、一行、K 一条、不聚", "spotlight on a cell, a row, the K strip, off") }, rank: 6),
    KeyRow(
      [.character("?")], .help, "?", label: { $0("帮助", "help") }, help: { $0("这一页", "this page") },
      rank: 9, isWayOut: true),
    KeyRow(
      [.character("q")], .leave, "q q", label: { $0("结束", "end") },
      help: { $0("按两次结束演示", "twice ends the presentation") }, rank: 8, isWayOut: true),
  ])

  private static let unasked = KeyMap<PresentAction>([
    KeyRow(
      [.character(">")], .nextItem, "> <",
      help: { $0("下一屏，上一屏（跳过题）", "next, previous screen, past its question") }),
    KeyRow([.character("<")], .previousItem, "<"),
    KeyRow(
      [.character("J")], .invitation, "J", help: { $0("怎么加入：二维码", "how to join: the QR code") }),
    KeyRow([.character("t")], .theme, "t", help: { $0("配色", "theme") }),
    KeyRow([.character("L")], .language, "L", help: { $0("中文或英文", "Chinese or English") }),
    KeyRow([.control("c")], .quit),
  ])
}
