internal import Base
internal import Classroom
internal import Lessons
internal import Viz

/// The first or the last screen of a lecture.
struct CoverPage: WallPage {
  let state: PresentState
  let cover: ShownCover

  private static let leastWords = 28
  /// From here on the title stands in a band three rows high.
  private static let high = 20

  private var language: Language { state.language }

  /// Lines that stay together; the least important goes first where rows are few.
  private struct Block {
    var lines: [[TextFlow.Span]]
    var isNeeded = true
  }

  func draw(on canvas: inout Canvas) {
    let size = canvas.size
    let top = drawTitle(on: &canvas)
    let margin = size.columns >= 60 ? 3 : 1
    let isLoose = size.rows >= Self.high
    var body = Area(
      x: margin, y: top + (isLoose ? 1 : 0), columns: size.columns - 2 * margin,
      rows: size.rows - 1 - top - (isLoose ? 2 : 0))
    let isJoined = drawCode(&body, on: &canvas)
    draw(blocks(columns: body.columns, isJoined: isJoined), in: body, on: &canvas)
  }

  // MARK: The title

  /// The lecture's title in a band; returns the row below it.
  private func drawTitle(on canvas: inout Canvas) -> Int {
    let size = canvas.size
    let margin = size.columns >= 60 ? 3 : 1
    let lines = state.lines(
      state.lecture.title(language), Style(.titleBar, bold: true),
      columns: size.columns - 2 * margin)
    let gap = size.rows >= Self.high ? 1 : 0
    let rows = min(size.rows / 3, lines.count + 2 * gap)
    for y in 0..<rows { canvas.fill(Point(0, y), columns: size.columns, Style(.titleBar)) }
    canvas.put(
      lines, in: Area(x: margin, y: gap, columns: size.columns - 2 * margin, rows: rows - gap))
    return rows
  }

  // MARK: How to join

  private var join: JoinBlock? {
    guard cover == .first, let invitation = state.invitation else { return nil }
    return JoinBlock(invitation: invitation, look: state.look)
  }

  /// The QR code at the right of the body, which it makes narrower; whether address and code stand below it.
  private func drawCode(_ body: inout Area, on canvas: inout Canvas) -> Bool {
    guard let join, let least = join.picture?.size,
      least.columns + Self.leastWords + 3 <= body.columns, least.rows <= body.rows,
      let picture = join.picture(
        fitting: Size(columns: max(least.columns, body.columns * 2 / 5), rows: body.rows))
    else { return false }
    let x = body.end - picture.size.columns
    let isBig = join.bigColumns <= picture.size.columns
    let words = join.rows(picture.size.columns, isBig: isBig)
    let isJoined = picture.size.rows + 1 + words <= body.rows
    picture.draw(at: Point(x, body.y), on: &canvas)
    if isJoined {
      join.draw(
        in: Area(
          x: x, y: body.y + picture.size.rows + 1, columns: picture.size.columns, rows: words),
        isBig: isBig, on: &canvas)
    }
    body.columns = x - 3 - body.x
    return isJoined
  }

  // MARK: Words

  private func blocks(columns: Int, isJoined: Bool) -> [Block] {
    let joining = isJoined ? [] : join?.lines(columns) ?? []
    let parts = Block(lines: state.lecture.items.indices.flatMap { part($0, columns: columns) })
    switch cover {
    case .first: return [parts, Block(lines: joining)]
    case .last:
      return [
        Block(lines: state.lines(done, Style(.heading, bold: true), columns: columns)), parts,
        Block(lines: state.lines(kept, Style(.text), columns: columns), isNeeded: false),
        Block(lines: state.lines(home, Style(.text), columns: columns), isNeeded: false),
      ].filter { !$0.lines.isEmpty }
    }
  }

  /// A part's number and its title; behind the lecture a mark where it was on the wall.
  private func part(_ index: Int, columns: Int) -> [[TextFlow.Span]] {
    let number = "\(index + 1)"
    let last = "\(state.lecture.items.count)"
    let mark = cover == .first ? "" : state.wasShown(index) ? state.glyphs.right + " " : "  "
    let lead = mark + String(repeating: " ", count: last.count - number.count) + number + "  "
    let wrapped = state.lines(
      state.title(of: state.lecture.items[index]), Style(.text),
      columns: columns - ScalarWidth.of(lead))
    return wrapped.enumerated().map { row, line in
      let indent = String(repeating: " ", count: ScalarWidth.of(lead))
      return [TextFlow.Span(row == 0 ? lead : indent, Style(.dim))] + line
    }
  }

  /// Questions that were revealed, and the votes on them.
  private var done: String {
    let revealed = state.questions.values.filter(\.isRevealed)
    guard !revealed.isEmpty else { return language("讲完了", "The end") }
    let votes = revealed.map { $0.counts(round: 1).total + $0.counts(round: 2).total }.reduce(0, +)
    let questions = language(
      "讲完了，揭晓 \(revealed.count) 道题",
      "The end: \(revealed.count) \(plural(revealed.count, "question")) revealed")
    return votes == 0
      ? questions : questions + language("，共 \(votes) 票", ", \(votes) \(plural(votes, "vote"))")
  }

  /// Where what was voted is kept; empty where it is not.
  private var kept: String {
    state.results.map { language("投票人数记在 \($0)", "What was voted is in \($0)") } ?? ""
  }

  private var home: String {
    language("课后自己再走一遍：kvtui lesson", "Once more at your own pace: kvtui lesson")
  }

  /// Blocks below each other, with blank rows where there are some to spare; what has no room goes, the last first.
  private func draw(_ blocks: [Block], in area: Area, on canvas: inout Canvas) {
    var blocks = blocks.filter { !$0.lines.isEmpty }
    func rows(_ blocks: [Block]) -> Int {
      blocks.map(\.lines.count).reduce(0, +) + max(0, blocks.count - 1)
    }
    while rows(blocks) > area.rows, let index = blocks.lastIndex(where: { !$0.isNeeded }) {
      blocks.remove(at: index)
    }
    let hasGaps = rows(blocks) <= area.rows
    let spare = area.rows - rows(blocks)
    let longest = blocks.map(\.lines.count).max() ?? 0
    // The parts of a lecture a row apart, where all have room.
    let isSpread = longest > 1 && spare >= longest - 1
    var y = area.y
    for block in blocks {
      let isList = isSpread && block.lines.count == longest
      for line in block.lines {
        guard y < area.y + area.rows else { return }
        canvas.put([line], in: Area(x: area.x, y: y, columns: area.columns, rows: 1))
        y += isList ? 2 : 1
      }
      y += hasGaps && !isList ? 1 : 0
    }
  }
}

extension PresentState {
  /// Whether a part was on the wall.
  func wasShown(_ index: Int) -> Bool {
    exits[index] != nil || index == item || clock.items[index] > .zero
  }

  /// What is on the wall before or behind the lecture's parts, in a sentence.
  func sentence(of cover: ShownCover) -> String {
    let title = glyphs.shown(lecture.title(language))
    switch cover {
    case .first: return title
    case .last: return title + language("：讲完了。", ": the end.")
    }
  }
}
