internal import Base
internal import Lessons
internal import Trace
public import Viz

extension LessonState {
  /// The frame of this state at a size.
  public func view(_ size: Size) -> Canvas {
    var canvas = Canvas(size)
    let smallest = LessonLayout.smallest
    guard size.columns >= smallest.columns, size.rows >= smallest.rows else {
      TooSmall.draw(size, needs: smallest, language, on: &canvas)
      return canvas
    }
    if isToolAlone(size) {
      drawToolAlone(on: &canvas)
      return canvas
    }
    let layout = layout(size)
    drawHeader(on: &canvas)
    if !layout.isStacked { drawDivider(x: layout.text.end + 1, on: &canvas) }
    if isHelp { drawHelp(on: &canvas) } else { drawFigure(in: layout.figure, on: &canvas) }
    if !isHelp || !layout.isStacked { drawText(layout, on: &canvas) }
    LessonFooter(state: self).draw(on: &canvas)
    return canvas
  }

  private func drawDivider(x: Int, on canvas: inout Canvas) {
    for y in 1..<canvas.size.rows - 1 {
      canvas.put(viewer.glyphs.divider, at: Point(x, y), Style(.dim))
    }
  }

  private func drawHeader(on canvas: inout Canvas) {
    let columns = canvas.size.columns
    canvas.fill(Point(0, 0), columns: columns, Style(.titleBar))
    let place = "\(index + 1)/\(lesson.steps.count)"
    let right = columns - ScalarWidth.of(place) - 1
    let review = isReview ? language("复习 ", "Review: ") : ""
    let head =
      " " + review + language("第 \(lesson.number) 课  ", "Lesson \(lesson.number)  ")
    let clean = viewer.glyphs.shown
    var x = canvas.put(head, at: Point(0, 0), Style(.titleBar), limit: right)
    x = canvas.put(clean(lesson.title), at: Point(x, 0), Style(.titleBar), limit: right)
    canvas.put(
      "  " + clean(step.title), at: Point(x, 0), Style(.titleBarDim), limit: right - 1)
    canvas.put(place, at: Point(right, 0), Style(.titleBar))
  }

  // MARK: Text

  private func drawText(_ layout: LessonLayout, on canvas: inout Canvas) {
    let area = layout.text
    let text = text(in: layout)
    let (lines, first) = (text.lines, top(of: text, rows: area.rows))
    for (row, line) in lines.dropFirst(first).prefix(area.rows).enumerated() {
      var x = area.x
      for span in line {
        x = canvas.put(span.text, at: Point(x, area.y + row), span.style, limit: area.end)
        if span.hasCaret { canvas.caret = Point(x - 1, area.y + row) }
      }
    }
    let below = max(0, lines.count - first - area.rows)
    guard area.rows > 0 else { return }
    let asksBelow = activeQuiz != nil && (text.asked?.start ?? 0) >= first + area.rows
    if layout.isStacked {
      drawMark(
        above: first, below: below, asksBelow: asksBelow, at: layout.marks.below, on: &canvas)
    } else {
      drawMark(above: first, at: layout.marks.above, on: &canvas)
      drawMark(below: below, asksBelow: asksBelow, at: layout.marks.below, on: &canvas)
    }
  }

  /// Says how many lines of text are scrolled away, before a point, and that a question is among those below.
  private func drawMark(
    above: Int = 0, below: Int = 0, asksBelow: Bool = false, at end: Point,
    on canvas: inout Canvas
  ) {
    guard let mark = look.scrollMark(above: above, below: below) else { return }
    let text = " " + mark + (asksBelow ? language("，有题", " and a question") : "")
    canvas.put(
      text, at: Point(end.x - ScalarWidth.of(text), end.y), Style(.selected), limit: end.x)
  }

  // MARK: Figure

  func drawFigure(in area: Area, on canvas: inout Canvas) {
    if let missed = shownMissed {
      ReviewPane(missed: missed, first: listTop, look: look).draw(in: area, on: &canvas)
    } else if step.scene.tool != nil {
      drawTool(in: area, on: &canvas)
    } else if let change = changeView {
      change.draw(in: area, on: &canvas)
    } else {
      let figure = figure(in: area)
      figure.draw(on: &canvas)
      if let light { canvas.shade(area, except: figure.lit(light), viewer.glyphs) }
    }
  }

