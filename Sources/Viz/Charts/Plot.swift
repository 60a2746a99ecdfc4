/// The ground of curves and rooflines: two axes with their numbers, and the room between.
struct Plot {
  let area: Area
  let x: Scale
  let y: Scale
  var raster: Raster
  private let axes: (x: Axis, y: Axis)
  private let glyphs: GlyphSet
  private let yTicks: [(value: Double, label: String)]
  private let hasXLabels: Bool
  private let hasXTitle: Bool
  private let yTitle: String

  /// The least that still shows a shape.
  static let smallest = Size(columns: 8, rows: 3)

  /// Shares `area` among numbers, titles and the plot, and leaves `right` columns free; nil where there is no room for a
  /// shape.
  init?(
    _ area: Area, _ axes: (x: Axis, y: Axis), xs: [Double], ys: [Double], right: Int,
    _ glyphs: GlyphSet
  ) {
    guard area.columns - right >= Self.smallest.columns, area.rows >= Self.smallest.rows else {
      return nil
    }
    (self.axes, self.glyphs) = (axes, glyphs)
    (x, y) = (Scale(axes.x, xs), Scale(axes.y, ys))
    yTitle = axes.y.title
    let hasYTitle = area.rows >= 8 && !yTitle.isEmpty
    hasXLabels = area.rows >= 5
    hasXTitle = area.rows >= 9 && !axes.x.title.isEmpty
    let rows = area.rows - (hasYTitle ? 1 : 0) - (hasXLabels ? 1 : 0) - (hasXTitle ? 1 : 0)
    let ticks = y.ticks(max(2, min(6, rows / 3))).map {
      (value: $0, label: axes.y.quantity.text($0, glyphs))
    }
    let gutter = (ticks.map { ScalarWidth.of($0.label) }.max() ?? 0) + 1
    let hasGutter = area.columns - right - gutter >= 2 * Self.smallest.columns
    yTicks = hasGutter ? ticks : []
    let left = hasGutter ? gutter : 0
    self.area = Area(
      x: area.x + left, y: area.y + (hasYTitle ? 1 : 0), columns: area.columns - left - right,
      rows: rows)
    raster = Raster(columns: area.columns - left - right, rows: rows, glyphs)
  }

  /// The cell of a point; nil where it is none of this plot's.
  func cell(_ valueX: Double, _ valueY: Double) -> Point? {
    guard let x = x.place(valueX), let y = y.place(valueY) else { return nil }
    let cell = raster.cell(x, y)
    return Point(area.x + cell.x, area.y + cell.y)
  }

  /// The pixel of a point.
  func pixel(_ valueX: Double, _ valueY: Double) -> Point? {
    guard let x = x.place(valueX), let y = y.place(valueY) else { return nil }
    return raster.pixel(x, y)
  }

  /// Dots at the round numbers, and the numbers.
  func drawGround(on sheet: inout Canvas) {
    for tick in yTicks { drawRow(tick.value, tick.label, on: &sheet) }
    let columns = xTicks
    for tick in columns {
      for y in area.y..<area.y + area.rows { dot(Point(tick.x, y), on: &sheet) }
    }
    if hasXLabels { drawLabels(columns, on: &sheet) }
    if area.y > 0, !yTitle.isEmpty {
      let title = yTitle.fitted(to: sheet.size.columns - area.x)
      if title == yTitle { sheet.put(title, at: Point(area.x, area.y - 1), Style(.dim)) }
    }
    drawXTitle(on: &sheet)
  }

  private func drawRow(_ value: Double, _ label: String, on sheet: inout Canvas) {
    guard let place = y.place(value) else { return }
    let row = area.y + raster.cell(0, place).y
    for x in area.x..<area.end { dot(Point(x, row), on: &sheet) }
    sheet.put(label, at: Point(area.x - 1 - ScalarWidth.of(label), row), Style(.dim))
  }

  private func dot(_ point: Point, on sheet: inout Canvas) {
    sheet.put(glyphs.notNeeded, at: point, Style(.dim))
  }

  /// The numbers along the bottom, as many as stand apart.
  private var xTicks: [(x: Int, label: String)] {
    for count in stride(from: max(2, area.columns / 8), through: 1, by: -1) {
      let ticks = x.ticks(count).compactMap { value in
        x.place(value).map {
          (x: area.x + raster.cell($0, 0).x, label: axes.x.quantity.text(value, glyphs))
        }
      }
      let isApart = zip(ticks, ticks.dropFirst()).allSatisfy { one, next in
        start(one) + ScalarWidth.of(one.label) < start(next)
      }
      if isApart { return ticks }
    }
    return []
  }

  /// Where a number begins so that it stands below its dots, within the plot.
  private func start(_ tick: (x: Int, label: String)) -> Int {
    let columns = ScalarWidth.of(tick.label)
    return max(0, min(tick.x - columns / 2, area.end - columns))
  }

  private func drawLabels(_ ticks: [(x: Int, label: String)], on sheet: inout Canvas) {
    for tick in ticks where ScalarWidth.of(tick.label) <= area.columns {
      sheet.put(tick.label, at: Point(start(tick), area.y + area.rows), Style(.dim))
    }
  }

