internal import Base
internal import Lessons
internal import Planner
internal import Trace
internal import Viz

/// Beside the lists: what the selected line is for, its picture, and where one stopped.
struct HomePanel {
  let state: HomeState
  let area: Area
  /// Whether there is room for more than the picture and a line above it.
  let isTall: Bool
  /// Whether the list has no room for what was answered.
  var saysScore = false

  private var language: Language { state.language }
  private var glyphs: GlyphSet { state.glyphs }

  /// A line of text in shorter and shorter wordings, with the role of its first word's columns.
  struct Line {
    var name = ""
    var wordings: [String] = [""]
    var role = Role.text
  }

  func draw(on canvas: inout Canvas) {
    let head = head
    for (row, line) in head.enumerated() { draw(line, y: area.y + row, on: &canvas) }
    let rows = area.rows - head.count
    let foot = foot(rows: rows)
    let room = Area(
      x: area.x, y: area.y + head.count, columns: area.columns, rows: max(0, rows - foot.count))
    let used = drawPicture(in: room, on: &canvas)
    let footY = min(area.y + area.rows - foot.count, room.y + used + (used > 0 ? 1 : 0))
    for (row, line) in foot.enumerated() { draw(line, y: footY + row, on: &canvas) }
  }

  private func draw(_ line: Line, y: Int, on canvas: inout Canvas) {
    var x = area.x
    let least = line.wordings.map { ScalarWidth.of(glyphs.shown($0)) }.min() ?? 0
    // A name says nothing without what it names.
    if !line.name.isEmpty, x + ScalarWidth.of(line.name) + 2 + least <= end {
      x = state.put([line.name], at: Point(x, y), Style(.dim), limit: end, on: &canvas) + 2
    }
    let bold = line.role == .heading
    state.put(line.wordings, at: Point(x, y), Style(line.role, bold: bold), limit: end, on: &canvas)
  }

  private var end: Int { area.x + area.columns }

  // MARK: Words

  /// What stands above the picture.
  private var head: [Line] {
    let blank = isTall && area.rows >= 12 ? [Line()] : []
    if state.isReviewing {
      return [Line(wordings: [language("再答一次", "to be asked again")], role: .heading)] + blank
    }
    if let tool = state.tool {
      return [Line(wordings: [tool.title(language)], role: .heading)] + blank
    }
    guard let entry = state.entry else { return [] }
    if isTall {
      let facts = language(
        "约 \(entry.minutes) 分钟 · \(entry.steps) 屏", "\(entry.minutes) min · \(entry.steps) screens")
      let title = "\(entry.number)  \(entry.title)"
      return [Line(wordings: ["\(title)   \(facts)", title], role: .heading)] + blank
    }
    guard !entry.outcome.isEmpty else { return [] }
    let outcome = language("学完你能\(entry.outcome)", "you will \(entry.outcome)")
    return [Line(wordings: [outcome, entry.outcome], role: .heading)]
  }

  /// What stands below the picture, as much as leaves it its rows.
  private func foot(rows: Int) -> [Line] {
    if state.isReviewing { return dueLines(rows: rows) }
    guard let entry = state.entry else { return story(rows: rows) }
    let (abilities, remembered) = (abilities(entry), remembered(entry))
    let gap = abilities.isEmpty || remembered.isEmpty ? [] : [Line()]
    let least = leastPicture
    let all = abilities + gap + remembered
    if rows - all.count - 1 >= max(least, Self.roomyPicture) { return all }
    let free = max(0, rows - least)
    return (free > remembered.count ? legend : []) + remembered.prefix(free)
  }

  /// What the marks of the picture say, in a line; on a tall screen the lists have a legend below them.
  private var legend: [Line] {
    guard !isTall, case .run? = state.picture else { return [] }
    let (new, read, masked) = (glyphs.computed, glyphs.read, glyphs.masked)
    return [
      Line(
        wordings: [
          language(
            "\(new) 新算   \(read) 读缓存   \(masked) 掩码遮住",
            "\(new) computed   \(read) from cache   \(masked) masked"),
          language(
            "\(new) 新算 \(read) 读缓存 \(masked) 掩码", "\(new) new  \(read) cached  \(masked) masked"),
          "",
        ], role: .dim)
    ]
  }

  /// Lines without which something of the picture is out of view.
  private var leastPicture: Int {
    let room = Area(x: 0, y: 0, columns: area.columns, rows: 1)
    guard case .run(let trace, let step)? = state.picture else { return 0 }
    return preview(trace, step, in: room)?.leastRows ?? 0
  }

  private static let roomyPicture = 14
  private static let leastToolPicture = 8

