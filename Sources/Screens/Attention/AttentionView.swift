internal import Base
internal import Trace
internal import Viz

extension AttentionState {
  /// The frame at a size.
  func view(_ size: Size) -> Canvas {
    var canvas = Canvas(size)
    drawTitle(
      [
        language("同一段文字，四种注意力各存多少？", "one text, four forms of attention: what does each keep?"),
        language("四种注意力", "four forms of attention"),
      ], rights: rights, on: &canvas)
    if isHelp {
      drawHelp(on: &canvas)
    } else if step == 0 {
      put(
        [language("正在读第一个模型", "reading the first model")], at: Point(2, 2), Style(.dim), on: &canvas
      )
    } else {
      drawPicture(on: &canvas)
    }
    drawFooter(on: &canvas)
    return canvas
  }

  private var rights: [String] {
    guard step > 0 else { return [] }
    let place =
      (isPlaying ? glyphs.playing + " " : "")
      + language("第 \(step)/\(longest) 步", "step \(step)/\(longest)")
    guard !isComplete else { return [place] }
    let far = language(
      "正在跑第 \(forms.count)/\(Self.count) 个模型", "running model \(forms.count)/\(Self.count)")
    return [far + " \(glyphs.dot) " + place, place]
  }

  private func drawPicture(on canvas: inout Canvas) {
    let layout = AttentionLayout(canvas.size, longest: longest)
    if let y = layout.textY { drawText(y: y, on: &canvas) }
    drawLabels(layout, on: &canvas)
    for place in 0..<Self.count {
      AttentionColumn(state: self, layout: layout, place: place).draw(on: &canvas)
    }
    if let y = layout.detailY, forms.indices.contains(model) {
      put(
        detail(forms[model]), at: Point(1, y), Style(.selected), limit: canvas.size.columns - 1,
        on: &canvas)
    }
    if layout.publishedY != nil {
      put(
        caution, at: Point(1, canvas.size.rows - 2), Style(.dim), limit: canvas.size.columns - 1,
        on: &canvas)
    }
  }

  /// What the numbers of one form against another do not say.
  private var caution: [String] {
    let (first, last) = (shown(0), shown(Self.count - 1))
    let trades =
      if let first, let last {
        last.cacheBytes < first.cacheBytes && last.attentionFlops > first.attentionFlops
      } else {
        false
      }
    let sizes = language(
      "大模型的层数、头数也各不相同，不只是形式", "the published models differ in layers and heads too")
    let trade = language("MLA 多花 FLOP，换少存的字节", "MLA pays with FLOP for fewer bytes")
    let both = [trade, sizes].joined(separator: language("；", "; "))
    return trades ? [both, sizes] : [sizes]
  }

  /// The text as far as it was fed; what came last is where one is.
  private func drawText(y: Int, on canvas: inout Canvas) {
    guard let form = forms.first, step <= form.tokens.count else { return }
    let end = canvas.size.columns - 1
    let texts = form.tokens.prefix(step).map { TokenLabel.short($0.text, columns: 8, glyphs) }
    var shown = texts.count - 1
    var columns = ScalarWidth.of(texts[shown])
    while shown > 0, columns + ScalarWidth.of(texts[shown - 1]) + 4 <= end {
      shown -= 1
      columns += ScalarWidth.of(texts[shown])
    }
    var x = 1
    if shown > 0 { x = canvas.put(glyphs.ellipsis, at: Point(x, y), Style(.dim)) }
    for (index, text) in texts.enumerated() where index >= shown {
      let style = index == texts.count - 1 ? Style(.selected) : Style(.text)
      x = canvas.put(text, at: Point(x, y), style, limit: end)
    }
  }

