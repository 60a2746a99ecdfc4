internal import Base
internal import Trace
internal import Viz

/// The table of a broken run: a column a token, from cause to effect downwards.
struct FaultsTable {
  private let state: FaultsState
  private let run: FaultRun
  private let columns: [FaultColumn]
  /// The step on the screen, counted from 1.
  private let number: Int
  private let chosen: FaultsState.Cell?
  private let layout: FaultsLayout
  private let blocks: [[FaultsWords.Line]]
  private let size: Size

  private var language: Language { state.language }
  private var glyphs: GlyphSet { state.glyphs }

  init(_ state: FaultsState, _ run: FaultRun, _ size: Size) {
    (self.state, self.run, self.size) = (state, run, size)
    (number, chosen) = (state.step, state.shownCell)
    columns = run.columns(through: number)
    let words = FaultsWords(state, run, width: size.columns - 2 * FaultsLayout.margin)
    blocks = words.blocks
    layout = FaultsLayout(
      size,
      FaultsLayout.Need(
        length: columns.count, longest: run.longest,
        seen: chosen?.position ?? columns.count - 1, layers: state.layers,
        hasCause: !state.isGuessing, words: blocks.joined().count,
        someWords: blocks.prefix(chosen == nil ? max(3, words.least) : words.least).joined().count,
        leastWords: blocks.prefix(words.least).joined().count,
        isProjector: state.look.theme == .projector))
  }

  func draw(on canvas: inout Canvas) {
    drawTokens(on: &canvas)
    if let y = layout.y.cause { drawCause(y, on: &canvas) }
    if let y = layout.y.legend { drawLegend(language("K、V", "K, V"), y, Style(.dim), on: &canvas) }
    drawPart(.keys, layout.y.keys, heading: layout.y.keysHeading, on: &canvas)
    if layout.hasValues {
      drawPart(.values, layout.y.values, heading: layout.y.valuesHeading, on: &canvas)
    }
    drawLogits(on: &canvas)
    drawSaid(on: &canvas)
    drawWords(on: &canvas)
    // The keys' row is not the table's, on the smallest screens either.
    if size.rows > 1 {
      canvas.fill(Point(0, size.rows - 1), columns: size.columns, Style())
    }
  }

  // MARK: Rows of words

  private func name(_ wordings: [String], _ y: Int, _ style: Style, on canvas: inout Canvas) {
    state.put(
      wordings, at: Point(FaultsLayout.margin, y), style, limit: layout.names - 1, on: &canvas)
  }

  /// A word in a token's column, ending one column before the next.
  private func put(
    _ text: String, _ position: Int, _ y: Int, _ style: Style, isFilled: Bool = false,
    on canvas: inout Canvas
  ) {
    let x = layout.x(position)
    if isFilled { canvas.fill(Point(x, y), columns: layout.cell, style) }
    let shown = glyphs.shown(text)
    canvas.put(
      shown, at: Point(x + max(0, layout.cell - 1 - ScalarWidth.of(shown)), y), style,
      limit: x + layout.cell)
  }

  private func label(_ token: TraceToken) -> String {
    short(token.text, layout.cell - 1)
  }

  /// A token in few columns; a name in brackets loses them before a letter, which a mark behind it would be read as.
  private func short(_ text: String, _ columns: Int) -> String {
    let whole = TokenLabel.short(text, columns: columns + 2, glyphs)
    let isName = whole == text && whole.hasPrefix("<") && whole.hasSuffix(">")
    guard isName, ScalarWidth.of(whole) > columns else {
      return TokenLabel.short(text, columns: columns, glyphs)
    }
    return String(whole.dropFirst().dropLast()).fitted(to: columns)
  }

  private func drawTokens(on canvas: inout Canvas) {
    let more = layout.tokens.lowerBound > 0 ? glyphs.ellipsis : ""
    name(
      [language("写到这里", "so far"), language("写到", "so far")], layout.y.tokens, Style(.dim),
      on: &canvas)
    canvas.put(
      more, at: Point(layout.names - 1 - ScalarWidth.of(more), layout.y.tokens), Style(.dim))
    for position in layout.tokens {
      let isNew = position >= columns.count - newTokens
      put(
        label(run.trace.tokens[position]), position, layout.y.tokens,
        isNew ? Style(.chosen) : Style(.heading), isFilled: isNew, on: &canvas)
    }
  }

  private var newTokens: Int { run.trace.step(number).fed.count }

