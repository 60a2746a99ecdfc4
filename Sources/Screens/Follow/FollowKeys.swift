internal import Base
internal import Viz

/// What a key does for who follows a presentation.
enum FollowAction: ToolAction {
  case snap, textUp, textDown, theme, language, help, leave
  /// Looks around in what is shown.
  case viewer(ViewerAction)
}

/// The keys of who follows a presentation: looking around is the run's own, and one key leads back.
enum FollowKeys {
  /// A lesson is shown.
  static let lesson = snap.over(text).over(steps).over(around(ViewerKeys.browse, offered)).over(
    common)
  /// A cell of a lesson is looked at.
  static let lessonCell = snap.over(text).over(cell).over(common)
  /// A run is shown.
  static let run = snap.over(around(ViewerKeys.browse, offered.union(ofRuns))).over(common)
  /// A cell of a run is looked at.
  static let runCell = snap.over(cell).over(common)
  /// Nothing is shown.
  static let empty = snap.over(common)

  private static let snap = KeyMap<FollowAction>([
    KeyRow(
      [.enter, .escape], .snap, "Enter", label: { $0("回去", "return") },
      help: {
        $0("回到老师那里，接着跟随（Esc 也行）", "back to where the presenter is, and follow again (Esc too)")
      })
  ])

  private static let text = KeyMap<FollowAction>([
    KeyRow(
      [.pageUp], .textUp, "PgUp PgDn", help: { $0("滚课文", "scrolls the text") }, rank: 4),
    KeyRow([.pageDown], .textDown, "PgDn"),
  ])

  /// A page key scrolls the text here, so that no row says it steps.
  private static let steps = KeyMap<FollowAction>([
    KeyRow(
      [.right, .character("l")], .viewer(.next), { $0.glyphs.arrow },
      label: { $0("下一步", "next") },
      help: { $0("自己前进一步（l 亦可）", "one step forward by yourself (also l)") }),
    KeyRow(
      [.left, .character("h")], .viewer(.back), { $0.glyphs.backArrow },
      label: { $0("上一步", "back") },
      help: { $0("自己后退一步（h 亦可）", "one step back by yourself (also h)") }),
  ])

  private static let cell = around(
    KeyMap([KeyRow([.character("i")], .leaveCell, "i", label: { $0("离开", "leave") })])
      .over(
        ViewerKeys.cursor.only([
          .cursorLeft, .cursorRight, .cursorUp, .cursorDown, .rowStart, .rowEnd,
        ])
      )
      .over(ViewerKeys.browse), [.leaveCell, .cursorLeft, .rowStart, .previousLayer, .previousHead])

  private static let common = KeyMap<FollowAction>(
    KeyMap.common(
      leaving: { $0("不跟了，退出", "stops following") }, label: { $0("离开", "leave") },
      keys: [.character("q"), .control("c")]))

  private static let offered: Set<ViewerAction> = [
    .next, .back, .cell, .previousLayer, .previousHead, .jump, .depth,
  ]
  private static let ofRuns: Set<ViewerAction> = [.overview]

  /// What looks around, of a map of the run's own; nothing in it plays, asks, or keeps anything.
  private static func around(
    _ map: KeyMap<ViewerAction>, _ named: Set<ViewerAction>
  ) -> KeyMap<FollowAction> {
    map.only([
      .next, .back, .first, .last, .jump, .previousLayer, .nextLayer, .previousHead, .nextHead,
      .depth, .cell, .parts, .overview, .code, .scrollUp, .scrollDown, .redraw, .cursorLeft,
      .cursorRight, .cursorUp, .cursorDown, .rowStart, .rowEnd, .leaveCell,
    ]).naming(named).mapped(FollowAction.viewer)
  }
}
