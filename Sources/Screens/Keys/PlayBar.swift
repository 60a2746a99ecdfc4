internal import Base
internal import Viz

/// What tells that a session is performed: in the last row, whose hints are of keys that do nothing meanwhile.
///
/// Where the row says something instead, that stays, and what fits behind it is shown.
struct PlayBar {
  let look: Look
  let speed: PlaySpeed
  let isPaused: Bool

  /// The frame with the bar.
  func drawn(on frame: Frame) -> Frame {
    var canvas = frame.canvas
    if Self.hasHints(canvas) {
      drawWhole(on: &canvas)
    } else {
      drawBehind(on: &canvas)
    }
    return Frame(canvas, theme: frame.theme)
  }

  /// Whether the last row names keys, or nothing.
  private static func hasHints(_ canvas: Canvas) -> Bool {
    let first = canvas.row(canvas.size.rows - 1).first { $0.text != " " || $0.style.role == .key }
    return first.map { [.key, .dim].contains($0.style.role) } ?? true
  }

  private var mark: String { isPaused ? "||" : look.glyphs.playing }

  /// The wider says in a word what the mark means.
  private var titles: [String] {
    let speed = speed.name(look.glyphs)
    return [" \(mark) \(look.language("演示", "demo")) \(speed) ", " \(mark) \(speed) "]
  }

  private func drawWhole(on canvas: inout Canvas) {
    let (columns, y) = (canvas.size.columns, canvas.size.rows - 1)
    canvas.fill(Point(0, y), columns: columns, Style(.text))
    let all = PlayKeys.map(isPaused: isPaused).hints(look)
    let room = columns - 3 - Self.columns(all)
    let title = titles.first { ScalarWidth.of($0) <= room } ?? titles[1]
    let x = canvas.put(title, at: Point(1, y), Style(.selected, reversed: true)) + 2
    canvas.put(fitting(all, columns: columns - x), at: Point(x, y))
  }

  /// The hints of the lowest ranks, as many as fit.
  private func fitting(_ hints: [KeyHint], columns: Int) -> [KeyHint] {
    var hints = hints
    while Self.columns(hints) > columns,
      let least = hints.indices.max(by: { hints[$0].rank < hints[$1].rank })
    {
      hints.remove(at: least)
    }
    return hints
  }

  /// How many columns hints take, with two between them.
  private static func columns(_ hints: [KeyHint]) -> Int {
    hints.reduce(-2) { $0 + ScalarWidth.of($1.name) + ScalarWidth.of($1.label) + 5 }
  }

  private func drawBehind(on canvas: inout Canvas) {
    let (columns, y) = (canvas.size.columns, canvas.size.rows - 1)
    let end = canvas.row(y).lastIndex { $0.text != " " && $0.width > 0 || $0.width == 0 }
    let free = columns - (end.map { $0 - y * columns + 1 } ?? 0) - 1
    let takeOver = PlayKeys.map(isPaused: isPaused).only([.takeOver]).hints(look)
      .map { "\($0.name) \($0.label) " }.joined()
    let text = [titles[1] + takeOver, titles[1]].first { ScalarWidth.of($0) <= free }
    guard let text else { return }
    canvas.put(
      text, at: Point(columns - ScalarWidth.of(text), y), Style(.selected, reversed: true))
  }
}
