/// Which columns of a memory bar belong to what.
struct MemoryBarLayout {
  private let chart: MemoryBar
  private let columns: Int
  /// Bytes that the whole width stands for.
  let scale: Double
  /// Bytes behind the last segment, before what is kept free; below 0 if they are missing.
  let left: Double
  private let places: [Range<Int>]

  init(_ chart: MemoryBar, columns: Int) {
    (self.chart, self.columns) = (chart, columns)
    let capacity = MemoryBar.size(chart.capacity)
    var ends: [Double] = [0]
    for segment in chart.segments {
      ends.append(ends[ends.count - 1] + MemoryBar.size(segment.size))
    }
    let used = ends[ends.count - 1]
    left = capacity - min(capacity, MemoryBar.size(chart.reserved)) - used
    let scale = max(capacity, used)
    self.scale = scale.isFinite && scale > 1e-290 ? scale : 0
    // Ends are rounded, not lengths, so that no error adds up.
    let bounds = ends.map { Self.column($0, scale, columns) }
    places = zip(bounds, bounds.dropFirst()).map { $0..<$1 }
  }

  private static func column(_ bytes: Double, _ scale: Double, _ columns: Int) -> Int {
    guard scale > 0, scale.isFinite, bytes.isFinite else { return 0 }
    return Int((min(1, max(0, bytes / scale)) * Double(columns)).rounded())
  }

  /// The column where a number of bytes ends.
  func column(_ bytes: Double) -> Int { Self.column(bytes, scale, columns) }

  /// From here on there is nothing to give away.
  private var usable: Int {
    column(
      MemoryBar.size(chart.capacity)
        - min(MemoryBar.size(chart.capacity), MemoryBar.size(chart.reserved)))
  }

  // MARK: Words

  /// Whether a segment alone is less than half a column.
  private func isSmall(_ segment: MemoryBar.Segment) -> Bool {
    let size = MemoryBar.size(segment.size)
    return size > 0 && size / scale * Double(columns) < 0.5
  }

  /// Segments that cannot be told apart, summed.
  var small: [(texts: [String], style: Style)] {
    let small = chart.segments.filter(isSmall)
    guard !small.isEmpty else { return [] }
    let size = chart.text(small.reduce(0) { $0 + $1.size })
    let count = small.count
    return [
      (
        [
          chart.word("\(count) 份太小，画不开：共 \(size)", "\(count) too small to draw apart: \(size)"),
          chart.word("\(count) 份共 \(size)", "\(count): \(size)"),
        ], Style(.dim)
      )
    ]
  }

  /// The other segments as far as their sizes do not stand in the bar, equal neighbours once.
  var unnamed: [(texts: [String], style: Style)] {
    var runs: [(first: MemoryBar.Segment, last: MemoryBar.Segment)] = []
    for (segment, place) in zip(chart.segments, places) where !isSmall(segment) {
      guard inscription(segment, place.count) != full(segment) else { continue }
      if let run = runs.last, run.first.size == segment.size, run.first.kind == segment.kind {
        runs[runs.count - 1].last = segment
      } else {
        runs.append((segment, segment))
      }
    }
    return runs.map { run in
      let size = chart.text(run.first.size)
      let first = chart.clean(run.first.label)
      guard run.first != run.last else { return ([first + " " + size, size], Style(.text)) }
      let names = first + "-" + chart.clean(run.last.label)
      return (
        [names + " " + chart.word("各 \(size)", "\(size) each"), size], Style(.text)
      )
    }
  }

  private func full(_ segment: MemoryBar.Segment) -> String {
    chart.clean(segment.label) + " " + chart.text(segment.size)
  }

  /// What stands in a segment: name and size, the name, or nothing; a column stays free before the next one's.
  private func inscription(_ segment: MemoryBar.Segment, _ columns: Int) -> String {
    [full(segment), chart.clean(segment.label)].first { ScalarWidth.of($0) < columns } ?? ""
  }

  // MARK: Picture

  func draw(rows: Int, on sheet: inout Canvas) {
    let end = column(chart.capacity.isFinite ? chart.capacity : 0)
    for y in 0..<rows {
      // The ground of what is free is seen, so that the bar has an end.
      put(chart.glyphs.notNeeded, 0..<end, y, Style(.dim), on: &sheet)
      put("/", usable..<max(usable, end), y, Style(.dim), on: &sheet)
    }
    for (segment, place) in zip(chart.segments, places) where !place.isEmpty {
      for y in 0..<rows { fill(segment, place, y, on: &sheet) }
      let text = isSmall(segment) ? "" : inscription(segment, place.count)
      let isFull = text == full(segment)
      sheet.put(
        isFull ? text + " " : text, at: Point(place.lowerBound, rows / 2), style(segment, place))
    }
  }

  private func put(
    _ glyph: String, _ columns: Range<Int>, _ y: Int, _ style: Style, on sheet: inout Canvas
  ) {
    sheet.put(
      String(repeating: glyph, count: columns.count), at: Point(columns.lowerBound, y), style)
  }

  private func fill(
    _ segment: MemoryBar.Segment, _ place: Range<Int>, _ y: Int, on sheet: inout Canvas
  ) {
    let (mark, style) = look(segment)
    let end = chart.capacity.isFinite ? max(usable, place.lowerBound) : place.upperBound
    put(mark, place.lowerBound..<min(end, place.upperBound), y, style, on: &sheet)
    put("!", min(end, place.upperBound)..<place.upperBound, y, Style(.wrong), on: &sheet)
  }

  private func style(_ segment: MemoryBar.Segment, _ place: Range<Int>) -> Style {
    let isOut = left < 0 && place.upperBound > usable && chart.capacity.isFinite
    return isOut ? Style(.wrong) : look(segment).style
  }

  private func look(_ segment: MemoryBar.Segment) -> (mark: String, style: Style) {
    switch segment.kind {
    case .weights: ("#", Style(.modelWeights))
    case .request: (chart.glyphs.read, Style(.cached))
    case .other(let role): ("+", Style(role))
    }
  }
}
