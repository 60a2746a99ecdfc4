internal import Base

/// What a key does while a run is looked at.
public enum ViewerAction: Hashable, Sendable {
  case next, back, first, last, jump
  case previousLayer, nextLayer, previousHead, nextHead
  case depth, play, faster, slower
  case cell, parts, overview, code, predict, prompt
  case scrollUp, scrollDown
  case theme, language, help, redraw, quit, stop
  /// Keeping the run as a file.
  case record
  /// What a recording has besides.
  case mark, nextMark, previousMark, marks, search, searchNext, takeOver
  /// The cursor over the cells.
  case cursorLeft, cursorRight, cursorUp, cursorDown, rowStart, rowEnd, leaveCell
}

/// What a key does while a step's number is typed; any other key leaves.
public enum JumpAction: Hashable, Sendable { case digit, erase, go, leave }

/// What a key does while a prompt is typed, besides editing it.
public enum PromptAction: Hashable, Sendable { case run, leave }

/// What a key does while the next step is predicted.
public enum PredictionAction: Hashable, Sendable {
  case digit, erase
  case left, right, start, end, mark, markAll
  case next, nextField, previousField, laterField
  case skip, stop, quit
}

/// What a key does while the marks are listed; any other key leaves.
public enum MarksAction: Hashable, Sendable { case down, up, go, remove, leave, quit }

/// What a key does on the help page; any other key leaves.
public enum HelpAction: Hashable, Sendable {
  case down, up, pageDown, pageUp, first, last, leave, theme, language, quit
}

/// The keys of the run screen, a map for each mode.
public enum ViewerKeys {
  /// Stepping through the run; the help page lists these rows in their order.
  public static let browse = KeyMap<ViewerAction>([
    KeyRow(
      [.right, .character("l"), .pageDown], .next, { $0.glyphs.arrow },
      label: { $0("下一步", "next") }, line: { $0("下一题", "next question") },
      help: { $0("前进一步（l、PgDn 亦可）", "one step forward (also l, PgDn)") }),
    KeyRow(
      [.left, .character("h"), .pageUp], .back, { $0.glyphs.backArrow },
      label: { $0("上一步", "back") },
      help: { $0("后退一步，画面与来时相同（h、PgUp 亦可）", "one step back, to the same picture (also h, PgUp)") }),
    KeyRow(
      [.character("[")], .previousLayer, "[ ]", label: { $0("层", "layer") },
      help: { $0("看上一层；] 看下一层", "the layer before; ] the layer after") }),
    KeyRow([.character("]")], .nextLayer, "]"),
    KeyRow(
      [.character("{")], .previousHead, "{ }", label: { $0("头", "head") },
      help: { $0("看上一个头；} 看下一个头", "the head before; } the head after") }, rank: 2),
    KeyRow([.character("}")], .nextHead, "}"),
    KeyRow(
      [.character("i")], .cell, "i", label: { $0("看一格", "cell") },
      help: {
        $0(
          "选一格：方向键移动，Home、End 到行首、行末，看它的算式；Esc 离开",
          "pick a cell: arrows move, Home and End go to the row's ends, its arithmetic is shown; Esc leaves"
        )
      }),
    KeyRow(
      [.character("/")], .prompt, "/", label: { $0("换文字", "text") },
      help: { $0("输入新的提示词并运行", "type a new prompt and run it") }),
    KeyRow(
      [.character("p")], .predict, "p", label: { $0("预测", "predict") },
      line: { $0("不再出题", "no more") },
      help: { $0("每一步之前先预测，再由运行核对", "predict each step first; the run checks it") }),
    KeyRow(
      [.character("?")], .help, "?", label: { $0("帮助", "help") }, help: { $0("这一页", "this page") },
      isWayOut: true),
    KeyRow(
      [.character("q"), .control("c")], .quit, "q", label: { $0("离开", "leave") },
      help: { $0("离开：回到来处，没有来处就退出", "leaves: back to where you came from, or quits") },
      isWayOut: true),
    KeyRow(
      [.character("d")], .depth, "d", label: { $0("深度", "depth") },
      help: { $0("一步走多远：字、层、运算", "how far a step goes: token, layer, operation") }, rank: 1),
    KeyRow(
      [.character(" ")], .play, "Space", label: { $0("播放", "play") },
      help: { $0("播放或暂停", "play or pause") }, rank: 1),
    KeyRow(
      [.character("f")], .parts, "f", label: { $0("分项", "parts") },
      help: {
        $0(
          "FLOP 按部分：本步、累计，再按回到总表",
          "FLOPs by part: this step, so far, and back")
      }, rank: 1),
    KeyRow(
      [.character("g")], .jump, "g", label: { $0("跳到", "go to") },
      help: { $0("跳到某一步", "go to a step") }, rank: 1),
    KeyRow([.home, .character("0")], .first, "Home", help: { $0("回到第一步", "to the first step") }),
    KeyRow([.end, .character("$")], .last, "End", help: { $0("到最后一步", "to the last step") }),
    KeyRow(
      [.character("+"), .character("=")], .faster, "+ -",
      help: { $0("播放快些；- 慢些", "play faster; - slower") }),
    KeyRow([.character("-")], .slower, "-"),
    KeyRow(
      [.up, .character("k")], .scrollUp, { $0.glyphs == .full ? "↑ ↓" : "Up Dn" },
      label: { $0("滚动", "scroll") },
      help: { $0("长序列：向旧的字滚动；↓ 滚回", "long sequences: scroll to older tokens; ↓ back") },
      rank: -1),
    KeyRow([.down, .character("j")], .scrollDown, { $0.glyphs == .full ? "↓" : "Dn" }),
    KeyRow(
      [.character("o")], .overview, "o", label: { $0("全貌", "overview") },
      help: { $0("整个三角的缩图", "the whole triangle, small") }, rank: 1),
    KeyRow(
      [.character("c")], .code, "c", label: { $0("代码", "code") },
      help: { $0("伪代码，正在运行的行亮起", "the pseudo-code, the running line lit") }, rank: 1),
    KeyRow(
      [.character("t")], .theme, "t", label: { $0("配色", "theme") },
      help: { $0("配色：深、浅、投影", "theme: dark, light, projector") }),
    KeyRow(
      [.character("w")], .record, "w", label: { $0("存录像", "keep") },
      help: { $0("把这次运行存成录像文件", "keeps this run as a recording") }, rank: 1),
    KeyRow([.control("l")], .redraw, "Ctrl-L", help: { $0("重画屏幕", "draw the screen anew") }),
    KeyRow([.character("L")], .language, "L", help: { $0("中文或英文", "Chinese or English") }),
    // It stops what goes on, which can be seen where something does.
    KeyRow([.escape], .stop, "Esc"),
  ])

