internal import TinyModel

/// The bar at the top: what runs, and where we are.
struct HeaderView {
  let scene: Scene

  func draw(on canvas: inout Canvas) {
    let columns = canvas.size.columns
    let language = scene.language
    let model = scene.model
    canvas.fill(Point(0, 0), columns: columns, Style(.titleBar))
    let progress =
      language(
        "第 \(scene.step.number)/\(scene.state.knownSteps) 步",
        "step \(scene.step.number)/\(scene.state.knownSteps)")
      + " \(scene.glyphs.dot) \(scene.step.phase.rawValue)"
      + (scene.state.isPlaying ? " \(scene.glyphs.playing)" : "")
    let right = max(0, columns - ScalarWidth.of(progress) - 1)
    let name = Sanitiser.clean(model.name, ascii: scene.glyphs == .ascii)
    let x = canvas.put(" kvtui  ", at: Point(0, 0), Style(.titleBar), limit: right)
    let shared = model.kvHeads < model.heads ? " (KV \(model.kvHeads))" : ""
    canvas.put(
      "\(name) \(scene.glyphs.dot) \(Self.title(of: model.architecture)) \(scene.glyphs.dot) "
        + language(
          "\(model.layers) 层 \(scene.glyphs.times) \(model.heads) 头\(shared)",
          "\(model.layers) layers \(scene.glyphs.times) \(model.heads) heads\(shared)"),
      at: Point(x, 0), Style(.titleBarDim), limit: right - 1)
    canvas.put(progress, at: Point(right, 0), Style(.titleBar))
  }

  /// How people write an architecture's name.
  private static func title(of architecture: String) -> String {
    switch architecture {
    case "gpt2": "GPT-2"
    case "llama": "Llama"
    case "mistral": "Mistral"
    case "qwen2": "Qwen2"
    default: architecture
    }
  }
}

/// The sequence, what may come next, and which layer and head is shown.
struct TokensView {
  let scene: Scene
  let y: Int

  private var glyphs: GlyphSet { scene.glyphs }

  func draw(on canvas: inout Canvas) {
    let choice = layerAndHead
    let right = canvas.size.columns - ScalarWidth.of(choice) - 2
    canvas.put(choice, at: Point(right, y), Style(.text))
    let next = candidates
    var x = drawTokens(on: &canvas, limit: right - candidatesColumns(next, before: right))
    let lead = scene.language("  预测 ", "  next ") + glyphs.arrow + " "
    x = canvas.put(lead, at: Point(x - 1, y), Style(.dim), limit: right - 1)
    for candidate in next {
      guard x + ScalarWidth.of(candidate.text) < right else { break }
      x = canvas.put(candidate.text, at: Point(x, y), candidate.style, limit: right) + 2
    }
  }

  private var layerAndHead: String {
    let (layer, head, model) = (scene.state.layer + 1, scene.state.head + 1, scene.model)
    // Query heads that share their K and V say whose they read.
    let shared =
      model.kvHeads < model.heads
      ? " (KV \(model.kvHead(of: scene.state.head) + 1)/\(model.kvHeads))" : ""
    return scene.language(
      "层 \(layer)/\(model.layers)  头 \(head)/\(model.heads)\(shared)",
      "layer \(layer)/\(model.layers)  head \(head)/\(model.heads)\(shared)")
  }

  /// Room for all candidates where the sequence leaves it, else for the first.
  private func candidatesColumns(_ next: [(text: String, style: Style)], before end: Int) -> Int {
    func columns(_ count: Int) -> Int {
      next.prefix(count).reduce(10) { $0 + ScalarWidth.of($1.text) + 2 }
    }
    let sequence = scene.tokens.reduce(ScreenLayout.margin) {
      $0 + ScalarWidth.of(TokenLabel.short($1.text, columns: 8, glyphs)) + 1
    }
    return (1...3).last { sequence + columns($0) <= end }.map(columns) ?? columns(1)
  }

