internal import Base
internal import Classroom
internal import Lessons
internal import Trace
internal import Viz

/// What is on the wall and what comes next, small: both are computed here.
struct NotesPictures {
  let state: NotesState

  private var language: Language { state.language }
  private var glyphs: GlyphSet { state.glyphs }

  /// A picture with its words.
  private struct Picture {
    let title: String
    let note: String
    let lesson: LessonState?
    let viewer: ViewerState?
  }

  /// Draws as much as there is room for.
  func draw(in area: Area, on canvas: inout Canvas) {
    let isBeside = area.columns >= 100
    let pictures = [wall, next].compactMap { $0 }
    if isBeside {
      let columns = area.columns / 2 - 1
      for (index, picture) in pictures.enumerated() {
        draw(
          picture,
          in: Area(
            x: area.x + index * (columns + 2), y: area.y, columns: columns, rows: area.rows),
          on: &canvas)
      }
      return
    }
    var rest = area
    for (index, picture) in pictures.enumerated() {
      let rows = index == pictures.count - 1 ? rest.rows : rest.rows / 2
      let used = draw(
        picture, in: Area(x: rest.x, y: rest.y, columns: rest.columns, rows: rows), on: &canvas)
      rest.y += used + 1
      rest.rows -= used + 1
    }
  }

  @discardableResult
  private func draw(_ picture: Picture, in area: Area, on canvas: inout Canvas) -> Int {
    guard area.rows > 0 else { return 0 }
    let x = canvas.put(
      glyphs.shown(picture.title) + "  ", at: Point(area.x, area.y), Style(.heading, bold: true),
      limit: area.end)
    let note = glyphs.shown(picture.note)
    let room = area.end - x
    if room > 3 {
      let fits = ScalarWidth.of(note) <= room
      canvas.put(
        fits ? note : note.fitted(to: room - ScalarWidth.of(glyphs.ellipsis)) + glyphs.ellipsis,
        at: Point(x, area.y), Style(.dim), limit: area.end)
    }
    let room2 = Area(x: area.x, y: area.y + 1, columns: area.columns, rows: area.rows - 1)
    guard let viewer = picture.viewer, viewer.hasStep, room2.rows >= 4 else { return 1 }
    if let lesson = picture.lesson, lesson.step.scene.tool != nil {
      guard lesson.toolScreen != nil else { return 1 }
      lesson.drawTool(in: room2, on: &canvas)
      return area.rows
    }
    if let change = picture.lesson?.changeView {
      change.draw(in: room2, on: &canvas)
      return 1 + min(room2.rows, change.wantedRows)
    }
    var state = viewer
    state.closeCell()
    let preview = RunPreview(state, runs: runs(picture.lesson), area: room2)
    preview.draw(on: &canvas)
    return 1 + preview.rows
  }

  private func runs(_ lesson: LessonState?) -> [Run] {
    switch lesson?.step.scene.panes {
    case .uncached: [.uncached]
    case .cached: [.cached]
    default: [.uncached, .cached]
    }
  }

  // MARK: Which

  private func step(_ viewer: ViewerState) -> String {
    language("第 \(viewer.moment.step) 步", "step \(viewer.moment.step)")
  }

  private var wall: Picture? {
    guard let exhibit = state.mirror.exhibit, exhibit.hasStep else { return nil }
    let isBlank = state.mirror.isBlank
    if let cover = state.mirror.cover, !isBlank {
      return Picture(
        title: language("投影上", "on the wall"),
        note: cover == .first ? language("标题页", "the title") : language("最后一页", "the end"),
        lesson: nil, viewer: nil)
    }
    let light = state.mirror.document?.spotlight.map {
      language("，聚光：", ", spotlight: ") + $0.name(language)
    }
    return Picture(
      title: language("投影上", "on the wall"),
      note: isBlank
        ? language("黑屏", "blank")
        : (exhibit.lesson?.step.scene.tool.map(\.line) ?? step(exhibit.viewer)) + (light ?? ""),
      lesson: exhibit.lesson, viewer: isBlank ? nil : exhibit.viewer)
  }

  private var next: Picture? {
    let title = language("接下来", "next")
    guard let exhibit = state.mirror.exhibit else { return nil }
    switch state.mirror.cover {
    case .first:
      return Picture(
        title: title, note: exhibit.lesson?.step.title ?? step(exhibit.viewer),
        lesson: exhibit.lesson, viewer: exhibit.viewer)
    case .last:
      return Picture(title: title, note: language("到头了", "the end"), lesson: nil, viewer: nil)
    case nil: break
    }
    if let lesson = exhibit.lesson {
      if let quiz = lesson.quiz(state.mirror.question), state.mirror.isAsking {
        if let place = quiz.place {
          return Picture(
            title: title, note: language("揭晓，", "the reveal, ") + place.line, lesson: nil,
            viewer: nil)
        }
        var viewer = lesson.viewer
        viewer.follow(
          step: quiz.at ?? lesson.step.scene.step, layer: viewer.layer, head: viewer.head, cell: nil
        )
        return Picture(
          title: title, note: language("揭晓，", "the reveal, ") + step(viewer), lesson: lesson,
          viewer: viewer)
      }
      if lesson.hasNextQuiz, let quiz = lesson.openQuiz {
        return Picture(
          title: title, note: lesson.plain(quiz.ask, of: quiz), lesson: nil, viewer: nil)
      }
      if let screen = state.nextScreen {
        let isThere = state.preview?.step.id == screen.id
        return Picture(
          title: title, note: screen.title, lesson: isThere ? state.preview : nil,
          viewer: isThere ? state.preview?.viewer : nil)
      }
      return nextPart(title)
    }
    var viewer = exhibit.viewer
    guard viewer.hasStep, viewer.moment.step < viewer.knownSteps else { return nextPart(title) }
    let wanted = viewer.moment.step + 1
    guard wanted <= viewer.trace.steps.count else {
      return Picture(
        title: title, note: language("第 \(wanted) 步", "step \(wanted)"), lesson: nil, viewer: nil)
    }
    viewer.follow(step: wanted, layer: viewer.layer, head: viewer.head, cell: nil)
    return Picture(title: title, note: step(viewer), lesson: nil, viewer: viewer)
  }

