internal import Base
internal import Trace

/// What is seen before the first step is computed: what runs, and how far reading its weights and both passes have come.
struct ComputingView {
  let state: ViewerState

  private var language: Language { state.language }
  private var glyphs: GlyphSet { state.glyphs }
  private var model: ModelDescription { state.trace.model }

  func draw(on canvas: inout Canvas) {
    drawHeader(on: &canvas)
    let margin = ScreenLayout.margin
    canvas.put(title, at: Point(margin, 2), Style(.heading), limit: canvas.size.columns - 1)
    let amount = state.computing
    if let reading = amount?.reading { draw(reading, y: 3, on: &canvas) }
    drawPass(amount?.cached, language("用 KV 缓存", "with the KV cache"), y: 4, on: &canvas)
    drawPass(amount?.uncached, language("不用缓存", "without a cache"), y: 5, on: &canvas)
    if let next {
      canvas.put(next, at: Point(margin, 7), Style(.text), limit: canvas.size.columns - 1)
    }
    drawText(from: 9, on: &canvas)
    FooterView(state: state).draw(on: &canvas)
  }

  private func drawHeader(on canvas: inout Canvas) {
    let columns = canvas.size.columns
    canvas.fill(Point(0, 0), columns: columns, Style(.titleBar))
    let x = canvas.put(" kvtui  ", at: Point(0, 0), Style(.titleBar), limit: columns)
    let name = Sanitiser.clean(model.name, ascii: glyphs == .ascii)
    canvas.put(
      [name, model.architecture.map(HeaderView.title)].compactMap { $0 }
        .joined(separator: " \(glyphs.dot) ") + " \(glyphs.dot) "
        + language(
          "\(model.layers) 层 \(glyphs.times) \(model.heads) 头",
          "\(model.layers) layers \(glyphs.times) \(model.heads) heads"),
      at: Point(x, 0), Style(.titleBarDim), limit: columns - 1)
  }

  private var title: String {
    if let reading = state.computing?.reading, !reading.isOver {
      return language("正在读权重", "Reading the weights")
    }
    return language("正在计算第 1 步（prefill）", "Computing step 1 (prefill)")
  }

  /// Where more presses of a key have led already.
  private var next: String? {
    guard let awaited = state.awaited, awaited.step > 1 else { return nil }
    return language("算完走到第 \(awaited.step) 步", "then on to step \(awaited.step)")
  }

  /// A bar of the bytes that are read: full where all is read that is needed.
  private func draw(_ reading: StepProgress.Reading, y: Int, on canvas: inout Canvas) {
    let (read, total) = (NumberText.bytes(reading.read), NumberText.bytes(reading.total))
    draw(
      Line(
        name: language("权重", "weights"), amounts: reading.isOver ? read : "\(read) / \(total)",
        done: reading.isOver ? 1 : reading.read, all: reading.isOver ? 1 : reading.total,
        hasBegun: true),
      y: y, on: &canvas)
  }

  /// A bar of the layers that are done; a pass that has not begun has an empty one.
  private func drawPass(
    _ pass: StepProgress.Pass?, _ name: String, y: Int, on canvas: inout Canvas
  ) {
    draw(
      Line(
        name: name, amounts: amounts(pass), done: pass?.layersDone ?? 0, all: model.layers,
        hasBegun: pass != nil),
      y: y, on: &canvas)
  }

  /// What is said of one thing that goes on.
  private struct Line {
    let name: String
    let amounts: String
    let done: Int
    let all: Int
    let hasBegun: Bool
  }

  private func draw(_ line: Line, y: Int, on canvas: inout Canvas) {
    let start = ScreenLayout.margin + 19
    let columns = max(0, min(40, canvas.size.columns - start - 3 - amountColumns))
    let style = Style(line.hasBegun ? .text : .dim)
    canvas.put(line.name, at: Point(ScreenLayout.margin, y), style, limit: start)
    // Bytes by columns may be beyond an `Int`, bytes alone as a fraction are not.
    let done = Int(Double(columns) * min(1, Double(line.done) / Double(max(1, line.all))))
    let bar =
      String(repeating: glyphs.bar, count: done)
      + String(repeating: glyphs == .full ? "░" : ".", count: columns - done)
    canvas.put(bar, at: Point(start, y), style)
    canvas.put(
      line.amounts, at: Point(start + columns + 2, y), style, limit: canvas.size.columns)
  }

  private func amounts(_ pass: StepProgress.Pass?) -> String {
    let place = "\(pass?.layersDone ?? 0)/\(model.layers)"
    let rows = pass.map { language("\($0.rows) 个字", "\($0.rows) tokens") } ?? glyphs.dash
    return language("\(place) 层   \(rows)", "layer \(place)   \(rows)")
  }

  /// What the longest amounts of this run take, so that all bars are as long, and none of them moves.
  private var amountColumns: Int {
    let bytes = state.computing?.reading == nil ? 0 : 2 * NumberText.byteColumns + 3
    let pass = StepProgress.Pass(rows: state.longest, layersDone: model.layers)
    return max(bytes, ScalarWidth.of(amounts(pass)))
  }

  /// The text that is run, as much of it as fits.
  private func drawText(from first: Int, on canvas: inout Canvas) {
    let room = canvas.size.rows - first - 2
    guard room > 0 else { return }
    let columns = canvas.size.columns - 2 * ScreenLayout.margin
    // As many columns as fit hold at most as many scalars.
    let tokens = state.trace.tokens.prefix(room * columns)
    let text = String(tokens.map(\.text).joined().prefix(room * columns))
    let lines = Sanitiser.clean(text, ascii: glyphs == .ascii).wrapped(to: columns)
    for (row, line) in lines.prefix(room).enumerated() {
      let isCut = row == room - 1 && (lines.count > room || tokens.count < state.trace.tokens.count)
      let shown = isCut ? line.fitted(to: columns - 2) + glyphs.ellipsis : line
      canvas.put(shown, at: Point(ScreenLayout.margin, first + row), Style(.dim))
    }
  }
}
