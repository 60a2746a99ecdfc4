internal import Base
internal import Classroom
internal import Lessons
internal import Trace
internal import Viz

/// Where the notes' parts go: side by side, or a page each where the screen is small.
struct NotesLayout {
  let text: Area
  /// A page of its own for what has no room beside the text.
  let page: Area
  /// The pictures and the plan; nil where they have pages of their own.
  let side: Area?

  /// From here on there is room for all at once.
  static func isWide(_ size: Size) -> Bool { size.columns >= 90 && size.rows >= 20 }

  init(_ size: Size) {
    let rows = size.rows - 4
    page = Area(x: 2, y: 1, columns: size.columns - 4, rows: size.rows - 3)
    guard Self.isWide(size) else {
      let top = size.rows >= 20 ? 2 : 1
      text = Area(x: 2, y: top, columns: size.columns - 4, rows: size.rows - 2 - top)
      side = nil
      return
    }
    let columns = size.columns * 60 / 100
    text = Area(x: 2, y: 2, columns: columns - 4, rows: rows)
    side = Area(x: columns + 2, y: 2, columns: size.columns - columns - 4, rows: size.rows - 3)
  }
}

/// The presenter's second terminal.
struct NotesView {
  let state: NotesState

  private var language: Language { state.language }
  private var glyphs: GlyphSet { state.glyphs }
  private var mirror: Mirror { state.mirror }

  /// The frame at a size.
  func canvas(_ size: Size) -> Canvas {
    state.frame(size, title: drawTitle) { canvas in
      draw(NotesLayout(size), on: &canvas)
      drawFoot(on: &canvas)
    }
  }

  private func draw(_ layout: NotesLayout, on canvas: inout Canvas) {
    guard mirror.document != nil else { return drawWaiting(in: layout.text, on: &canvas) }
    guard let side = layout.side else {
      switch state.page {
      case .notes: drawText(in: layout.text, on: &canvas)
      case .pictures:
        // Nothing is scrolled away there that a mark would have to say.
        var area = layout.page
        area.rows += 1
        NotesPictures(state: state).draw(in: area, on: &canvas)
      case .plan: NotesPlan(state: state).draw(in: layout.page, on: &canvas)
      }
      return
    }
    for y in 1..<canvas.size.rows - 1 {
      canvas.put(glyphs.divider, at: Point(side.x - 2, y), Style(.dim))
    }
    drawText(in: layout.text, on: &canvas)
    let plan = NotesPlan(state: state)
    let planRows = min(plan.wantedRows, max(4, side.rows / 3))
    NotesPictures(state: state).draw(
      in: Area(x: side.x, y: side.y, columns: side.columns, rows: side.rows - planRows - 1),
      on: &canvas)
    plan.draw(
      in: Area(
        x: side.x, y: side.y + side.rows - planRows, columns: side.columns, rows: planRows),
      on: &canvas)
  }

  /// The keys; or how counts are typed, and the field, in the last rows.
  private func drawFoot(on canvas: inout Canvas) {
    guard let field = state.field, let ballots = state.ballots else {
      return state.drawFooter(on: &canvas)
    }
    let (columns, rows) = (canvas.size.columns, canvas.size.rows)
    let guide = language("举手人数：", "Hands: ") + HandCounts.guide(ballots, language)
    let lines = [(state.notice, Style(.wrong, bold: true)), (guide, Style(.heading))]
      .flatMap { text, style in
        text.map {
          TextFlow.wrap([TextFlow.Span(glyphs.shown($0), style)], columns: columns - 2)
        } ?? []
      }
    let top = rows - 1 - lines.count
    canvas.fill(Point(0, top), columns: columns, rows: rows - top, Style())
    canvas.put(lines, in: Area(x: 1, y: top, columns: columns - 2, rows: lines.count))
    FieldLine(field: field, glyphs: glyphs, hints: state.keysNow.hints(state.look))
      .draw(on: &canvas)
  }

  // MARK: The title

