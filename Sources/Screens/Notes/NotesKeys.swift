internal import Base
internal import Classroom
internal import Viz

/// What a key does on the presenter's second terminal.
enum NotesAction: ToolAction {
  /// The presentation does it.
  case say(PresentCommand)
  case page, countHands, up, down, theme, language, help, leave
  /// Of a count of hands that is typed.
  case enter, giveUp, quit
}

/// The keys of the presenter's second terminal: those of the presentation, so far as they drive it.
enum NotesKeys {
  /// Counts of hands are typed; everything that can be printed belongs to them.
  static let counting = KeyMap<NotesAction>([
    KeyRow([.enter], .enter, "Enter", label: { $0("记下", "keep") }),
    KeyRow([.escape], .giveUp, "Esc", label: { $0("不要了", "leave") }, isWayOut: true),
    KeyRow([.control("c")], .quit),
  ])

  static let keys = KeyMap<NotesAction>(
    [
      KeyRow(
        [.enter, .pageDown], .say(.goOn), "Enter", label: { $0("往下", "on") },
        help: {
          $0(
            "往下；问题走完各阶段才揭晓（PgDn 也行）",
            "go on; a question goes through its phases (PgDn too)")
        }),
      KeyRow(
        [.character("x")], .say(.skip), "x x", label: { $0("揭晓", "reveal") },
        help: { $0("按两次直接揭晓", "twice reveals at once") }, rank: 1),
      KeyRow(
        [.backspace, .pageUp], .say(.goBack), "Bksp", label: { $0("回去", "back") },
        help: { $0("往回（PgUp 也行）", "go back (PgUp too)") }, rank: 3),
      KeyRow(
        [.right], .say(.stepOn), { $0.glyphs == .full ? "→ ←" : "Right Left" },
        help: { $0("图里走一步、退一步，和投影上的一样", "a step on or back in the picture, as on the wall") }),
      KeyRow([.left], .say(.stepBack)),
      KeyRow(
        [.tab], .page, "Tab", label: { $0("翻页", "page") },
        help: {
          $0(
            "画面小时：讲稿、图、课程表（投影上的 Tab 翻到课文）",
            "on a small screen: notes, pictures, plan (the wall's own Tab turns to the text)")
        }, rank: 2),
      KeyRow(
        [.character("v")], .countHands, "v", label: { $0("记举手", "hands") },
        help: {
          $0(
            "填举手的人数：只有你看得到，加在手机的票上",
            "counts of a show of hands, seen by you alone; they add to phones' votes")
        }, rank: 3),
      KeyRow(
        [.character("b")], .say(.blank), "b", label: { $0("黑屏", "blank") },
        help: { $0("投影黑屏，再按回来", "blanks the projector; again brings it back") }, rank: 4),
      KeyRow(
        [.character(".")], .say(.spotlight), ".", label: { $0("聚光", "spotlight") },
        help: { $0("聚光：一格、一行、K 一条、不聚", "spotlight on a cell, a row, the K strip, off") }, rank: 5),
      KeyRow(
        [.character("+"), .character("=")], .say(.moreTime), "+ -", label: { $0("计时", "timer") },
        help: { $0("计时器加 30 秒，- 减", "30 seconds on the timer, - off it") }, rank: 5),
      KeyRow([.character("-")], .say(.lessTime), "-"),
      KeyRow(
        [.character(">")], .say(.nextItem), "> <",
        help: { $0("下一屏，上一屏（跳过题）", "next, previous screen, past its question") }),
      KeyRow([.character("<")], .say(.previousItem), "<"),
      KeyRow(
        [.up, .character("k")], .up, { $0.glyphs == .full ? "↑ ↓" : "Up Dn" },
        help: { $0("滚讲稿", "scrolls the notes") }),
      KeyRow([.down, .character("j")], .down),
    ]
      + KeyMap.common(
        leaving: { $0("离开讲稿；演示照常", "leaves the notes; the presentation goes on") },
        label: { $0("离开", "leave") }, keys: [.character("q"), .control("c")]))
}
