package import Viz

extension Canvas {
  /// A row of an area as text without blanks at its end.
  package func text(in area: Area, row: Int) -> String {
    self.row(area.y + row).dropFirst(area.x).prefix(area.columns).map(\.text).joined().trimmed
  }

  /// The first row that breaks the canvas's invariant, said in words; nil if all is well.
  package var flaw: String? {
    guard cells.count == size.columns * size.rows else { return "\(cells.count) cells" }
    for y in 0..<size.rows {
      if let flaw = Self.flaw(of: Array(row(y)), columns: size.columns) {
        return "row \(y): \(flaw)"
      }
    }
    return nil
  }

  private static func flaw(of row: [Cell], columns: Int) -> String? {
    let width = row.reduce(0) { $0 + Int($1.width) }
    guard width == columns else { return "widths add up to \(width), not \(columns)" }
    for (x, cell) in row.enumerated() {
      switch cell.width {
      case 0:
        guard x > 0, row[x - 1].width == 2, cell.text.isEmpty else {
          return "column \(x) is half a glyph"
        }
      case 1 where cell.text.utf8.count == 1 && (0x20..<0x7F).contains(cell.text.utf8.first ?? 0):
        break
      case 1, 2:
        if cell.width == 2, x + 1 >= columns || row[x + 1].width != 0 {
          return "column \(x) is cut in half"
        }
        if ScalarWidth.of(cell.text) != Int(cell.width) {
          return "column \(x) holds \(cell.text.debugDescription), not \(cell.width) wide"
        }
      default: return "column \(x) has width \(cell.width)"
      }
    }
    return nil
  }

  /// The scalars on screen that `isBad` names, each once.
  package func scalars(where isBad: (Unicode.Scalar) -> Bool) -> Set<Unicode.Scalar> {
    var found: Set<Unicode.Scalar> = []
    for cell in cells where !(cell.text.utf8.count == 1 && cell.width == 1) {
      for scalar in cell.text.unicodeScalars where isBad(scalar) { found.insert(scalar) }
    }
    return found
  }

  /// The first difference from another canvas, as text.
  package func difference(from other: Canvas) -> String? {
    guard self != other else { return nil }
    guard size == other.size else { return "\(size) is not \(other.size)" }
    let columns = size.columns
    guard let index = cells.indices.first(where: { cells[$0] != other.cells[$0] }) else {
      return nil
    }
    let (y, x) = index.quotientAndRemainder(dividingBy: columns)
    let lines = [self, other].map { $0.row(y).map(\.text).joined() }
    return "row \(y), column \(x):\n  \(lines[0])\n  \(lines[1])\n  "
      + "\(cells[index].style) and \(other.cells[index].style)"
  }

  /// The frame as a snapshot keeps it: its text, a blank line, then runs of style that is not plain.
  package var snapshot: String {
    var lines: [String] = []
    for y in 0..<size.rows {
      var x = 0
      let row = Array(row(y))
      while x < row.count {
        let style = row[x].style
        var end = x + 1
        while end < row.count, row[end].style == style { end += 1 }
        if style != Style() { lines.append("\(y):\(x)+\(end - x) \(style.name)") }
        x = end
      }
    }
    return plainText + "\n\n" + lines.joined(separator: "\n") + "\n"
  }
}

extension String {
  /// Without blanks at its end.
  package var trimmed: String {
    var text = self[...]
    while text.last == " " { text.removeLast() }
    return String(text)
  }
}

extension Style {
  /// The role and what is added to it, in words.
  fileprivate var name: String {
    "\(role)" + (isBold ? " bold" : "") + (isReversed ? " reversed" : "")
  }
}
