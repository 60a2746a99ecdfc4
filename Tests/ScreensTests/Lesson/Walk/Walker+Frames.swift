import Base
import TestSupport
import Testing
import Viz

@testable import Lessons
@testable import Screens

/// What is looked at on every frame.
extension Walker {
  /// Looks at a frame: no glyph is cut; the text holds what was asked and said, whole; what of the text is not on the screen is said by
  /// marks; some lines are on the screen; what is said at the foot is whole.
  func check(
    _ state: LessonState, _ size: Size, holds texts: [String], begins: [String] = [],
    _ given: String
  ) {
    let name = name(given, size)
    let canvas = state.view(size)
    if let flaw = canvas.flaw { Issue.record("\(name): \(flaw)") }
    let layout = state.layout(size)
    let area = layout.text
    let lines = state.text(in: layout).lines.map { $0.map(\.text).joined().trimmed }
    let all = lines.joined().squeezed
    for text in texts where !all.contains(text.squeezed) {
      Issue.record("\(name): not whole: \(text)\n\(lines.joined(separator: "\n"))")
    }
    for line in lines where ScalarWidth.of(line) > area.columns {
      Issue.record("\(name): too wide: \(line)")
    }
    let shown = (0..<area.rows).map { canvas.text(in: area, row: $0) }
    let window = (0...max(0, lines.count - area.rows)).first { first in
      let part = lines.dropFirst(first).prefix(area.rows)
      return zip(part, shown).allSatisfy { $0 == $1 || isUnderNotice(state, $1) }
        && hasMarks(state, canvas, layout, first, lines.count)
    }
    if window == nil {
      Issue.record("\(name): lines are missing without a mark\n\(canvas.plainText)")
    }
    for text in begins where !shown.contains(where: { $0.hasPrefix(text) }) {
      Issue.record("\(name): “\(text)” is not in view\n\(canvas.plainText)")
    }
    if let notice = state.notice,
      !canvas.plainText.squeezed.contains(look.glyphs.shown(notice).squeezed)
    {
      Issue.record("\(name): cut: \(notice)\n\(canvas.plainText)")
    }
  }

  /// Two lines at the foot may lie over the last of the text, until the next key.
  private func isUnderNotice(_ state: LessonState, _ line: String) -> Bool {
    guard let notice = state.notice, !line.isEmpty else { return false }
    return notice.squeezed.contains(line.squeezed)
  }

  /// Whether the marks say how many lines are above and below.
  private func hasMarks(
    _ state: LessonState, _ canvas: Canvas, _ layout: LessonLayout, _ first: Int, _ count: Int
  ) -> Bool {
    let below = max(0, count - first - layout.text.rows)
    let lines = state.text(in: layout).lines.map { $0.map(\.text).joined() }
    let question = state.activeQuiz == nil ? nil : lines.lastIndex { $0.hasPrefix("? ") }
    let isBelow = question.map { $0 >= first + layout.text.rows } ?? false
    let tail = isBelow ? look.language("，有题", " and a question") : ""
    func stands(_ mark: String?, _ end: Point, _ tail: String = tail) -> Bool {
      guard let mark else { return true }
      return canvas.row(end.y).prefix(end.x).map(\.text).joined().trimmed.hasSuffix(mark + tail)
    }
    if layout.isStacked {
      return stands(look.scrollMark(above: first, below: below), layout.marks.below)
    }
    return stands(look.scrollMark(above: first, below: 0), layout.marks.above, "")
      && stands(look.scrollMark(above: 0, below: below), layout.marks.below)
  }
}

extension String {
  /// Without blanks and line ends, which wrapping moves.
  fileprivate var squeezed: String { filter { !$0.isWhitespace } }
}