  private func drawCause(_ y: Int, on canvas: inout Canvas) {
    let cause = FaultsCause(run.fault, language)
    name(cause.dueNames, y, Style(.dim), on: &canvas)
    name(cause.foundNames, y + 1, Style(run.fault == nil ? .dim : .wrong), on: &canvas)
    for position in layout.tokens {
      let (due, found) = cause.texts(columns[position], run.trace.tokens[position])
      put(
        short(due, layout.cell - 1), position, y, Style(), on: &canvas)
      let isWrong = due != found
      put(
        isWrong ? marked(found) : short(found, layout.cell - 1),
        position, y + 1, isWrong ? Style(.broken(2), bold: true) : Style(), isFilled: isWrong,
        on: &canvas)
    }
  }

  /// What is wrong, with its mark.
  private func marked(_ text: String) -> String {
    let clean = short(text, layout.cell - 1)
    return [clean + " !", clean + "!"].first { ScalarWidth.of($0) < layout.cell }
      ?? short(text, layout.cell - 2) + "!"
  }

  // MARK: Cells

  private func drawPart(
    _ part: FaultColumn.Part, _ y: Int, heading: Int?, on canvas: inout Canvas
  ) {
    if let heading {
      drawLegend(part == .keys ? "K" : "V", heading, Style(.heading), on: &canvas)
    }
    let largest = run.largest(part)
    for (row, layers) in layout.layers.enumerated() {
      let top = y + row * layout.cellRows
      name(names(part, layers), top + layout.cellRows / 2, Style(.dim), on: &canvas)
      for position in layout.tokens {
        drawCell(part, layers, position, top, largest: largest, on: &canvas)
      }
    }
  }

  /// The mark of a difference that is at least half of the largest.
  private static let large = "*"

  /// What the cells say, in as many words as there is room for.
  private func drawLegend(_ name: String, _ y: Int, _ style: Style, on canvas: inout Canvas) {
    let large =
      run.fault == nil
      ? ("", "", "")
      : (
        "，\(Self.large) 不小于全程最大的一半；! 错",
        ", \(Self.large) at least half the run's largest; ! wrong",
        ", \(Self.large) large for the run; ! wrong"
      )
    state.put(
      [
        language(
          "\(name)：两遍最大差多少；= 一个比特都不差\(large.0)",
          "\(name): by how much both runs differ; = not one bit\(large.1)"),
        language("\(name)：差多少；= 不差\(large.0)", "\(name): the difference; = none\(large.1)"),
        language("\(name)：差多少；= 不差\(large.0)", "\(name): difference; = none\(large.2)"),
      ], at: Point(FaultsLayout.margin, y), style, limit: size.columns - FaultsLayout.margin,
      on: &canvas)
  }

  private func names(_ part: FaultColumn.Part, _ layers: Range<Int>) -> [String] {
    let letter = part == .keys ? "K" : "V"
    if layers.count == 1 {
      let number = layers.lowerBound + 1
      return [
        language("\(letter) 第 \(number) 层", "\(letter) layer \(number)"),
        "\(letter) \(number)", letter,
      ]
    }
    let (first, last) = (layers.lowerBound + 1, layers.upperBound)
    return [
      language("\(letter) \(first)-\(last) 层最大", "\(letter) largest, \(first)-\(last)"),
      language("\(letter) \(first)-\(last) 最大", "\(letter) max \(first)-\(last)"), letter,
    ]
  }

  private func drawCell(
    _ part: FaultColumn.Part, _ layers: Range<Int>, _ position: Int, _ y: Int, largest: Float,
    on canvas: inout Canvas
  ) {
    let gap = columns[position].gap(part, layers)
    let isChosen =
      chosen?.part == part && chosen?.position == position
      && chosen.map { layers.contains($0.layer) } == true
    let depth = gap.map { level($0, largest) }
    let style =
      isChosen ? Style(.chosen) : depth.map { Style(.broken($0), bold: true) } ?? Style(.cached)
    let (x, middle) = (layout.x(position), y + layout.cellRows / 2)
    canvas.fill(Point(x, y), columns: layout.cell, rows: layout.cellRows, style)
    let text = FaultsNumbers.marked(gap, layout.cell, glyphs)
    if isChosen { canvas.put(glyphs.cursor, at: Point(x, middle), style) }
    put(text, position, middle, style, on: &canvas)
    // What the deeper red says, where there are no reds to tell apart.
    if depth ?? 0 >= Role.brokenLevels / 2 {
      canvas.put(Self.large, at: Point(x + layout.cell - 1, middle), style)
    }
  }

  private func level(_ gap: Float, _ largest: Float) -> Int {
    (Double(gap) / Double(max(largest, .leastNormalMagnitude)) * Double(Role.brokenLevels) - 0.5)
      .whole(in: 0...Role.brokenLevels - 1) ?? Role.brokenLevels - 1
  }

