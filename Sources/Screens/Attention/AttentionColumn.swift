internal import Base
internal import Trace
internal import Viz

/// One model: its heads, what they share, the cache to scale, its numbers, and a published model of the same form.
struct AttentionColumn {
  let state: AttentionState
  let layout: AttentionLayout
  let place: Int

  private var glyphs: GlyphSet { state.glyphs }
  private var language: Language { state.language }
  private var x: Int { layout.x(place) }
  private var width: Int { layout.width }
  private var isChosen: Bool { state.model == place }

  func draw(on canvas: inout Canvas) {
    drawPublished(on: &canvas)
    guard state.forms.indices.contains(place) else { return }
    let form = state.forms[place]
    put([form.name], y: layout.headY, Style(isChosen ? .chosen : .heading), on: &canvas)
    if layout.queriesY > layout.headY + 1 {
      put([form.model.name], y: layout.headY + 1, Style(.dim), on: &canvas)
    }
    drawHeads(form.model, on: &canvas)
    guard let step = state.shown(place), let bytes = state.bytesOfToken(place) else { return }
    drawCache(form.model, bytes, on: &canvas)
    drawNumbers(step, bytes, on: &canvas)
  }

  private func put(
    _ wordings: [String], y: Int, _ style: Style, gap: Int = 1, on canvas: inout Canvas
  ) {
    state.put(
      wordings, at: Point(x, y), style, limit: x + layout.columns - gap, on: &canvas)
  }

  // MARK: Heads

  /// Columns of a query head; 0 where they do not fit.
  private func headColumns(_ model: ModelDescription) -> Int {
    min(layout.headRows > 1 ? 10 : 5, width / max(1, model.heads))
  }

  private func drawHeads(_ model: ModelDescription, on canvas: inout Canvas) {
    let columns = headColumns(model)
    guard columns > 1 else {
      put(["\(model.heads)"], y: layout.queriesY, Style(.heading), on: &canvas)
      put(["\(model.kvHeads)"], y: layout.kvY, Style(.heading), on: &canvas)
      return
    }
    for head in 0..<model.heads {
      drawBlock("\(head + 1)", head * columns, columns, y: layout.queriesY, .newQuery, on: &canvas)
    }
    drawTies(model, columns, on: &canvas)
    if let latent = model.latent {
      drawLatent(latent, model.heads * columns, on: &canvas)
      return
    }
    let readers = model.heads / max(1, model.kvHeads)
    for head in 0..<model.kvHeads {
      drawBlock(
        name(head, columns * readers - 1),
        head * readers * columns, readers * columns, y: layout.kvY, .cached, on: &canvas)
    }
  }

  /// What is kept instead of heads, in words; where they do not fit, its letters, and the words beside the cache.
  private func drawLatent(_ latent: LatentDescription, _ columns: Int, on canvas: inout Canvas) {
    let names = [
      language(
        "潜在 \(latent.rank) + 旋转 \(latent.rotary)", "latent \(latent.rank) + rotary \(latent.rotary)"
      ),
      language(
        "潜在 \(latent.rank)+旋转 \(latent.rotary)", "latent \(latent.rank)+rotary \(latent.rotary)"),
    ]
    let whole = names.first { ScalarWidth.of($0) < columns }
    drawBlock(
      whole ?? "c\(latent.rank)+r\(latent.rotary)", 0, columns, y: layout.kvY, .cached, on: &canvas)
    guard whole == nil, let bytes = state.bytesOfToken(place) else { return }
    let words = [language("c：潜在", "c = latent"), language("r：旋转", "r = rotary")]
    for (line, text) in words.enumerated() where line < layout.cacheRows {
      state.put(
        [text], at: Point(x + self.columns(bytes) + 2, layout.cacheY + line), Style(.dim),
        limit: x + layout.columns - 1, on: &canvas)
    }
  }

  /// A KV head's name in so many columns.
  private func name(_ head: Int, _ columns: Int) -> String {
    let names = ["K\(head + 1) V\(head + 1)", "K\(head + 1)V\(head + 1)"]
    return names.first { $0.count <= columns } ?? "\(head + 1)"
  }

  /// A head as a block with a gap behind it, its name in the middle.
  private func drawBlock(
    _ name: String, _ offset: Int, _ columns: Int, y: Int, _ role: Role, on canvas: inout Canvas
  ) {
    let filled = max(1, columns - 1)
    canvas.fill(Point(x + offset, y), columns: filled, rows: layout.headRows, Style(role))
    let inset = max(0, (filled - ScalarWidth.of(name)) / 2)
    canvas.put(
      name, at: Point(x + offset + inset, y + layout.headRows / 2), Style(role),
      limit: x + offset + filled)
  }

  /// What leads from each query head to what it reads.
  private func drawTies(_ model: ModelDescription, _ columns: Int, on canvas: inout Canvas) {
    guard let y = layout.tiesY else { return }
    let middle = max(0, columns - 2) / 2
    for head in 0..<model.heads {
      canvas.put(
        glyphs.divider, at: Point(x + head * columns + middle, y), Style(.dim), limit: x + width)
      let isLast = head + 1 == model.heads || model.kvHead(of: head + 1) != model.kvHead(of: head)
      if !isLast {
        canvas.put(
          String(repeating: glyphs.line, count: columns - 1),
          at: Point(x + head * columns + middle + 1, y), Style(.dim), limit: x + width)
      }
    }
  }

