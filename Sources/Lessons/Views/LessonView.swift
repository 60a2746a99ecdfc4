internal import Base
internal import TinyModel
internal import Trace
public import Viz

extension LessonState {
  /// The smallest size at which text and scene stand side by side.
  static let smallest = Size(columns: 76, rows: 20)

  /// The frame of this state at a size.
  public func view(_ size: Size) -> Canvas {
    var canvas = Canvas(size)
    guard size.columns >= Self.smallest.columns, size.rows >= Self.smallest.rows else {
      TooSmall.draw(size, needs: Self.smallest, language, on: &canvas)
      return canvas
    }
    drawHeader(on: &canvas)
    let textColumns = min(64, size.columns * 46 / 100)
    let text = Area(x: 2, y: 2, columns: textColumns - 3, rows: size.rows - 4)
    let figure = Area(
      x: textColumns + 2, y: 2, columns: size.columns - textColumns - 3, rows: size.rows - 4)
    for y in 1..<size.rows - 1 {
      canvas.put(viewer.glyphs.divider, at: Point(textColumns, y), Style(.dim))
    }
    drawText(in: text, on: &canvas)
    if isHelp { drawHelp(in: figure, on: &canvas) } else { drawFigure(in: figure, on: &canvas) }
    drawFooter(on: &canvas)
    return canvas
  }

  private func drawHeader(on canvas: inout Canvas) {
    let columns = canvas.size.columns
    canvas.fill(Point(0, 0), columns: columns, Style(.titleBar))
    let place = "\(index + 1)/\(lesson.steps.count)"
    let right = columns - ScalarWidth.of(place) - 1
    let number = lesson.id.prefix { $0.isNumber }.drop { $0 == "0" }
    let head = language(" 第 \(number) 课  ", " Lesson \(number)  ")
    let clean = { Sanitiser.clean($0, ascii: viewer.glyphs == .ascii) }
    var x = canvas.put(head, at: Point(0, 0), Style(.titleBar), limit: right)
    x = canvas.put(clean(lesson.title), at: Point(x, 0), Style(.titleBar), limit: right)
    canvas.put(
      "  " + clean(step.title), at: Point(x, 0), Style(.titleBarDim), limit: right - 1)
    canvas.put(place, at: Point(right, 0), Style(.titleBar))
  }

  // MARK: Text

  private func drawText(in area: Area, on canvas: inout Canvas) {
    let lines = textLines(columns: area.columns)
    let last = max(0, lines.count - area.rows)
    let first = isPinned ? max(0, last - scrollBack) : min(scroll, last)
    for (row, line) in lines.dropFirst(first).prefix(area.rows).enumerated() {
      var x = area.x
      for span in line {
        x = canvas.put(span.text, at: Point(x, area.y + row), span.style, limit: area.end)
      }
    }
    if lines.count > first + area.rows {
      canvas.put(
        language("  ↓ 还有", "  ↓ more").withArrows(viewer.glyphs),
        at: Point(area.x, area.y + area.rows), Style(.selected))
    }
  }

  /// Prose and quizzes up to the first that is open: what stands behind it might give it away.
  private func textLines(columns: Int) -> [[TextFlow.Span]] {
    let prose = ProseLines(columns: columns, evaluator: evaluator, glyphs: viewer.glyphs)
    var lines: [[TextFlow.Span]] = []
    for item in step.items {
      switch item {
      case .prose(let block): lines += prose.lines(block)
      case .quiz(let quiz):
        if quiz.id == openQuiz?.id && reviewed != nil { return lines.dropLast() }
        lines +=
          QuizLines(
            quiz: quiz, state: quizzes[quiz.id] ?? QuizState(), lesson: self, columns: columns,
            isActive: quiz.id == activeQuiz?.id
          ).lines
        if quiz.id == activeQuiz?.id { return lines }
      }
      if item != step.items.last { lines.append([]) }
    }
    return lines
  }