  private func drawXTitle(on sheet: inout Canvas) {
    let columns = ScalarWidth.of(axes.x.title)
    guard hasXTitle, columns <= area.columns else { return }
    sheet.put(
      axes.x.title, at: Point(area.x + (area.columns - columns) / 2, area.y + area.rows + 1),
      Style(.dim))
  }

  /// Writes `text` at the first of `points` where it covers nothing but dots, with a blank on both sides, or two (`isApart`)
  /// where another text is near.
  ///
  /// - Returns: whether there was such a place.
  func write(
    _ text: String, at points: [Point], _ style: Style, isApart: Bool = false,
    on sheet: inout Canvas
  ) -> Bool {
    let place = points.first {
      hasRoom(text, $0, sheet) && !(isApart && isBesideText(text, $0, sheet))
    }
    guard let place else { return false }
    sheet.put(text, at: place, style)
    return true
  }

  /// Whether a single blank is between `text` and another text: the sign of a point or of a curve is none.
  private func isBesideText(_ text: String, _ point: Point, _ sheet: Canvas) -> Bool {
    let row = Array(sheet.row(point.y))
    return [point.x - 2, point.x + ScalarWidth.of(text) + 1].contains { column in
      guard row.indices.contains(column) else { return false }
      // The second column of a wide character has no text of its own.
      guard let first = row[column].text.first else { return true }
      return (first.isLetter || first.isNumber)
        && !([Self.point] + Raster.marks).contains(row[column].text)
    }
  }

  /// Whether `text` covers nothing but dots there, with a blank on both sides.
  func hasRoom(_ text: String, _ point: Point, _ sheet: Canvas) -> Bool {
    let end = point.x + ScalarWidth.of(text)
    guard (area.y..<area.y + area.rows).contains(point.y), point.x >= area.x, end <= area.end
    else { return false }
    return isFree(max(area.x, point.x - 1)..<min(area.end, end + 1), point.y, sheet)
  }

  private func isFree(_ columns: Range<Int>, _ row: Int, _ sheet: Canvas) -> Bool {
    let cells = sheet.row(row)
    return columns.allSatisfy { column in
      let cell = cells[cells.startIndex + column]
      return cell.text == " " || cell.text == glyphs.notNeeded && cell.style.role == .dim
    }
  }

  /// Names a point: beside it, else above or below, where no other point is near enough to own the name.
  ///
  /// - Returns: whether there was such a place.
  func name(
    _ point: Point, _ text: String, _ style: Style, belowFirst: Bool = false,
    isApart: Bool = false, on sheet: inout Canvas
  ) -> Bool {
    let columns = ScalarWidth.of(text)
    let beside = [Point(point.x + 2, point.y), Point(point.x - columns - 1, point.y)]
    let rows = belowFirst ? [point.y + 1, point.y - 1] : [point.y - 1, point.y + 1]
    let places = rows.flatMap { y in
      let side = y > point.y ? point.x + 2 : point.x - columns - 1
      return [Point(side, y), Point(point.x - columns / 2, y)]
    }
    let own = places.filter { hasRoom(text, $0, sheet) && !isNearPoint($0, columns, sheet) }
    return write(text, at: beside + own, style, isApart: isApart, on: &sheet)
  }

  /// Names a point whose sign is like no other's as near to it as there is room, and beside no other point.
  ///
  /// - Returns: whether there was room.
  func nameApart(
    _ point: Point, _ text: String, _ style: Style, on sheet: inout Canvas
  ) -> Bool {
    let columns = ScalarWidth.of(text)
    guard columns <= area.columns else { return false }
    func distance(_ place: Point) -> Int {
      abs(2 * (place.x - point.x) + columns - 1) + 4 * abs(place.y - point.y)
    }
    let rows = max(area.y, point.y - 8)..<min(area.y + area.rows, point.y + 9)
    let starts = max(area.x, point.x - columns - 24)...max(area.x, point.x + 24)
    let places = rows.flatMap { y in starts.map { Point($0, y) } }.sorted {
      distance($0) < distance($1)
    }
    let apart = places.first {
      hasRoom(text, $0, sheet) && !isNearPoint($0, columns, sheet)
        && !isBesideText(text, $0, sheet)
    }
    guard let place = apart ?? places.first(where: { hasRoom(text, $0, sheet) }) else {
      return false
    }
    sheet.put(text, at: place, style)
    return true
  }

  /// The sign of a single point.
  static let point = "O"

  private func isNearPoint(_ place: Point, _ columns: Int, _ sheet: Canvas) -> Bool {
    let row = Array(sheet.row(place.y))
    return [place.x - 2, place.x + columns + 1].contains { column in
      row.indices.contains(column)
        && [Self.point, glyphs.chosenPoint].contains(row[column].text)
    }
  }
}

extension GlyphSet {
  /// The sign of a point that is looked at.
  package var chosenPoint: String { self == .full ? "●" : "@" }
}
