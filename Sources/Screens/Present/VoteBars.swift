internal import Base
internal import Classroom
internal import Viz

/// Who chose what in each round, side by side on one scale; the right choice has a mark and a colour of its own.
struct VoteBars {
  /// A choice: an option, or a number that somebody gave.
  struct Choice: Hashable {
    let label: String
    /// The words of an option.
    let text: String
    let votes: [Int]
    let isRight: Bool
  }

  let choices: [Choice]
  /// Names of the rounds that were voted: wordings of each, the longest first.
  let rounds: [[String]]
  let glyphs: GlyphSet
  /// Rows of a bar.
  var high = 1

  private static let gap = 2

  private var largest: Int { choices.flatMap(\.votes).max() ?? 0 }
  private var numberColumns: Int { "\(largest)".count }
  /// The right one's mark and the label.
  private var labelColumns: Int {
    (choices.map { ScalarWidth.of($0.label) }.max() ?? 0) + ScalarWidth.of(glyphs.right) + 2
  }

  private var textColumns: Int { choices.map { ScalarWidth.of($0.text) }.max() ?? 0 }

  /// Whether the words of the options stand before the bars at a width, not above them.
  private func isInline(_ columns: Int) -> Bool {
    labelColumns + textColumns + 2 <= columns * 2 / 5
  }

  /// Rows of a choice's words at a width, where they stand above its bars.
  private func lines(_ choice: Choice, _ columns: Int) -> [String] {
    choice.text.isEmpty || isInline(columns)
      ? [] : choice.text.wrapped(to: max(4, columns - labelColumns - 1))
  }

  /// Rows that all of it takes.
  func rows(_ columns: Int, hasWords: Bool = true) -> Int {
    let bars = rounds.isEmpty ? 0 : high
    return (rounds.isEmpty ? 0 : 1)
      + choices.map { choice in
        let words = hasWords ? lines(choice, columns).count : 0
        return max(1, words + bars)
      }.reduce(0, +)
  }

  /// Draws it, a blank row between the choices where `isLoose`.
  func draw(in area: Area, hasWords: Bool, gap: Int, on canvas: inout Canvas) {
    let isInline = isInline(area.columns)
    let start =
      area.x + labelColumns + (isInline && hasWords && textColumns > 0 ? textColumns + 2 : 1)
    let share =
      rounds.isEmpty
      ? 0 : (area.end - start - Self.gap * (rounds.count - 1)) / rounds.count
    var y = area.y
    // A number is never cut, and both rounds are named alike.
    let levels = rounds.map(\.count).min() ?? 0
    let level = (0..<levels).first { level in
      rounds.allSatisfy { ScalarWidth.of($0[level]) <= share }
    }
    for (index, names) in rounds.enumerated() {
      let name = level.map { names[$0] } ?? ""
      canvas.put(name, at: Point(start + index * (share + Self.gap), y), Style(.dim))
    }
    if !rounds.isEmpty { y += 1 }
    for choice in choices {
      drawLabel(choice, at: Point(area.x, y), on: &canvas)
      let words = hasWords ? lines(choice, area.columns) : []
      let style = choice.isRight ? Style(.right) : Style(.text)
      for (row, line) in words.enumerated() {
        canvas.put(line, at: Point(area.x + labelColumns + 1, y + row), style, limit: area.end)
      }
      if isInline, hasWords {
        canvas.put(
          choice.text, at: Point(area.x + labelColumns + 1, y), style, limit: area.end)
      }
      y += words.count
      for (index, votes) in choice.votes.enumerated() where !rounds.isEmpty {
        let x = start + index * (share + Self.gap)
        drawBar(votes, Area(x: x, y: y, columns: share, rows: high), style, on: &canvas)
      }
      y += rounds.isEmpty ? (words.isEmpty ? 1 : 0) : high
      y += gap
    }
  }

  private func drawLabel(_ choice: Choice, at point: Point, on canvas: inout Canvas) {
    let mark = choice.isRight ? glyphs.right : ""
    canvas.put(mark, at: point, Style(.right))
    canvas.put(
      choice.label, at: Point(point.x + ScalarWidth.of(glyphs.right) + 1, point.y),
      choice.isRight ? Style(.right) : Style(.text, bold: true))
  }

  /// A bar with its number behind it; none is shorter than a column where there is a vote.
  private func drawBar(_ votes: Int, _ area: Area, _ style: Style, on canvas: inout Canvas) {
    let room = area.columns - numberColumns - 1
    guard room > 0 else {
      canvas.put("\(votes)", at: Point(area.x, area.y), style, limit: area.end)
      return
    }
    let length =
      votes == 0 || largest == 0
      ? 0 : max(1, Int((Double(votes) / Double(largest) * Double(room)).rounded()))
    for y in area.y..<area.y + area.rows {
      canvas.put(String(repeating: glyphs.bar, count: length), at: Point(area.x, y), style)
    }
    canvas.put(
      "\(votes)", at: Point(area.x + length + (length > 0 ? 1 : 0), area.y + (area.rows - 1) / 2),
      Style(style.role, bold: true))
  }
}
