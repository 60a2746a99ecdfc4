internal import Base
internal import Trace
internal import Viz

/// Draws one side: its name, the strip of the cache, what goes with the policy, the grid of queries and keys.
struct PolicyPaneView {
  let pane: PolicyPane
  let state: PoliciesState
  let layout: PoliciesLayout
  let area: Area
  /// Lines between strip and grid.
  let extras: [PolicyExtra]
  let isChosen: Bool
  /// All that is drawn, this one among them.
  let others: [PolicyPane]

  private var glyphs: GlyphSet { state.glyphs }
  private var language: Language { state.language }
  private var cell: Int { layout.cellColumns }
  private var gridX: Int { area.x + PoliciesLayout.labelColumns }
  private var stripY: Int { area.y + 1 }
  private var gridY: Int { stripY + layout.stripRows + extras.count }

  func draw(on canvas: inout Canvas) {
    guard area.rows > 1, let content = pane.content else { return drawNothing(on: &canvas) }
    let keys = layout.keys(of: content.step.length, first: pane.first)
    drawHead(content, on: &canvas)
    drawStrip(content, keys, on: &canvas)
    for (index, extra) in extras.enumerated() {
      drawExtra(extra, content, keys, y: stripY + layout.stripRows + index, on: &canvas)
    }
    drawGrid(content, keys, on: &canvas)
  }

  // MARK: The name

  private var name: String { pane.policy.text }

  /// The name, what the policy keeps, and what is lost: as much of it as fits.
  private func drawHead(_ content: PolicyPane.Content, on canvas: inout Canvas) {
    let x = put(
      [name], at: Point(area.x, area.y), Style(isChosen ? .chosen : .heading), on: &canvas)
    let lost = hasCorner ? [""] : lossWords(content)
    let room = area.end - 1 - x
    func taken(_ texts: [String]) -> Int {
      texts.reduce(0) { $1.isEmpty ? $0 : $0 + ScalarWidth.of(glyphs.shown($1)) + 2 }
    }
    let pairs = words(content).explanations.flatMap { words in lost.map { (words, $0) } }
    let fitting =
      (pairs + lost.map { ("", $0) }).first { taken([$0.0, $0.1]) <= room } ?? ("", "")
    put([fitting.0], at: Point(x + 2, area.y), Style(.dim), on: &canvas)
    put(
      [fitting.1], at: Point(area.end - 1 - ScalarWidth.of(fitting.1), area.y),
      lossStyle(content), on: &canvas)
    if hasCorner { drawCorner(content, on: &canvas) }
    if hasCorner, content.isFull, layout.legendY == nil { drawLegend(on: &canvas) }
  }

  /// What the digits of the last row are, in the corner where nothing is lost.
  private func drawLegend(on canvas: inout Canvas) {
    let lines = [
      language("末行：权重", "last row: weight"),
      cell < 4
        ? language("十分之几，\(glyphs.slight) <.05", "tenths, \(glyphs.slight) <.05")
        : language("", ""),
    ]
    for (index, line) in lines.enumerated() {
      put(
        [line], at: Point(gridEnd - ScalarWidth.of(glyphs.shown(line)), gridY + index), Style(.dim),
        on: &canvas)
    }
  }

  private func words(_ content: PolicyPane.Content) -> PolicyWords {
    // Of rows that are out of view nothing is said.
    let first = layout.queries(of: content.step.length).lowerBound
    let unscaled = content.unscaled.flatMap { first < $0.count ? $0 : nil }
    return PolicyWords(policy: pane.policy, language: language, unscaled: unscaled)
  }

  private func drawNothing(on canvas: inout Canvas) {
    guard area.rows > 0 else { return }
    put([name], at: Point(area.x, area.y), Style(isChosen ? .chosen : .heading), on: &canvas)
    let far = "\(pane.computed)" + (state.run.map { "/\($0.plannedSteps)" } ?? "")
    let sentence =
      pane.refusal?.message(language)
      ?? language("正在算，已到第 \(far) 步", "computing, at step \(far)")
    let lines = glyphs.shown(sentence).wrapped(to: max(2, area.columns))
    for (index, line) in lines.enumerated() where index + 2 < area.rows {
      put(
        [line], at: Point(area.x, area.y + 2 + index), Style(pane.refusal == nil ? .dim : .wrong),
        on: &canvas)
    }
  }