  // MARK: Figure

  private func drawFigure(in area: Area, on canvas: inout Canvas) {
    if step.scene.panes == .change, let comparison {
      ChangeView(
        trace: viewer.trace, comparison: comparison, length: viewer.step.length, area: area,
        language: language, glyphs: viewer.glyphs
      ).draw(on: &canvas)
      return
    }
    let painting = shownPainting
    let runs: [Run] =
      if let painting { [painting.run] } else {
        switch step.scene.panes {
        case .uncached: [.uncached]
        case .cached: [.cached]
        default: [.uncached, .cached]
        }
      }
    RunFigure(
      viewer, area: area, runs: runs, painting: painting,
      counters: step.scene.counters && painting.map { $0.truth != nil } ?? true,
      code: step.scene.code, hidesNext: activeQuiz?.kind == .token
    ).draw(on: &canvas)
  }

  /// The painting that is being made, or the one that was just held against the run; its cells are those of the step that is
  /// asked about, so it is shown there only.
  private var shownPainting: Painting? {
    let id = reviewed ?? activeQuiz?.id
    guard let quiz = step.quizzes.first(where: { $0.id == id }),
      viewer.step.number == quiz.at ?? step.scene.step
    else { return nil }
    return quizzes[quiz.id]?.painting
  }

  private func drawHelp(in area: Area, on canvas: inout Canvas) {
    let lines = [
      ("Enter", language("定答案；往下走", "answer; go on")),
      ("n  b", language("下一屏，上一屏", "next, previous screen")),
      ("Tab", language("提示，一层一层来", "a hint, one after the other")),
      ("s", language("看答案", "show the answer")),
      ("Up Down", language("滚动课文", "scroll the text")),
      ("Left Right", language("场景里前后一步", "step the scene")),
      ("[ ] { }", language("层，头", "layer, head")),
      ("d", language("一步走多远", "how far a step goes")),
      ("i", language("看一格的算式", "a cell's arithmetic")),
      ("t L", language("配色，语言", "theme, language")),
      ("q", language("回目录（进度已存）", "to the menu (progress is kept)")),
    ]
    for (row, line) in lines.enumerated() where row < area.rows {
      canvas.put(" \(line.0) ", at: Point(area.x, area.y + row), Style(.key), limit: area.end)
      canvas.put(line.1, at: Point(area.x + 14, area.y + row), Style(), limit: area.end)
    }
  }

  private func drawFooter(on canvas: inout Canvas) {
    let y = canvas.size.rows - 1
    if let notice {
      canvas.put(
        Sanitiser.clean(notice, ascii: viewer.glyphs == .ascii), at: Point(2, y), Style(.selected))
      return
    }
    let arrows = viewer.glyphs == .full ? "← →" : "< >"
    let isPainting = painting != nil
    let keys: [(String, String)] =
      [("Enter", activeQuiz == nil ? language("继续", "go on") : language("作答", "answer"))]
      + (activeQuiz == nil
        ? [] : [("Tab", language("提示", "hint")), ("s", language("看答案", "show"))])
      + [
        ("n", language("下一屏", "next")), ("b", language("上一屏", "back")),
        (arrows, isPainting ? language("移动", "move") : language("走一步", "step")),
        ("?", language("帮助", "help")), ("q", language("目录", "menu")),
      ]
    var x = 1
    for (key, label) in keys {
      let columns = ScalarWidth.of(key) + ScalarWidth.of(label) + 5
      guard x + columns < canvas.size.columns else { return }
      x = canvas.put(" \(key) ", at: Point(x, y), Style(.key)) + 1
      x = canvas.put(label, at: Point(x, y), Style(.text)) + 2
    }
  }
}

extension String {
  fileprivate func withArrows(_ glyphs: GlyphSet) -> String {
    glyphs == .full ? self : String(map { $0 == "↓" ? "v" : $0 })
  }
}
