internal import Base
internal import Lessons
internal import Viz

/// What a key does in a lesson.
enum LessonAction: Hashable, Sendable {
  case confirm, next, back, leave, quit, help, hint, showAnswer, again, openTool, visit, point,
    terms
  case scrollUp, scrollDown, pageUp, pageDown
  /// Of the list of what was missed.
  case listUp, listDown
  /// Of an answer that is chosen or typed.
  case erase, clear
  /// Of an answer that is marked.
  case left, right, up, down, rowStart, rowEnd, mark, markRow, markAll
  /// For the scene, which says why where it does not take it.
  case scene(ViewerAction)
}

/// What keys mean in a lesson at the moment.
enum LessonMode: Hashable, Sendable {
  /// The page of keys, which any key leaves that does not scroll it.
  case help
  /// A step's number is typed.
  case jump
  /// The cursor stands on a cell of the scene; a question may be open beside it.
  case cell(isTyping: Bool)
  /// An answer is typed, and has begun: all that can be printed belongs to it.
  case typing
  /// Cells, or the tokens of a strip, are marked.
  case marking(isStrip: Bool)
  /// A question is open.
  case asked
  /// Lines are chosen for a program's gaps.
  case arranging
  /// Nothing is asked, and what was missed is listed in the picture's place.
  case listing(isEmpty: Bool)
  /// Nothing is asked.
  case reading
  /// Keys are the tool's; Enter answers with what is set, where that is asked.
  case tool(isAsked: Bool)
}

/// The keys of a lesson, a map for each mode.
enum LessonKeys {
  static func map(_ mode: LessonMode) -> KeyMap<LessonAction> {
    switch mode {
    case .help: quit
    case .jump: jump
    case .cell(let isTyping): isTyping ? typingInCell : cell
    case .typing: typing
    case .marking(let isStrip): isStrip ? markingStrip : markingGrid
    case .asked: asked
    case .arranging: arranging
    case .listing(let isEmpty): isEmpty ? listingNothing : listing
    case .reading: reading
    case .tool(let isAsked): isAsked ? setting : quit
    }
  }

  /// The rows of the help page, in its order.
  static let page: [LessonAction] = [
    .confirm, .visit, .listUp, .next, .hint, .showAnswer, .again, .openTool, .point, .terms,
    .scrollUp,
    .scene(.back), .scene(.jump),
    .scene(.previousLayer), .scene(.depth), .scene(.cell), .scene(.parts), .scene(.scrollUp),
    .scene(.theme), .leave,
  ]

  /// What the help page has besides, where cells are marked.
  static let marks: [LessonAction] = [.left, .mark, .markRow, .markAll]

  /// How the help page names the keys of a row and of those that it speaks of with it.
  static func pageName(_ action: LessonAction) -> String {
    switch action {
    case .visit: "1 2 3"
    case .next: "n  b"
    case .scrollUp, .listUp: "Up Down"
    case .scene(.back): "Left Right"
    case .scene(.previousLayer): "[ ] { }"
    case .scene(.scrollUp): "k  j"
    case .scene(.theme): "t L"
    default: reading.row(action)?.name(Look()) ?? ""
    }
  }

  // MARK: Modes

  private static let quit = KeyMap<LessonAction>([KeyRow([.control("c")], .quit)])

  private static let jump = quit.over(
    ViewerKeys.jump.mapped { _ in LessonAction.scene(.jump) }.naming([]))

  static let reading = KeyMap<LessonAction>([
    KeyRow(
      [.enter], .confirm, "Enter", label: { $0("继续", "go on") },
      help: { $0("作答；往下走", "answer; go on") }),
    again(isNamed: true),
  ]).over(stepping(rank: 2)).over(always).over(unnamed)

  private static let listing = KeyMap<LessonAction>([
    KeyRow(
      [.enter], .confirm, "Enter", label: { $0("去第 1 题", "to the first") },
      help: { $0("去第 1 题，重新作答", "to the first question, asked anew") }),
    KeyRow(
      (1...9).map { .character(Character("\($0)")) }, .visit, "1 2 3",
      label: { $0("去那一题", "to that one") },
      help: { $0("去那一题，重新作答；q 回来", "to that question, asked anew; q comes back") }, rank: 1),
    KeyRow([.up], .listUp, help: { $0("滚动这些题", "scroll the questions") }),
    KeyRow([.down], .listDown),
  ]).over(listingNothing)

