internal import Base
internal import Planner
internal import Viz

extension PlannerView {
  /// Where layers keep different things: a column a layer, as high as the tokens that it keeps.
  var layers: Block {
    let kinds = question.model.layers
    let isMixed = Set(kinds).count > 1
    let axis = 9
    guard isMixed, kinds.count <= columns - axis else { return lines([], rank: 3) }
    let view = self
    return Block(least: 5, most: max(8, size.rows / 4), rank: 3) { area, canvas in
      view.drawLayers(kinds, axis, area, on: &canvas)
    }
  }

  private func drawLayers(
    _ kinds: [LayerGroup.Kind], _ axis: Int, _ area: Area, on canvas: inout Canvas
  ) {
    let held = kinds.map { LayerGroup($0, layers: 1, width: .none).held(of: state.context) }
    let most = max(1, held.max() ?? 1)
    let step = min(6, (area.columns - axis) / kinds.count)
    let width = max(1, step - 1)
    let rows = area.rows - 2
    let bottom = area.y + rows
    drawCaption(area, on: &canvas)
    let top = grouped(most)
    if ScalarWidth.of(top) < axis {
      canvas.put(top.padded(to: axis - 1, right: true), at: Point(area.x, area.y + 1), Style(.dim))
    }
    for (index, tokens) in held.enumerated() {
      let x = area.x + axis + index * step
      let height = Int((Double(tokens) / Double(most) * Double(rows)).rounded())
      for y in 0..<height {
        canvas.put(
          String(repeating: glyphs.read, count: width), at: Point(x, bottom - y), Style(.cached))
      }
      guard height == 0 else { continue }
      let mark = tokens > 0 ? "_" : kinds[index] == .shared ? glyphs.notNeeded : "s"
      canvas.put(String(repeating: mark, count: width), at: Point(x, bottom), Style(.text))
    }
    let end = area.x + axis + kinds.count * step
    let last = glyphs.shown(language("第 \(kinds.count) 层", "layer \(kinds.count)"))
    let first = glyphs.shown(language("第 1 层", "layer 1"))
    canvas.put(first, at: Point(area.x + axis, bottom + 1), Style(.dim))
    if end - ScalarWidth.of(last) > area.x + axis + ScalarWidth.of(first) + 1 {
      canvas.put(last, at: Point(end - ScalarWidth.of(last), bottom + 1), Style(.dim))
    }
  }

  /// What the picture is, what one more token costs.
  private func drawCaption(_ area: Area, on canvas: inout Canvas) {
    var words: [Words] = [
      [span(language("每层留下多少词元，一列一层", "tokens that each layer keeps"), .text)]
    ]
    if let next = answer.nextTokenBytes {
      words.append([
        span(language("再多一个词元多存 ", "one more token adds "), .dim), span(gibibytes(next), .heading),
      ])
      if next != answer.bytesPerToken {
        words.append([
          span(language("窗口没满时 ", "while no window is full "), .dim),
          span(gibibytes(answer.bytesPerToken), .heading),
        ])
      }
    }
    var x = area.x
    for word in words {
      let width = word.reduce(0) { $0 + ScalarWidth.of($1.text) }
      guard x + width <= area.x + area.columns else { return }
      for part in word { x = canvas.put(part.text, at: Point(x, area.y), part.style) }
      x += 3
    }
  }

  // MARK: Curves

  /// A cache as it grows, against the weights: where there is room for a second view.
  var curves: Block {
    guard let weights = answer.weightBytes, weights > 0, columns >= 50 else {
      return lines([], rank: 7)
    }
    let chart = curves(weights)
    let title = glyphs.shown(
      language("文本越长，缓存越大；权重不变", "the longer the texts, the larger the caches; the weights stay"))
    return Block(least: 11, most: 40, rank: 7) { area, canvas in
      var area = area
      if area.rows > 13 {
        canvas.put(title.fitted(to: area.columns), at: Point(area.x, area.y))
        area.y += 1
        area.rows -= 1
      }
      chart.draw(in: area, on: &canvas)
    }
  }

  private func curves(_ weights: Int) -> Curves {
    let lengths = (9...20).map { 1 << $0 }
    func line(_ requests: Int) -> [Curves.Value] {
      lengths.map {
        Curves.Value(Double($0), Double(answer.cacheBytes(tokens: $0, requests: requests)))
      }
    }
    func level(_ bytes: Int) -> [Curves.Value] {
      lengths.map { Curves.Value(Double($0), Double(bytes)) }
    }
    var series = [
      Curves.Series(language("权重", "weights"), .modelWeightsInk, level(weights)),
      Curves.Series(language("1 个请求", "1 request"), .text, line(1)),
    ]
    if question.batch > 1 {
      let name = language("\(grouped(question.batch)) 个请求", "\(grouped(question.batch)) requests")
      series.append(Curves.Series(name, .cachedBar, line(question.batch)))
    }
    let here = Curves.Value(Double(state.context), Double(answer.cacheBytes ?? 0))
    return Curves(
      series, x: Axis(language("词元", "tokens"), isLogarithmic: true, range: 512...1_048_576),
      y: Axis("", .bytes, isLogarithmic: true),
      // A point on a curve is the curve's.
      marks: [Curves.Mark(here, grouped(state.context), question.batch > 1 ? .cachedBar : .text)],
      language: language, glyphs: glyphs)
  }
}
