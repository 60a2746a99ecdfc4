internal import Base
internal import Classroom
internal import Lessons
internal import Trace
internal import Viz

/// The screen of who follows a presentation.
struct FollowView {
  let state: FollowState

  private var language: Language { state.language }
  private var glyphs: GlyphSet { state.glyphs }
  private var mirror: Mirror { state.mirror }

  /// The frame at a size.
  func canvas(_ size: Size) -> Canvas {
    state.frame(size, title: drawTitle) { canvas in
      drawBody(on: &canvas)
      drawFooter(on: &canvas)
    }
  }

  private func drawBody(on canvas: inout Canvas) {
    guard !state.isBlank else { return drawBlank(on: &canvas) }
    if let cover = state.cover { return draw(cover: cover, on: &canvas) }
    switch mirror.exhibit {
    case .lesson(let lesson): draw(lesson, on: &canvas)
    case .run(let run): draw(run, on: &canvas)
    case nil: drawNothing(on: &canvas)
    }
  }

  /// A blank wall is a blank page: what counts is said in the room.
  private func drawBlank(on canvas: inout Canvas) {
    let area = Area(x: 2, y: 2, columns: canvas.size.columns - 4, rows: canvas.size.rows - 4)
    let sentence = language(
      "老师让投影黑屏了：先看老师。", "The presenter has blanked the wall: look there.")
    canvas.put(
      TextFlow.wrap([TextFlow.Span(glyphs.shown(sentence), Style())], columns: area.columns),
      in: area)
  }

  /// Before the first part and behind the last there is nothing to compute.
  private func draw(cover sentence: String, on canvas: inout Canvas) {
    let area = Area(x: 2, y: 2, columns: canvas.size.columns - 4, rows: canvas.size.rows - 4)
    let text = TextFlow.Span(
      glyphs.shown(String(sentence.prefix(400))), Style(.heading, bold: true))
    canvas.put(TextFlow.wrap([text], columns: area.columns), in: area)
  }

  private func draw(_ run: RunScreen, on canvas: inout Canvas) {
    canvas = run.view(canvas.size, state.look)
    guard let light = state.light, let part = run.state.light(light, canvas.size) else { return }
    canvas.shade(part.area, except: part.lit, glyphs)
  }

  // MARK: Title and footer

  private func drawTitle(on canvas: inout Canvas) {
    let columns = canvas.size.columns
    canvas.fill(Point(0, 0), columns: columns, Style(.titleBar))
    let (marks, style) = mark
    let mark =
      marks.map { " " + glyphs.shown($0) + " " }.first { ScalarWidth.of($0) <= columns - 12 } ?? ""
    let right = columns - ScalarWidth.of(mark)
    canvas.put(mark, at: Point(right, 0), style)
    var x = canvas.put(
      language(" 跟随  ", " following  "), at: Point(0, 0), Style(.titleBar), limit: right)
    for (index, text) in titles.enumerated() {
      let text = glyphs.shown(text)
      guard x + ScalarWidth.of(text) < right else {
        guard index == 0, right - x > 8 else { break }
        let cut = text.fitted(to: right - x - 1 - ScalarWidth.of(glyphs.ellipsis)) + glyphs.ellipsis
        canvas.put(cut, at: Point(x, 0), Style(.titleBar), limit: right)
        break
      }
      x =
        canvas.put(
          text, at: Point(x, 0), Style(index == 0 ? .titleBar : .titleBarDim), limit: right)
        + 2
    }
  }

  /// What is shown, the first of them in full weight.
  private var titles: [String] {
    guard !state.isHelp else { return [language("帮助", "help")] }
    guard state.cover == nil else { return [] }
    switch mirror.exhibit {
    case .lesson(let lesson): return [lesson.lesson.title, lesson.step.title]
    case .run(let run): return [run.state.trace.model.name]
    case nil: return []
    }
  }

