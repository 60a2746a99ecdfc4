internal import Base
internal import Trace

/// Opens a cell to its arithmetic with the real numbers.
struct InspectorView {
  let scene: Scene
  let query: Int
  let key: Int
  let area: Area

  private var language: Language { scene.language }
  private var glyphs: GlyphSet { scene.glyphs }
  private var head: HeadAttention { scene.attention.head }

  func draw(on canvas: inout Canvas) {
    var y = area.y
    let sections = sections
    for (label, lines) in sections {
      for (index, line) in lines.enumerated() {
        guard y < area.y + area.rows else { return }
        canvas.put(
          (index == 0 ? label : "").padded(to: labelColumns), at: Point(area.x, y),
          Style(label == lines.first ? .heading : .dim), limit: area.end)
        canvas.put(line, at: Point(area.x + labelColumns, y), Style(), limit: area.end)
        y += 1
      }
      if label == sections[0].0 {
        drawStates(behind: sections[0].1[0], y: y - 1, on: &canvas)
      }
    }
  }

  private var labelColumns: Int { 9 }
  private var textColumns: Int { area.columns - labelColumns }

  private func name(_ position: Int) -> String {
    TokenLabel.quoted(scene.tokens[position].text, glyphs)
  }

  private var sections: [(String, [String])] {
    let titleLine = language(
      "\(name(query))(\(query + 1)) 问 \(name(key))(\(key + 1))   层 \(head.layer + 1) \(scene.headName)",
      "\(name(query)) (\(query + 1)) asks \(name(key)) (\(key + 1)), layer \(head.layer + 1) \(scene.headName)"
    )
    let scores = head.scores(ofRow: query)
    let scaled = head.scaledScores(ofRow: query)
    var sections = [
      (language("这一格", "cell"), [titleLine]),
      ("q\(glyphs.dot)k", productLines(scores[key], scaled: scaled[key])),
    ]
    if let reason = scene.attention.head.rule.mask.reason(forHiding: key, fromQuery: query) {
      sections.append((language("掩码", "mask"), maskLine(reason)))
    } else {
      sections.append(("softmax", [softmaxLine(scaled)]))
    }
    sections.append(("\(glyphs.times) V", area.rows > 8 ? valueLines : Array(valueLines.prefix(1))))
    return sections
  }

  /// q · k term by term, as many terms as there are lines for, then ÷ √d.
  private func productLines(_ score: Float, scaled: Float) -> [String] {
    let terms = zip(head.query(query), head.key(key)).map { q, k in
      "\(number(q))\(glyphs.times)\(number(k))"
    }
    let rule = head.rule
    var end = " = \(number(score))   \(scene.scaling(rule))"
    if let cap = rule.softCap {
      let cap = number(cap, digits: 0)
      end += " = \(number(score * rule.scale))   \(cap) tanh(x/\(cap))"
    }
    end += " = \(number(scaled))"
    let most = max(1, area.rows - (area.rows > 8 ? 4 : 3))
    func lines(_ count: Int) -> [String] {
      let tail =
        count == terms.count
        ? end
        : " + \(glyphs.ellipsis) " + language("共 \(terms.count) 项", "\(terms.count) terms") + end
      return (terms.prefix(count).joined(separator: " + ") + tail.replacingBlanks)
        .wrapped(to: textColumns).map(\.restoringBlanks)
    }
    let whole = lines(terms.count)
    if whole.count <= most { return whole }
    // More terms take no fewer lines: the most that fit lie between those that do and those that do not.
    var (fitting, beyond) = (0, terms.count)
    while beyond - fitting > 1 {
      let middle = (fitting + beyond) / 2
      if lines(middle).count <= most { fitting = middle } else { beyond = middle }
    }
    return fitting > 0 ? lines(fitting) : [end]
  }

  private func maskLine(_ reason: AttentionMask.Reason) -> [String] {
    let place =
      switch reason {
      case .later:
        language("\(name(key)) 在 \(name(query)) 之后", "\(name(key)) comes after \(name(query))")
      case .outsideWindow(let keys):
        language(
          "\(name(query)) 只看最近 \(keys) 个字，\(name(key)) 在外",
          "\(name(query)) sees \(keys) keys, \(name(key)) comes before them")
      }
    let fate = language("权重 0。算出来，又扔掉。", "weight 0. Computed, thrown away.")
    return "\(place)\(language("：", ": "))\(glyphs.minusInfinity)\(language("，", ", "))\(fate)"
      .wrapped(to: textColumns)
  }

  private func softmaxLine(_ scaled: [Float]) -> String {
    let weights = scene.attention.weights(ofRow: query)
    let visible = scaled.indices.filter { !head.hides(key: $0, fromQuery: query) }
      .map { scaled[$0] }
    let maximum = head.sink == nil ? visible.max() ?? 0 : 0
    let result = "= \(number(weights[key], digits: 3))"
    let own = "exp(\(number(scaled[key])) \(maximum < 0 ? "+" : "-") \(number(abs(maximum))))"
    let sum =
      head.sink.map { language("(行和 + exp(\(number($0))))", "(row sum + exp(\(number($0))))") }
      ?? language("行和", "row sum")
    let line = "\(own) / \(sum) \(result)   "
    return line
      + NumberText.vector(
        visible, columns: textColumns - ScalarWidth.of(line), glyphs,
        digits: 1)
  }

  /// What the cell adds to the head's output, and the whole row's output.
  private var valueLines: [String] {
    let weight = scene.attention.weights(ofRow: query)[key]
    let added = "\(number(weight, digits: 3)) \(glyphs.times) "
    let row = language("整行之和 ", "sum of the row ")
    return [
      added
        + NumberText.vector(
          head.value(key), columns: textColumns - ScalarWidth.of(added), glyphs),
      row
        + NumberText.vector(
          head.output(ofRow: query), columns: textColumns - ScalarWidth.of(row), glyphs),
    ]
  }

  /// How each run came by this cell.
  private func drawStates(behind title: String, y: Int, on canvas: inout Canvas) {
    let text = [Run.uncached, .cached].map { run in
      let name = run == .uncached ? language("不用缓存", "no cache") : language("缓存", "cache")
      return "\(name): \(state(of: scene.pane(run).cell(query, key)))"
    }.joined(separator: "   ")
    let x = area.end - ScalarWidth.of(text)
    if x > area.x + labelColumns + ScalarWidth.of(title) + 2 {
      canvas.put(text, at: Point(x, y), Style(.dim))
    }
  }

  private func state(of cell: CellState) -> String {
    switch cell {
    case .pending: language("还没算", "not yet")
    case .score: language("已算分数", "scored")
    case .masked: language("算完掩掉", "masked")
    case .weight: language("本步算的", "computed")
    case .notNeeded: language("不必算", "not needed")
    }
  }

  private func number(_ value: Float, digits: Int = 2) -> String {
    NumberText.fixed(Double(value), digits)
  }
}

extension String {
  /// Blanks as glyphs that a line is not broken at.
  fileprivate var replacingBlanks: String { String(map { $0 == " " ? "\u{A0}" : $0 }) }
  fileprivate var restoringBlanks: String { String(map { $0 == "\u{A0}" ? " " : $0 }) }
}