  // MARK: What is lost

  /// What the important numbers of a side are: what the newest query could not look at, or how far off K and V are at most.
  private func losses(_ content: PolicyPane.Content) -> [(
    caption: String, short: String, number: String
  )] {
    if content.isFull { return [] }
    guard PolicyKind(pane.policy).isFormat else {
      guard content.head.lost.isFinite else { return [] }
      return [
        (cornerCaption, language("此头丢", "head lost"), PolicyNumber.percent(content.head.lost))
      ]
    }
    return [("K", content.head.keyError), ("V", content.head.valueError)].compactMap {
      name, error in
      error.map {
        // K of a group is rounded once the group is full: until then there is no error to speak of.
        if name == "K", $0 == 0, PolicyKind(pane.policy) == .kivi {
          let exact = language("K 还没压", "no K rounded yet")
          return (exact, language("K 没压", "K exact"), "")
        }
        return ("max |\(glyphs.delta)\(name)|", "\(glyphs.delta)\(name)", PolicyNumber.error($0))
      }
    }
  }

  private func lossStyle(_ content: PolicyPane.Content) -> Style {
    content.head.lost >= 0.01 ? Style(.wrong, bold: true) : Style(.heading)
  }

  private func lossWords(_ content: PolicyPane.Content) -> [String] {
    let losses = losses(content)
    let all = [
      losses.map { words($0.caption, $0.number) }.joined(separator: "  "),
      losses.map { words($0.short, $0.number) }.joined(separator: " "),
      losses.first.map { words($0.short, $0.number) } ?? "",
    ]
    return all.map { glyphs.shown($0) }
  }

  private func words(_ name: String, _ number: String) -> String {
    number.isEmpty ? name : name + " " + number
  }

  /// What the head that is shown could not look at; of other heads it says nothing.
  private var cornerCaption: String { language("这个头丢掉的注意力", "attention this head lost") }
  /// The caption in lines that the corner has room for everywhere.
  private var cornerCaptionLines: [String] {
    ScalarWidth.of(cornerCaption) <= cornerRoom
      ? [cornerCaption] : [language("这个头", "attention"), language("丢掉的注意力", "this head lost")]
  }
  /// Columns of the longest line that may stand in the corner: `max |ΔK| 0.00123`.
  private var cornerColumns: Int { 16 }
  private var gridEnd: Int { min(area.end - 1, gridX + layout.keys * cell) }

  /// Whether the corner that the mask leaves free has room for what is lost, at every step of the run.
  private var hasCorner: Bool {
    cornerColumns <= cornerRoom && layout.gridRows > 6
  }

  /// Columns of the corner's first lines, at every step of the run.
  private var cornerRoom: Int { cornerRoom(1) }

  /// The same of a line, counted from 0.
  private func cornerRoom(_ line: Int) -> Int {
    let rows = layout.queries(of: state.longest).lowerBound + line / layout.cellRows + 1
    return gridEnd - gridX - rows * cell - 2
  }

  private func drawCorner(_ content: PolicyPane.Content, on canvas: inout Canvas) {
    let losses = losses(content)
    let isLoss = !losses.isEmpty && !PolicyKind(pane.policy).isFormat
    let captions = isLoss ? cornerCaptionLines : []
    let numbers = losses.map { isLoss ? $0.number : words($0.caption, $0.number) }
    var lines: [(String, Style)] = captions.map { ($0, Style(.dim)) }
    lines += numbers.map { ($0, lossStyle(content)) }
    if isLoss {
      lines += outcome(content, room: cornerRoom(lines.count))
      lines += ofHowMany(content).map { ($0, Style(.dim)) }
    }
    for (index, line) in lines.enumerated() {
      let columns = ScalarWidth.of(glyphs.shown(line.0))
      guard index < 2 || columns <= cornerRoom(index) else { continue }
      put([line.0], at: Point(gridEnd - columns, gridY + index), line.1, on: &canvas)
    }
  }

  /// What all that was lost came to: a head may lose much of no importance.
  private func outcome(_ content: PolicyPane.Content, room: Int) -> [(String, Style)] {
    guard PolicyKind(pane.policy).isRetention else { return [] }
    let divergence = content.step.divergence
    let short = "KL " + PolicyNumber.divergence(divergence)
    let names = [language("下一个字：", "next token: "), language("下一个 ", "next: "), ""]
    let fitting = names.map { $0 + short }.first { ScalarWidth.of(glyphs.shown($0)) <= room }
    return fitting.map { [($0, Style(divergence >= 0.1 ? .wrong : .heading))] } ?? []
  }