  private var candidates: [(text: String, style: Style)] {
    guard scene.state.moment.isEndOfStep else { return [(glyphs.ellipsis, Style(.dim))] }
    return scene.step.next.prefix(3).enumerated().map { index, candidate in
      let text =
        TokenLabel.quoted(candidate.text, glyphs) + " "
        + NumberText.fixed(candidate.probability * 100, 1) + "%"
      return (text, Style(index == 0 ? .prediction : .dim))
    }
  }

  /// The newest tokens that fit, then the known ones that are still to come.
  private func drawTokens(on canvas: inout Canvas, limit: Int) -> Int {
    // Of what is still to come only what was given: what the model will write is not known yet.
    let known = max(scene.length, scene.state.trace.givenTokens)
    let all = scene.state.trace.tokens.prefix(known).map {
      TokenLabel.short($0.text, columns: 8, glyphs)
    }
    let length = scene.length
    var first = 0
    let start = ScreenLayout.margin
    var used = all.prefix(length).reduce(0) { $0 + ScalarWidth.of($1) + 1 }
    // Once something is left out, an ellipsis takes room too.
    while used > limit - start - (first > 0 ? 3 : 0) && first < length - 1 {
      used -= ScalarWidth.of(all[first]) + 1
      first += 1
    }
    var x = start
    if first > 0 { x = canvas.put(glyphs.ellipsis + " ", at: Point(x, y), Style(.dim)) }
    for index in first..<all.count {
      guard x + ScalarWidth.of(all[index]) + 1 <= limit else { break }
      x = canvas.put(all[index], at: Point(x, y), style(of: index), limit: limit) + 1
    }
    return x
  }

