internal import Trace

/// The cache in a dozen lines of Python, as the chapter's listing should have been: hidden states go from layer to layer, prefill is one pass,
/// and decode appends the new token's K and V before it attends.
enum PseudoCode {
  /// A line and when it is the one that runs.
  struct Line {
    let text: String
    let operations: [Operation]
    var phase: Phase?
  }

  static let lines: [Line] =
    [
      Line(text: "key_cache   = [[] for _ in layers]", operations: []),
      Line(text: "value_cache = [[] for _ in layers]", operations: []),
      Line(text: "def forward(tokens):", operations: []),
      Line(text: "  past = len(key_cache[0])", operations: [.embed]),
      Line(text: "  x = embed(tokens, past)", operations: [.embed]),
      Line(text: "  for l in layers:", operations: []),
      Line(text: "    q, k, v = W_qkv[l](norm(x))", operations: [.queryKeyValue]),
      Line(text: "    key_cache[l]   += k", operations: [.queryKeyValue]),
      Line(text: "    value_cache[l] += v", operations: [.queryKeyValue]),
      Line(text: "    s = q @ key_cache[l].T / sqrt(d)", operations: [.scores]),
      Line(text: "    s = mask(s, past)", operations: [.mask]),
      Line(text: "    w = softmax(s)", operations: [.softmax]),
      Line(text: "    x += W_o[l](w @ value_cache[l])", operations: [.values]),
      Line(text: "    x += mlp[l](norm(x))", operations: [.mlp]),
      Line(text: "  return logits(norm(x[-1]))", operations: [.logits]),
    ] + loop

  /// What calls it: in view where there is room for more than it.
  static let loop: [Line] = [
    Line(text: "t = argmax(forward(prompt))", operations: [], phase: .prefill),
    Line(text: "while t != END:", operations: []),
    Line(text: "  t = argmax(forward([t]))", operations: [], phase: .decode),
  ]
}

/// Draws the pseudo-code with the lines lit that the moment has just run.
struct CodeView {
  let scene: Scene
  let area: Area

  /// Columns of the longest line and of the mark before it.
  private static let lineColumns = 2 + (PseudoCode.lines.map(\.text.utf8.count).max() ?? 0)

  func draw(on canvas: inout Canvas) {
    guard area.rows > 0 else { return }
    let (lines, hidden) = shown
    let stride = area.columns / max(1, (lines.count + area.rows - 1) / area.rows)
    for (index, line) in lines.enumerated() {
      let (column, row) = index.quotientAndRemainder(dividingBy: area.rows)
      let at = Point(area.x + column * min(stride, Self.lineColumns + 6), area.y + row)
      draw(line, at: at, on: &canvas)
      // What is left out is marked before the first and the last line of the window.
      if index == 0 && hidden.before { drawMark("↑", line, at: at, on: &canvas) }
      if index == hidden.last && hidden.behind { drawMark("↓", line, at: at, on: &canvas) }
    }
  }

  private func isLit(_ line: PseudoCode.Line) -> Bool {
    line.operations.contains(scene.state.moment.operation)
  }

  /// Whether the line calls the pass: what was given is the prompt's call, also where it is fed token by token.
  private func isCalling(_ line: PseudoCode.Line) -> Bool {
    line.phase == (scene.state.isInPrompt ? .prefill : scene.step.phase)
  }

  private func draw(_ line: PseudoCode.Line, at point: Point, on canvas: inout Canvas) {
    let (isLit, isPhase) = (isLit(line), isCalling(line))
    let style: Style =
      isLit ? Style(.selected, reversed: true) : isPhase ? Style(.selected) : Style(.text)
    if isLit || isPhase {
      canvas.put(scene.glyphs.cursor, at: point, Style(.selected), limit: area.end)
    }
    canvas.put(line.text, at: Point(point.x + 2, point.y), style, limit: area.end)
  }

  private func drawMark(
    _ mark: String, _ line: PseudoCode.Line, at point: Point, on canvas: inout Canvas
  ) {
    guard !isLit(line), !isCalling(line) else { return }
    let glyph = scene.glyphs == .full ? mark : mark == "↑" ? "^" : "v"
    canvas.put(glyph, at: point, Style(.selected), limit: area.end)
  }

  /// All of the code in as many columns as that takes, or as many of its lines around the running one as there is room for; the loop
  /// stays where there is room for more than it.
  private var shown: (lines: [PseudoCode.Line], hidden: (before: Bool, last: Int, behind: Bool)) {
    let lines = PseudoCode.lines
    let places = area.rows * max(1, area.columns / Self.lineColumns)
    guard places < lines.count else { return (lines, (false, 0, false)) }
    let body = lines.dropLast(PseudoCode.loop.count)
    let loop = places >= 2 * PseudoCode.loop.count + 2 ? PseudoCode.loop : []
    let rows = places - loop.count
    let lit = body.indices.filter { isLit(body[$0]) }
    let middle = ((lit.first ?? 0) + (lit.last ?? 0)) / 2
    let first = max(0, min(middle - rows / 2, body.count - rows))
    let window = body.dropFirst(first).prefix(rows)
    return (window + loop, (first > 0, window.count - 1, first + rows < body.count))
  }
}
