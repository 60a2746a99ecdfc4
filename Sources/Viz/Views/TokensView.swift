internal import Base
internal import Trace

/// The sequence, what may come next, and which layer and head is shown.
struct TokensView {
  let scene: Scene
  let y: Int
  /// The screen's.
  let columns: Int

  /// The heads that share K and V, where there is room for them on this line and the next.
  var sharedHeads: SharedHeadsView? {
    let most = max(Self.placeColumns, columns * 2 / 5)
    return SharedHeadsView(scene, columns: most - ScalarWidth.of(layer(scene.model.layers)) - 2)
  }

  /// Room that is always left for the layer and the head.
  private static let placeColumns = 28

  private func layer(_ number: Int) -> String {
    scene.language("层 \(number)/\(scene.model.layers)", "layer \(number)/\(scene.model.layers)")
  }

  private var glyphs: GlyphSet { scene.glyphs }

  func draw(on canvas: inout Canvas) {
    let right = drawLayerAndHead(on: &canvas)
    let next = candidates
    var x = drawTokens(on: &canvas, limit: right - candidatesColumns(next, before: right))
    let lead = "  \(leadWord) \(glyphs.arrow) "
    x = canvas.put(lead, at: Point(x - 1, y), Style(.dim), limit: right - 1)
    for (index, candidate) in next.enumerated() {
      let columns = ScalarWidth.of(candidate.text)
      // Two blanks part them from the layer.
      let isFitting = x + columns + restColumns(next.count - index - 1) < right - 1
      guard isFitting || index == 0 && x + columns < right else {
        let rest = rest(next.count - index)
        if x + rest.count < right { canvas.put(rest, at: Point(x, y), Style(.dim)) }
        break
      }
      x = canvas.put(candidate.text, at: Point(x, y), candidate.style, limit: right) + 2
    }
  }

  /// Whose candidates they are: a broken run does not choose the next token.
  private var leadWord: String {
    scene.fault == nil
      ? scene.language("预测", "next") : scene.language("坏缓存", "broken")
  }

  /// How many candidates there is no room for.
  private func rest(_ count: Int) -> String { "+\(count)" }
  private func restColumns(_ count: Int) -> Int { count > 0 ? rest(count).count + 2 : 0 }

  /// Draws them at the right; the first column that they take.
  private func drawLayerAndHead(on canvas: inout Canvas) -> Int {
    let layer = layer(scene.state.layer + 1) + "  "
    let heads = sharedHeads
    let right = columns - ScalarWidth.of(layer) - (heads?.columns ?? ScalarWidth.of(head)) - 2
    let x = canvas.put(layer, at: Point(right, y), Style(.text))
    if let heads {
      heads.draw(at: Point(x, y), on: &canvas)
    } else {
      canvas.put(head, at: Point(x, y), Style(.text))
    }
    return right
  }

  private var head: String {
    let (head, model) = (scene.state.head + 1, scene.model)
    // Query heads that share their K and V say whose they read.
    let shared = model.sharesHeads ? " (KV \(scene.kvHead + 1)/\(model.kvHeads))" : ""
    return scene.language(
      "头 \(head)/\(model.heads)\(shared)", "head \(head)/\(model.heads)\(shared)")
  }

  /// Room for all candidates where the sequence leaves it, else for the first.
  private func candidatesColumns(_ next: [(text: String, style: Style)], before end: Int) -> Int {
    func columns(_ count: Int) -> Int {
      next.prefix(count).reduce(6 + ScalarWidth.of(leadWord) + restColumns(next.count - count)) {
        $0 + ScalarWidth.of($1.text) + 2
      }
    }
    func sequence(_ tokens: Int) -> Int {
      var columns = ScreenLayout.margin
      // A token takes two columns at least, and how far beyond the screen they go is the same.
      for index in 0..<min(tokens, scene.state.trace.tokens.count) where columns <= end {
        columns += self.columns(ofToken: index)
      }
      return columns
    }
    // The first before the tokens that are still to come, others behind them.
    let (past, known) = (sequence(scene.length), sequence(knownTokens))
    let count = (1...max(1, next.count)).last { ($0 > 1 ? known : past) + columns($0) <= end }
    return columns(count ?? 1)
  }

  private var candidates: [(text: String, style: Style)] {
    guard scene.state.moment.isEndOfStep else { return [(glyphs.ellipsis, Style(.dim))] }
    guard let largest = scene.step.next.first?.probability else {
      return [(glyphs.dash, Style(.dim))]
    }
    return scene.step.next.enumerated().map { index, candidate in
      let text =
        TokenLabel.quoted(candidate.text, glyphs) + " "
        + NumberText.percent(candidate.probability, of: largest)
      return (text, Style(index == 0 ? .prediction : .dim))
    }
  }

  /// Of what is still to come only what was given: what the model will write is not known yet.
  private var knownTokens: Int { max(scene.length, scene.state.trace.givenTokens) }

  private func label(ofToken index: Int) -> String {
    TokenLabel.short(scene.state.trace.tokens[index].text, columns: 8, glyphs)
  }

  /// Columns of a token and of the blank behind it.
  private func columns(ofToken index: Int) -> Int { ScalarWidth.of(label(ofToken: index)) + 1 }

  /// The newest tokens that fit, then the known ones that are still to come.
  private func drawTokens(on canvas: inout Canvas, limit: Int) -> Int {
    let start = ScreenLayout.margin
    let first = firstToken(columns: limit - start)
    var x = start
    if first > 0 { x = canvas.put(glyphs.ellipsis + " ", at: Point(x, y), Style(.dim)) }
    for index in first..<min(knownTokens, scene.state.trace.tokens.count) {
      let label = label(ofToken: index)
      guard x + ScalarWidth.of(label) + 1 <= limit else { break }
      x = canvas.put(label, at: Point(x, y), style(of: index), limit: limit) + 1
    }
    return x
  }

  /// The first of the fed tokens that are shown, from the newest back; no more of them are asked than fit.
  private func firstToken(columns: Int) -> Int {
    var (first, used) = (max(0, scene.length - 1), 0)
    for index in (0..<scene.length).reversed() {
      used += self.columns(ofToken: index)
      guard used <= columns else { break }
      // Once something is left out, an ellipsis takes room too.
      if index == 0 || used <= columns - 3 { first = index }
    }
    return first
  }

  private func style(of index: Int) -> Style {
    if index >= scene.length { return Style(.dim) }
    return Style(scene.step.cached.computes(index) ? .newQuery : .cached)
  }
}
