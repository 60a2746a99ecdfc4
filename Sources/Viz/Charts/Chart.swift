package import Base

/// A picture of numbers that any screen can use: a value, drawn purely, at every size from one cell on.
///
/// What does not fit is left out, whole: a number is never cut, and what stays away is said where there is room.
package protocol Chart: Sendable {
  /// The language of the chart's own words.
  var language: Language { get }
  /// What it may be drawn with.
  var glyphs: GlyphSet { get }
  /// Draws on a blank sheet of the size that there is.
  func draw(on sheet: inout Canvas)
}

extension Chart {
  /// Draws within `area`; nothing outside it changes.
  package func draw(in area: Area, on canvas: inout Canvas) {
    guard area.columns > 0, area.rows > 0 else { return }
    // A sheet larger than the canvas would be cut, and so would its numbers.
    var sheet = Canvas(Size(columns: area.columns, rows: area.rows))
    draw(on: &sheet)
    canvas.draw(sheet, at: Point(area.x, area.y))
  }

  /// A name that was given, as the sheet can hold it.
  func clean(_ text: String) -> String { glyphs.adapted(Sanitiser.clean(text)) }

  /// A wording of the chart's own.
  func word(_ chinese: String, _ english: String) -> String {
    glyphs.adapted(language(chinese, english))
  }

  /// The first of `texts` that fits into `columns`, or the mark that there is more; never a part of a text.
  func fitting(_ texts: [String], columns: Int) -> String {
    if let text = texts.first(where: { ScalarWidth.of($0) <= columns }) { return text }
    return glyphs.ellipsis.fitted(to: columns)
  }

  /// A name in at most `columns`; what is cut ends in the mark that there is more.
  func shortened(_ name: String, columns: Int) -> String {
    guard ScalarWidth.of(name) > columns else { return name }
    let more = glyphs.ellipsis
    return (name.fitted(to: max(0, columns - ScalarWidth.of(more))) + more).fitted(to: columns)
  }

  /// Lines of text, one below the other, for where a picture has no room.
  func write(_ lines: [(texts: [String], style: Style)], on sheet: inout Canvas) {
    let shown = lines.count <= sheet.size.rows ? lines.count : sheet.size.rows - 1
    for (y, line) in lines.prefix(shown).enumerated() {
      sheet.put(fitting(line.texts, columns: sheet.size.columns), at: Point(0, y), line.style)
    }
    guard shown < lines.count else { return }
    let rest = word("另有 \(lines.count - shown) 项", "\(lines.count - shown) more")
    sheet.put(
      fitting([rest, "+\(lines.count - shown)"], columns: sheet.size.columns), at: Point(0, shown),
      Style(.dim))
  }
}
