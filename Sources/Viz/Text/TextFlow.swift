/// Breaks styled text into lines.
package enum TextFlow {
  /// Text in one style.
  package struct Span: Hashable, Sendable {
    package var text: String
    package var style: Style
    /// Whether it ends with the place where text is being typed.
    package var hasCaret = false

    package init(_ text: String, _ style: Style) {
      self.text = text
      self.style = style
    }
  }

  /// What no line begins with, and what no line ends with (as Chinese typography has it).
  private static let closing = Set("，。、；：？！）」』】》”’…".unicodeScalars)
  private static let opening = Set("（「『【《“‘".unicodeScalars)

  /// Something that is not broken: a word with the blank behind it, or a wide glyph with its punctuation.
  private struct Unit {
    var spans: [Span]
    var columns: Int
    /// Columns without the blank at its end.
    var inkColumns: Int
  }

  /// Lines of at most `columns`; a unit that is wider than a line is cut.
  package static func wrap(_ spans: [Span], columns: Int) -> [[Span]] {
    let columns = max(2, columns)
    var lines: [[Span]] = []
    var line: [Span] = []
    var used = 0
    for unit in units(of: spans).flatMap({ cut($0, columns: columns) }) {
      if used + unit.inkColumns > columns, used > 0 {
        lines.append(line)
        line = []
        used = 0
      }
      if line.isEmpty && unit.inkColumns == 0 { continue }
      for span in unit.spans { append(span, to: &line) }
      used += unit.columns
    }
    if !line.isEmpty { lines.append(line) }
    return lines.map(trimmed)
  }

  private static func append(_ span: Span, to line: inout [Span]) {
    if let last = line.last, last.style == span.style {
      line[line.count - 1].text += span.text
    } else {
      line.append(span)
    }
  }

  private static func trimmed(_ line: [Span]) -> [Span] {
    var line = line
    while let last = line.last, last.text.last == " " {
      line[line.count - 1].text.removeLast()
      if line[line.count - 1].text.isEmpty { line.removeLast() }
    }
    return line
  }

  private static func units(of spans: [Span]) -> [Unit] {
    var units: [Unit] = []
    var isOpen = false
    for span in spans {
      for scalar in span.text.unicodeScalars {
        let width = max(0, ScalarWidth.of(scalar))
        let isBlank = scalar == " " || scalar == "\n"
        let isWide = !scalar.isASCII
        let (closes, opens) = (
          isWide && closing.contains(scalar), isWide && opening.contains(scalar)
        )
        // ASCII punctuation closes too, where it stands right behind something.
        let follows = endsInInk(units.last) && ".,;:!?)%]".unicodeScalars.contains(scalar)
        let sticks = width == 0 || closes || follows
        let isNarrow = width < 2 && !closes && !opens
        let joins = !units.isEmpty && (isOpen || isBlank || sticks)
        if !joins { units.append(Unit(spans: [], columns: 0, inkColumns: 0)) }
        let last = units.count - 1
        append(Span(isBlank ? " " : String(scalar), span.style), to: &units[last].spans)
        units[last].columns += width == 0 && isBlank ? 1 : width
        if !isBlank { units[last].inkColumns = units[last].columns }
        isOpen = !isBlank && (isNarrow || opens)
      }
    }
    return units
  }

  private static func endsInInk(_ unit: Unit?) -> Bool {
    unit.map { $0.columns > 0 && $0.columns == $0.inkColumns } ?? false
  }

  /// A unit that is wider than a line, as parts that fit.
  private static func cut(_ unit: Unit, columns: Int) -> [Unit] {
    guard unit.inkColumns > columns else { return [unit] }
    var parts: [Unit] = []
    for span in unit.spans {
      for scalar in span.text.unicodeScalars {
        let width = max(0, ScalarWidth.of(scalar))
        if parts.last.map({ $0.columns + width > columns }) ?? true {
          parts.append(Unit(spans: [], columns: 0, inkColumns: 0))
        }
        append(Span(String(scalar), span.style), to: &parts[parts.count - 1].spans)
        parts[parts.count - 1].columns += width
        parts[parts.count - 1].inkColumns = parts[parts.count - 1].columns
      }
    }
    return parts
  }
}