  private func drawTitle(on canvas: inout Canvas) {
    let columns = canvas.size.columns
    canvas.fill(Point(0, 0), columns: columns, Style(.titleBar))
    var right = columns
    let (mark, style) = mark
    for (text, style) in [(times, Style(.titleBar, bold: true)), (mark, style)] {
      guard
        let text = text.map({ " " + glyphs.shown($0) + " " })
          .first(where: { right - ScalarWidth.of($0) >= 10 })
      else { continue }
      right -= ScalarWidth.of(text)
      canvas.put(text, at: Point(right, 0), style)
    }
    let x = canvas.put(
      language(" 讲稿  ", " notes  "), at: Point(0, 0), Style(.titleBar), limit: right)
    let room = right - x - 1
    let title = titles.map(glyphs.shown).first { ScalarWidth.of($0) <= room }
    if let title { canvas.put(title, at: Point(x, 0), Style(.titleBar), limit: right) }
  }

  /// What is on the wall, the longest first.
  private var titles: [String] {
    if state.isHelp { return [language("帮助", "help")] }
    if mirror.cover != nil { return [mirror.document?.sentence ?? ""] }
    guard let viewer = mirror.exhibit?.viewer, viewer.hasStep else { return [] }
    let step = language("第 \(viewer.moment.step) 步", "step \(viewer.moment.step)")
    guard let lesson = mirror.exhibit?.lesson else { return [step] }
    let place = place(lesson)
    return [
      lesson.lesson.title + " \(glyphs.dot) " + place + " \(glyphs.dot) " + step,
      lesson.lesson.title + " \(glyphs.dot) " + place, place + " \(glyphs.dot) " + step, place,
    ]
  }

  /// Which screen of those that the lecture shows; of all of the lesson's where nobody says what of it is shown.
  private func place(_ lesson: LessonState) -> String {
    let backstage = state.backstage
    let screen = backstage?.screen ?? lesson.index + 1
    let screens = backstage?.screens ?? lesson.lesson.steps.count
    return language("第 \(screen)/\(screens) 屏", "screen \(screen)/\(screens)")
  }

  /// That the wall is blank, or the presentation gone.
  private var mark: ([String], Style) {
    let loud = Style(.wrong, bold: true, reversed: true)
    if mirror.absence != nil {
      return mirror.document == nil
        ? ([language("等演示开始", "waiting")], Style(.selected, bold: true, reversed: true))
        : mirror.hasEnded
          ? (
            [language("演示结束了", "has ended"), language("结束", "ended")],
            Style(.selected, bold: true, reversed: true)
          )
          : ([language("演示断开，正在重连", "gone; reconnecting"), language("断开", "gone")], loud)
    }
    if mirror.isBlank {
      return ([language("投影黑屏", "wall is blank")], Style(.selected, bold: true, reversed: true))
    }
    return ([], Style(.titleBar))
  }

  /// The time of day, the timer, and how long the part has taken of what is planned.
  private var times: [String] {
    let clock = state.time?.text
    var timer: String?
    if let seconds = state.backstage?.timer {
      timer =
        seconds == 0
        ? language("时间到", "time is up") : language("计时 ", "timer ") + Self.clock(seconds)
    }
    var part: String?
    if let backstage = state.backstage, backstage.items.indices.contains(backstage.item) {
      let item = backstage.items[backstage.item]
      part =
        language("本课 ", "part ") + Self.clock(item.seconds)
        + (item.minutes.map { " / \($0):00" } ?? "")
    }
    var whole: String?
    if let backstage = state.backstage, let minutes = backstage.minutes {
      whole = language(
        "全课 \(backstage.seconds / 60) / \(minutes) 分",
        "all \(backstage.seconds / 60) / \(minutes) min")
    }
    let all = [
      [timer, part, whole, clock], [timer, part, clock], [timer, whole, clock], [timer, clock],
      [clock], [timer],
    ]
    return all.map { $0.compactMap { $0 }.joined(separator: "   ") }.filter { !$0.isEmpty }
  }