  /// That there are other heads, which lose more or less, and how one gets to the one that loses most.
  private func ofHowMany(_ content: PolicyPane.Content) -> [String] {
    let heads = content.run.trace.model.layers * content.run.trace.model.heads
    guard heads > 1, isChosen, layout.gridRows > 9 else { return [] }
    return [
      language("共 \(heads) 个头", "one of \(heads) heads"),
      language("m 看最多的", "m: the worst"),
    ]
  }

  // MARK: The strip

  private enum Held { case new, exact, quantised, dropped }

  private func held(_ position: Int, _ content: PolicyPane.Content) -> Held {
    if position == content.step.length - 1 { return .new }
    guard content.weights[position] != nil else { return .dropped }
    return content.isFull || content.head.keyErrors[position] == nil ? .exact : .quantised
  }

  private func mark(_ held: Held) -> String {
    switch held {
    case .new: glyphs.computed
    case .exact: glyphs.read
    case .quantised: PolicyExtra.quantised
    case .dropped: "-"
    }
  }

  private func style(_ held: Held) -> Style {
    switch held {
    case .new: Style(.newKey)
    case .exact, .quantised: Style(.cached)
    case .dropped: Style(.notNeeded)
    }
  }

  private func drawStrip(_ content: PolicyPane.Content, _ keys: [Int?], on canvas: inout Canvas) {
    put(["Q K"], at: Point(area.x, stripY), Style(.dim), on: &canvas)
    let tokens = Array(content.tokens)
    for (index, key) in keys.enumerated() {
      let x = gridX + index * cell
      guard let key else {
        put(
          [glyphs.ellipsis, "."], at: Point(x, stripY), Style(.dim), limit: x + cell, on: &canvas)
        continue
      }
      let (held, text) = (held(key, content), tokens[key].text)
      if cell == 1 {
        drawNarrow(text, index, held, x: x, on: &canvas)
        continue
      }
      canvas.fill(
        Point(x, stripY), columns: cell, rows: layout.stripRows, style(held))
      let label = TokenLabel.short(text, columns: cell > 3 ? cell - 1 : 2, glyphs)
      let end = canvas.put(label, at: Point(x, stripY), style(held), limit: x + cell)
      let markAt = cell > 3 ? Point(end, stripY) : Point(x, stripY + 1)
      canvas.put(mark(held), at: markAt, style(held), limit: x + cell)
    }
  }

  /// A token takes two columns and its cell one: neighbours stand on two lines by turns.
  private func drawNarrow(
    _ text: String, _ index: Int, _ held: Held, x: Int, on canvas: inout Canvas
  ) {
    let markY = stripY + layout.stripRows - 1
    canvas.put(mark(held), at: Point(x, markY), style(held), limit: x + 1)
    guard layout.stripRows > 1 else { return }
    let label = TokenLabel.short(text, columns: 2, glyphs)
    let plain = held == .dropped ? Style(.notNeeded) : Style(.text)
    canvas.put(label, at: Point(x, stripY + index % 2), plain, limit: min(area.end, x + 2))
  }

  // MARK: Sums of weights, errors

  private func drawExtra(
    _ extra: PolicyExtra, _ content: PolicyPane.Content, _ keys: [Int?], y: Int,
    on canvas: inout Canvas
  ) {
    guard let values = extra.values(content) else { return }
    put([extra.name(glyphs)], at: Point(area.x, y), Style(.dim), on: &canvas)
    if layout.legendY == nil {
      put(
        extra.unit(language, isAlone: extras.count == 1),
        at: Point(gridX + keys.count * cell + 1, y), Style(.dim), limit: area.end - 1, on: &canvas)
    }
    for (index, key) in keys.enumerated() {
      guard let key, let value = values[key] else { continue }
      let x = gridX + index * cell
      let style = PaneView.style(ofWeight: extra.shade(value, content, of: largest(extra)))
      canvas.fill(Point(x, y), columns: cell, style)
      let text = extra.text(value, of: largest(extra), columns: cell, glyphs)
      canvas.put(text, at: Point(x, y), style, limit: x + cell)
    }
  }

