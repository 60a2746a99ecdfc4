internal import Base
internal import Trace

/// The keys of the mode, as many as fit; or what has to be said, until the next key.
struct FooterView {
  let state: ViewerState
  /// Whether the note of the step's mark stands elsewhere.
  var isNoteShown = false
  /// Whether part of the sequence is out of view.
  var isPartial = false

  func draw(on canvas: inout Canvas) {
    canvas.putFooter(
      hints, notice: notice ?? (state.hasStep ? state.awaiting : nil), state.look)
  }

  private var notice: String? {
    isNoteShown && state.notice == state.markHere?.note ? nil : state.notice
  }

  /// The keys of the mode.
  private var hints: [KeyHint] {
    switch state.mode {
    case .browse where !state.hasStep: ViewerKeys.waiting.hints(state.look)
    case .browse, .verdict, .help:
      state.browseKeys.hints(state.look) { $0 != .scrollUp || isPartial }
    case .cell: state.cellKeys.hints(state.look)
    case .jump: ViewerKeys.jump.hints(state.look)
    case .prompt: ViewerKeys.prompt.hints(state.look)
    case .note: ViewerKeys.note.hints(state.look)
    case .marks: ViewerKeys.marks.hints(state.look)
    case .search: ViewerKeys.search.hints(state.look)
    case .name: ViewerKeys.name.hints(state.look)
    case .predict(let prediction): prediction.keys.hints(state.look)
    }
  }
}

extension ViewerState {
  /// How far the computing has come towards what was asked for.
  package var awaiting: String? {
    guard let awaited = awaited else { return nil }
    let done = trace.steps.count
    return glyphs.adapted(
      language(
        "正在计算第 \(awaited.step) 步，已到第 \(done) 步…",
        "computing step \(awaited.step), at \(done)…") + awaitedAmount)
  }

  /// The weights that are being packed behind the first step, or the run whose pass is under way, and its layers.
  private var awaitedAmount: String {
    if let reading = computing?.reading, !reading.isOver {
      let (read, total) = (NumberText.bytes(reading.read), NumberText.bytes(reading.total))
      return language(" 权重 \(read) / \(total)", " weights \(read) / \(total)")
    }
    guard let amount = computing, amount.step > trace.steps.count,
      let pass = amount.uncached ?? amount.cached
    else { return "" }
    let run =
      amount.uncached == nil
      ? language("用 KV 缓存", "with the KV cache") : language("不用缓存", "without")
    let place = "\(pass.layersDone)/\(trace.model.layers)"
    return language(" \(run)：\(place) 层", " \(run): layer \(place)")
  }
}