  private func abilities(_ entry: HomeState.Entry) -> [Line] {
    guard !entry.abilities.isEmpty else { return [] }
    return [Line(wordings: [language("学完你能", "afterwards you can")], role: .heading)]
      + entry.abilities.map { Line(wordings: ["- " + $0]) }
  }

  /// Where the learner stopped, and what is worth another look.
  private func remembered(_ entry: HomeState.Entry) -> [Line] {
    var lines: [Line] = []
    if saysScore {
      let score = entry.score(language)
      let isAnswered = entry.isDone || entry.answered > 0
      lines.append(
        Line(wordings: isAnswered ? [score + language("", " at once"), score] : [score]))
    }
    if let place = entry.place {
      let at = language(
        "停在第 \(place.number)/\(entry.steps) 屏",
        "stopped at screen \(place.number) of \(entry.steps)")
      let full = language("\(at)「\(place.title)」", "\(at), \"\(place.title)\"")
      let short = language(
        "第 \(place.number)/\(entry.steps) 屏", "screen \(place.number) of \(entry.steps)")
      lines.append(
        Line(name: language("上次", "last"), wordings: [full, at, short], role: .text))
    }
    if let review = review(entry) {
      lines.append(Line(name: language("复习", "review"), wordings: review, role: .text))
    }
    return lines
  }

  /// Questions whose answer was shown, of this lesson, else of the first that has any.
  private func review(_ entry: HomeState.Entry) -> [String]? {
    let others = entry.missed.isEmpty ? state.entries.filter { !$0.missed.isEmpty } : [entry]
    guard let lesson = others.first, let title = lesson.missed.first else { return nil }
    let count = lesson.missed.count
    let what =
      lesson.id == entry.id
      ? language("有 \(count) 题没答上", "\(count) not answered")
      : language(
        "第 \(lesson.number) 课有 \(count) 题没答上", "lesson \(lesson.number): \(count) not answered")
    let short = language("第 \(lesson.number) 课", "lesson \(lesson.number)")
    return [language("\(what)：「\(title)」", "\(what): \"\(title)\""), what, short]
  }

  /// The questions that are due, by their screens, as many as there is room for.
  private func dueLines(rows: Int) -> [Line] {
    let shown = state.due.count > rows ? max(0, rows - 1) : state.due.count
    let lines = state.due.prefix(shown).map { place in
      let lesson = language("第 \(place.number) 课", "lesson \(place.number)")
      let whole = "\(lesson)  \(place.title)"
      let room = area.columns - ScalarWidth.of(glyphs.ellipsis)
      let begun = glyphs.shown(whole).fitted(to: room) + glyphs.ellipsis
      // Of a title a word or two say which it is.
      let least = ScalarWidth.of(lesson) + 12
      return Line(wordings: [whole] + (room >= least ? [begun] : []) + [lesson, place.number])
    }
    guard shown < state.due.count, rows > 0 else { return lines }
    let rest = state.due.count - shown
    return lines + [
      Line(wordings: [language("还有 \(rest) 题", "and \(rest) more"), "+\(rest)"], role: .dim)
    ]
  }

  /// What one turns and sees in a tool.
  private func story(rows: Int) -> [Line] {
    guard let tool = state.tool else { return [] }
    let words = (tool.story ?? tool.summary)(language)
    let lines = glyphs.shown(words).wrapped(to: area.columns)
      .map { Line(wordings: [$0]) }
    let most = state.picture == nil ? rows : rows - max(Self.leastToolPicture, leastPicture)
    return lines.count <= most ? lines : []
  }

  // MARK: The picture

  /// Draws the picture of the selected line; returns the rows that it took.
  private func drawPicture(in room: Area, on canvas: inout Canvas) -> Int {
    guard room.rows > 0 else { return 0 }
    switch state.picture {
    case nil: return 0
    case .run(let trace, let step): return drawRun(trace, step, in: room, on: &canvas)
    case .planner(let planner): return drawPlanner(planner, in: room, on: &canvas)
    case .growth(let start, let growth): return drawGrowth(start, growth, in: room, on: &canvas)
    case .recordings(let files): return drawRecordings(files, in: room, on: &canvas)
    case .screen(let frame): return draw(frame, in: room, on: &canvas)
    case .nothing(let why):
      let lines = (why[language] ?? "").wrapped(to: room.columns).prefix(room.rows)
      for (row, line) in lines.enumerated() {
        state.put([line], at: Point(room.x, room.y + row), Style(.dim), limit: end, on: &canvas)
      }
      return lines.count
    }
  }

