package import Base

/// Numbers as bars of one scale, a line for each; the numbers stand behind the bars and are never cut.
///
///     Bars(series: [.init("no cache", .uncachedBar), .init("KV cache", .cachedBar)],
///          groups: [.init("step 1", [40, 40])], language: .english, glyphs: .full)
///       .draw(in: area, on: &canvas)
///
/// A bar is at least one column long where there is anything to show; below zero it is drawn in dashes.
package struct Bars: Chart {
  /// One of the things compared.
  package struct Series: Hashable, Sendable {
    /// Its name.
    package var name: String
    /// The meaning that gives it its colour.
    package var role: Role

    /// Creates a series.
    package init(_ name: String, _ role: Role) {
      self.name = name
      self.role = role
    }
  }

  /// What stands in a line: a value of each series.
  package struct Group: Hashable, Sendable {
    /// Its name.
    package var label: String
    /// A number of each series, in their order; a missing one is no number.
    package var values: [Double]
    /// Whether it is the one that the viewer is at.
    package var isChosen: Bool

    /// Creates a group.
    package init(_ label: String, _ values: [Double], isChosen: Bool = false) {
      self.label = label
      self.values = values
      self.isChosen = isChosen
    }
  }

  /// Where the series of a group stand.
  package enum Arrangement: Hashable, Sendable {
    /// Next to each other, a column of bars for each.
    case beside
    /// One below the other.
    case below
  }

  /// What is compared.
  package var series: [Series]
  /// The lines, from the top.
  package var groups: [Group]
  /// How numbers are written.
  package var quantity: Quantity
  /// Where the series of a group stand.
  package var arrangement: Arrangement
  /// What the longest bar stands for, unless a value is larger still; nil: the largest value.
  package var largest: Double?
  package let language: Language
  package let glyphs: GlyphSet

  /// Creates bars.
  package init(
    series: [Series], groups: [Group], quantity: Quantity = .count,
    arrangement: Arrangement = .below, largest: Double? = nil, language: Language,
    glyphs: GlyphSet
  ) {
    (self.series, self.groups, self.quantity) = (series, groups, quantity)
    (self.arrangement, self.largest) = (arrangement, largest)
    (self.language, self.glyphs) = (language, glyphs)
  }

  package func draw(on sheet: inout Canvas) {
    guard !series.isEmpty, !groups.isEmpty else {
      sheet.put(fitting([glyphs.dash], columns: sheet.size.columns), at: Point(0, 0), Style(.dim))
      return
    }
    BarsLayout(self, sheet.size).draw(on: &sheet)
  }

  /// The number of a series in a group.
  func value(_ group: Group, _ index: Int) -> Double {
    group.values.indices.contains(index) ? group.values[index] : .nan
  }

  /// The number that the longest bar stands for.
  var scale: Double {
    let values = groups.flatMap { group in series.indices.map { abs(value(group, $0)) } }
    return (values + [largest ?? 0]).filter(\.isFinite).max() ?? 0
  }

  /// What a series' bars are made of: in ASCII a sign of its own, so that they differ without colour.
  func glyph(_ index: Int) -> String {
    guard glyphs != .full else { return glyphs.bar }
    let signs = [glyphs.bar, "=", "+", "~"]
    return signs[index % signs.count]
  }

  /// A series' name, with its sign where it has one of its own.
  func name(_ index: Int) -> String {
    let sign = glyphs == .full || series.count == 1 ? "" : glyph(index) + " "
    return sign + clean(series[index].name)
  }
}