  /// Where one is beside the presenter, the first that fits.
  private var mark: ([String], Style) {
    if mirror.absence != nil {
      return mirror.document == nil
        ? (
          [language("等演示开始", "waiting for it to begin")],
          Style(.selected, bold: true, reversed: true)
        )
        : mirror.hasEnded
          ? (
            [language("演示结束了", "the presentation has ended"), language("结束", "ended")],
            Style(.selected, bold: true, reversed: true)
          )
          : (
            [
              language("演示断开了，正在重连", "the presentation is gone; reconnecting"),
              language("断开，重连中", "gone; reconnecting"),
            ], Style(.wrong, bold: true, reversed: true)
          )
    }
    guard let place = mirror.document?.place else { return ([], Style(.titleBar)) }
    if state.isAway {
      let theirs =
        mirror.isAtHand
        ? language("老师在第 \(place.step) 步", "presenter at step \(place.step)")
        : language("老师在别处", "presenter elsewhere")
      return (
        [
          language(
            "你在随便看 \(glyphs.dot) \(theirs) \(glyphs.dot) Enter 回去",
            "looking around \(glyphs.dot) \(theirs) \(glyphs.dot) Enter returns"),
          language("随便看 \(glyphs.dot) \(theirs)", "looking around \(glyphs.dot) \(theirs)"), theirs,
        ], Style(.selected, bold: true, reversed: true)
      )
    }
    if state.isBlank {
      return (
        [language("投影黑屏", "the wall is blank"), language("黑屏", "blank")],
        Style(.selected, bold: true, reversed: true)
      )
    }
    guard state.cover == nil else {
      return ([language("跟着老师", "with the presenter")], Style(.titleBar))
    }
    guard let viewer = mirror.exhibit?.viewer, viewer.hasStep else { return ([], Style(.titleBar)) }
    let steps = "\(viewer.moment.step)/\(viewer.knownSteps)"
    return (
      [
        language(
          "跟着老师 \(glyphs.dot) 第 \(steps) 步", "with the presenter \(glyphs.dot) step \(steps)"),
        steps,
      ],
      Style(.titleBar)
    )
  }

  private func drawFooter(on canvas: inout Canvas) {
    let bottom = canvas.size.rows - 1
    if case .jump(let digits)? = mirror.exhibit?.viewer.mode {
      guard let viewer = mirror.exhibit?.viewer, mirror.exhibit?.lesson != nil else { return }
      JumpLine(viewer: viewer, digits: digits).draw(y: bottom, on: &canvas)
      return
    }
    canvas.fill(Point(0, bottom), columns: canvas.size.columns, Style())
    var state = state
    state.notice = state.notice ?? awaiting
    state.drawFooter(on: &canvas)
  }

  /// What is being computed towards, while it is.
  private var awaiting: String? {
    guard let viewer = mirror.exhibit?.viewer, viewer.hasStep, let awaited = viewer.awaited else {
      return nil
    }
    return language(
      "正在计算第 \(awaited.step) 步，已到第 \(viewer.trace.steps.count) 步…",
      "computing step \(awaited.step), at \(viewer.trace.steps.count)…")
  }

  // MARK: Nothing to see

  private func drawNothing(on canvas: inout Canvas) {
    let columns = canvas.size.columns - 4
    var lines: [[TextFlow.Span]] = []
    func say(_ text: String, _ style: Style = Style()) {
      lines += TextFlow.wrap([TextFlow.Span(glyphs.shown(text), style)], columns: columns) + [[]]
    }
    if let failure = mirror.failure {
      say(failure.sentence(language), Style(.wrong))
    } else if let absence = mirror.absence {
      say(absence.sentence(language))
      say(
        language("演示一开始，这里就会自己出现。", "It appears here by itself as soon as it begins."), Style(.dim))
    } else {
      say(language("正在打开老师那里的画面…", "opening what the presenter shows…"), Style(.dim))
    }
    if let document = mirror.document, mirror.failure != nil {
      if let question = document.question {
        lines += QuestionText(question, nil, state.look).lines(columns: columns)
      } else {
        say(String(document.sentence.prefix(400)))
      }
    }
    let area = Area(x: 2, y: 2, columns: columns, rows: canvas.size.rows - 4)
    canvas.put(lines, in: area)
  }

  // MARK: A lesson

  private func layout(_ lesson: LessonState, _ size: Size) -> LessonLayout {
    lesson.layout(size) { lines(lesson, columns: $0) }
  }