  // MARK: The cache

  /// Columns of some bytes of a token, on the scale of all models.
  private func columns(_ bytes: Int) -> Int {
    let share = Double(bytes) / Double(state.mostBytesOfToken) * Double(layout.scale)
    return max(bytes > 0 ? 1 : 0, share.whole(in: 0...layout.scale) ?? 0)
  }

  /// A row for each token, or for as many as have to share one; the newest token in the colours of what is new.
  private func drawCache(_ model: ModelDescription, _ bytes: Int, on canvas: inout Canvas) {
    let (perRow, height) = (max(1, layout.tokensPerRow), layout.rowHeight)
    let rows = (state.step + perRow - 1) / perRow
    for row in 0..<rows {
      // A row that is not full yet is as much shorter.
      let tokens = min(perRow, state.step - row * perRow)
      let all = columns(bytes * tokens / perRow)
      let isNewest = row == rows - 1
      let old = isNewest ? max(0, min(columns(bytes * (tokens - 1) / perRow), all - 1)) : all
      for line in 0..<height {
        let y = layout.cacheY + row * height + line
        fill(glyphs.read, 0, old, y: y, .cached, on: &canvas)
        if isNewest { drawNewest(model, from: old, all - old, y: y, on: &canvas) }
      }
    }
  }

  /// Keys, then values, as many columns each, and a mark in one that is of both; of a latent the part with the position,
  /// then the latent.
  private func drawNewest(
    _ model: ModelDescription, from start: Int, _ columns: Int, y: Int, on canvas: inout Canvas
  ) {
    guard columns > 1, let latent = model.latent else {
      let each = columns / 2
      fill("K", start, each, y: y, .newKey, on: &canvas)
      fill(glyphs.computed, start + each, columns - 2 * each, y: y, .newKey, on: &canvas)
      return fill("V", start + columns - each, each, y: y, .newValue, on: &canvas)
    }
    let part = Double(latent.rotary) / Double(max(1, latent.cached))
    let rotary = (Double(columns) * part).whole(in: 1...columns - 1) ?? 1
    fill("r", start, rotary, y: y, .newKey, on: &canvas)
    fill("c", start + rotary, columns - rotary, y: y, .newValue, on: &canvas)
  }

  private func fill(
    _ glyph: String, _ offset: Int, _ columns: Int, y: Int, _ role: Role, on canvas: inout Canvas
  ) {
    canvas.put(
      String(repeating: glyph, count: max(0, columns)), at: Point(x + offset, y), Style(role),
      limit: x + width)
  }

  // MARK: Numbers

  private func drawNumbers(_ step: AttentionFormStep, _ bytes: Int, on canvas: inout Canvas) {
    let y = layout.numbersY
    put([NumberText.bytes(bytes)], y: y, Style(.heading), on: &canvas)
    put([NumberText.bytes(step.cacheBytes)], y: y + 1, Style(.heading), on: &canvas)
    put(nextWordings(step), y: y + 2, Style(.prediction), gap: 2, on: &canvas)
    let counts = [step.flops] + (layout.hasAttentionFLOP ? [step.attentionFlops] : [])
    for (line, count) in counts.map(NumberText.count).enumerated() {
      put([count + " FLOP", count], y: y + 3 + line, Style(.heading), on: &canvas)
    }
  }

  /// The likeliest next token and its share, as long as there is room for in every model's columns.
  private func nextWordings(_ step: AttentionFormStep) -> [String] {
    let all = (0..<AttentionState.count).compactMap { state.shown($0) }.map(allNextWordings)
    let fitting = (0..<3).first { form in
      all.allSatisfy { wordings in
        wordings.dropFirst(form).first.map {
          ScalarWidth.of(glyphs.shown($0)) <= layout.columns - 2
        }
          ?? true
      }
    }
    return Array(allNextWordings(step).dropFirst(fitting ?? 2))
  }

  private func allNextWordings(_ step: AttentionFormStep) -> [String] {
    guard let next = step.next.first else { return [] }
    let token = glyphs.arrow + " " + TokenLabel.short(next.text, columns: 6, glyphs)
    let share = NumberText.percent(next.probability, of: next.probability)
    let short = glyphs.arrow + TokenLabel.short(next.text, columns: 4, glyphs)
    return [token + " " + share, short + " " + share, token]
  }

  /// A published model of the same form; its bar has a scale of its own.
  private func drawPublished(on canvas: inout Canvas) {
    guard let y = layout.publishedY, state.published.indices.contains(place) else { return }
    let form = state.published[place]
    put([form.title], y: y, Style(.dim), on: &canvas)
    let bytes = NumberText.bytes(form.bytesPerToken)
    put([bytes + language(" 一个字", " per token"), bytes], y: y + 1, Style(.heading), on: &canvas)
    let most = state.published.map(\.bytesPerToken).max() ?? 1
    let share = Double(form.bytesPerToken) / Double(max(1, most)) * Double(layout.scale)
    let length = max(1, share.whole(in: 0...layout.scale) ?? 0)
    for line in 2..<max(2, layout.publishedRows) {
      fill(glyphs.bar, 0, length, y: y + line, .dim, on: &canvas)
    }
  }
}
