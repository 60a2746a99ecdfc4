internal import Base
internal import Trace

/// The keys, from the key table, as many as fit; or what has to be said, until the next key.
struct FooterView {
  let state: ViewerState

  func draw(on canvas: inout Canvas) {
    let y = canvas.size.rows - 1
    if let notice = state.notice ?? (state.hasStep ? awaiting : nil) {
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
    case .browse where !state.hasStep:
      return table.filter { [state.glyphs.arrow, "q", "?", "t"].contains($0.0) }
    case .browse, .verdict, .help: return table
    case .cell:
      let move = arrows + (state.glyphs == .full ? " ↑ ↓" : " Up Down")
      return [
        (move, language("移动", "move")), ("Home End", language("首尾", "ends")),
        ("Esc", language("离开", "leave")),
      ]
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
        "computing step \(awaited.step), at \(done)…") + layers)
  }

  /// The run whose pass is under way, and its layers.
  private var layers: String {
    guard let amount = state.computing, amount.step > state.trace.steps.count,
      let pass = amount.uncached ?? amount.cached
    else { return "" }
    let run =
      amount.uncached == nil
      ? state.language("用 KV 缓存", "with the KV cache") : state.language("不用缓存", "without")
    let place = "\(pass.layersDone)/\(state.trace.model.layers)"
    return state.language(" \(run)：\(place) 层", " \(run): layer \(place)")
  }
}