  static func clock(_ seconds: Int) -> String {
    "\(seconds / 60):" + (seconds % 60 < 10 ? "0" : "") + "\(seconds % 60)"
  }

  // MARK: The text

  private func drawWaiting(in area: Area, on canvas: inout Canvas) {
    let sentence =
      mirror.absence == nil
      ? language("正在找演示…", "looking for the presentation…")
      : language(
        "还没有演示：在另一个终端里用 kvtui present 开始，这里会自己接上。",
        "There is no presentation yet: begin one with kvtui present on another terminal, and it appears here by itself."
      )
    var text = area
    text.y = max(2, area.y)
    canvas.put(
      TextFlow.wrap([TextFlow.Span(glyphs.shown(sentence), Style())], columns: area.columns),
      in: text)
  }

  private func drawText(in area: Area, on canvas: inout Canvas) {
    let lines = lines(columns: area.columns)
    let first = min(state.scroll, max(0, lines.count - area.rows))
    canvas.put(Array(lines.dropFirst(first)), in: area)
    let below = max(0, lines.count - first - area.rows)
    guard let mark = state.look.scrollMark(above: first, below: below) else { return }
    let text = " " + mark
    canvas.put(
      text, at: Point(area.end - ScalarWidth.of(text), canvas.size.rows - 2), Style(.selected))
  }

  /// Lines of text that do not fit at a size.
  func hiddenLines(_ size: Size) -> Int {
    let area = NotesLayout(size).text
    return max(0, lines(columns: area.columns).count - area.rows)
  }

  /// The question and what came of it, then the notes.
  private func lines(columns: Int) -> [[TextFlow.Span]] {
    func text(_ text: String, _ style: Style = Style()) -> [[TextFlow.Span]] {
      TextFlow.wrap([TextFlow.Span(glyphs.shown(text), style)], columns: columns)
    }
    var lines: [[TextFlow.Span]] = []
    if let failure = mirror.failure {
      lines += text(failure.sentence(language), Style(.wrong)) + [[]]
    }
    if let held = mirror.question, let backstage = state.backstage {
      lines +=
        VoteReport(held, backstage, mirror.isAtHand ? mirror.exhibit?.lesson : nil, state.look)
        .lines(columns: columns) + [[]]
    }
    if state.backstage == nil {
      lines += text(
        language(
          "这里不是演示者自己的套接字，看不到讲稿。", "This is not the presenter's own socket: there are no notes."),
        Style(.dim))
      return lines
    }
    lines += text(language("讲稿", "Notes"), Style(.heading, bold: true))
    let notes = notes
    if notes.isEmpty {
      lines += text(language("这一屏没有讲稿。", "This screen has no notes."), Style(.dim))
    }
    for note in notes {
      let wrapped = TextFlow.wrap(
        [TextFlow.Span(glyphs.shown(note), Style())], columns: columns - 2)
      lines += wrapped.enumerated().map { index, line in
        [TextFlow.Span(index == 0 ? "- " : "  ", Style(.dim))] + line
      }
    }
    return lines
  }

  /// What is to be said of the screen, else of the part; of the screen as the lesson here has it, where it is read in another language than
  /// the wall's.
  private var notes: [String] {
    if mirror.cover == nil, mirror.document?.language != language, mirror.isAtHand,
      let own = mirror.exhibit?.lesson?.notes, !own.isEmpty
    {
      return own
    }
    return state.backstage?.notes ?? []
  }
}

extension Backstage {
  /// Minutes that are planned for a lecture of several parts; nil where none are.
  fileprivate var minutes: Int? {
    let planned = items.compactMap(\.minutes)
    guard items.count > 1, !planned.isEmpty else { return nil }
    return planned.reduce(0) { $0.addingReportingOverflow($1).partialValue }
  }

  /// Seconds that all parts took.
  fileprivate var seconds: Int {
    items.reduce(0) { $0.addingReportingOverflow($1.seconds).partialValue }
  }
}