  private func drawLabels(_ layout: AttentionLayout, on canvas: inout Canvas) {
    func label(_ wordings: [String], _ y: Int) {
      put(wordings, at: Point(1, y), Style(.dim), limit: layout.labelColumns - 1, on: &canvas)
    }
    label([language("查询头", "queries"), "Q"], layout.queriesY + layout.headRows / 2)
    label([language("存的 KV", "KV kept"), "KV"], layout.kvY + layout.headRows / 2)
    let perRow = layout.tokensPerRow
    let lines = [
      [language("缓存", "cache")],
      [language("一行 \(perRow)", "row = \(perRow)"), language("一行\(perRow)", "row=\(perRow)")],
      [language("个字", plural(perRow, "token"))],
    ]
    for (line, wordings) in lines.prefix(layout.cacheRows < 3 ? 1 : 3).enumerated()
    where line < layout.cacheRows {
      label(wordings, layout.cacheY + line)
    }
    let y = layout.numbersY
    label([language("一个字", "per token"), language("一个字", "a token")], y)
    label([language("缓存", "cache")], y + 1)
    label([language("下一个", "next")], y + 2)
    label([language("这一步", "this step"), language("这一步", "a step")], y + 3)
    if layout.hasAttentionFLOP {
      label([language("注意力", "attention"), language("注意力", "attn")], y + 4)
    }
    if let y = layout.publishedY {
      label([language("大模型", "published"), language("大模型", "large")], y)
      label([language("没有跑", "not run")], y + 1)
    }
  }

  /// How a model keeps a token, in the numbers of its shape; the bytes are counted.
  private func detail(_ form: AttentionForm) -> [String] {
    let shape = form.model
    let name = form.name + language("：", ": ")
    let bytes = bytesOfToken(model).map { NumberText.bytes($0) } ?? glyphs.dash
    if let latent = shape.latent {
      return [
        name
          + language(
            "\(shape.heads) 个查询头共读一个潜在向量：每层每字潜在 \(latent.rank) + 旋转 \(latent.rotary) 个数，\(shape.layers) 层 \(bytes)",
            "\(shape.heads) query heads read one latent: latent \(latent.rank) + rotary \(latent.rotary) numbers per token and layer, \(bytes) in \(shape.layers) layers"
          ),
        name
          + language(
            "\(shape.heads) 个头读潜在 \(latent.rank) + 旋转 \(latent.rotary) 个数，\(shape.layers) 层 \(bytes)",
            "\(shape.heads) heads read latent \(latent.rank) + rotary \(latent.rotary) per token and layer, \(bytes) in \(shape.layers) layers"
          ),
        name
          + language(
            "\(shape.heads) 个查询头共读潜在 \(latent.rank) + 旋转 \(latent.rotary) 个数",
            "\(shape.heads) query heads read latent \(latent.rank) + rotary \(latent.rotary)"),
        name + "\(latent.rank) + \(latent.rotary)",
      ]
    }
    let width = "2 \(glyphs.times) \(shape.kvHeads) \(glyphs.times) \(shape.headDimension)"
    let readers = shape.heads / max(1, shape.kvHeads)
    let sharing =
      readers == 1
      ? language("每个查询头有自己的 K、V", "each query head has its own K and V")
      : language("每 \(readers) 个查询头共用一份 K、V", "\(readers) query heads share a K and a V")
    return [
      name + sharing
        + language(
          "：每层每字存 \(width) 个数（K、V \(glyphs.times) 头 \(glyphs.times) 宽），\(shape.layers) 层 \(bytes)",
          ": \(width) numbers (K and V \(glyphs.times) heads \(glyphs.times) width) per token and layer, \(bytes) in \(shape.layers) layers"
        ),
      name + sharing
        + language(
          "：每层每字存 \(width) 个数，\(shape.layers) 层 \(bytes)",
          ": \(width) numbers per token and layer, \(bytes) in \(shape.layers) layers"),
      name
        + language(
          "每层每字 \(width) 个数，\(shape.layers) 层 \(bytes)",
          "\(width) numbers per token and layer, \(bytes) in \(shape.layers) layers"),
      name + sharing, name + width,
    ]
  }
}