  private func nextPart(_ title: String) -> Picture? {
    guard let backstage = state.backstage else { return nil }
    let index = backstage.item + 1
    guard backstage.items.indices.contains(index) else {
      return Picture(title: title, note: language("到头了", "the end"), lesson: nil, viewer: nil)
    }
    return Picture(title: title, note: backstage.items[index].title, lesson: nil, viewer: nil)
  }
}

/// The lecture's parts with the minutes that they took, and who follows.
struct NotesPlan {
  let state: NotesState

  private var language: Language { state.language }
  private var glyphs: GlyphSet { state.glyphs }

  /// Rows that show all of it.
  var wantedRows: Int { (state.backstage?.items.count ?? 0) + 3 }

  /// Draws the parts around the one on the wall, and below them how late it is.
  func draw(in area: Area, on canvas: inout Canvas) {
    guard let backstage = state.backstage, area.rows > 1 else { return }
    canvas.put(
      language("课程表", "plan"), at: Point(area.x, area.y), Style(.heading, bold: true),
      limit: area.end)
    let items = backstage.items
    let rows = min(items.count, area.rows - 3)
    let first = max(0, min(items.count - rows, backstage.item - rows / 2))
    for (row, index) in (first..<first + max(0, rows)).enumerated() {
      draw(index, of: backstage, y: area.y + 1 + row, in: area, on: &canvas)
    }
    let words = [
      [late(backstage), followers(backstage)], [followers(backstage)], [late(backstage)],
    ]
    .map { $0.filter { !$0.isEmpty }.joined(separator: "  ") }
    let text = words.map(glyphs.shown).first { ScalarWidth.of($0) <= area.columns } ?? ""
    canvas.put(text, at: Point(area.x, area.y + max(0, rows) + 2), Style(), limit: area.end)
  }

  private func draw(
    _ index: Int, of backstage: Backstage, y: Int, in area: Area, on canvas: inout Canvas
  ) {
    let item = backstage.items[index]
    let isNow = index == backstage.item
    let mark = isNow ? glyphs.cursor : index < backstage.item ? glyphs.right : ""
    let style = isNow ? Style(.selected, bold: true) : Style(index < backstage.item ? .dim : .text)
    let spent = item.seconds == 0 && !isNow ? glyphs.dash : "\(Self.minutes(item.seconds))"
    let planned = item.minutes.map { " / \($0)" } ?? ""
    let time = spent + planned + language(" 分", " min")
    let right = area.end - ScalarWidth.of(time)
    canvas.put(time, at: Point(right, y), style)
    let x = canvas.put(mark.padded(to: 3), at: Point(area.x, y), style, limit: right)
    let room = right - x - 1
    let title = "\(index + 1) " + glyphs.shown(item.title)
    let fits = ScalarWidth.of(title) <= room
    canvas.put(
      fits
        ? title
        : title.fitted(to: max(0, room - ScalarWidth.of(glyphs.ellipsis))) + glyphs.ellipsis,
      at: Point(x, y), style, limit: right)
  }

  private static func minutes(_ seconds: Int) -> Int { seconds / 60 + (seconds % 60 >= 30 ? 1 : 0) }

  /// How far the lecture is behind its plan, or before it.
  private func late(_ backstage: Backstage) -> String {
    guard backstage.items.contains(where: { $0.minutes != nil }) else { return "" }
    var seconds = 0.0
    for (index, item) in backstage.items.enumerated() {
      guard let minutes = item.minutes else { continue }
      let more = Double(item.seconds) - 60 * Double(minutes)
      if index < backstage.item { seconds += more }
      if index == backstage.item { seconds += max(0, more) }
    }
    let minutes = (abs(seconds) / 60).rounded()
    guard minutes >= 1, minutes < 1e6 else { return language("准时", "on time") }
    return seconds > 0
      ? language("晚 \(Int(minutes)) 分钟", "\(Int(minutes)) min late")
      : language("早 \(Int(minutes)) 分钟", "\(Int(minutes)) min early")
  }

  private func followers(_ backstage: Backstage) -> String {
    let phones = backstage.phones.map { language("手机 \($0) 台", counted($0, "phone")) }
    let terminals = backstage.terminals.map { language("终端 \($0) 个", counted($0, "terminal")) }
    return [phones, terminals].compactMap { $0 }.joined(separator: language("，", ", "))
  }
}
