internal import Base
internal import Trace
internal import Viz

extension RecordingsState {
  func view(_ size: Size) -> Canvas {
    var canvas = Canvas(size)
    drawTitle(
      [
        language("录像：存下的运行，原样重放", "Recordings: kept runs, played again"),
        language("录像", "Recordings"),
      ],
      rights: places, on: &canvas)
    if isHelp {
      drawHelp(on: &canvas)
    } else if entries.isEmpty {
      drawEmpty(on: &canvas)
    } else {
      RecordingsView(state: self, size: size).draw(on: &canvas)
    }
    drawFooter(on: &canvas)
    return canvas
  }

  /// Which of how many is chosen, or how many there are.
  private var places: [String] {
    let count = list?.count ?? 0
    let all = language("\(count) 个", counted(count, "file"))
    guard !entries.isEmpty else { return [all] }
    let place = selected + 1
    return [
      language("第 \(place) 个，共 \(count) 个", "file \(place) of \(count)"), "\(place)/\(count)",
    ]
  }

  /// Where nothing was found: where it was looked for, and how one is made.
  private func drawEmpty(on canvas: inout Canvas) {
    guard let list else { return }
    let heading = language("还没有录像。", "There are no recordings yet.")
    let columns = max(1, canvas.size.columns - 4)
    // The way in keys, drawn as the footer draws them; in words where it has no room.
    let isDrawn = wayColumns <= columns
    let ways = [
      isDrawn
        ? ""
        : language(
          "q 回目录，r 自由运行，在运行里按 w：全程存成一个 .kvtrace 文件；",
          "Back in the menu (q) r opens a run; there w keeps the whole of it as a .kvtrace file;"),
      language("或者用命令：kvtui record run.kvtrace", "or the command does: kvtui record run.kvtrace"),
    ]
    let folders = list.folders.map {
      "- " + ($0 == "." ? language("当前文件夹", "the working folder") : $0)
    }
    let size = canvas.size
    func wrapped(_ texts: [String]) -> [String] {
      texts.flatMap { $0.isEmpty ? [""] : glyphs.shown($0).wrapped(to: columns) }
    }
    var blocks = [
      wrapped([heading]), wrapped(ways), wrapped([language("找过的文件夹：", "Looked in:")] + folders),
    ]
    // Blank lines stand between the blocks where there is room.
    if blocks.reduce(3, { $0 + $1.count }) < size.rows - 2 {
      blocks = [blocks[0] + [""], blocks[1] + [""], blocks[2]]
    }
    let top = size.rows >= 14 ? 2 : 1
    for (row, line) in blocks.flatMap({ $0 }).enumerated() where top + row < size.rows - 1 {
      let isHeading = row < blocks[0].count
      put([line], at: Point(2, top + row), Style(isHeading ? .heading : .text), on: &canvas)
      if isDrawn, row == blocks[0].count { drawWay(y: top + row, on: &canvas) }
    }
  }

  /// What leads from here to a recording: keys, and what each does.
  private var way: [(key: String, word: String)] {
    [
      ("q", language("目录", "menu")), ("r", language("自由运行", "free run")),
      ("w", language("存", "keep")),
    ]
  }

  private static let file = "run.kvtrace"

  private var wayColumns: Int {
    way.reduce(Self.file.count) {
      $0 + 3 + 1 + ScalarWidth.of($1.word) + 4 + ScalarWidth.of(glyphs.arrow)
    }
  }

  private func drawWay(y: Int, on canvas: inout Canvas) {
    var x = 2
    for step in way {
      x = canvas.put(" \(step.key) ", at: Point(x, y), Style(.key))
      x = canvas.put(" " + step.word, at: Point(x, y), Style(.text))
      x = canvas.put("  " + glyphs.arrow + "  ", at: Point(x, y), Style(.dim))
    }
    canvas.put(Self.file, at: Point(x, y), Style(.heading))
  }
}

