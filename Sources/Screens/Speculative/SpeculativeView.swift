internal import Base
internal import Trace
internal import Viz

extension SpeculativeState {
  /// The frame at a size.
  func view(_ size: Size) -> Canvas {
    var canvas = Canvas(size)
    // Where one is stands beside a short title.
    drawTitle(size.columns >= 76 ? titles : Array(titles.dropFirst()), rights: rights, on: &canvas)
    if isHelp {
      drawHelp(on: &canvas)
    } else if let board {
      SpeculativeFrame(self, board, size).draw(on: &canvas)
    } else {
      let words =
        hasFailed
        ? language("这样写不成，换一句再来", "this cannot be written")
        : language("正在写第 1 轮", "writing round 1")
      put([words], at: Point(2, 2), Style(.dim), on: &canvas)
    }
    drawBottom(on: &canvas)
    return canvas
  }

  private var titles: [String] {
    let drafts = board?.question.drafts ?? wanted.drafts
    return [
      language(
        "投机解码：小模型先写 \(drafts) 个，大模型一步全验",
        "Speculative decoding: \(drafts) drafted, verified in one pass"),
      language("投机解码：先写 \(drafts) 个，一步全验", "Speculative: \(drafts) drafted"),
      language("投机解码", "Speculative"),
    ]
  }

  private var rights: [String] {
    guard let board else { return [start.model] }
    guard question == nil else {
      let done = board.question == wanted ? passes.count : 0
      return [
        language("正在写：已写 \(done) 轮", "writing: \(done) rounds so far"), language("正在写", "writing"),
      ]
    }
    guard !passes.isEmpty else { return [start.model] }
    let (layers, heads) = (board.model.layers, board.model.heads)
    let place = language("第 \(round + 1)/\(passes.count) 轮", "round \(round + 1)/\(passes.count)")
    return [
      place
        + language(
          "  层 \(layer + 1)/\(layers) 头 \(head + 1)/\(heads) 的注意力权重",
          "  attention weights of layer \(layer + 1)/\(layers), head \(head + 1)/\(heads)"),
      place
        + language(
          "  层 \(layer + 1)/\(layers)  头 \(head + 1)/\(heads)",
          "  layer \(layer + 1)/\(layers)  head \(head + 1)/\(heads)"),
      place + language("  层 \(layer + 1)  头 \(head + 1)", "  layer \(layer + 1)  head \(head + 1)"),
      place,
    ]
  }

  /// The keys, or the text that is being typed.
  private func drawBottom(on canvas: inout Canvas) {
    guard let field, notice == nil else { return drawFooter(on: &canvas) }
    let y = canvas.size.rows - 2
    if y > 0 {
      canvas.fill(Point(0, y), columns: canvas.size.columns, Style())
      put(
        [
          language(
            "打一句开头，如：床前明月光。\(start.model) 接着写下去",
            "type the beginning of a text, \(start.model) writes on"),
          language("打一句开头", "type a beginning"),
        ], at: Point(1, y), Style(.selected), on: &canvas)
    }
    FieldLine(field: field, glyphs: glyphs, hints: SpeculativeKeys.typing.hints(look))
      .draw(on: &canvas)
  }
}

extension SpeculativeState: ToolState {
  var hasField: Bool { field != nil }
  mutating func receive(_ findings: Findings) {
    if case .speculative(let found) = findings { receive(found) }
  }

  static var keys: KeyMap<SpeculativeAction> { SpeculativeKeys.map }

  var about: [String] {
    [
      language(
        "两个模型都真的跑：小模型一个一个起草，大模型一遍验完。格子里是这一遍用过的注意力权重。",
        "Both models are really run. The cells are the attention weights of the pass in which the large one verifies."
      ),
      language(
        "收下的必是大模型自己也会写的；第一个不同的换成大模型的字，后面的作废，K、V 裁掉。",
        "What is accepted the model would have written itself; the first that differs becomes its own, what follows is void, and its K and V are cut off."
      ),
    ]
  }
}