  /// There is no picture to go through.
  private static let listingNothing = KeyMap<LessonAction>(
    [KeyRow([.enter], .confirm, "Enter", label: { $0("继续", "go on") })]
      + reading.rows.filter { row in
        switch row.action {
        case .scene(.theme), .scene(.language), .next, .openTool, .back, .help, .leave, .quit,
          .scrollUp, .scrollDown, .pageUp, .pageDown:
          true
        default: false
        }
      })

  private static let asked = KeyMap<LessonAction>([answer, hint(rank: 2), show])
    .over(stepping(rank: 5)).over(always)
    .over(KeyMap([KeyRow([.backspace, .delete], .erase)])).over(unnamed)

  private static let arranging = KeyMap<LessonAction>([
    KeyRow([.enter], .confirm, "Enter", label: { $0("运行", "run it") }),
    KeyRow(
      [.backspace, .delete], .erase, "Bksp",
      label: { $0("拿掉", "take back") }, rank: 1),
    hint(rank: 2), show,
  ]).over(KeyMap(always.rows.filter { $0.action != .back })).over(unnamed)

  private static let setting = KeyMap<LessonAction>([answer])

  private static let typing = KeyMap<LessonAction>([
    answer, hint(rank: 2),
    KeyRow(
      [.escape, .control("u")], .clear, "Esc", label: { $0("清空", "clear") }, rank: 1),
    KeyRow([.backspace, .delete], .erase),
  ]).over(stepping(rank: 3)).over(unnamed)

  private static let markingStrip = marking(moves: "← →", [])

  private static let markingGrid = marking(
    moves: "← → ↑ ↓",
    [
      KeyRow([.up], .up), KeyRow([.down], .down),
      KeyRow(
        [.character("r")], .markRow, "r", help: { $0("标整行，或去掉", "mark a row, or none of it") }),
    ])

  private static let cell = cursor(
    KeyMap<LessonAction>([
      layers(.scene(.previousLayer), "[", "]", { $0("层", "layer") }),
      KeyRow([.character("]")], .scene(.nextLayer)),
      layers(.scene(.previousHead), "{", "}", { $0("头", "head") }),
      KeyRow([.character("}")], .scene(.nextHead)),
    ]),
    KeyMap<LessonAction>([
      KeyRow([.character("?")], .help, "?", label: { $0("帮助", "help") }, rank: 1)
    ]))

  private static let typingInCell = cursor(
    KeyMap([]), KeyMap([KeyRow([.control("u")], .clear)]))

  // MARK: Rows

  private static let answer = KeyRow<LessonAction>(
    [.enter], .confirm, "Enter", label: { $0("作答", "answer") })

  private static func hint(rank: Int) -> KeyRow<LessonAction> {
    KeyRow([.tab, .character("H")], .hint, "Tab", label: { $0("线索", "hint") }, rank: rank)
  }

  private static let show = KeyRow<LessonAction>(
    [.character("s")], .showAnswer, "s", label: { $0("看答案", "show") }, rank: 1)

  private static func again(isNamed: Bool) -> KeyRow<LessonAction> {
    var row = KeyRow<LessonAction>(
      [.character("r")], .again, "r",
      help: { $0("答过的题重做；有的换了数", "the answered question again; some have other numbers") },
      rank: 5)
    if isNamed { row.label = { $0("再试", "again") } }
    return row
  }

  /// What goes from screen to screen, out, and to the help page.
  private static let always = KeyMap<LessonAction>([
    KeyRow(
      [.character("n")], .next, "n", label: { $0("下一屏", "next") },
      help: { $0("下一屏，上一屏", "next, previous screen") }, rank: 4),
    KeyRow(
      [.character("o")], .openTool, "o", label: { $0("动手试", "try it") },
      help: { $0("打开这一屏说到的工具，q 回来", "open the screen's tool; q comes back") }, rank: 1),
    KeyRow(
      [.character(",")], .point, ",", label: { $0("指图", "point") },
      help: { $0("课文说到图里哪里，一处一处指出来", "lights what the text speaks of, one after the other") },
      rank: 3),
    KeyRow(
      [.character("w")], .terms, "w", label: { $0("词义", "words") },
      help: { $0("这一屏的词各是什么意思", "what the words of this screen mean") }, rank: 5),
    KeyRow([.character("b")], .back, "b", label: { $0("上一屏", "back") }, rank: 6),
    KeyRow(
      [.character("?")], .help, "?", label: { $0("帮助", "help") }, rank: 2, isWayOut: true),
    KeyRow(
      [.character("q"), .escape], .leave, "q", label: { $0("目录", "menu") },
      help: { $0("回目录（进度已存）", "to the menu (progress is kept)") }, rank: 3, isWayOut: true),
  ])

