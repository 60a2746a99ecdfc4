package import Base
internal import Trace

/// What a machine can reach at each arithmetic intensity, both axes logarithmic: the slope of its memory, the flat roof of its
/// arithmetic, the ridge between, and points.
///
///     Roofline(peak: 125e12, bandwidth: 600e9, points: [.init("decode", intensity: 6.2)],
///              language: .english, glyphs: .full).draw(in: area, on: &canvas)
///
/// Source: Williams et al. 2009 (doi:10.1145/1498765.1498785).
package struct Roofline: Chart {
  /// Some work on the machine.
  package struct Point: Hashable, Sendable {
    /// What it is called.
    package var label: String
    /// FLOP for each byte moved.
    package var intensity: Double
    /// FLOP/s; nil: what the machine can reach at this intensity.
    package var performance: Double?
    /// The meaning that gives it its colour.
    package var role: Role
    /// Whether the machine has the memory for it; what does not fit stands in brackets.
    package var fits: Bool
    /// Whether it is looked at: its sign is like no other's, and its name always stands.
    package var isChosen: Bool

    /// Creates a point.
    package init(
      _ label: String, intensity: Double, performance: Double? = nil, role: Role = .prediction,
      fits: Bool = true, isChosen: Bool = false
    ) {
      (self.label, self.intensity, self.performance) = (label, intensity, performance)
      (self.role, self.fits, self.isChosen) = (role, fits, isChosen)
    }
  }

  /// FLOP/s of the arithmetic.
  package var peak: Double
  /// Bytes a second of the memory.
  package var bandwidth: Double
  /// The work.
  package var points: [Point]
  /// Intensities that the axis reaches, whether there is a point or not: then it stands still while points move.
  package var reach: [Double] = []
  package let language: Language
  package let glyphs: GlyphSet

  /// Creates a roofline.
  package init(
    peak: Double, bandwidth: Double, points: [Point], language: Language, glyphs: GlyphSet
  ) {
    (self.peak, self.bandwidth, self.points) = (peak, bandwidth, points)
    (self.language, self.glyphs) = (language, glyphs)
  }

  /// The intensity from which on arithmetic is what limits; nil for numbers that are none of a machine's.
  package var ridge: Double? {
    let ridge = peak / bandwidth
    return Self.isDrawable(peak) && Self.isDrawable(bandwidth) && Self.isDrawable(ridge)
      ? ridge : nil
  }

  /// The FLOP/s that the machine can reach at an intensity.
  package func attainable(_ intensity: Double) -> Double { min(peak, intensity * bandwidth) }

  private static func isDrawable(_ value: Double) -> Bool { value > 1e-200 && value < 1e200 }

  private func performance(_ point: Point) -> Double {
    point.performance ?? attainable(point.intensity)
  }

  private static let flops = Quantity.of("FLOP/s")

  package func draw(on sheet: inout Canvas) {
    let size = sheet.size
    let area = Area(x: 0, y: 0, columns: size.columns, rows: size.rows)
    guard let ridge, size.columns >= 16, size.rows >= 5,
      var plot = Plot(area, axes(ridge), xs: [], ys: [], right: 0, glyphs)
    else {
      write(words, on: &sheet)
      return
    }
    plot.drawGround(on: &sheet)
    drawRidge(ridge, plot, on: &sheet)
    drawRoof(&plot)
    plot.raster.draw(at: Viz.Point(plot.area.x, plot.area.y), on: &sheet)
    drawStem(plot, on: &sheet)
    drawPoints(plot, on: &sheet)
    var unnamed = drawLabels(isChosen: true, plot, on: &sheet)
    drawNames(ridge, plot, on: &sheet)
    unnamed += drawLabels(isChosen: false, plot, on: &sheet)
    drawExcess(plot, on: &sheet)
    drawRegions(ridge, plot, on: &sheet)
    if unnamed > 0 { drawUnnamed(unnamed, plot, on: &sheet) }
  }

  /// From well below the least of things to well above the greatest, so that roof and slope are both seen.
  private func axes(_ ridge: Double) -> (x: Axis, y: Axis) {
    let known = (points.map(\.intensity) + reach).filter(Self.isDrawable) + [ridge]
    let last = (known.max() ?? ridge) * 4
    let first = min((known.min() ?? ridge) / 2, last / 100)
    let heights =
      (points.map(performance) + reach.map(attainable)).filter(Self.isDrawable)
      + [attainable(first)]
    let top = max(peak, heights.max() ?? peak) * 3
    let bottom = min(heights.min() ?? peak, top / 100)
    return (
      Axis(
        word("每搬 1 字节，算几次（FLOP/字节）", "FLOP per byte moved"), .count, isLogarithmic: true,
        range: first...last),
      Axis(
        word("每秒能算多少 FLOP", "FLOP/s within reach"), Self.flops, isLogarithmic: true,
        range: bottom...top)
    )
  }

  private func drawRoof(_ plot: inout Plot) {
    let ink = Raster.Ink(style: Style(.cachedBar), mark: "#")
    var last: Viz.Point?
    for column in 0..<plot.area.columns {
      let x = plot.x.value(at: Double(column) / Double(max(1, plot.area.columns - 1)))
      guard let place = plot.y.place(attainable(x)) else { continue }
      let next = Viz.Point(column, plot.raster.pixel(0, place).y)
      plot.raster.line(from: last ?? next, to: next, ink)
      last = next
    }
  }

  private func drawRidge(_ ridge: Double, _ plot: Plot, on sheet: inout Canvas) {
    guard let top = plot.cell(ridge, peak) else { return }
    for y in top.y..<plot.area.y + plot.area.rows {
      sheet.put(glyphs.divider, at: Viz.Point(top.x, y), Style(.dim))
    }
  }

  private func drawPoints(_ plot: Plot, on sheet: inout Canvas) {
    // Those that are looked at lie over the others.
    for point in points.filter({ !$0.isChosen }) + points.filter(\.isChosen) {
      guard let cell = plot.cell(point.intensity, performance(point)) else { continue }
      sheet.put(
        point.isChosen ? glyphs.chosenPoint : Plot.point, at: cell, style(point, bold: true))
    }
  }

  // MARK: Beyond memory

  /// The first point whose bytes came faster than memory has them, and how much faster.
  private var excess: (point: Point, times: Double)? {
    for point in points {
      guard let performance = point.performance else { continue }
      let times = performance / (point.intensity * bandwidth)
      if times > PhaseRun.surelyFaster, times.isFinite, point.intensity * bandwidth < peak {
        return (point, times)
      }
    }
    return nil
  }

  /// The cells of that point and of the slope below it.
  private func stem(_ plot: Plot) -> (top: Viz.Point, bottom: Viz.Point)? {
    guard let point = excess?.point,
      let top = plot.cell(point.intensity, performance(point)),
      let bottom = plot.cell(point.intensity, attainable(point.intensity))
    else { return nil }
    return (top, bottom)
  }

  /// From the slope up to the point.
  private func drawStem(_ plot: Plot, on sheet: inout Canvas) {
    guard let (top, bottom) = stem(plot), let point = excess?.point else { return }
    for y in top.y..<max(top.y, bottom.y) {
      sheet.put(":", at: Viz.Point(top.x, y), style(point))
    }
  }

  /// How it can be above the slope, said beside the stem, or above it where there is room.
  private func drawExcess(_ plot: Plot, on sheet: inout Canvas) {
    guard let excess, let (top, bottom) = stem(plot) else { return }
    let times = Quantity.count.text(excess.times, glyphs)
    for text in [
      word(
        "读得比内存快到 \(times) 倍：在 CPU 缓存里", "read at \(times) times memory's rate: in CPU caches"),
      word("比内存快到 \(times) 倍：在 CPU 缓存里", "\(times) times memory's rate: in CPU caches"),
      word("CPU 缓存，\(times) 倍", "CPU caches, \(times) times"),
      word("CPU 缓存", "CPU caches"),
    ] {
      let left = top.x - ScalarWidth.of(text) - 2
      let beside = (top.y...max(top.y, bottom.y)).flatMap {
        [Viz.Point(top.x + 2, $0), Viz.Point(left, $0)]
      }
      let above = (plot.area.y..<max(plot.area.y, top.y)).reversed().flatMap {
        [Viz.Point(top.x, $0), Viz.Point(plot.area.x + 1, $0)]
      }
      let points = beside + above
      if plot.write(text, at: points, style(excess.point), isApart: true, on: &sheet) { return }
    }
  }

  /// - Returns: how many of the points have no room for their names, or no place.
  private func drawLabels(isChosen: Bool, _ plot: Plot, on sheet: inout Canvas) -> Int {
    points.filter { $0.isChosen == isChosen }.count { point in
      guard let cell = plot.cell(point.intensity, performance(point)) else { return true }
      let (name, style) = (name(point), style(point))
      if plot.name(cell, name, style, belowFirst: true, isApart: true, on: &sheet) { return false }
      return !(isChosen && plot.nameApart(cell, name, style, on: &sheet))
    }
  }

  private func name(_ point: Point) -> String {
    point.fits ? clean(point.label) : "(" + clean(point.label) + ")"
  }

  private func style(_ point: Point, bold: Bool = false) -> Style {
    Style(point.fits ? point.role : .dim, bold: bold)
  }

  private func drawNames(_ ridge: Double, _ plot: Plot, on sheet: inout Canvas) {
    let (roof, slope, name) = (roofText, slopeText, ridgeText(ridge))
    let bottom = plot.area.y + plot.area.rows - 1
    if let top = plot.cell(ridge, peak) {
      let x = plot.area.end - ScalarWidth.of(roof) - 1
      _ = plot.write(
        roof, at: [Viz.Point(max(top.x, x), top.y - 1)] + [1, 2].map { Viz.Point(x, top.y - $0) },
        Style(.heading), on: &sheet)
      _ = plot.write(
        name, at: [1, 2, 0].map { Viz.Point(top.x + 2, bottom - $0) }, Style(.heading), on: &sheet)
    }
    let middle = plot.area.columns / 4
    let x = plot.x.value(at: Double(middle) / Double(max(1, plot.area.columns - 1)))
    guard let cell = plot.cell(x, attainable(x)) else { return }
    let start = cell.x - ScalarWidth.of(slope) - 2
    let places = (0...6).flatMap {
      [Viz.Point(start, cell.y - $0), Viz.Point(start + 4, cell.y - 1 - $0)]
    }
    _ = plot.write(slope, at: places, Style(.heading), isApart: true, on: &sheet)
  }

  /// Which of the two has to be waited for, left and right of the ridge.
  private func drawRegions(_ ridge: Double, _ plot: Plot, on sheet: inout Canvas) {
    guard let foot = plot.cell(ridge, peak) else { return }
    let rows = (1...4).map { plot.area.y + plot.area.rows - $0 }
    for names in [
      (word("等搬运", "waits for bytes"), word("等算术", "waits for compute")),
      (word("等搬运", "bytes"), word("等算术", "compute")),
    ] {
      let (bytes, compute) = (glyphs.backArrow + " " + names.0, names.1 + " " + glyphs.arrow)
      let left = foot.x - ScalarWidth.of(bytes) - 1
      let fitting = rows.first { row in
        plot.hasRoom(bytes, Viz.Point(left, row), sheet)
          && plot.hasRoom(compute, Viz.Point(foot.x + 2, row), sheet)
      }
      guard let row = fitting else { continue }
      sheet.put(bytes, at: Viz.Point(left, row), Style(.dim))
      sheet.put(compute, at: Viz.Point(foot.x + 2, row), Style(.dim))
      return
    }
  }

  private func drawUnnamed(_ count: Int, _ plot: Plot, on sheet: inout Canvas) {
    let bottom = plot.area.y + plot.area.rows - 1
    for text in [
      word("另有 \(count) 点写不下名字", "no room to name " + counted(count, "point")),
      word("另有 \(count) 点没写名", counted(count, "point") + " unnamed"),
      "+\(count)",
    ] {
      let x = plot.area.end - ScalarWidth.of(text) - 1
      let places = (0..<plot.area.rows).map { Viz.Point(x, bottom - $0) }
      if plot.write(text, at: places, Style(.dim), isApart: true, on: &sheet) { return }
    }
  }

  // MARK: Words

  private var roofText: String {
    word("算力", "compute") + " " + Self.flops.text(peak, glyphs)
  }

  private var slopeText: String {
    word("带宽", "memory") + " " + Quantity.of("B/s").text(bandwidth, glyphs)
  }

  private func ridgeText(_ ridge: Double) -> String {
    word("屋脊", "ridge") + " " + Quantity.count.text(ridge, glyphs)
  }

  private var words: [(texts: [String], style: Style)] {
    let limits = [roofText, slopeText, ridgeText(ridge ?? .nan)]
    return limits.map { ([$0], Style(.heading)) }
      + points.map { point in
        let value = Self.flops.text(performance(point), glyphs)
        return ([name(point) + " " + value, value], style(point))
      }
  }
}
