package import Base

/// What lies in a memory, to scale: weights, requests one by one, what is kept free, and what does not fit at its true length.
///
///     MemoryBar([.init("weights", 13.48e9, .weights), .init("1", 2.15e9, .request)], capacity: 24e9,
///               reserved: 1.92e9, language: .english, glyphs: .full).draw(in: area, on: &canvas)
package struct MemoryBar: Chart {
  /// What lies there.
  package enum Kind: Hashable, Sendable {
    /// The model's weights.
    case weights
    /// The keys and values of a request.
    case request
    /// Something else, with its meaning.
    case other(Role)
  }

  /// A part of the memory.
  package struct Segment: Hashable, Sendable {
    /// Its name; requests are best numbered.
    package var label: String
    /// Bytes.
    package var size: Double
    /// What lies there.
    package var kind: Kind

    /// Creates a segment.
    package init(_ label: String, _ size: Double, _ kind: Kind) {
      (self.label, self.size, self.kind) = (label, size, kind)
    }
  }

  /// The parts, from the left.
  package var segments: [Segment]
  /// Bytes that there are.
  package var capacity: Double
  /// Bytes at the end that are kept for something else.
  package var reserved: Double
  /// How bytes are written.
  package var quantity: Quantity
  package let language: Language
  package let glyphs: GlyphSet

  /// Creates a bar.
  package init(
    _ segments: [Segment], capacity: Double, reserved: Double = 0, quantity: Quantity = .bytes,
    language: Language, glyphs: GlyphSet
  ) {
    (self.segments, self.capacity, self.reserved) = (segments, capacity, reserved)
    self.quantity = quantity
    (self.language, self.glyphs) = (language, glyphs)
  }

  package func draw(on sheet: inout Canvas) {
    let layout = MemoryBarLayout(self, columns: sheet.size.columns)
    let words = words(layout)
    guard sheet.size.columns >= 8, layout.scale > 0 else {
      write(words, on: &sheet)
      return
    }
    let rows = sheet.size.rows
    let lines = rows < 2 ? [] : flowed(words, columns: sheet.size.columns, rows: max(1, rows - 2))
    let hasRuler = rows >= 3
    let height = min(4, rows - lines.count - (hasRuler ? 1 : 0))
    layout.draw(rows: max(1, height), on: &sheet)
    if hasRuler { drawRuler(layout, y: height, on: &sheet) }
    for (line, spans) in lines.enumerated() {
      var x = 0
      for span in spans {
        x = sheet.put(span.text, at: Point(x, height + (hasRuler ? 1 : 0) + line), span.style) + 2
      }
    }
  }

  // MARK: Numbers

  /// Sizes that are one: finite and not below 0.
  static func size(_ value: Double) -> Double {
    value.isFinite && value > 0 ? min(value, 1e300) : 0
  }

  func text(_ size: Double) -> String { size >= 0 ? quantity.text(size, glyphs) : glyphs.dash }

  // MARK: Words

  /// What the bar cannot say itself.
  private func words(_ layout: MemoryBarLayout) -> [(texts: [String], style: Style)] {
    [remainder(layout)] + layout.unnamed + layout.small
  }

  /// What is left, or what is missing.
  private func remainder(_ layout: MemoryBarLayout) -> (texts: [String], style: Style) {
    guard capacity.isFinite, capacity >= 0 else { return ([glyphs.dash], Style(.dim)) }
    if layout.left >= 0 {
      let left = text(layout.left)
      return ([word("剩 \(left)", "\(left) left"), left], Style(.text))
    }
    let missing = text(-layout.left)
    return (
      [
        glyphs.wrong + " " + word("差 \(missing)，装不下", "\(missing) short: does not fit"),
        glyphs.wrong + " " + missing,
      ], Style(.wrong)
    )
  }

  /// Words one behind the other, a whole one at a time, in as many lines as there are; what is over is counted.
  private func flowed(
    _ words: [(texts: [String], style: Style)], columns: Int, rows: Int
  ) -> [[TextFlow.Span]] {
    var lines: [[TextFlow.Span]] = [[]]
    var used = 0
    for (index, word) in words.enumerated() {
      let text = fitting(word.texts, columns: columns)
      let width = ScalarWidth.of(text)
      let rest = index + 1 < words.count && lines.count == rows ? 6 : 0
      if used > 0, used + 2 + width + rest > columns {
        guard lines.count < rows else {
          let more = "+\(words.count - index)"
          if used + 2 + more.count <= columns {
            lines[lines.count - 1].append(TextFlow.Span(more, Style(.dim)))
          }
          return lines
        }
        lines.append([])
        used = 0
      }
      lines[lines.count - 1].append(TextFlow.Span(text, word.style))
      used += (used > 0 ? 2 : 0) + width
    }
    return lines
  }

  // MARK: Ruler

  private func drawRuler(_ layout: MemoryBarLayout, y: Int, on sheet: inout Canvas) {
    let columns = sheet.size.columns
    let end = text(capacity)
    let endStart = layout.column(capacity) - ScalarWidth.of(end)
    var free = 0
    let scale = Scale(Axis(range: 0...layout.scale), [])
    for tick in scale.ticks(max(2, columns / 12)) {
      let label = tick == 0 ? "0" : text(tick)
      let x = layout.column(tick)
      let width = ScalarWidth.of(label)
      guard x >= free, x + width <= columns,
        x + width + 1 < endStart || x > endStart + ScalarWidth.of(end) + 1
      else { continue }
      free = sheet.put(label, at: Point(x, y), Style(.dim)) + 2
    }
    if capacity.isFinite, capacity > 0 {
      let x = max(0, endStart)
      if x + ScalarWidth.of(end) <= columns { sheet.put(end, at: Point(x, y), Style(.heading)) }
    }
  }
}