  /// What works in every mode in which its keys are free, and is on the help page only.
  private static let unnamed = quit.over(
    KeyMap([
      KeyRow(
        [.tab, .character("H")], .hint, "Tab",
        help: { $0("线索，一层一层来", "a hint, one after the other") }),
      KeyRow([.character("s")], .showAnswer, "s", help: { $0("看答案", "show the answer") }),
      again(isNamed: false),
      KeyRow(
        [.up], .scrollUp,
        help: { $0("滚动课文；PgUp PgDn 快些", "scroll the text; PgUp PgDn faster") }),
      KeyRow([.down], .scrollDown),
    ])
  ).over(paging).over(scene)

  private static let paging = KeyMap<LessonAction>([
    KeyRow([.pageUp], .pageUp), KeyRow([.pageDown], .pageDown),
  ])

  /// The scene's steps.
  private static func stepping(rank: Int) -> KeyMap<LessonAction> {
    KeyMap([
      KeyRow(
        [.left], .scene(.back), { $0.glyphs.backArrow }, label: { $0("走一步", "step") },
        help: { $0("场景里前后一步", "step the scene") }, rank: rank),
      KeyRow(
        [.right], .scene(.next), { $0.glyphs.arrow }, label: { $0("走一步", "step") }, rank: rank),
    ])
  }

  /// The run screen's keys; what a lesson's help page says of some is shorter.
  private static let scene = KeyMap<LessonAction>(
    ViewerKeys.browse.mapped { LessonAction.scene($0) }.rows.map { row in
      var row = row
      row.label = nil
      row.help = sceneHelp(row.action)
      return row
    })

  private static func sceneHelp(_ action: LessonAction) -> KeyRow<LessonAction>.Words? {
    switch action {
    case .scene(.jump): { $0("跳到某一步", "go to a step") }
    case .scene(.previousLayer): { $0("层，头", "layer, head") }
    case .scene(.depth): { $0("一步走多远", "how far a step goes") }
    case .scene(.cell): { $0("看一格的算式", "a cell's arithmetic") }
    case .scene(.parts): { $0("FLOP 按部分", "FLOPs by part") }
    case .scene(.scrollUp): { $0("长序列：格子往回滚", "long sequences: scroll the grid") }
    case .scene(.theme): { $0("配色，语言", "theme, language") }
    default: nil
    }
  }

  private static func marking(
    moves: String, _ more: [KeyRow<LessonAction>]
  ) -> KeyMap<LessonAction> {
    KeyMap(
      [
        answer,
        KeyRow(
          [.left], .left, { $0.glyphs == .full ? moves : "arrows" }, label: { $0("移动", "move") },
          help: { $0("移动光标", "move the cursor") }, rank: 1),
        KeyRow([.right], .right),
      ] + more + [
        KeyRow([.home], .rowStart), KeyRow([.end], .rowEnd),
        KeyRow(
          [.character(" ")], .mark, "Space", label: { $0("标", "mark") },
          help: { $0("标一格，或去掉", "mark a cell, or take the mark away") }),
        KeyRow([.character("a")], .markAll, "a", help: { $0("全标，或全去掉", "mark all, or none") }),
        hint(rank: 2), show,
      ]
    ).over(always).over(unnamed)
  }

  /// The cursor over the scene's cells, what changes the layer and the head beneath it, and what else works there.
  private static func cursor(
    _ beneath: KeyMap<LessonAction>, _ more: KeyMap<LessonAction>
  ) -> KeyMap<LessonAction> {
    let rows = ViewerKeys.cursor.mapped { LessonAction.scene($0) }.rows
    let moves = rows.filter { $0.action != .scene(.leaveCell) }.map { row in
      var row = row
      row.name = { $0.glyphs == .full ? "← → ↑ ↓" : "arrows" }
      if row.action != .scene(.cursorLeft) { row.label = nil }
      return row
    }
    return KeyMap(moves).over(beneath)
      .over(KeyMap(rows.filter { $0.action == .scene(.leaveCell) })).over(more)
      .over(KeyMap([answer, KeyRow([.backspace, .delete], .erase)]).naming([]))
      .over(always.naming([])).over(unnamed)
  }

  private static func layers(
    _ action: LessonAction, _ before: Character, _ after: Character,
    _ label: @escaping KeyRow<LessonAction>.Words
  ) -> KeyRow<LessonAction> {
    KeyRow([.character(before)], action, "\(before) \(after)", label: label, rank: 2)
  }
}
