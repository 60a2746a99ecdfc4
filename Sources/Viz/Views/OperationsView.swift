internal import Base
internal import Trace

/// The operations of a block, the last one done lit; shown where a step is smaller than a token.
struct OperationsView {
  let scene: Scene
  let y: Int
  var x = ScreenLayout.margin
  /// The first column that is not its own; the canvas's end by default.
  var end: Int?

  func draw(on canvas: inout Canvas) {
    guard scene.state.depth != .token else { return }
    let end = self.end ?? canvas.size.columns - 1
    let layer = scene.state.moment.layer + 1
    var x = canvas.put(
      scene.language("层 \(layer)", "layer \(layer)") + "  ", at: Point(self.x, y),
      Style(.heading), limit: end)
    for operation in shown(columns: end - x) where x + ScalarWidth.of(label(operation)) <= end {
      let isDone = operation.rawValue <= scene.state.moment.operation.rawValue
      let isLast = operation == scene.state.moment.operation
      let style = isLast ? Style(.selected, reversed: true) : Style(isDone ? .text : .dim)
      x = canvas.put(label(operation), at: Point(x, y), style, limit: end)
      x = canvas.put(" ", at: Point(x, y), Style(.dim), limit: end) + 1
    }
  }

  private func label(_ operation: Operation) -> String {
    let mark = operation == scene.state.moment.operation ? scene.glyphs.cursor : ""
    return mark + Self.name(operation, scene.language, scene.glyphs)
  }

  /// The layer's operations; where they do not fit, those before the last one done are left out first.
  private func shown(columns: Int) -> ArraySlice<Operation> {
    let all = Operation.allCases.filter { exists($0, in: scene.state.moment.layer) }[...]
    let last = all.firstIndex(of: scene.state.moment.operation) ?? all.startIndex
    let columnsOf = { (some: ArraySlice<Operation>) in
      some.reduce(0) { $0 + ScalarWidth.of(label($1)) + 2 }
    }
    let first = (all.startIndex...last).first { columnsOf(all[$0...last]) <= columns } ?? last
    return all[first...]
  }

  private func exists(_ operation: Operation, in layer: Int) -> Bool {
    switch operation {
    case .embed: layer == 0
    case .logits: layer == scene.model.layers - 1
    default: true
    }
  }

  static func name(_ operation: Operation, _ language: Language, _ glyphs: GlyphSet) -> String {
    switch operation {
    case .embed: language("嵌入", "embed")
    case .queryKeyValue: "Q,K,V"
    case .scores: glyphs.scores
    case .mask: language("掩码", "mask")
    case .softmax: "softmax"
    case .values: "\(glyphs.times)V"
    case .mlp: "MLP"
    case .logits: "logits"
    }
  }
}

/// What the last operation made, where a step is smaller than a token.
struct OperationResultView {
  let scene: Scene
  let y: Int

  func draw(on canvas: inout Canvas) {
    let end = canvas.size.columns - 2
    guard scene.state.layer == scene.state.moment.layer else { return }
    guard let result = scene.operationResult else {
      canvas.put(
        maskLine(columns: end - ScreenLayout.margin), at: Point(ScreenLayout.margin, y), Style(),
        limit: end)
      return
    }
    let newest = TokenLabel.quoted(scene.tokens[scene.length - 1].text, scene.glyphs)
    var x = canvas.put(newest, at: Point(ScreenLayout.margin, y), Style(.heading)) + 2
    let share = (end - x) / result.parts.count
    for part in result.parts {
      let start = x
      x = canvas.put(part.name + " = ", at: Point(x, y), Style(.dim), limit: end)
      canvas.put(
        NumberText.vector(part.values, columns: share - (x - start) - 2, scene.glyphs),
        at: Point(x, y), Style(), limit: end)
      x = start + share
    }
  }

  /// The mask makes no vector: it throws cells away.
  private func maskLine(columns: Int) -> String {
    guard scene.state.moment.operation == .mask else { return "" }
    let masked = [Run.uncached, .cached].map {
      scene.runStep($0).masked(layer: scene.state.layer, head: scene.state.head)
        .map(NumberText.count) ?? scene.glyphs.dash
    }
    return [
      scene.language(
        "掩码扔掉：不用缓存 \(masked[0]) 格，用缓存 \(masked[1]) 格",
        "thrown away by the mask: \(masked[0]) cells without cache, \(masked[1]) with it"),
      scene.language(
        "掩码扔掉 \(masked[0]) 格、\(masked[1]) 格",
        "masked: \(masked[0]) without cache, \(masked[1]) with"),
    ].first(fitting: columns)
  }
}
