package import Base

/// Curves over one ground, both axes linear or logarithmic, named where they end.
///
///     Curves([.init("KV cache", .cachedBar, points, note: "n²")],
///            x: Axis("tokens", isLogarithmic: true), y: Axis("cells", isLogarithmic: true),
///            language: .english, glyphs: .full).draw(in: area, on: &canvas)
///
/// On two logarithmic axes the slope at a curve's end is measured and written beside it.
package struct Curves: Chart {
  /// A point of a curve.
  package struct Value: Hashable, Sendable {
    /// Along the bottom.
    package var x: Double
    /// Upwards.
    package var y: Double

    /// Creates a point.
    package init(_ x: Double, _ y: Double) {
      self.x = x
      self.y = y
    }
  }

  /// A line through points in their order; where a point is no number, the line breaks.
  package struct Series: Hashable, Sendable {
    /// Its name.
    package var name: String
    /// The meaning that gives it its colour.
    package var role: Role
    /// The points.
    package var points: [Value]
    /// What is said of it, behind its slope.
    package var note: String?
    /// Whether it is drawn in dashes, as what was not measured is.
    package var isDashed: Bool
    /// The place of the curve whose sign it has, where lines are signs: that which it goes on.
    package var goesOn: Int?

    /// Creates a curve; without a name nothing is said of it at its end.
    package init(
      _ name: String, _ role: Role, _ points: [Value], note: String? = nil, isDashed: Bool = false,
      goesOn: Int? = nil
    ) {
      (self.name, self.role, self.points) = (name, role, points)
      (self.note, self.isDashed, self.goesOn) = (note, isDashed, goesOn)
    }
  }

  /// A point that is named.
  package struct Mark: Hashable, Sendable {
    /// Where.
    package var point: Value
    /// What is said of it.
    package var label: String
    /// The meaning that gives it its colour.
    package var role: Role

    /// Creates a mark.
    package init(_ point: Value, _ label: String, _ role: Role = .prediction) {
      (self.point, self.label, self.role) = (point, label, role)
    }
  }

  /// How much a curve grows between two of its points, drawn as a step beside it with the measured factor.
  package struct Rise: Hashable, Sendable {
    /// Which curve, by its place.
    package var series: Int
    /// The points, by their places in the curve.
    package var from: Int
    /// The later point.
    package var to: Int
    /// Over the curve, or under it.
    package var isAbove: Bool
    /// What grows along the bottom, in a word: it stands before the two ends.
    package var across: String
    /// What is multiplied upwards.
    package var up: String

    /// Creates a rise.
    package init(
      series: Int, from: Int, to: Int, isAbove: Bool, across: String = "", up: String = ""
    ) {
      (self.series, self.from, self.to, self.isAbove) = (series, from, to, isAbove)
      (self.across, self.up) = (across, up)
    }
  }

  /// The curves; a later one is drawn over an earlier one.
  package var series: [Series]
  /// The axis along the bottom.
  package var x: Axis
  /// The axis upwards.
  package var y: Axis
  /// Named points.
  package var marks: [Mark]
  /// Measured growth.
  package var rises: [Rise]
  package let language: Language
  package let glyphs: GlyphSet

  /// Creates curves.
  package init(
    _ series: [Series], x: Axis, y: Axis, marks: [Mark] = [], rises: [Rise] = [],
    language: Language, glyphs: GlyphSet
  ) {
    (self.series, self.x, self.y) = (series, x, y)
    (self.marks, self.rises) = (marks, rises)
    (self.language, self.glyphs) = (language, glyphs)
  }

  package func draw(on sheet: inout Canvas) {
    let names = CurveNames(self, sheet.size)
    let area = Area(
      x: 0, y: names.top, columns: sheet.size.columns, rows: sheet.size.rows - names.top)
    let values = series.flatMap(\.points) + marks.map(\.point)
    let axes = (x: cleaned(x), y: cleaned(y))
    guard
      var plot = Plot(
        area, axes, xs: values.map(\.x), ys: values.map(\.y), right: names.right, glyphs)
    else {
      write(
        series.filter { !$0.name.isEmpty }.map { (names.texts($0), Style($0.role)) }, on: &sheet)
      return
    }
    plot.drawGround(on: &sheet)
    for (index, series) in series.enumerated() { drawLine(series, index, &plot) }
    for rise in rises { drawStep(rise, plot, on: &sheet) }
    plot.raster.draw(at: Point(plot.area.x, plot.area.y), on: &sheet)
    for series in series { drawGaps(series, plot, on: &sheet) }
    for mark in marks { drawPoint(mark, plot, on: &sheet) }
    // A factor is worth nothing without its two ends; the name of a mark has more places to go.
    for rise in rises { drawAcross(rise, plot, on: &sheet) }
    for mark in marks { drawLabel(mark, plot, on: &sheet) }
    for rise in rises { drawUp(rise, plot, on: &sheet) }
    names.draw(plot, on: &sheet)
  }

  private func cleaned(_ axis: Axis) -> Axis {
    var axis = axis
    axis.title = clean(axis.title)
    return axis
  }

  private func drawLine(_ series: Series, _ index: Int, _ plot: inout Plot) {
    let ink = Raster.Ink(
      style: Style(series.role), mark: sign(index),
      isDashed: series.isDashed)
    var last: Point?
    for point in series.points {
      let next = plot.pixel(point.x, point.y)
      if let next { plot.raster.line(from: last ?? next, to: next, ink) }
      last = next
    }
  }

  /// The sign of a curve where lines cannot be drawn in blocks.
  func sign(_ index: Int) -> String {
    Raster.marks[(series[index].goesOn ?? index) % Raster.marks.count]
  }

  /// A dash at the bottom where a value is none.
  private func drawGaps(_ series: Series, _ plot: Plot, on sheet: inout Canvas) {
    for point in series.points where !point.y.isFinite {
      guard let place = plot.x.place(point.x) else { continue }
      let cell = plot.raster.cell(place, 0)
      sheet.put(
        glyphs.dash, at: Point(plot.area.x + cell.x, plot.area.y + cell.y), Style(series.role))
    }
  }

  private func drawPoint(_ mark: Mark, _ plot: Plot, on sheet: inout Canvas) {
    guard let cell = plot.cell(mark.point.x, mark.point.y) else { return }
    sheet.put(Plot.point, at: cell, Style(mark.role, bold: true))
  }

  private func drawLabel(_ mark: Mark, _ plot: Plot, on sheet: inout Canvas) {
    guard let cell = plot.cell(mark.point.x, mark.point.y) else { return }
    let (label, style) = (clean(mark.label), Style(mark.role))
    // Curves rise to the right: what has no room at its point has it above and to the left, or below and to the right, where it
    // can be no other's.
    let columns = ScalarWidth.of(label)
    let isUpper = !marks.contains { $0.point.x == mark.point.x && $0.point.y > mark.point.y }
    let places = (1...3).flatMap { rows in
      (0...5).map {
        isUpper
          ? Point(cell.x - columns - $0, cell.y - rows) : Point(cell.x + 1 + $0, cell.y + rows)
      }
    }
    // Better far than read as one with another.
    for isApart in [true, false] {
      if plot.name(cell, label, style, isApart: isApart, on: &sheet) { return }
      if plot.write(label, at: places, style, isApart: isApart, on: &sheet) { return }
    }
  }

  /// A rise with the points that it runs between, and their cells.
  private struct DrawnRise {
    let role: Role
    /// From where to where along the bottom.
    let xs: (from: Double, to: Double)
    let factors: (x: Double, y: Double)
    let from: Point
    let to: Point
  }

  /// The rise as long as both its points are drawn, far enough apart to be seen.
  private func drawn(_ rise: Rise, _ plot: Plot) -> DrawnRise? {
    guard series.indices.contains(rise.series) else { return nil }
    let (points, role) = (series[rise.series].points, series[rise.series].role)
    guard points.indices.contains(rise.from), points.indices.contains(rise.to) else { return nil }
    let (from, to) = (points[rise.from], points[rise.to])
    guard let start = plot.cell(from.x, from.y), let end = plot.cell(to.x, to.y),
      end.x - start.x >= 8, start.y - end.y >= 3
    else { return nil }
    return DrawnRise(
      role: role, xs: (from.x, to.x), factors: (to.x / from.x, to.y / from.y), from: start, to: end)
  }

  private func drawStep(_ rise: Rise, _ plot: Plot, on sheet: inout Canvas) {
    guard let drawn = drawn(rise, plot) else { return }
    let (from, to) = (drawn.from, drawn.to)
    let line = String(repeating: glyphs == .full ? "─" : "-", count: to.x - from.x)
    sheet.put(line, at: Point(from.x, rise.isAbove ? to.y : from.y), Style(.dim))
    for y in to.y + 1..<from.y {
      sheet.put(glyphs.divider, at: Point(rise.isAbove ? from.x : to.x, y), Style(.dim))
    }
  }

  private func drawUp(_ rise: Rise, _ plot: Plot, on sheet: inout Canvas) {
    guard let drawn = drawn(rise, plot) else { return }
    let (from, to) = (drawn.from, drawn.to)
    let rows = (to.y + 1..<from.y).sorted {
      abs(2 * $0 - from.y - to.y) < abs(2 * $1 - from.y - to.y)
    }
    for up in factors(drawn.factors.y, of: rise.up) {
      let columns = ScalarWidth.of(up)
      let sides =
        rise.isAbove
        ? [from.x - columns - 1, from.x + 2] : [to.x + 2, to.x - columns - 1]
      let places = sides.flatMap { side in rows.map { Point(side, $0) } }
      if plot.write(up, at: places, Style(drawn.role, bold: true), on: &sheet) { break }
    }
  }

  private func drawAcross(_ rise: Rise, _ plot: Plot, on sheet: inout Canvas) {
    guard let drawn = drawn(rise, plot) else { return }
    let (from, to) = (drawn.from, drawn.to)
    for across in across(drawn, rise.across) {
      let columns = ScalarWidth.of(across)
      let y = rise.isAbove ? to.y - 1 : from.y + 1
      let middle = (from.x + to.x - columns) / 2
      let along = (from.x...max(from.x, to.x - columns)).sorted {
        abs($0 - middle) < abs($1 - middle)
      }
      let places = along.map { Point($0, y) }
      if plot.write(across, at: places, Style(.text), on: &sheet) { break }
    }
  }

  /// The two ends of what grows along the bottom, so that a reader can check; where it has no name, its factor.
  private func across(_ drawn: DrawnRise, _ name: String) -> [String] {
    guard !name.isEmpty else { return factors(drawn.factors.x, of: name) }
    let (from, to) = (
      x.quantity.text(drawn.xs.from, glyphs), x.quantity.text(drawn.xs.to, glyphs)
    )
    // A mere > would say that one is greater.
    let ends = "\(from) \(glyphs == .full ? glyphs.arrow : "->") \(to)"
    return [clean(name) + " " + ends, ends]
  }

  /// A factor with what it multiplies, then alone.
  private func factors(_ factor: Double, of name: String) -> [String] {
    let text = glyphs.times + " " + Quantity.count.text(factor, glyphs)
    return name.isEmpty ? [text] : [clean(name) + " " + text, text]
  }
}