/// The list, and below it what the chosen file is.
private struct RecordingsView {
  let state: RecordingsState
  let size: Size

  private var language: Language { state.language }
  private var glyphs: GlyphSet { state.glyphs }
  private var entries: [RecordingEntry] { state.entries }
  private var top: Int { size.rows >= 14 ? 3 : 2 }
  /// Lines of what the chosen file is, a rule above them.
  private var detailRows: Int { size.rows >= 12 && size.columns >= 20 ? 5 : 0 }
  /// Lines between the head of the list and what the chosen file is.
  private var free: Int { max(1, size.rows - top - 1 - detailRows) }
  private var rows: Int { picture.map { $0.y - 1 - top } ?? free }

  /// Below the list, where it leaves room for the last step of the chosen run.
  private var picture: Area? {
    let listed = max(3, min(entries.count, free / 2))
    let area = Area(
      x: Self.nameX, y: top + listed + 1, columns: size.columns - Self.nameX - 2,
      rows: free - listed - 2)
    return area.rows >= Self.leastPicture && area.columns >= Self.leastPicture ? area : nil
  }

  private static let leastPicture = 8

  // Columns of the list.
  private static let nameX = 3
  private var nameColumns: Int {
    let widest = entries.map { ScalarWidth.of(glyphs.shown($0.name)) }.max() ?? 0
    return min(widest, max(12, size.columns * 4 / 10))
  }
  private var modelX: Int { Self.nameX + nameColumns + 2 }
  private var modelColumns: Int {
    let widest = entries.map { ScalarWidth.of(glyphs.shown(model($0))) }.max() ?? 0
    return min(max(widest, ScalarWidth.of(modelHead)), 20)
  }
  private var modelHead: String { language("模型", "model") }
  private var stepsX: Int { modelX + modelColumns + 2 }
  private var stepsHead: String { language("步", "steps") }
  /// Numbers end where their head does, or beyond it.
  private var stepsColumns: Int {
    let widest = entries.map { ScalarWidth.of(steps($0)) }.max() ?? 0
    return max(widest, ScalarWidth.of(stepsHead))
  }
  private var textX: Int { stepsX + stepsColumns + 3 }
  private var textColumns: Int { size.columns - 2 - textX }
  private static let leastText = 8

  func draw(on canvas: inout Canvas) {
    drawHead(on: &canvas)
    let first = max(0, min(state.selected - rows / 2, entries.count - rows))
    for (row, index) in (first..<entries.count).prefix(rows).enumerated() {
      draw(entries[index], isSelected: index == state.selected, y: top + row, on: &canvas)
    }
    drawScrolled(above: first, below: entries.count - first - rows, on: &canvas)
    if let picture, let trace = state.trace { drawRun(trace, in: picture, on: &canvas) }
    if detailRows > 0 { drawDetail(on: &canvas) }
  }

  private func drawRun(_ trace: Trace, in area: Area, on canvas: inout Canvas) {
    guard let last = trace.steps.last else { return }
    var viewer = ViewerState(trace: trace, longest: last.length, look: state.look)
    viewer.show(step: last.number)
    RunPreview(viewer, runs: [.uncached, .cached], area: area).draw(on: &canvas)
  }

  /// That there are more files, beside the first and the last line.
  private func drawScrolled(above: Int, below: Int, on canvas: inout Canvas) {
    for (hidden, mark, row) in [(above, "↑", 0), (below, "↓", rows - 1)] where hidden > 0 {
      let text = glyphs == .full ? mark : mark == "↑" ? "^" : "v"
      canvas.put(text, at: Point(size.columns - 1, top + row), Style(.selected))
    }
  }

