internal import Base
internal import Lessons
internal import Viz

/// What a learner missed: the questions with the digit that leads there, and what they ask after; a window of them where there are more
/// than digits or lines.
struct ReviewPane {
  let missed: [QuestionPlace]
  /// How many are scrolled away above the window.
  let first: Int
  let look: Look

  /// Questions that a digit leads to.
  private static let most = 9
  /// Columns at which little is shortened.
  static let wantedColumns = 44

  private var language: Language { look.language }

  /// Lines of all that has to be said.
  var wantedRows: Int {
    missed.isEmpty ? 2 : 2 + min(missed.count, Self.most) + (missed.count > Self.most ? 1 : 0)
  }

  /// How many are shown in so many lines, the head among them; the last line is left to say that there are more.
  static func shown(of count: Int, rows: Int) -> Int {
    count <= min(most, rows - 1) ? count : max(0, min(most, rows - 2))
  }

  func draw(in area: Area, on canvas: inout Canvas) {
    guard area.rows > 0 else { return }
    let head =
      missed.isEmpty
      ? language("没有要再答的题", "There is nothing to ask again")
      : language("上次没有一次答对的题", "Not right at once, last time")
    put(head, at: area.y, area, Style(.heading), on: &canvas)
    guard !missed.isEmpty else { return }
    let count = Self.shown(of: missed.count, rows: area.rows)
    let shown = missed.dropFirst(first).prefix(count)
    let rest = [("↑", first), ("↓", missed.count - first - shown.count)].filter { $0.1 > 0 }
    let needed = count + (rest.isEmpty ? 0 : 1)
    // A blank line and what each believes, where there is room for all.
    let top = area.y + (area.rows - 1 > needed ? 2 : 1)
    // The first have room for what they believe, if not all.
    let spare = area.y + area.rows - top - needed
    var y = top
    for (index, place) in shown.enumerated() {
      draw(place, index + 1, y: y, area, believes: index < spare, on: &canvas)
      y += index < spare ? 2 : 1
    }
    guard !rest.isEmpty, y < area.y + area.rows else { return }
    let more = rest.map { "\($0.0) \($0.1)" }.joined(separator: "  ")
    put(more + language(" 题", " more"), at: y, area, Style(.dim), on: &canvas)
  }

  private func draw(
    _ place: QuestionPlace, _ digit: Int, y: Int, _ area: Area, believes: Bool,
    on canvas: inout Canvas
  ) {
    canvas.put(" \(digit) ", at: Point(area.x, y), Style(.key), limit: area.end)
    let x = area.x + 4
    let lesson = language("第 \(place.number) 课", "Lesson \(place.number)")
    let text = "\(lesson)  \(place.title)".shown(look)
    canvas.put(text.fitted(to: max(0, area.end - x)), at: Point(x, y), Style(.text))
    guard believes, let number = place.misconceptions.first,
      let belief = Misconception.belief(number, language)
    else { return }
    let line = language("是不是以为：\(belief)", "the belief: \(belief)").shown(look)
    canvas.put(line.fitted(to: max(0, area.end - x)), at: Point(x, y + 1), Style(.dim))
  }

  private func put(
    _ text: String, at y: Int, _ area: Area, _ style: Style, on canvas: inout Canvas
  ) {
    canvas.put(text.shown(look).fitted(to: area.columns), at: Point(area.x, y), style)
  }
}

extension String {
  fileprivate func shown(_ look: Look) -> String { look.glyphs.shown(self) }
}