  /// The largest number of both sides: they have one scale.
  private func largest(_ extra: PolicyExtra) -> Double {
    others.compactMap(\.content).compactMap { extra.values($0) }.flatMap { $0.compactMap { $0 } }
      .filter(\.isFinite).max() ?? 0
  }

  // MARK: The grid

  private func drawGrid(_ content: PolicyPane.Content, _ keys: [Int?], on canvas: inout Canvas) {
    let queries = layout.queries(of: content.step.length)
    let known = keys.compactMap { $0 }
    let cells = content.head.cells(
      queries: Array(queries), keys: known, isFull: content.isFull)
    let tokens = Array(content.tokens)
    for (row, query) in queries.enumerated() {
      let y = gridY + row * layout.cellRows
      let isNewest = query == content.step.length - 1
      drawLabel(tokens[query].text, isNewest: isNewest, y: y, on: &canvas)
      var places = keys.enumerated().filter { $0.element != nil }.map(\.offset).makeIterator()
      for (column, key) in known.enumerated() {
        guard let place = places.next() else { continue }
        let at = Point(gridX + place * cell, y)
        if isNewest {
          drawWeight(content.weights[key], key, cells[row][column], at: at, on: &canvas)
        } else {
          drawCell(cells[row][column], key, content, at: at, on: &canvas)
        }
      }
    }
  }

  private func drawLabel(_ text: String, isNewest: Bool, y: Int, on canvas: inout Canvas) {
    let style = isNewest ? Style(.newQuery) : Style(.dim)
    if isNewest { canvas.fill(Point(area.x, y), columns: 3, rows: layout.cellRows, style) }
    let textY = y + (layout.cellRows - 1) / 2
    let label = TokenLabel.short(text, columns: 2, glyphs)
    canvas.put(label, at: Point(area.x, textY), style, limit: area.x + 2)
    if isNewest { canvas.put(glyphs.computed, at: Point(area.x + 2, textY), style) }
  }

  /// What an older query saw; what was quantised is shaded by how far its key or its value is off.
  private func drawCell(
    _ cell: LabHead.Cell, _ key: Int, _ content: PolicyPane.Content, at point: Point,
    on canvas: inout Canvas
  ) {
    switch cell {
    case .hidden: return
    case .dropped: fill(point, "-", Style(.notNeeded), on: &canvas)
    case .exact: fill(point, glyphs.read, Style(.cached), on: &canvas)
    case .quantised:
      fill(
        point, PolicyExtra.quantised, PaneView.style(ofWeight: content.head.error(key)),
        on: &canvas)
    }
  }

  private func drawWeight(
    _ weight: Float?, _ key: Int, _ cell: LabHead.Cell, at point: Point, on canvas: inout Canvas
  ) {
    let isHere = isChosen && state.shownCell == key
    guard let weight else {
      let style = isHere ? Style(.chosen) : Style(.notNeeded)
      if cell != .hidden || isHere { fill(point, "-", style, on: &canvas) }
      return
    }
    let text =
      self.cell < 4
      ? NumberText.weightDigit(weight, glyphs) : NumberText.weight(weight, glyphs)
    var style = isHere ? Style(.chosen) : PaneView.style(ofWeight: weight)
    // Few colours have few shades: what gets half of the attention or more is heavier too.
    style.isBold = style.isBold || weight >= 0.5
    fill(point, text, style, on: &canvas)
  }

  /// A cell on its ground, its text in the middle of it.
  private func fill(_ point: Point, _ text: String, _ style: Style, on canvas: inout Canvas) {
    if style.role != .notNeeded {
      canvas.fill(point, columns: cell, rows: layout.cellRows, style)
    }
    let inset = cell < 4 ? 0 : max(0, (cell - max(3, ScalarWidth.of(text))) / 2)
    let lead = cell < 4 || ScalarWidth.of(text) > 1 ? 0 : 1
    canvas.put(
      text, at: Point(point.x + inset + lead, point.y + (layout.cellRows - 1) / 2), style,
      limit: point.x + cell)
  }

  @discardableResult
  private func put(
    _ wordings: [String], at point: Point, _ style: Style, limit: Int? = nil,
    on canvas: inout Canvas
  ) -> Int {
    state.put(wordings, at: point, style, limit: min(limit ?? area.end, area.end), on: &canvas)
  }
}
