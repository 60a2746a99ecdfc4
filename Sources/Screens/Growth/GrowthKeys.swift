internal import Base
internal import Viz

/// What a key does on the growth screen.
enum GrowthAction: ToolAction {
  case next, back, first, last, picture, axes, quantity, theme, language, help, leave
}

/// The keys of the growth screen.
enum GrowthKeys {
  static let map = KeyMap<GrowthAction>(
    [
      KeyRow(
        [.right, .character(" "), .character("l"), .pageDown], .next,
        { $0.glyphs == .full ? "→" : "Right" }, label: { $0("一步", "a step") },
        help: { $0("多一步", "a step more") }),
      KeyRow(
        [.left, .character("h"), .pageUp, .backspace], .back,
        { $0.glyphs == .full ? "←" : "Left" }, label: { $0("一步", "a step") },
        help: { $0("少一步", "a step less") }),
      KeyRow([.home], .first, "Home", help: { $0("只看第一步", "the first step alone") }),
      KeyRow([.end], .last, "End", help: { $0("到最后一步", "all steps") }),
      KeyRow(
        [.character("g")], .picture, "g", label: { $0("方块 曲线", "squares, curves") },
        help: {
          $0("方块（每一格都画）和曲线之间换", "changes between squares, with every cell drawn, and curves")
        }),
      KeyRow(
        [.character("y")], .axes, "y", label: { $0("轴", "axes") },
        help: { $0("曲线的两轴：对数、线性", "axes of the curves: logarithmic or linear") }, rank: 1),
      KeyRow(
        [.character("f")], .quantity, "f", label: { $0("格 FLOP 字节 秒", "cells FLOP bytes s") },
        help: {
          $0("曲线画什么：格子、FLOP、字节、秒", "what the curves show: cells, FLOP, bytes or seconds")
        }, rank: 1),
    ] + KeyMap.common(leaving: { $0("返回；没测完就不测了", "back; a measurement under way ends") }))
}
