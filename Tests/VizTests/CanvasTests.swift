internal import Base
import TestSupport
import Testing

@testable import Viz

/// The canvas keeps its invariant whatever is drawn on it.
@Suite struct CanvasTests {
  private static let sizes = [
    Size(columns: 1, rows: 1), Size(columns: 2, rows: 1), Size(columns: 3, rows: 2),
    Size(columns: 7, rows: 3), Size(columns: 20, rows: 4),
  ]

  @Test("A size is never below one column and one row")
  func leastSize() {
    let canvas = Canvas(Size(columns: -3, rows: 0))
    #expect(canvas.size == Size(columns: 1, rows: 1))
    #expect(canvas.cells.count == 1)
  }

  @Test(
    "Random puts, fills and draws keep every glyph whole", arguments: 1...200 as ClosedRange<UInt64>
  )
  func invariant(seed: UInt64) {
    var random = SplitMix64(seed: seed)
    for size in Self.sizes {
      var canvas = Canvas(size)
      for _ in 0..<12 {
        let point = Point(random.below(size.columns + 6) - 3, random.below(size.rows + 4) - 2)
        let style = Style(.weight(random.below(9)), bold: random.below(2) == 0)
        switch random.below(4) {
        case 0:
          canvas.fill(
            point, columns: random.below(6) - 1, rows: random.below(4) - 1, style)
        case 1:
          var other = Canvas(Size(columns: 1 + random.below(5), rows: 1 + random.below(3)))
          other.put(Sanitiser.clean(random.text(upTo: 6)), at: Point(0, 0), style)
          canvas.draw(other, at: point)
        case 2:
          canvas.put(
            Sanitiser.clean(random.text(upTo: 8)), at: point, style,
            limit: random.below(size.columns + 4) - 2)
        default: canvas.put(Sanitiser.clean(random.text(upTo: 8)), at: point, style)
        }
        #expect(canvas.flaw == nil, "seed \(seed), \(size)")
      }
    }
  }

  @Test("Text that was never sanitised does not break the invariant either")
  func unclean() {
    var random = SplitMix64(seed: 7)
    for _ in 0..<500 {
      var canvas = Canvas(Size(columns: 1 + random.below(9), rows: 1))
      canvas.put(random.text(upTo: 12), at: Point(random.below(12) - 3, 0))
      #expect(canvas.flaw == nil)
    }
  }

  @Test("Writing over either half of a wide glyph blanks the other half", arguments: [0, 1])
  func overwriteHalf(column: Int) {
    var canvas = Canvas(Size(columns: 4, rows: 1))
    canvas.put("中国", at: Point(0, 0), Style(.heading))
    canvas.put("x", at: Point(column, 0))
    #expect(canvas.plainText == (column == 0 ? "x 国" : " x国"))
    #expect(canvas.flaw == nil)
  }

  @Test("A wide glyph over two halves blanks both strangers")
  func wideOverTwo() {
    var canvas = Canvas(Size(columns: 6, rows: 1))
    canvas.put("中华人", at: Point(0, 0))
    canvas.put("国", at: Point(1, 0))
    #expect(canvas.plainText == " 国 人")
    #expect(canvas.flaw == nil)
  }

  @Test(
    "A wide glyph that does not fit before the edge or the limit is left out, with all after it")
  func clipRight() {
    var canvas = Canvas(Size(columns: 5, rows: 1))
    #expect(canvas.put("中华人x", at: Point(0, 0)) == 4)
    #expect(canvas.plainText == "中华")
    var limited = Canvas(Size(columns: 5, rows: 1))
    #expect(limited.put("a中b", at: Point(0, 0), limit: 2) == 1)
    #expect(limited.plainText == "a")
  }

  @Test("What lies left of the canvas is cut, and the rest stands where it belongs")
  func clipLeft() {
    var canvas = Canvas(Size(columns: 6, rows: 1))
    canvas.put("中华人", at: Point(-2, 0))
    #expect(canvas.plainText == "华人")
    var halved = Canvas(Size(columns: 6, rows: 1))
    halved.put("中华", at: Point(-1, 0))
    #expect(halved.plainText == " 华")
  }

  @Test("Rows outside the canvas are ignored", arguments: [-1, 2, 100])
  func clipRows(y: Int) {
    var canvas = Canvas(Size(columns: 4, rows: 2))
    canvas.put("abc", at: Point(0, y), Style(.heading))
    canvas.fill(Point(0, y), columns: 4, rows: y < 0 ? 1 : 3, Style(.key))
    #expect(canvas == Canvas(Size(columns: 4, rows: 2)))
  }

  @Test("A fill that hangs over every edge fills the canvas and no more")
  func fillAll() {
    var canvas = Canvas(Size(columns: 3, rows: 2))
    canvas.fill(Point(-2, -2), columns: 20, rows: 20, Style(.key))
    #expect(canvas.cells.allSatisfy { $0 == Cell(text: " ", width: 1, style: Style(.key)) })
  }

  @Test("Marks join the glyph before them, wide or narrow, and never one that was put earlier")
  func marks() {
    var canvas = Canvas(Size(columns: 6, rows: 1))
    #expect(canvas.put("e\u{301}中\u{302}", at: Point(0, 0)) == 3)
    #expect(Array(canvas.cells[0].text.unicodeScalars) == ["e", "\u{301}"])
    #expect(Array(canvas.cells[1].text.unicodeScalars) == ["中", "\u{302}"])
    let before = canvas
    canvas.put("\u{301}", at: Point(3, 0))
    #expect(canvas == before)
  }

  @Test(
    "Drawing a canvas is the same as drawing what is on it",
    arguments: 1...100 as ClosedRange<UInt64>)
  func drawIsDirect(seed: UInt64) {
    var random = SplitMix64(seed: seed)
    let size = Size(columns: 4 + random.below(10), rows: 2)
    let point = Point(random.below(9) - 4, random.below(4) - 1)
    let text = Sanitiser.clean(random.text(upTo: 10))
    var part = Canvas(Size(columns: max(1, ScalarWidth.of(text)), rows: 1))
    part.put(text, at: Point(0, 0), Style(.newKey))
    var drawn = Canvas(size)
    drawn.draw(part, at: point)
    var direct = Canvas(size)
    direct.put(text.isEmpty ? " " : text, at: point, text.isEmpty ? Style() : Style(.newKey))
    #expect(drawn.difference(from: direct) == nil, "seed \(seed)")
  }

  @Test("Plain text cuts trailing blanks and keeps every row")
  func plainText() {
    var canvas = Canvas(Size(columns: 6, rows: 3))
    canvas.put("中 a", at: Point(1, 1))
    #expect(canvas.plainText == "\n 中 a\n")
  }
}
