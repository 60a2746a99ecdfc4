/// Letters, digits and the signs of addresses, five pixels wide and seven high, which the last row of a hall can read.
package struct BigText {
  private static let width = 5
  private static let height = 7
  private static let gap = 1

  private let letters: [[String]]
  private let glyphs: GlyphSet

  /// - Parameters:
  ///   - text: letters, which are drawn as capitals, digits and a few signs.
  ///   - glyphs: half blocks draw two pixels in a cell, one above the other; ASCII one.
  ///
  /// Nil where there is no picture of a character.
  package init?(_ text: String, _ glyphs: GlyphSet) {
    var letters: [[String]] = []
    for character in text.uppercased() {
      guard let picture = Self.pictures[character] else { return nil }
      letters.append(picture)
    }
    guard !letters.isEmpty else { return nil }
    (self.letters, self.glyphs) = (letters, glyphs)
  }

  private var perCell: Int { glyphs == .full ? 2 : 1 }

  /// Columns and rows that it takes.
  package var size: Size {
    Size(
      columns: letters.count * (Self.width + Self.gap) - Self.gap,
      rows: (Self.height + perCell - 1) / perCell)
  }

  /// Draws it.
  package func draw(at point: Point, _ style: Style, on canvas: inout Canvas) {
    for y in 0..<size.rows {
      for x in 0..<size.columns {
        let isUpper = isInk(x, perCell * y)
        let isLower = perCell == 2 && isInk(x, 2 * y + 1)
        guard isUpper || isLower else { continue }
        canvas.put(glyph(isUpper, isLower), at: Point(point.x + x, point.y + y), style.inBlocks)
      }
    }
  }

  private func glyph(_ isUpper: Bool, _ isLower: Bool) -> String {
    guard glyphs == .full else { return "#" }
    return isUpper ? (isLower ? "█" : "▀") : "▄"
  }

  private func isInk(_ x: Int, _ y: Int) -> Bool {
    let (letter, column) = x.quotientAndRemainder(dividingBy: Self.width + Self.gap)
    guard column < Self.width, y < Self.height else { return false }
    let row = letters[letter][y]
    return row.utf8[row.utf8.index(row.utf8.startIndex, offsetBy: column)] == UInt8(ascii: "#")
  }

  private static let pictures: [Character: [String]] = [
    "0": [" ### ", "#   #", "#  ##", "# # #", "##  #", "#   #", " ### "],
    "1": ["  #  ", " ##  ", "  #  ", "  #  ", "  #  ", "  #  ", " ### "],
    "2": [" ### ", "#   #", "    #", "   # ", "  #  ", " #   ", "#####"],
    "3": [" ### ", "#   #", "    #", "  ## ", "    #", "#   #", " ### "],
    "4": ["   # ", "  ## ", " # # ", "#  # ", "#####", "   # ", "   # "],
    "5": ["#####", "#    ", "#### ", "    #", "    #", "#   #", " ### "],
    "6": [" ### ", "#    ", "#    ", "#### ", "#   #", "#   #", " ### "],
    "7": ["#####", "    #", "   # ", "  #  ", "  #  ", "  #  ", "  #  "],
    "8": [" ### ", "#   #", "#   #", " ### ", "#   #", "#   #", " ### "],
    "9": [" ### ", "#   #", "#   #", " ####", "    #", "    #", " ### "],
    "A": [" ### ", "#   #", "#   #", "#####", "#   #", "#   #", "#   #"],
    "B": ["#### ", "#   #", "#   #", "#### ", "#   #", "#   #", "#### "],
    "C": [" ### ", "#   #", "#    ", "#    ", "#    ", "#   #", " ### "],
    "D": ["#### ", "#   #", "#   #", "#   #", "#   #", "#   #", "#### "],
    "E": ["#####", "#    ", "#    ", "#### ", "#    ", "#    ", "#####"],
    "F": ["#####", "#    ", "#    ", "#### ", "#    ", "#    ", "#    "],
    "G": [" ### ", "#   #", "#    ", "# ###", "#   #", "#   #", " ####"],
    "H": ["#   #", "#   #", "#   #", "#####", "#   #", "#   #", "#   #"],
    "J": ["  ###", "   # ", "   # ", "   # ", "   # ", "#  # ", " ##  "],
    "K": ["#   #", "#  # ", "# #  ", "##   ", "# #  ", "#  # ", "#   #"],
    "M": ["#   #", "## ##", "# # #", "# # #", "#   #", "#   #", "#   #"],
    "P": ["#### ", "#   #", "#   #", "#### ", "#    ", "#    ", "#    "],
    "Q": [" ### ", "#   #", "#   #", "#   #", "# # #", "#  # ", " ## #"],
    "R": ["#### ", "#   #", "#   #", "#### ", "# #  ", "#  # ", "#   #"],
    "V": ["#   #", "#   #", "#   #", "#   #", "#   #", " # # ", "  #  "],
    "W": ["#   #", "#   #", "#   #", "# # #", "# # #", "# # #", " # # "],
    "X": ["#   #", "#   #", " # # ", "  #  ", " # # ", "#   #", "#   #"],
    "I": [" ### ", "  #  ", "  #  ", "  #  ", "  #  ", "  #  ", " ### "],
    "L": ["#    ", "#    ", "#    ", "#    ", "#    ", "#    ", "#####"],
    "N": ["#   #", "##  #", "##  #", "# # #", "#  ##", "#  ##", "#   #"],
    "O": [" ### ", "#   #", "#   #", "#   #", "#   #", "#   #", " ### "],
    "S": [" ####", "#    ", "#    ", " ### ", "    #", "    #", "#### "],
    "T": ["#####", "  #  ", "  #  ", "  #  ", "  #  ", "  #  ", "  #  "],
    "U": ["#   #", "#   #", "#   #", "#   #", "#   #", "#   #", " ### "],
    "Y": ["#   #", "#   #", " # # ", "  #  ", "  #  ", "  #  ", "  #  "],
    "Z": ["#####", "    #", "   # ", "  #  ", " #   ", "#    ", "#####"],
    "+": ["     ", "  #  ", "  #  ", "#####", "  #  ", "  #  ", "     "],
    "=": ["     ", "     ", "#####", "     ", "#####", "     ", "     "],
    "_": ["     ", "     ", "     ", "     ", "     ", "     ", "#####"],
    "[": [" ### ", " #   ", " #   ", " #   ", " #   ", " #   ", " ### "],
    "]": [" ### ", "   # ", "   # ", "   # ", "   # ", "   # ", " ### "],
    "?": [" ### ", "#   #", "    #", "   # ", "  #  ", "     ", "  #  "],
    ":": ["     ", "  #  ", "  #  ", "     ", "  #  ", "  #  ", "     "],
    ".": ["     ", "     ", "     ", "     ", "     ", " ##  ", " ##  "],
    ",": ["     ", "     ", "     ", "     ", " ##  ", "  #  ", " #   "],
    "/": ["     ", "    #", "   # ", "  #  ", " #   ", "#    ", "     "],
    "%": ["##   ", "##  #", "   # ", "  #  ", " #   ", "#  ##", "   ##"],
    "-": ["     ", "     ", "     ", "#####", "     ", "     ", "     "],
    "·": ["     ", "     ", " ##  ", " ##  ", "     ", "     ", "     "],
    "×": ["     ", "#   #", " # # ", "  #  ", " # # ", "#   #", "     "],
    " ": ["     ", "     ", "     ", "     ", "     ", "     ", "     "],
  ]
}

extension Style {
  /// The same for pictures made of blocks: what is reversed where there are no colours would be holes in them.
  package var inBlocks: Style {
    role == .selected ? Style(.prediction, bold: isBold, reversed: isReversed) : self
  }
}