  // MARK: Effects

  /// A step's place is the column of its last token.
  private func step(at position: Int) -> FaultStep? {
    let number = position - run.prompt + 2
    return (1...self.number).contains(number) ? run.steps[number - 1] : nil
  }

  private func drawLogits(on canvas: inout Canvas) {
    guard layout.logitRows > 0 else { return }
    let ground = layout.y.logits + layout.logitRows - 1
    name(
      [language("logits 差", "logits differ"), "logit gap"], max(layout.y.logits, ground - 1),
      Style(.heading), on: &canvas)
    let largest = run.largestLogit
    for position in layout.tokens {
      guard let step = step(at: position) else { continue }
      let height = layout.logitRows - 1
      let most = height * steps.count
      let filled =
        step.logitGap.map { gap in
          min(
            most,
            max(
              1,
              (Double(gap / max(largest, .leastNormalMagnitude)) * Double(most))
                .whole(in: 0...most) ?? most))
        } ?? 0
      drawBar(filled, position, ground, on: &canvas)
      let number = FaultsNumbers.text(step.logitGap, layout.cell, glyphs)
      put(
        number, position, ground - (filled + steps.count - 1) / steps.count,
        Style(step.logitGap == nil ? .dim : .heading),
        on: &canvas)
    }
  }

  /// The steps in which a column grows within a row, the whole row last.
  private var steps: [String] {
    glyphs == .full ? ["▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"] : [".", ":", glyphs.bar]
  }

  private func drawBar(_ filled: Int, _ position: Int, _ ground: Int, on canvas: inout Canvas) {
    let columns = max(1, min(layout.cell - 2, 6))
    let x = layout.x(position) + layout.cell - 1 - columns
    for (row, below) in stride(from: 0, to: filled, by: steps.count).enumerated() {
      let mark = steps[min(steps.count, filled - below) - 1]
      canvas.put(
        String(repeating: mark, count: columns), at: Point(x, ground - row), Style(.wrong))
    }
  }

  private func drawSaid(on canvas: inout Canvas) {
    let y = layout.y.said
    let arrow = glyphs.arrow
    name(
      [language("不用缓存 \(arrow)", "no cache \(arrow)"), language("不用 \(arrow)", "sound \(arrow)")],
      y,
      Style(.uncachedBar), on: &canvas)
    name(
      run.fault == nil
        ? [language("用缓存 \(arrow)", "cache \(arrow)")]
        : [language("坏缓存 \(arrow)", "broken \(arrow)")], y + 1,
      Style(run.fault == nil ? .cachedBar : .wrong), on: &canvas)
    let free = layout.tokens.prefix { $0 < run.prompt - 1 }.count * layout.cell
    state.put(
      ["prefill"], at: Point(layout.names + 1, y), Style(.dim), limit: layout.names + free,
      on: &canvas)
    for position in layout.tokens {
      guard let step = step(at: position) else { continue }
      func label(_ candidate: Candidate) -> String {
        short(candidate.text, layout.cell - 1)
      }
      put(label(step.sound), position, y, Style(), on: &canvas)
      let isSame = step.saysTheSame
      put(
        isSame ? label(step.broken) : marked(step.broken.text), position, y + 1,
        isSame ? Style() : Style(.broken(2), bold: true), isFilled: !isSame, on: &canvas)
    }
  }

  private func drawWords(on canvas: inout Canvas) {
    var lines: [FaultsWords.Line] = []
    for block in blocks where lines.count + block.count <= layout.wordRows { lines += block }
    for (index, line) in lines.enumerated() {
      var x = FaultsLayout.margin
      for span in line {
        x = canvas.put(span.text, at: Point(x, layout.y.words + index), span.style)
      }
    }
  }
}

/// Numbers as the table writes them.
enum FaultsNumbers {
  /// A difference in a cell that has a mark at each of its ends.
  static func marked(_ gap: Float?, _ cell: Int, _ glyphs: GlyphSet) -> String {
    let text = text(gap, cell, glyphs)
    guard let gap, ScalarWidth.of(text) > cell - 2 else { return text }
    return NumberText.score(gap, columns: cell - 2, glyphs, digits: 0)
  }

  /// A difference in the columns of a cell, one of which stays blank.
  static func text(_ gap: Float?, _ cell: Int, _ glyphs: GlyphSet) -> String {
    guard let gap else { return glyphs.read }
    let digits = cell >= 7 ? 2 : 1
    if gap < (digits == 2 ? 0.005 : 0.05) { return digits == 2 ? "<.01" : "<.1" }
    return NumberText.score(gap, columns: cell - 1, glyphs, digits: digits)
  }
}