  private func drawHead(on canvas: inout Canvas) {
    let stepsEnd = stepsX + stepsColumns
    var heads = [(Self.nameX, language("文件", "file"))]
    // Of files that cannot be played it says nothing else.
    if entries.contains(where: \.isRun) {
      heads += [(modelX, modelHead), (stepsEnd - ScalarWidth.of(stepsHead), stepsHead)]
      if textColumns >= Self.leastText { heads.append((textX, language("文字", "text"))) }
    }
    for (x, head) in heads {
      state.put([head], at: Point(x, top - 1), Style(.dim), on: &canvas)
    }
  }

  private func draw(
    _ entry: RecordingEntry, isSelected: Bool, y: Int, on canvas: inout Canvas
  ) {
    func style(_ role: Role) -> Style { isSelected ? HomeView.selected : Style(role) }
    if isSelected {
      canvas.fill(Point(1, y), columns: size.columns - 2, HomeView.selected)
      canvas.put(glyphs.cursor, at: Point(1, y), HomeView.selected)
    }
    canvas.put(
      endOf(entry.name, nameColumns), at: Point(Self.nameX, y), style(.text),
      limit: size.columns - 1)
    switch entry.content {
    case .unreadable:
      state.put(
        [glyphs.wrong + " " + language("放不了", "cannot be played"), glyphs.wrong],
        at: Point(modelX, y), style(.wrong), limit: size.columns - 1, on: &canvas)
    case .run(let run):
      state.put(
        [beginningOf(model(entry), modelColumns)], at: Point(modelX, y), style(.dim),
        limit: size.columns - 1, on: &canvas)
      state.put(
        [steps(entry).padded(to: stepsColumns, right: true)], at: Point(stepsX, y), style(.text),
        limit: size.columns - 1, on: &canvas)
      guard textColumns >= Self.leastText else { return }
      canvas.put(
        beginningOf(run.text, textColumns), at: Point(textX, y), style(.dim),
        limit: size.columns - 1)
    }
  }

  /// A text, shortened at its end where it is too long.
  private func beginningOf(_ text: String, _ columns: Int) -> String {
    let shown = glyphs.shown(text)
    guard ScalarWidth.of(shown) > columns else { return shown }
    return shown.fitted(to: max(0, columns - ScalarWidth.of(glyphs.ellipsis))) + glyphs.ellipsis
  }

  /// A text, shortened at its beginning: of a path the file is what one looks for.
  private func endOf(_ text: String, _ columns: Int) -> String {
    let shown = glyphs.shown(text)
    guard ScalarWidth.of(shown) > columns else { return shown }
    return glyphs.ellipsis + shown.fittedEnd(to: max(0, columns - ScalarWidth.of(glyphs.ellipsis)))
  }

  private func model(_ entry: RecordingEntry) -> String {
    if case .run(let run) = entry.content { run.model } else { "" }
  }

  private func steps(_ entry: RecordingEntry) -> String {
    if case .run(let run) = entry.content { "\(run.steps)" } else { "" }
  }

  /// The chosen file in full, as far as there is room: its path, and its text or what is wrong with it.
  private func drawDetail(on canvas: inout Canvas) {
    let entry = entries[state.selected]
    let y = size.rows - 1 - detailRows
    let columns = size.columns - 4
    let line = String(repeating: glyphs.line, count: columns)
    canvas.put(line, at: Point(2, y), Style(.dim))
    let (head, text, role): (String, String, Role) =
      switch entry.content {
      case .unreadable(let why): (entry.path, why[language] ?? "", .wrong)
      case .run(let run):
        (
          entry.path
            + language(
              "：\(run.steps) 步，\(run.tokens) 个词元", ": \(run.steps) steps, \(run.tokens) tokens"),
          run.text, .text
        )
      }
    canvas.put(endOf(head, columns), at: Point(2, y + 1), Style(.heading))
    let lines = glyphs.shown(text).wrapped(to: columns).prefix(detailRows - 3)
    for (row, line) in lines.enumerated() {
      canvas.put(line, at: Point(2, y + 2 + row), Style(role), limit: size.columns - 1)
    }
  }
}
