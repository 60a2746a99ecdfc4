internal import Base
internal import Trace
internal import Viz

extension ConversationState: ToolState {
  mutating func receive(_ findings: Findings) {
    if case .conversation(let found) = findings { receive(found) }
  }

  static var keys: KeyMap<ConversationAction> { ConversationKeys.map }

  /// A question is typed, or one that was asked is edited.
  var hasField: Bool { if case .talk = mode { false } else { true } }

  var keysNow: KeyMap<ConversationAction> {
    if case .talk = mode, showsGrid { ConversationKeys.cells } else { Self.keys }
  }

  func isOffered(_ action: ConversationAction) -> Bool {
    switch action {
    case .next: asked == nil && !queue.isEmpty
    case .stop: asked != nil
    case .type: asked == nil
    case .edit, .grid: asked == nil && !turns.isEmpty
    case .anew: !turns.isEmpty
    case .earlier, .later: turns.count > 1
    default: true
    }
  }

  var about: [String] {
    [
      language(
        "= 的 K、V 是前几轮留下的，没有再算；? 是这一轮的问，+ 是答，都是真算的。一列一个词元，放不下就几个。",
        "= K and V of earlier turns, not computed again; ? asked and + answered, computed. A column is one token, or several."
      ),
      language(
        "同一个回答真的算三遍：留着前几轮的缓存；每轮清空、从头 prefill；完全不用缓存。表里是那时数的。",
        "Each answer is really computed three times: with the cache of earlier turns, behind a fresh prefill, and without any cache. The table is what was counted then."
      ),
      language(
        "改一句，从第一个不同的词元起，后面的 K、V 全部失效：每一层都读过它。",
        "After an edit, K and V of everything behind the first different token are void: every layer has read it."
      ),
    ]
  }
}

extension ConversationState {
  /// The frame at a size.
  func view(_ size: Size) -> Canvas {
    var canvas = Canvas(size)
    // How far work has come is said before what the screen is about.
    drawTitle(Array(titles.suffix(work == nil ? 2 : 1)), rights: rights, on: &canvas)
    switch mode {
    case _ where isHelp: drawHelp(on: &canvas)
    case .edit(let edit): EditView(state: self, edit: edit, size: size).draw(on: &canvas)
    case _ where showsGrid: TurnGrid(state: self, size: size).draw(on: &canvas)
    default: TalkView(state: self, size: size).draw(on: &canvas)
    }
    drawKeys(on: &canvas)
    return canvas
  }

  private var titles: [String] {
    switch mode {
    case .edit(let edit): editTitles(edit)
    default:
      showsGrid
        ? [
          language("对话：这一轮算了哪些行", "a conversation: rows computed for a turn"),
          language("格子", "cells"),
        ]
        : [
          language("对话：前几轮不用再算", "a conversation: earlier turns are not computed again"),
          language("对话", "conversation"),
        ]
    }
  }

  /// Which turn is edited, and what that does to those behind it.
  private func editTitles(_ edit: Edit) -> [String] {
    let (turn, later) = (edit.turn, edit.later.count)
    let turns = later == 1 ? "the turn behind it goes" : "\(later) turns behind it go"
    guard edit.result == nil else {
      let done = language("第 \(turn) 轮改好了", "turn \(turn) is edited")
      let gone = later == 1 ? "the turn behind it is gone" : "\(later) turns behind it are gone"
      return [later > 0 ? done + language("：后面 \(later) 轮作废了", ": \(gone)") : done, done]
    }
    let name = language("改第 \(turn) 轮", "edit of turn \(turn)")
    return [
      name
        + (later > 0
          ? language("：后面 \(later) 轮一起作废", ": \(turns) too")
          : language("：从不同的词元起失效", ": all behind a change is void")),
      name,
    ]
  }

  /// What is under way, and where one is.
  private var rights: [String] {
    let place =
      conversation > 1
      ? language("对话 \(conversation)  ", "conversation \(conversation)  ") : ""
    let (number, all) = (current, known + queue.count)
    let turn = language("第 \(number)/\(all) 轮", "turn \(number)/\(all)")
    let rest = place + turn + "  " + start.model
    let shorter = [turn + "  " + start.model, turn]
    return (work.map { [$0 + "   " + rest, $0] } ?? []) + [rest] + shorter
  }

  /// How many turns there are, one that is being answered among them.
  private var known: Int {
    if case .edit(let edit) = mode, edit.result == nil { return edit.before.count }
    return asked?.number ?? turns.count
  }

  /// The turn that one is at: the edited one, or the last.
  private var current: Int {
    if case .edit(let edit) = mode { edit.turn } else { known }
  }

  /// What is being computed, as far as it has come.
  private var work: String? {
    if let reading {
      let percent = 100 * reading.done / max(1, reading.all)
      return language("正在读权重，\(percent) %", "reading weights, \(percent) %")
    }
    let rows = rows.map { language("，\($0) 行", ", \($0) rows") } ?? ""
    switch question {
    case .answer:
      return language("正在回答", "answering")
        + (progress.map { language("，\($0.written) 个词元", ", \($0.written) tokens") } ?? "")
    case .emptied(let turn, _):
      return language("在比：第 \(turn.number) 轮清空重算", "comparing: turn \(turn.number), emptied") + rows
    case .uncached(let turn, _):
      return language("在比：第 \(turn.number) 轮不用缓存", "comparing: turn \(turn.number), no cache")
        + rows
    default: return nil
    }
  }

  /// The footer: what has to be said, or the keys of the mode.
  private func drawKeys(on canvas: inout Canvas) {
    let hints: [KeyHint]
    switch mode {
    case .typing where !isHelp: hints = ConversationKeys.typing.hints(look)
    case .edit(let edit) where !isHelp:
      hints =
        edit.result == nil
        ? ConversationKeys.editing.hints(look) { action in
          switch action {
          case .ask: asked == nil
          case .earlier, .later: asked == nil && edit.before.count > 1
          case .cancel: true
          }
        } : ConversationKeys.edited.hints(look)
    default: return drawFooter(on: &canvas)
    }
    drawFooter(hints, on: &canvas)
  }

  /// A turn's number, as a column's or a bar's label.
  func name(ofTurn turn: Int, isShort: Bool) -> String {
    isShort ? "\(turn)" : language("第 \(turn) 轮", "turn \(turn)")
  }
}
