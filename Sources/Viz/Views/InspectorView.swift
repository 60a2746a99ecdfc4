internal import Base
internal import Trace

#if canImport(Glibc)
  internal import Glibc
#else
  internal import Darwin
#endif

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
        drawStates(behind: sections[0].1[0], y: area.y, on: &canvas)
      }
    }
  }

  private var labelColumns: Int { 9 }
  private var textColumns: Int { area.columns - labelColumns }

  private func name(_ position: Int) -> String {
    TokenLabel.quoted(scene.tokens[position].text, glyphs)
  }

  private var titleLine: String {
    language(
      "\(name(query))(\(query + 1)) 问 \(name(key))(\(key + 1))   层 \(head.layer + 1) \(scene.headName)",
      "\(name(query)) (\(query + 1)) asks \(name(key)) (\(key + 1)), layer \(head.layer + 1) \(scene.headName)"
    )
  }

  /// What is said of the layer, where it does not fit beside the title and how each run came by the cell.
  private var noteLine: String? {
    guard let note = scene.layerNote else { return nil }
    let columns = [titleLine, note, states].reduce(0) { $0 + ScalarWidth.of($1) } + 6
    return columns > textColumns ? note : nil
  }

  private var sections: [(String, [String])] {
    let note = scene.layerNote
    let heading = noteLine.map { [titleLine, $0] } ?? [titleLine + (note.map { "   " + $0 } ?? "")]
    let scores = head.scores(ofRow: query)
    let scaled = head.scaledScores(ofRow: query)
    let behind =
      if let reason = scene.attention.head.rule.mask.reason(forHiding: key, fromQuery: query) {
        (language("掩码", "mask"), maskLine(reason))
      } else {
        ("softmax", softmaxLines(scaled))
      }
    let values = hasRoom ? valueLines : Array(valueLines.prefix(1))
    let rows = area.rows - heading.count - behind.1.count - values.count
    return [
      (language("这一格", "cell"), heading),
      ("q\(glyphs.dot)k", productLines(scores[key], scaled: scaled[key], most: max(1, rows))),
      behind, ("\(glyphs.times) V", values),
    ]
  }

  /// q · k term by term, as many terms as there are lines for, then ÷ √d.
  private func productLines(_ score: Float, scaled: Float, most: Int) -> [String] {
    let terms = zip(head.query(query), head.key(key)).map { q, k in
      "\(number(q))\(glyphs.times)\(number(k))"
    }
    let rule = head.rule
    var end = " = \(number(score))   \(scene.scaling(rule))"
    if let cap = rule.softCap {
      let cap = number(cap, digits: 0)
      end += " = \(number(score * rule.scale))   \(cap) tanh(x/\(cap))"
    }
    end += " = " + language("分数", "score") + " \(number(scaled))"
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

  /// exp(score − the largest) by the sum over the row, and which numbers these are.
  private func softmaxLines(_ scaled: [Float]) -> [String] {
    let weights = scene.attention.weights(ofRow: query)
    let visible = scaled.indices.filter { !head.hides(key: $0, fromQuery: query) }
      .map { scaled[$0] }
    let maximum = head.sink == nil ? visible.max() ?? 0 : 0
    let result = "= \(language("权重", "weight")) \(number(weights[key], digits: 3))"
    let own = "exp(\(number(scaled[key])) \(maximum < 0 ? "+" : "-") \(number(abs(maximum))))"
    let rowSum =
      language("行和 ", "row sum ") + number(visible.reduce(0) { $0 + exp($1 - maximum) })
    let sum = head.sink.map { "(\(rowSum) + exp(\(number($0))))" } ?? rowSum
    let line = broken("\(own) / \(sum)", before: result)
    let names = [
      language(
        "\(number(maximum)) 是这行最大的分数，行和是这行每格的 exp 相加：",
        "\(number(maximum)) is the row's largest score, the row sum adds up the row's exp: "),
      language("最大分数 \(number(maximum))，分数 ", "largest score \(number(maximum)), scores "),
    ]
    guard hasRoom, head.sink == nil else {
      let largest = head.sink == nil ? language("行最大 ", "max ") + number(maximum) : nil
      let named = largest.map { "exp(\(number(scaled[key])) - \($0)) / \(sum) \(result)" }
      let short = [named].compactMap { $0 }.filter { ScalarWidth.of($0) <= textColumns }
      let lines = short.isEmpty ? line : short
      let scores = lines[0] + "   " + language("分数 ", "scores ")
      let vector = vector(visible, behind: scores)
      return lines.count > 1 || vector.isEmpty ? lines : [scores + vector]
    }
    let whole = names.map { $0 + vector(visible, behind: $0, digits: 1) }
    let row = whole.first { $0.hasSuffix("]") && !$0.contains(glyphs.ellipsis) } ?? whole[1]
    return line + row.wrapped(to: textColumns)
  }

  /// A line, or where it is too long what it comes to on a line of its own.
  private func broken(_ line: String, before result: String) -> [String] {
    let whole = "\(line) \(result)"
    return ScalarWidth.of(whole) <= textColumns
      ? [whole] : line.wrapped(to: textColumns) + [result]
  }

  /// Whether there is a line more than the least for what needs it.
  private var hasRoom: Bool { area.rows > 8 }

  /// As many numbers as fit behind a text, at least one; else none of it.
  private func vector(_ values: [Float], behind text: String, digits: Int = 1) -> String {
    let vector = NumberText.vector(
      values, columns: textColumns - ScalarWidth.of(text), glyphs, digits: digits)
    return vector.contains(where: \.isNumber) ? vector : ""
  }

  /// What the cell adds to the head's output, and the whole row's output.
  private var valueLines: [String] {
    let weight = scene.attention.weights(ofRow: query)[key]
    let added =
      language("权重 ", "weight ") + "\(number(weight, digits: 3)) \(glyphs.times) v "
    let row = language("整行之和 ", "sum of the row ")
    return [
      added + vector(head.value(key), behind: added, digits: 2),
      row + vector(head.output(ofRow: query), behind: row, digits: 2),
    ]
  }

  /// How each run came by this cell.
  private var states: String {
    [Run.uncached, .cached].map { run in
      let name = run == .uncached ? language("不用缓存", "no cache") : language("缓存", "cache")
      return "\(name): \(state(of: scene.pane(run).cell(query, key)))"
    }.joined(separator: "   ")
  }

  private func drawStates(behind title: String, y: Int, on canvas: inout Canvas) {
    let x = area.end - ScalarWidth.of(states)
    if x > area.x + labelColumns + ScalarWidth.of(title) + 2 {
      canvas.put(states, at: Point(x, y), Style(.dim))
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