  /// Stepping through a recording: its own keys, then a run's; there is no model to run another prompt.
  public static let replay = KeyMap<ViewerAction>([
    KeyRow(
      [.character("m")], .mark, "m", label: { $0("书签", "mark") },
      help: { $0("给这一步加书签，可写一句话", "marks this step, with a note") }),
    KeyRow(
      [.character("'")], .nextMark, "' \"", label: { $0("找书签", "marks") },
      help: { $0("到下一个书签；\" 到上一个", "to the next mark; \" to the one before") }, rank: 1),
    KeyRow([.character("\"")], .previousMark, "\""),
    KeyRow([.character("M")], .marks, "M", help: { $0("列出书签", "lists the marks") }),
    KeyRow(
      [.character("/")], .search, "/", label: { $0("找字", "search") },
      help: { $0("找一个字；n 找下一处", "searches for a token; n for the next") }, rank: 1),
    KeyRow([.character("n")], .searchNext, "n"),
    KeyRow(
      [.character("T")], .takeOver, "T", label: { $0("真跑", "live") },
      help: {
        $0("模型在手边时，从这一步起由它现算", "goes on from this step with the model itself, where it is at hand")
      }, rank: 2),
  ]).within(browse, without: [.record])
    .naming([
      .next, .back, .mark, .nextMark, .search, .takeOver, .cell, .help, .quit, .scrollUp,
    ])

  /// Before the first step is computed: what looks at a step has to wait for one.
  public static let waiting = browse.only([
    .next, .back, .first, .last, .theme, .language, .help, .redraw, .quit,
  ]).naming([.next, .help, .quit, .theme])

  /// What the cursor over the cells takes.
  public static let cursor = KeyMap<ViewerAction>([
    KeyRow([.left, .character("h")], .cursorLeft, arrows, label: { $0("移动", "move") }),
    KeyRow([.right, .character("l")], .cursorRight),
    KeyRow([.up, .character("k")], .cursorUp),
    KeyRow([.down, .character("j")], .cursorDown),
    KeyRow([.home], .rowStart, "Home End", label: { $0("首尾", "ends") }),
    KeyRow([.end], .rowEnd),
    KeyRow(
      [.escape, .character("i")], .leaveCell, "Esc", label: { $0("离开", "leave") },
      isWayOut: true),
  ])

  /// A cell is selected.
  public static let cell = cursor.over(
    browse.naming([.previousLayer, .previousHead, .help, .quit]))

  /// A cell of a recording is selected.
  public static let replayCell = cursor.over(
    replay.naming([.previousLayer, .previousHead, .help, .quit]))

  /// A step's number is typed.
  public static let jump = KeyMap<JumpAction>([
    KeyRow(digits, .digit),
    KeyRow([.backspace], .erase),
    KeyRow([.enter], .go, "Enter", label: { $0("确定", "do it") }, line: { $0("去", "goes") }),
    KeyRow(
      [.escape], .leave, "Esc", label: { $0("不要了", "leave") }, line: { $0("不去", "stays") },
      isWayOut: true),
  ])