  private func drawRun(
    _ trace: Trace, _ step: Int, in room: Area, on canvas: inout Canvas
  ) -> Int {
    // Below the picture stands how many cells it has, where nothing of it is lost by that.
    var inner = room
    inner.rows -= 2
    let counted = isTall ? preview(trace, step, in: inner) : nil
    let fits = counted.map { $0.leastRows <= inner.rows } ?? false
    guard let preview = fits ? counted : preview(trace, step, in: room) else { return 0 }
    preview.draw(on: &canvas)
    guard fits else { return preview.rows }
    state.put(
      counts(trace.step(step)), at: Point(room.x, room.y + preview.rows + 1), Style(.text),
      limit: end, on: &canvas)
    return preview.rows + 2
  }

  /// The cells that were computed in the step, as they were counted.
  private func counts(_ step: Step) -> [String] {
    func cells(_ run: Run) -> String? {
      let lane = run == .uncached ? step.uncached : step.cached
      return lane.sums.cells.map {
        run == .uncached
          ? language("不用缓存 \($0) 格", "\($0) cells without")
          : language("用缓存 \($0) 格", "\($0) with the cache")
      }
    }
    let counted = panes.compactMap(cells).joined(separator: language("，", ", "))
    return [language("这一步一个头的 QKᵀ：\(counted)", "QKᵀ of a head in this step: \(counted)"), counted]
  }

  /// The step as the lesson's scene has it; of the free run with both panes.
  private func preview(_ trace: Trace, _ step: Int, in room: Area) -> RunPreview? {
    guard trace.steps.count >= step, step > 0 else { return nil }
    let scene = state.entry?.scene
    var viewer = ViewerState(
      trace: trace, longest: trace.step(step).length, look: state.look)
    viewer.open(
      step: step, layer: (scene?.layer ?? 1) - 1, head: (scene?.head ?? 1) - 1, depth: .token,
      cell: nil)
    return RunPreview(viewer, runs: panes, area: room)
  }

  /// The panes of the lesson's scene.
  private var panes: [Run] {
    switch state.entry?.scene.panes {
    case .uncached: [.uncached]
    case .cached: [.cached]
    default: [.uncached, .cached]
    }
  }

  private func drawPlanner(
    _ planner: PlannerState, in room: Area, on canvas: inout Canvas
  ) -> Int {
    var planner = planner
    planner.look = state.look
    // On a large screen the card is tall enough to be seen from afar.
    let rows = min(room.rows, max(8, room.rows * 2 / 5))
    let card = Area(x: room.x, y: room.y + 2, columns: room.columns, rows: rows - 2)
    guard rows >= 4, let drawing = PlannerCard(planner, card) else { return 0 }
    let question = planner.question
    let title = "\(question.model.title) · \(planner.card.title)"
    state.put([title], at: Point(room.x, room.y), Style(.text), limit: end, on: &canvas)
    state.put(
      [
        language(
          "\(question.batch) 个请求，各 \(planner.context) 个词元：算出来的，没有运行",
          "\(question.batch) requests of \(planner.context) tokens: worked out, not run"),
        language("算出来的，没有运行", "worked out, not run"),
      ], at: Point(room.x, room.y + 1), Style(.dim), limit: end, on: &canvas)
    drawing.draw(on: &canvas)
    return rows
  }

  private func drawGrowth(
    _ start: GrowthStart, _ growth: Growth, in room: Area, on canvas: inout Canvas
  ) -> Int {
    var state = GrowthState(start, look: state.look)
    state.receive(growth)
    guard let last = growth.measured.last,
      let sums = SquareSums(last.uncached.total, last.cached.total)
    else { return 0 }
    let rows = min(room.rows, 26)
    GrowthPiles(state, sums, last, planned: last).draw(
      in: Area(x: room.x, y: room.y, columns: room.columns, rows: rows), on: &canvas)
    return rows
  }

  /// A tool's frame without its title and its keys.
  private func draw(_ frame: Canvas, in room: Area, on canvas: inout Canvas) -> Int {
    let rows = min(room.rows, frame.size.rows - 2)
    for y in 0..<max(0, rows) {
      for (x, cell) in frame.row(y + 1).enumerated() where cell.width > 0 && cell != .blank {
        canvas.put(cell.text, at: Point(room.x + x, room.y + y), cell.style, limit: end)
      }
    }
    return rows
  }

  private func drawRecordings(
    _ files: [RecordingEntry], in room: Area, on canvas: inout Canvas
  ) -> Int {
    guard !files.isEmpty else {
      state.put(
        [language("还没有录像", "none yet")], at: Point(room.x, room.y), Style(.dim), on: &canvas)
      return 1
    }
    for (row, file) in files.prefix(room.rows).enumerated() {
      state.put(
        file.wordings(language, glyphs), at: Point(room.x, room.y + row), Style(.text), limit: end,
        on: &canvas)
    }
    return min(files.count, room.rows)
  }
}

extension HomeState {
  /// What there is to be seen of the selected line; nil while nothing is there.
  var picture: HomeAnswer.Picture? { pictureQuestion.flatMap { pictures[$0] } }
}
