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

  /// What calls it: always in view.
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

  func draw(on canvas: inout Canvas) {
    let operation = scene.state.moment.operation
    for (row, line) in shown.enumerated() {
      let isLit = line.operations.contains(operation)
      let isPhase = line.phase == scene.step.phase
      let mark = isLit || isPhase ? scene.glyphs.cursor : " "
      let style: Style =
        isLit ? Style(.selected, reversed: true) : isPhase ? Style(.selected) : Style(.text)
      canvas.put(
        mark.padded(to: 2), at: Point(area.x, area.y + row), isLit ? Style(.selected) : style,
        limit: area.end)
      canvas.put(line.text, at: Point(area.x + 2, area.y + row), style, limit: area.end)
    }
  }

  /// All of the code, or as many of its lines around the running one as there is room for, and the loop.
  private var shown: [PseudoCode.Line] {
    let lines = PseudoCode.lines
    guard area.rows < lines.count else { return lines }
    let body = lines.dropLast(PseudoCode.loop.count)
    let rows = max(0, area.rows - PseudoCode.loop.count)
    let lit = body.firstIndex { $0.operations.contains(scene.state.moment.operation) } ?? 0
    let first = max(0, min(lit, body.count - rows))
    return Array(body.dropFirst(first).prefix(rows) + PseudoCode.loop.prefix(area.rows))
  }
}
