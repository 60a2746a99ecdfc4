internal import Base
internal import Trace
public import Viz

extension HomeState {
  /// The frame at a size.
  public func view(_ size: Size) -> Canvas {
    var canvas = Canvas(size)
    // How far one has come stands beside a shorter title where the frame is narrow.
    let titles = [
      language("同一个真实的模型跑两遍：不用缓存，用缓存", "one real model, run twice: without and with a KV cache"),
      language("同一个模型跑两遍：不用缓存，用缓存", "one model, run twice"),
      language("同一个模型跑两遍", "one model, run twice"),
    ]
    drawTitle(
      size.columns >= 66 ? titles : Array(titles.dropFirst()),
      rights: [
        language("已学 \(doneLessons)/\(entries.count) 课", "\(doneLessons) of \(entries.count) done"),
        language("\(doneLessons)/\(entries.count) 课", "\(doneLessons)/\(entries.count) done"),
      ], on: &canvas)
    if isHelp {
      drawHelp(on: &canvas)
    } else {
      HomeView(state: self, layout: HomeLayout(size, self)).draw(on: &canvas)
    }
    drawFooter(on: &canvas)
    return canvas
  }

  var toolTitles: [String] { HomeTool.all.map { $0.title(language) } }
  var toolSummaries: [String] { HomeTool.all.map { $0.summary(language) } }
}

/// The lists of the menu, and beside them the picture.
struct HomeView {
  let state: HomeState
  let layout: HomeLayout

  private var language: Language { state.language }
  private var glyphs: GlyphSet { state.glyphs }

  func draw(on canvas: inout Canvas) {
    if let preview = layout.preview {
      for y in preview.y..<(preview.y + preview.rows) {
        canvas.put(glyphs.divider, at: Point(preview.x - 2, y), Style(.dim))
      }
    }
    switch layout.form {
    case .scrolling: drawScrolling(on: &canvas)
    case .tall, .split:
      if let y = layout.review { drawReview(y: y, on: &canvas) }
      drawHeadings(on: &canvas)
      for index in state.entries.indices {
        drawLesson(index, y: layout.list.y + index, on: &canvas)
      }
      drawTools(on: &canvas)
    }
    guard let preview = layout.preview else { return }
    HomePanel(
      state: state, area: preview, isTall: layout.form == .tall,
      saysScore: layout.scoreColumns == 0
    ).draw(on: &canvas)
    if layout.form == .tall { drawLegend(on: &canvas) }
  }

  // MARK: Lists

  private var end: Int { layout.list.x + layout.list.columns - 1 }
  private var outcomeX: Int { HomeLayout.titleX + layout.titleColumns + 2 }

  private func drawHeadings(on canvas: inout Canvas) {
    let y = layout.list.y - 1
    var x = state.put([language("课程", "Lessons")], at: Point(2, y), Style(.heading), on: &canvas)
    if layout.outcomeColumns > 0 {
      x = state.put(
        [language("学完能做什么", "afterwards you can"), language("学完", "then")], at: Point(outcomeX, y),
        Style(.dim), limit: end, on: &canvas)
    }
    let heads = [
      language("要多久，一次答对几题", "time, or right at once"), language("多久，一次对", "time, right"),
    ]
    let score = heads.first {
      x + 1 + ScalarWidth.of($0) <= end
    }
    if let score {
      canvas.put(score, at: Point(end - ScalarWidth.of(score), y), Style(.dim))
    }
    state.put(
      [language("自己动手", "Try it yourself")], at: Point(2, layout.tools.y - 1), Style(.heading),
      on: &canvas)
  }

  /// How many questions are to be asked again.
  private func drawReview(y: Int, on canvas: inout Canvas) {
    drawBar(state.isReviewing, x: layout.list.x, end: end + 1, y: y, on: &canvas)
    let count = state.due.count
    let style = state.isReviewing ? Self.selected : Style(.heading)
    let words = [
      language("复习：\(count) 题到期了，再答一次", "Review: \(counted(count, "question")) to be asked again"),
      language("复习：\(count) 题到期", "Review: \(counted(count, "question")) due"),
      language("复习 \(count) 题", "Review: \(count)"),
    ]
    state.put(words, at: Point(2, y), style, limit: end, on: &canvas)
  }

  private func drawLesson(_ index: Int, y: Int, on canvas: inout Canvas) {
    let entry = state.entries[index]
    let isSelected = index == state.selected
    drawBar(isSelected, x: layout.list.x, end: end + 1, y: y, on: &canvas)
    func style(_ role: Role, bold: Bool = false) -> Style {
      isSelected ? Self.selected : Style(role, bold: bold)
    }
    if entry.isDone { canvas.put(glyphs.right, at: Point(1, y), style(.right)) }
    canvas.put(
      entry.number.padded(to: 2, right: true), at: Point(HomeLayout.titleX - 3, y), style(.text))
    let score = layout.scoreColumns > 0 ? entry.score(language) : ""
    let scoreX = end - ScalarWidth.of(score)
    state.put(
      [entry.title], at: Point(HomeLayout.titleX, y), style(.text), limit: scoreX, on: &canvas)
    if layout.outcomeColumns > 0 {
      state.put(
        [entry.outcome], at: Point(outcomeX, y), style(.dim), limit: scoreX - 1, on: &canvas)
    }
    if HomeLayout.titleX + ScalarWidth.of(glyphs.shown(entry.title)) < scoreX {
      canvas.put(score, at: Point(scoreX, y), style(entry.answered > 0 ? .text : .dim))
    }
  }

