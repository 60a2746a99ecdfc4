internal import Base
internal import Viz

/// A line that is being typed: as much of its end as fits before the cursor, and what follows.
struct FieldView {
  let field: TextField
  let glyphs: GlyphSet
  /// The scalars that are marked, as those that an edit put there.
  var marked: Range<Int> = 0..<0

  /// A glyph with its marks, or what stands for it, and the scalars that it is made of.
  private struct Glyph {
    let text: String
    let scalars: Range<Int>
    var columns: Int { ScalarWidth.of(text) }
  }

  /// Columns behind the cursor that what comes before it leaves free.
  private static let behind = 6

  /// Draws from a point up to a column, which stays as it is.
  func draw(at point: Point, end: Int, on canvas: inout Canvas) {
    let all = all
    let place = all.firstIndex { $0.scalars.contains(field.cursor) } ?? all.count
    var (first, used) = (place, 0)
    while first > 0, used + all[first - 1].columns <= end - point.x - 1 - Self.behind {
      first -= 1
      used += all[first].columns
    }
    var x = point.x
    for (index, glyph) in all.enumerated().dropFirst(first) {
      guard x + glyph.columns < end else { return }
      if index == place { canvas.caret = Point(x, point.y) }
      let isMarked = marked.contains(glyph.scalars.lowerBound)
      x = canvas.put(
        glyph.text, at: Point(x, point.y),
        index == place
          ? Style(.selected, reversed: true) : Style(isMarked ? .chosen : .heading))
    }
    guard place == all.count, x < end else { return }
    canvas.caret = Point(x, point.y)
    canvas.put(" ", at: Point(x, point.y), Style(.selected, reversed: true))
  }

  private var all: [Glyph] {
    let scalars = Array(field.text.unicodeScalars)
    let starts = scalars.indices.filter { $0 == 0 || ScalarWidth.of(scalars[$0]) != 0 }
    return starts.enumerated().map { index, start in
      let range = start..<(index + 1 < starts.count ? starts[index + 1] : scalars.count)
      let text = String(String.UnicodeScalarView(scalars[range]))
      return Glyph(text: Sanitiser.clean(text, ascii: glyphs == .ascii), scalars: range)
    }
  }
}