  /// A prompt is typed.
  public static let prompt = KeyMap<PromptAction>([
    KeyRow([.enter], .run, "Enter", label: { $0("确定", "do it") }, line: { $0("运行", "runs it") }),
    KeyRow(
      [.escape], .leave, "Esc", label: { $0("不要了", "leave") },
      line: { $0("不换", "keeps this one") }, isWayOut: true),
  ])

  /// The note of a mark is typed.
  public static let note = KeyMap<PromptAction>([
    KeyRow(
      [.enter], .run, "Enter", label: { $0("确定", "do it") }, line: { $0("加书签", "sets the mark") }),
    leaving,
  ])

  /// What is searched for is typed.
  public static let search = KeyMap<PromptAction>([
    KeyRow([.enter], .run, "Enter", label: { $0("确定", "do it") }, line: { $0("找", "searches") }),
    leaving,
  ])

  /// The name of a recording is typed.
  public static let name = KeyMap<PromptAction>([
    KeyRow([.enter], .run, "Enter", label: { $0("确定", "do it") }, line: { $0("存", "keeps it") }),
    leaving,
  ])

  private static let leaving = KeyRow<PromptAction>(
    [.escape], .leave, "Esc", label: { $0("不要了", "leave") }, line: { $0("不要了", "leaves") },
    isWayOut: true)

  /// The marks are listed.
  public static let marks = KeyMap<MarksAction>([
    KeyRow(
      [.down, .character("j")], .down, { $0.glyphs == .full ? "↑ ↓" : "Up Dn" },
      label: { $0("选", "choose") }),
    KeyRow([.up, .character("k")], .up),
    KeyRow([.enter], .go, "Enter", label: { $0("去", "go") }),
    KeyRow([.delete, .character("x")], .remove, "x", label: { $0("删", "remove") }),
    KeyRow([.escape], .leave, "Esc", label: { $0("返回", "back") }, isWayOut: true),
    KeyRow([.character("q"), .control("c")], .quit),
  ])

  /// A number is predicted.
  public static let numberPrediction = KeyMap<PredictionAction>([
    KeyRow(digits, .digit),
    KeyRow([.backspace], .erase),
    KeyRow(
      [.enter], .next, "Enter", label: { $0("下一问", "next") },
      line: { $0("下一问", "for the next") }),
  ]).over(prediction)

  /// Tokens are marked as predicted.
  public static let markPrediction = KeyMap<PredictionAction>([
    KeyRow(
      [.left], .left, { "\($0.glyphs.backArrow) \($0.glyphs.arrow)" },
      line: { $0("移动", "move") }),
    KeyRow([.right], .right),
    KeyRow([.home], .start),
    KeyRow([.end], .end),
    KeyRow([.character(" ")], .mark, "Space", line: { $0("标记", "mark") }),
    KeyRow([.character("a")], .markAll, "a", line: { $0("全部", "all") }),
    KeyRow(
      [.enter], .next, "Enter", label: { $0("看运行", "run it") }, line: { $0("看运行", "run it") }),
  ]).over(prediction)

  private static let prediction = KeyMap<PredictionAction>([
    KeyRow([.tab], .nextField),
    KeyRow([.up], .previousField),
    KeyRow([.down], .laterField),
    KeyRow(
      [.escape], .skip, "Esc", label: { $0("不答", "skip") }, line: { $0("不答", "skip") },
      isWayOut: true),
    KeyRow([.character("p")], .stop, "p", label: { $0("不再出题", "no more") }),
    KeyRow([.character("q"), .control("c")], .quit),
  ])

  /// A help page, of every screen.
  public static let help = KeyMap<HelpAction>([
    KeyRow(
      [.down, .character("j")], .down, { $0.glyphs == .full ? "↓" : "Down" },
      label: { $0("往下", "down") }),
    KeyRow(
      [.pageDown, .character(" ")], .pageDown, "Space", label: { $0("往下", "down") }),
    KeyRow(
      [.up, .character("k")], .up, { $0.glyphs == .full ? "↑" : "Up" }, label: { $0("往上", "up") }),
    KeyRow([.pageUp], .pageUp),
    KeyRow([.home], .first),
    KeyRow([.end], .last),
    KeyRow(
      [.escape, .character("?")], .leave, "Esc", label: { $0("返回", "back") }, isWayOut: true),
    KeyRow([.character("q"), .control("c")], .quit),
    KeyRow([.character("t")], .theme),
    KeyRow([.character("L")], .language),
  ])

  private static let digits = (0...9).map { Key.character(Character("\($0)")) }

  @Sendable private static func arrows(_ look: Look) -> String {
    "\(look.glyphs.backArrow) \(look.glyphs.arrow)"
      + (look.glyphs == .full ? " ↑ ↓" : " Up Down")
  }
}
