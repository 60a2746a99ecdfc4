internal import Base
internal import Viz

/// What a key does on the conversation screen.
enum ConversationAction: ToolAction {
  case next, type, earlier, later, edit, grid, anew, stop, theme, language, help, leave
}

/// What a key does where a question is typed, besides typing.
enum QuestionAction: Hashable, Sendable {
  case ask, earlier, later, cancel
}

/// The keys of the conversation screen.
enum ConversationKeys {
  static let map = KeyMap<ConversationAction>(
    [
      KeyRow(
        [.enter, .right, .character(" "), .pageDown], .next, "Enter",
        label: { $0("下一句", "next") },
        help: { $0("问脚本的下一句；问完了自己打字", "the script's next question, then a field") }),
      KeyRow(
        [.up, .character("k")], .earlier, { $0.glyphs == .full ? "↑" : "Up" },
        label: { $0("轮", "turn") }, help: { $0("选前一轮", "the turn before") }, rank: 2),
      KeyRow(
        [.down, .character("j")], .later, { $0.glyphs == .full ? "↓" : "Down" },
        label: { $0("轮", "turn") }, help: { $0("选后一轮", "the turn after") }, rank: 2),
      KeyRow(
        [.character("e")], .edit, "e", label: { $0("改这轮", "edit") },
        help: { $0("改这一轮的问题：看什么作废", "edits its question: what becomes void") }),
      KeyRow(
        [.character("p")], .type, "p", label: { $0("提问", "ask") },
        help: { $0("自己打一句", "a field for a question of one's own") }, rank: 2),
      KeyRow(
        [.tab], .grid, "Tab", label: { $0("格子", "cells") },
        help: { $0("这一轮算了哪些行", "which rows were computed for the turn") }, rank: 1),
      KeyRow(
        [.character("r")], .anew, "r", label: { $0("从头", "anew") },
        help: { $0("另开一个对话，脚本从头", "another conversation, the script anew") }, rank: 3),
      KeyRow([.escape], .stop, "Esc", label: { $0("不等了", "stop") }),
    ]
      + KeyMap.common(
        leaving: { $0("离开；对话留着", "leaves; the conversation stays") },
        keys: [.character("q"), .control("c")]))

  /// Where the cells of a turn are looked at: what leads out leads back to the talk.
  static let cells = KeyMap<ConversationAction>([
    KeyRow(
      [.tab, .escape, .character("q"), .control("c")], .grid, "Tab",
      label: { $0("回到对话", "back") },
      help: { $0("回到对话；q、Esc 也行", "back to the conversation; also q and Esc") }, isWayOut: true)
  ]).over(map)

  /// The keys beside those that edit, where the next question is typed.
  static let typing = KeyMap<QuestionAction>([
    KeyRow([.enter], .ask, "Enter", label: { $0("问", "ask") }),
    KeyRow(
      [.escape, .control("c")], .cancel, "Esc", label: { $0("不问了", "leave") },
      isWayOut: true),
  ])

  /// The keys beside those that edit, where a turn's question is edited.
  static let editing = KeyMap<QuestionAction>([
    KeyRow([.enter], .ask, "Enter", label: { $0("重新算", "compute anew") }),
    KeyRow(
      [.up], .earlier, { $0.glyphs == .full ? "↑" : "Up" }, label: { $0("改哪一轮", "which turn") },
      rank: 1),
    KeyRow(
      [.down], .later, { $0.glyphs == .full ? "↓" : "Down" }, label: { $0("改哪一轮", "which turn") },
      rank: 1),
    KeyRow(
      [.escape, .control("c")], .cancel, "Esc", label: { $0("不改了", "leave") },
      isWayOut: true),
  ])

  /// The keys where an edit was computed anew.
  static let edited = KeyMap<QuestionAction>([
    KeyRow(
      [.enter, .escape, .character("q"), .character(" "), .control("c")], .cancel, "Enter",
      label: { $0("回到对话", "back to the conversation") }, isWayOut: true)
  ])
}