  static let selected = Style(.selected, bold: true, reversed: true)

  /// The ground of a line and, where it is selected, the mark.
  private func drawBar(
    _ isSelected: Bool, x: Int, end: Int, y: Int, on canvas: inout Canvas
  ) {
    guard isSelected else { return }
    canvas.fill(Point(x, y), columns: end - x, Self.selected)
    canvas.put(glyphs.cursor, at: Point(x, y), Self.selected)
  }

  private func drawTools(on canvas: inout Canvas) {
    let tools = HomeTool.all.indices
    guard layout.form == .split else {
      for index in tools {
        drawTool(
          index, x: layout.tools.x, end: end, y: layout.tools.y + index,
          summaryX: layout.outcomeColumns > 0 ? outcomeX : nil, on: &canvas)
      }
      return
    }
    let columns = layout.tools.columns / 2
    let titles = state.toolTitles.map { ScalarWidth.of($0) }.max() ?? 0
    for index in tools {
      let x = index % 2 * columns
      drawTool(
        index, x: x, end: x + columns - 1, y: layout.tools.y + index / 2,
        summaryX: x + Self.toolTitle + titles + 2, on: &canvas)
    }
  }

  /// The column of a tool's title in the block of two.
  private static let toolTitle = 6

  private func drawTool(
    _ index: Int, x: Int, end: Int, y: Int, summaryX: Int?, on canvas: inout Canvas
  ) {
    let tool = HomeTool.all[index]
    let isSelected = state.entries.count + index == state.selected
    let titleX = layout.form == .split ? x + Self.toolTitle : x + HomeLayout.titleX
    drawBar(isSelected, x: x, end: end + 1, y: y, on: &canvas)
    canvas.put(" \(tool.key) ", at: Point(titleX - 4, y), Style(.key))
    state.put(
      [tool.title(language)], at: Point(titleX, y), isSelected ? Self.selected : Style(.text),
      limit: end, on: &canvas)
    guard let summaryX else { return }
    state.put(
      [tool.summary(language)], at: Point(summaryX, y), isSelected ? Self.selected : Style(.dim),
      limit: end, on: &canvas)
  }

  private func drawScrolling(on canvas: inout Canvas) {
    let area = layout.list
    let first = max(state.first, min(state.selected - area.rows / 2, state.count - area.rows))
    let lines = (first..<state.count).prefix(area.rows)
    for (row, line) in lines.enumerated() {
      let y = area.y + row
      if line < 0 {
        drawReview(y: y, on: &canvas)
      } else if line < state.entries.count {
        drawLesson(line, y: y, on: &canvas)
      } else {
        drawTool(
          line - state.entries.count, x: area.x, end: end, y: y, summaryX: nil, on: &canvas)
      }
    }
    drawScrolled(above: first > state.first, below: lines.endIndex < state.count, on: &canvas)
  }

  /// That there are more lines, beside the first and the last.
  private func drawScrolled(above: Bool, below: Bool, on canvas: inout Canvas) {
    let area = layout.list
    for (isNeeded, mark, row) in [(above, "↑", 0), (below, "↓", area.rows - 1)]
    where isNeeded && row >= 0 {
      let text = glyphs == .full ? mark : mark == "↑" ? "^" : "v"
      canvas.put(text, at: Point(area.x + area.columns, area.y + row), Style(.selected))
    }
  }

  // MARK: What colours mean

  private func drawLegend(on canvas: inout Canvas) {
    let top = layout.tools.y + layout.tools.rows + 1
    let bottom = canvas.size.rows - 2
    guard case .run(let trace, _)? = state.picture, bottom - top >= 3 else { return }
    state.put([language("图例", "Legend")], at: Point(2, top), Style(.heading), on: &canvas)
    let new: [(String, Role, String)] = [
      ("K" + glyphs.computed, .newKey, language("新算 K", "new K")),
      ("V" + glyphs.computed, .newValue, language("新算 V", "new V")),
      ("Q" + glyphs.computed, .newQuery, language("新 Q", "new Q")),
    ]
    let other: [(String, Role, String)] = [
      (glyphs.read + " ", .cached, language("读缓存", "from cache")),
      (glyphs.masked + " ", .masked, language("掩码", "masked")),
      (glyphs.notNeeded + " ", .notNeeded, language("不必算", "not needed")),
    ]
    for (row, entries) in [new, other].enumerated() {
      var x = 2
      for (glyph, role, meaning) in entries where x + 3 + ScalarWidth.of(meaning) <= end {
        canvas.put(glyph, at: Point(x, top + 1 + row), Style(role))
        canvas.put(meaning, at: Point(x + 3, top + 1 + row), Style())
        x += 3 + 11 + 2
      }
    }
    guard bottom - top >= 4 else { return }
    let model = trace.model
    let parameters = model.parameters.map { Quantity.count.text(Double($0), glyphs) } ?? glyphs.dash
    state.put(
      [
        language(
          "图由 \(model.name) 当场算出：\(model.layers) 层 × \(model.heads) 头，\(parameters) 个参数",
          "computed by \(model.name): \(model.layers) layers × \(model.heads) heads, \(parameters) parameters"
        ),
        language("图由 \(model.name) 当场算出", "computed by \(model.name)"),
      ], at: Point(2, top + 4), Style(.dim), limit: end, on: &canvas)
  }
}