  /// The table of what changed, in scenes that show it.
  var changeView: ChangeView? {
    guard step.scene.panes == .change, let comparison else { return nil }
    return ChangeView(
      trace: viewer.trace, comparison: comparison, length: viewer.step.length,
      longest: viewer.longest, language: language, glyphs: viewer.glyphs)
  }

  /// The scene's panes in a part of the screen.
  func figure(in area: Area, isForHall: Bool = false) -> RunFigure {
    let painting = shownPainting
    let runs: [Run] =
      if let painting { [painting.run] } else {
        switch step.scene.panes {
        case .uncached: [.uncached]
        case .cached: [.cached]
        default: [.uncached, .cached]
        }
      }
    return RunFigure(
      viewer, area: area, runs: runs, painting: painting,
      counters: step.scene.counters && painting.map { $0.truth != nil } ?? true,
      code: step.scene.code, hidesNext: openQuiz?.kind == .token,
      hidden: step.scene.hidden, asked: askedParts, isForHall: isForHall)
  }

  /// The counters that the open question, or the one that was just answered, is about.
  private var askedParts: Set<FigurePart> {
    let id = reviewed ?? activeQuiz?.id
    return step.quizzes.first { $0.id == id }?.counters ?? []
  }

  /// The painting that is being made, or the last that was held against the run; its cells are those of the step that is
  /// asked about, so it is shown there only.
  private var shownPainting: Painting? {
    let id = reviewed ?? activeQuiz?.id ?? lastAnswered?.id
    guard let quiz = step.quizzes.first(where: { $0.id == id }), !isInCell,
      viewer.step.number == quiz.at ?? step.scene.step
    else { return nil }
    return quizzes[quiz.id]?.painting
  }

  // MARK: Help

  /// Where the page of keys stands: beside the text, or over all where the scene stands below it.
  func helpArea(_ size: Size) -> Area {
    let layout = layout(size)
    guard layout.isStacked else { return layout.figure }
    return Area(x: 2, y: 1, columns: size.columns - 4, rows: size.rows - 2)
  }

  /// What the page of keys says, at a width.
  func helpSheet(columns: Int) -> HelpSheet {
    if showsTerms { return termSheet(columns: columns) }
    let isTool = step.scene.tool != nil
    let map =
      shownMissed.map { LessonKeys.map(.listing(isEmpty: $0.isEmpty)) } ?? LessonKeys.reading
    let marking = painting.map { LessonKeys.map(.marking(isStrip: $0.isStrip)) }
    let actions = LessonKeys.page.filter { action in
      guard map.row(action)?.help != nil else { return false }
      switch action {
      // The key is another's while cells are marked.
      case .again: return marking == nil
      case .openTool: return isTool || step.scene.open != nil
      case .point: return !places.isEmpty
      case .terms: return terms != nil
      case .scene(.theme): return true
      case .scene: return !isTool
      default: return true
      }
    }
    let marks = LessonKeys.marks.compactMap { action in
      marking?.row(action).map { row in
        (row.name(look), viewer.glyphs.shown(row.help?(language) ?? ""))
      }
    }
    let keys =
      marks
      + actions.map { action in
        let help = map.row(action)?.help?(language) ?? ""
        return (LessonKeys.pageName(action), viewer.glyphs.shown(help))
      }
    return HelpSheet(keys: keys, prose: [], columns: columns)
  }

  /// Lines of the page of keys that are scrolled away.
  func hiddenHelp(_ size: Size) -> (above: Int, below: Int) {
    let area = helpArea(size)
    let sheet = helpSheet(columns: area.columns)
    let first = help.top(of: sheet, rows: area.rows)
    return (first, max(0, sheet.count - first - area.rows))
  }

  private func drawHelp(on canvas: inout Canvas) {
    let area = helpArea(canvas.size)
    let sheet = helpSheet(columns: area.columns)
    sheet.draw(from: help.top(of: sheet, rows: area.rows), in: area, on: &canvas)
  }
}

extension Quiz {
  /// The counters that its expressions read.
  fileprivate var counters: Set<FigurePart> {
    let texts =
      switch kind {
      case .choice(let choices): choices.map(\.truth.text)
      case .number(let truth, _), .setting(let truth): [truth.text]
      case .shape(let sizes): sizes.map(\.text)
      case .cells, .token, .lines: [String]()
      }
    let fields: [(String, FigurePart)] = [
      (".flops", .flops), (".cells", .cells), (".kv_", .kv), (".cache_bytes", .bytes),
    ]
    return Set(
      fields.filter { field, _ in texts.contains { $0.contains(field) } }.map(\.1))
  }
}
