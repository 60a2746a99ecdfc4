import Testing

@testable import Viz

/// Pictures made of blocks: large letters, and QR codes.
@Suite struct BlockPictureTests {
  private static let signs = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789:./,%-+=_[]?·× "

  // MARK: Letters

  @Test("Every capital, digit and sign of an address has a picture of its own")
  func alphabet() throws {
    var seen: Set<String> = []
    for sign in Self.signs {
      for glyphs in GlyphSet.allCases {
        let text = try #require(BigText(String(sign), glyphs), "\(sign)")
        #expect(text.size == Size(columns: 5, rows: glyphs == .full ? 4 : 7))
        var canvas = Canvas(text.size)
        text.draw(at: Point(0, 0), Style(.heading), on: &canvas)
        let picture = canvas.plainText
        #expect(glyphs != .full || seen.insert(picture).inserted, "\(sign) looks like another")
      }
    }
    #expect(BigText("中", .full) == nil && BigText("", .full) == nil)
  }

  @Test("Small letters are drawn as capitals, a blank column between two")
  func words() throws {
    let (small, large) = (
      try #require(BigText("k7q2", .full)), try #require(BigText("K7Q2", .full))
    )
    var canvases = [Canvas(small.size), Canvas(small.size)]
    small.draw(at: Point(0, 0), Style(), on: &canvases[0])
    large.draw(at: Point(0, 0), Style(), on: &canvases[1])
    #expect(canvases[0] == canvases[1])
    #expect(small.size == Size(columns: 23, rows: 4))
    for y in 0..<4 { #expect(Array(canvases[0].row(y))[5].text == " ") }
  }

  @Test("Where there are no colours, no block is reversed")
  func blocks() {
    for theme in Theme.allCases {
      #expect(!theme.paint(Style(.selected).inBlocks.role).isReversedWithoutColour)
      #expect(
        theme.paint(Style(.selected).inBlocks.role).foreground
          == theme.paint(.selected).foreground)
    }
  }

  // MARK: QR codes

  private static let modules = (0..<21).map { y in (0..<21).map { x in (x * 7 + y * 5) % 3 == 0 } }

  /// Pixels as they are drawn, a row each.
  private func pixels(_ canvas: Canvas, _ glyphs: GlyphSet) -> [[Bool]] {
    (0..<canvas.size.rows).flatMap { y -> [[Bool]] in
      let row = canvas.row(y).map(\.text)
      guard glyphs == .full else {
        return [stride(from: 0, to: row.count, by: 2).map { row[$0] == "#" }]
      }
      return [row.map { "▀█".contains($0) }, row.map { "▄█".contains($0) }]
    }
  }

  @Test("Every module is where it was, within four white ones on each side", arguments: [1, 2])
  func modules(scale: Int) throws {
    for glyphs in GlyphSet.allCases {
      let picture = try #require(QRPicture(Self.modules, glyphs, scale: scale))
      let side = 29 * scale
      #expect(
        picture.size
          == (glyphs == .full
            ? Size(columns: side, rows: (side + 1) / 2) : Size(columns: 2 * side, rows: side)))
      var canvas = Canvas(picture.size)
      picture.draw(at: Point(0, 0), on: &canvas)
      #expect(canvas.cells.allSatisfy { $0.style.role == .paper || $0.style.role == .black })
      let pixels = pixels(canvas, glyphs)
      for y in 0..<side {
        for x in 0..<side {
          let (column, row) = (x / scale - 4, y / scale - 4)
          let isInside = (0..<21).contains(column) && (0..<21).contains(row)
          #expect(pixels[y][x] == (isInside && Self.modules[row][column]))
        }
      }
    }
  }

  @Test(
    "The largest that fits is chosen; none where the least does not, or where there is no square")
  func fitting() {
    let least = Size(columns: 29, rows: 15)
    #expect(QRPicture(Self.modules, .full, fitting: least)?.size == least)
    let twice = Size(columns: 58, rows: 29)
    #expect(QRPicture(Self.modules, .full, fitting: Size(columns: 80, rows: 31))?.size == twice)
    #expect(QRPicture(Self.modules, .full, fitting: Size(columns: 28, rows: 15)) == nil)
    #expect(QRPicture([], .full) == nil && QRPicture([[true, false]], .full) == nil)
  }
}
