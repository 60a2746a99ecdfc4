package import Base

/// Numbers as upright columns of one scale on a common ground: a step, a layer or a total each, of one part or several.
///
///     Columns([.init("1", [.init(28, .cachedBar)])], language: .english, glyphs: .full).draw(in: area, on: &canvas)
///
/// Where there are more than fit, a column stands for several neighbours and shows the largest; that is said.
package struct Columns: Chart {
  /// A part of a column.
  package struct Part: Hashable, Sendable {
    /// Its number; below zero it has no height.
    package var value: Double
    /// The meaning that gives it its colour.
    package var role: Role
    /// What it is made of; nil: a block.
    package var mark: String?

    /// Creates a part.
    package init(_ value: Double, _ role: Role, mark: String? = nil) {
      (self.value, self.role, self.mark) = (value, role, mark)
    }
  }

  /// A column.
  package struct Stack: Hashable, Sendable {
    /// What stands below it.
    package var label: String
    /// Its parts, from the ground up.
    package var parts: [Part]
    /// Whether it is the one that the viewer is at.
    package var isChosen: Bool

    /// Creates a column.
    package init(_ label: String, _ parts: [Part], isChosen: Bool = false) {
      (self.label, self.parts, self.isChosen) = (label, parts, isChosen)
    }

    /// The sum of the parts.
    package var total: Double { parts.reduce(0) { $0 + $1.value } }
  }

  /// The columns, from the left.
  package var stacks: [Stack]
  /// How numbers are written.
  package var quantity: Quantity
  /// What the highest column stands for, unless one is higher still; nil: the highest.
  package var largest: Double?
  package let language: Language
  package let glyphs: GlyphSet

  /// Creates columns.
  package init(
    _ stacks: [Stack], quantity: Quantity = .count, largest: Double? = nil, language: Language,
    glyphs: GlyphSet
  ) {
    (self.stacks, self.quantity, self.largest) = (stacks, quantity, largest)
    (self.language, self.glyphs) = (language, glyphs)
  }

  package func draw(on sheet: inout Canvas) {
    guard !stacks.isEmpty, sheet.size.columns >= 3, sheet.size.rows >= 2 else {
      let values = stacks.map { stack in
        let value = quantity.text(stack.total, glyphs)
        return (texts: [clean(stack.label) + " " + value, value], style: Style(.text))
      }
      write(values.isEmpty ? [([glyphs.dash], Style(.dim))] : values, on: &sheet)
      return
    }
    ColumnsLayout(self, sheet.size).draw(on: &sheet)
  }

  /// The height of a column in the chart's numbers; 0 for what is none.
  static func height(_ stack: Stack) -> Double {
    stack.parts.reduce(0) { $0 + height($1) }
  }

  /// The height of a part.
  static func height(_ part: Part) -> Double {
    part.value.isFinite && part.value > 0 ? min(part.value, 1e300) : 0
  }
}