  private func draw(_ lesson: LessonState, on canvas: inout Canvas) {
    let layout = layout(lesson, canvas.size)
    if !layout.isStacked {
      for y in 1..<canvas.size.rows - 1 {
        canvas.put(glyphs.divider, at: Point(layout.text.end + 1, y), Style(.dim))
      }
    }
    lesson.drawFigure(in: layout.figure, on: &canvas)
    if let light = state.light, lesson.changeView == nil {
      canvas.shade(
        layout.figure, except: lesson.figure(in: layout.figure).lit(light), glyphs)
    }
    let lines = lines(lesson, columns: layout.text.columns)
    let last = max(0, lines.count - layout.text.rows)
    let first = first(of: lesson, last)
    canvas.put(Array(lines.dropFirst(first)), in: layout.text)
    let below = max(0, lines.count - first - layout.text.rows)
    if layout.isStacked {
      drawMark(above: first, below: below, at: layout.marks.below, on: &canvas)
    } else {
      drawMark(above: first, below: 0, at: layout.marks.above, on: &canvas)
      drawMark(above: 0, below: below, at: layout.marks.below, on: &canvas)
    }
  }

  /// Lines of text that do not fit at a size.
  func hiddenLines(_ size: Size) -> Int {
    let smallest = LessonLayout.smallest
    guard let lesson = mirror.exhibit?.lesson, size.columns >= smallest.columns,
      size.rows >= smallest.rows
    else { return 0 }
    let area = layout(lesson, size).text
    return max(0, lines(lesson, columns: area.columns).count - area.rows)
  }

  /// The line on top: a question is read from its end, a text from its beginning.
  private func first(of lesson: LessonState, _ last: Int) -> Int {
    mirror.question == nil
      ? min(last, state.textScroll) : max(0, last - state.textScroll)
  }

  private func drawMark(above: Int, below: Int, at end: Point, on canvas: inout Canvas) {
    guard let mark = state.look.scrollMark(above: above, below: below) else { return }
    let text = " " + mark
    canvas.put(
      text, at: Point(end.x - ScalarWidth.of(text), end.y), Style(.selected), limit: end.x)
  }

  /// The lesson's text up to the question that is held: what stands behind it might give it away.
  private func lines(_ lesson: LessonState, columns: Int) -> [[TextFlow.Span]] {
    let prose = ProseLines(columns: columns, evaluator: lesson.evaluator, glyphs: glyphs)
    let held = mirror.isAtHand ? lesson.quiz(mirror.question) : nil
    var lines: [[TextFlow.Span]] = []
    for item in lesson.step.items {
      var block: [[TextFlow.Span]] = []
      var ends = false
      switch item {
      case .prose(let text): block = prose.lines(text)
      case .quiz(let quiz):
        let isOpen = lesson.quizzes[quiz.id]?.outcome ?? .open == .open
        if quiz.id == held?.id, let question = mirror.question {
          block = QuestionText(question, lesson, state.look).lines(columns: columns)
          if isOpen { ends = true } else { block += [[]] + why(quiz, lesson, columns) }
        } else if isOpen {
          ends = true
        } else {
          block =
            QuizLines(
              quiz: quiz, state: lesson.quizzes[quiz.id] ?? QuizState(), lesson: lesson,
              columns: columns, isActive: false, hasKeys: false
            ).lines
        }
      }
      if !lines.isEmpty, !block.isEmpty { lines.append([]) }
      lines += block
      if ends { break }
    }
    return lines
  }

  private func why(_ quiz: Quiz, _ lesson: LessonState, _ columns: Int) -> [[TextFlow.Span]] {
    TextFlow.wrap([TextFlow.Span(lesson.plain(quiz.why, of: quiz), Style())], columns: columns)
  }
}

/// The line in which a step's number is typed, where the foot of the screen has it.
struct JumpLine {
  let viewer: ViewerState
  let digits: String

  func draw(y: Int, on canvas: inout Canvas) {
    canvas.fill(Point(0, y), columns: canvas.size.columns, Style())
    let last = viewer.knownSteps
    var x = canvas.put(
      viewer.look.language("跳到第几步（1 至 \(last)）？", "Go to which step (1 to \(last))?"),
      at: Point(2, y), Style(.heading))
    x = canvas.put(digits + "_", at: Point(x + 1, y), Style(.selected, reversed: true))
    canvas.put(
      ViewerKeys.jump.line(viewer.look, gap: "  "), at: Point(x + 2, y), Style(.dim),
      limit: canvas.size.columns)
  }
}
