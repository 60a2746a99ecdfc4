internal import Base
internal import Trace
internal import Viz

/// A cell of the newest query in numbers, in both caches, in the place of the table.
struct PolicyCellView {
  let state: PoliciesState
  let panes: [PolicyPane]
  let columns: Int

  private var language: Language { state.language }
  private var glyphs: GlyphSet { state.glyphs }

  /// Lines of all it says: which cell, the full cache, each policy.
  var lines: Int { 2 + panes.count }

  func draw(at point: Point, lines: Int, on canvas: inout Canvas) {
    guard let content = panes.first?.content, let key = state.shownCell else { return }
    let tokens = Array(content.tokens)
    func quoted(_ text: String) -> String { TokenLabel.quoted(text, glyphs) }
    let newest = tokens.count - 1
    let head = language(
      "查询「\(quoted(tokens[newest].text))」（第 \(newest + 1) 个） 看键「\(quoted(tokens[key].text))」（第 \(key + 1) 个）",
      "query '\(quoted(tokens[newest].text))' (token \(newest + 1)) and key '\(quoted(tokens[key].text))' (token \(key + 1))"
    )
    let short = "Q\(newest + 1) \(glyphs.times) K\(key + 1)"
    var rows: [([String], Style)] = [([head, short], Style(.heading))]
    rows.append((fullLine(content.head, key), Style(.text)))
    for pane in panes where pane.content != nil {
      rows.append((line(pane, key), Style(pane.policy == state.policy ? .selected : .text)))
    }
    // Which cell it is the grid shows too.
    if rows.count > lines { rows.removeFirst() }
    for (index, row) in rows.prefix(lines).enumerated() {
      state.put(
        row.0, at: Point(point.x, point.y + index), row.1, limit: point.x + columns, on: &canvas)
    }
  }

  private func fullLine(_ head: LabHead, _ key: Int) -> [String] {
    line(
      language("全部留着", "full cache"), score: head.fullScores[key], weight: head.fullWeights[key],
      [])
  }

  private func line(_ pane: PolicyPane, _ key: Int) -> [String] {
    guard let content = pane.content else { return [] }
    let head = content.head
    guard let score = head.scores[key], let weight = head.weights[key] else {
      let lost = PolicyNumber.percent(Double(head.fullWeights[key]))
      return [
        pane.policy.text
          + language("  已丢；完整缓存在这里看 \(lost)", "  dropped; the full cache looks here with \(lost)"),
        pane.policy.text + language("  已丢", "  dropped"),
      ]
    }
    var more: [String] = []
    if let error = head.keyErrors[key] {
      more.append("max|\(glyphs.delta)K| " + PolicyNumber.error(error))
    }
    if let error = head.valueErrors[key] {
      more.append("max|\(glyphs.delta)V| " + PolicyNumber.error(error))
    }
    if let sum = content.sums?[key] {
      more.append(language("到此共得 ", "given so far ") + NumberText.fixed(sum, 3))
    }
    return line(pane.policy.text, score: score, weight: weight, more)
  }

  private func line(
    _ name: String, score: Float, weight: Float, _ more: [String]
  ) -> [String] {
    let parts = [
      "q\(glyphs.dot)k \(glyphs.divided) \(glyphs.root)d = " + NumberText.fixed(Double(score), 3),
      language("权重 ", "weight ") + NumberText.fixed(Double(weight), 4),
    ]
    let all = [name] + parts + more
    return [
      all.joined(separator: "   "), ([name, parts[1]] + more).joined(separator: "  "),
      [name, parts[1]].joined(separator: "  "),
    ]
  }
}