  private func style(of index: Int) -> Style {
    if index >= scene.length { return Style(.dim) }
    return Style(index >= scene.length - scene.step.cached.rows ? .newQuery : .cached)
  }
}

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
    for operation in shown(columns: end - x) {
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

/// Whether the two runs agree, from the differences that were measured.
struct IdentityView {
  let scene: Scene
  let y: Int

  func draw(on canvas: inout Canvas) {
    guard scene.state.moment.isEndOfStep else {
      OperationResultView(scene: scene, y: y).draw(on: &canvas)
      return
    }
    let (step, language, glyphs) = (scene.step, scene.language, scene.glyphs)
    let isEqual = step.maxAbsDifference == 0 && step.maxAbsRowDifference == 0
    let x = canvas.put(
      isEqual
        ? language("两次结果逐位相同", "both runs agree bit for bit")
        : language("两次结果不同", "the runs differ"),
      at: Point(ScreenLayout.margin, y), Style(isEqual ? .heading : .wrong))
    var at = x + 2
    for (name, difference) in [
      ("logits", step.maxAbsDifference), ("Q,K,V", step.maxAbsRowDifference),
    ] {
      let text = "max|\(glyphs.delta) \(name)| = \(Self.text(difference))"
      guard at + ScalarWidth.of(text) < canvas.size.columns else { return }
      at = canvas.put(text, at: Point(at, y), Style(.dim)) + 3
    }
  }

  private static func text(_ difference: Float) -> String {
    difference == 0 ? "0" : "\(difference)"
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
      canvas.put(maskLine, at: Point(ScreenLayout.margin, y), Style(), limit: end)
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
  private var maskLine: String {
    guard scene.state.moment.operation == .mask else { return "" }
    let masked = [Run.uncached, .cached].map {
      scene.runStep($0).counter.masked(layer: scene.state.layer, head: scene.state.head)
    }
    return scene.language(
      "掩码扔掉：不用缓存 \(masked[0]) 格，用缓存 \(masked[1]) 格",
      "thrown away by the mask: \(masked[0]) cells without cache, \(masked[1]) with it")
  }
}

/// What the colours and glyphs mean.
struct LegendView {
  let scene: Scene
  let y: Int

  func draw(on canvas: inout Canvas) {
    let (language, glyphs) = (scene.language, scene.glyphs)
    // In the last layer a wide screen shows output rows that nobody reads.
    let hasWaste = canvas.size.columns >= 116 && scene.state.layer == scene.model.layers - 1
    let entries: [(String, Style, String)] =
      [
        ("K\(glyphs.computed)", Style(.newKey), language("新算 K", "new K")),
        ("V\(glyphs.computed)", Style(.newValue), language("新算 V", "new V")),
        ("Q\(glyphs.computed)", Style(.newQuery), language("新 Q", "new Q")),
        (" \(glyphs.read) ", Style(.cached), language("读缓存", "cached")),
        (" \(glyphs.masked) ", Style(.masked), language("掩码", "masked")),
        (" \(glyphs.notNeeded) ", Style(.notNeeded), language("不必算", "not needed")),
      ]
      + (hasWaste
        ? [(" \(glyphs.wasted) ", Style(.wasted), language("没人读的输出", "output nobody reads"))] : [])
    var x = ScreenLayout.margin
    for (glyph, style, meaning) in entries
    where x + ScalarWidth.of(glyph) + 1 + ScalarWidth.of(meaning) < canvas.size.columns {
      x = canvas.put(glyph, at: Point(x, y), style) + 1
      x = canvas.put(meaning, at: Point(x, y), Style(.text)) + 2
    }
    drawRamp(x: x, on: &canvas)
  }

  private func drawRamp(x: Int, on canvas: inout Canvas) {
    guard canvas.size.columns - x > 24 else { return }
    var x = x
    for level in 0..<Role.weightLevels {
      x = canvas.put(" ", at: Point(x, y), Style(.weight(level)))
    }
    canvas.put(scene.language("权重 0 至 1", "weight 0 to 1"), at: Point(x + 1, y), Style(.text))
  }
}

/// The keys, from the key table, as many as fit; or what has to be said, until the next key.
struct FooterView {
  let state: ViewerState

  func draw(on canvas: inout Canvas) {
    let y = canvas.size.rows - 1
    if let notice = state.notice ?? awaiting {
      let text = Sanitiser.clean(notice, ascii: state.glyphs == .ascii)
      canvas.put(text, at: Point(ScreenLayout.margin, y), Style(.selected))
      return
    }
    var x = 1
    for (key, label) in keys {
      let name = " \(key) "
      guard x + ScalarWidth.of(name) + 1 + ScalarWidth.of(label) < canvas.size.columns else {
        continue
      }
      x = canvas.put(name, at: Point(x, y), Style(.key)) + 1
      x = canvas.put(label, at: Point(x, y), Style(.text)) + 2
    }
  }

  /// What keys mean in the mode: where text is typed they are letters, where a cell is selected arrows move it.
  private var keys: [(String, String)] {
    let (language, arrows) = (state.language, "\(state.glyphs.backArrow) \(state.glyphs.arrow)")
    switch state.mode {
    case .browse, .verdict, .help: return table
    case .cell:
      let move = arrows + (state.glyphs == .full ? " ↑ ↓" : " Up Down")
      return [(move, language("移动", "move")), ("Esc", language("离开", "leave"))]
        + table.filter { ["[ ]", "{ }", "?", "q"].contains($0.0) }
    case .jump, .prompt:
      return [("Enter", language("确定", "do it")), ("Esc", language("不要了", "leave"))]
    case .predict:
      return [
        ("Enter", language("下一问", "next")), ("Esc", language("不答", "skip")),
        ("p", language("不再出题", "no more")),
      ]
    }
  }

  private var table: [(String, String)] {
    KeyTable.bindings.compactMap { binding in
      binding.label.map { (binding.name(state.glyphs), $0(state.language)) }
    }
  }

  /// How far the computing has come towards what was asked for.
  private var awaiting: String? {
    guard let awaited = state.awaited else { return nil }
    let done = state.trace.steps.count
    return state.glyphs.adapted(
      state.language(
        "正在计算第 \(awaited.step) 步，已到第 \(done) 步…",
        "computing step \(awaited.step), at \(done)…"))
  }
}
