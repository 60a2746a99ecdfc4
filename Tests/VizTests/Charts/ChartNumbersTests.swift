internal import Base
import TestSupport
import Testing

@testable import Viz

/// What charts write is what they were given, and lengths are in its ratio.
@Suite struct ChartNumbersTests {
  private static let looks: [(Language, GlyphSet)] = Language.allCases.flatMap { language in
    GlyphSet.allCases.map { (language, $0) }
  }

  // MARK: Nothing is cut

  /// All that looks like a number with its prefix, as written.
  private static func numbers(_ text: String) -> [String] {
    text.matches(of: /-?\d+(?:\.\d+)?(?:e-?\d+)?(?: [kMGTPE](?![A-Za-z]))?/).map { String($0.0) }
  }

  @Test("Bars: every number on screen is one of the data, within rounding, and none is cut")
  func barsReadBack() throws {
    for seed in 0..<15 {
      var random = SplitMix64(seed: UInt64(1000 + seed))
      let data = (0..<1 + random.below(7)).map { _ in
        [ChartPropertyTests.value(&random), ChartPropertyTests.value(&random)]
      }
      for (language, glyphs) in Self.looks {
        for arrangement in [Bars.Arrangement.beside, .below] {
          let bars = Bars(
            series: [.init("a", .uncachedBar), .init("b", .cachedBar)],
            groups: data.map { .init("g", $0) }, arrangement: arrangement, language: language,
            glyphs: glyphs)
          for (columns, rows) in [(3, 4), (8, 9), (12, 20), (20, 20), (40, 20), (90, 20)] {
            let text = bars.picture(columns, rows).plainText
            let allowed = Set(
              data.joined().map { Quantity.count.text($0, glyphs) }.flatMap(Self.numbers))
            let rest = text.split(separator: "\n").filter {
              !$0.contains("上面") && !$0.contains("more") && !$0.contains("另有") && !$0.contains("+")
            }.joined(separator: "\n")
            for number in Self.numbers(rest) {
              #expect(
                allowed.contains(number), "\(number) of \(data), \(columns)x\(rows):\n\(text)")
            }
            if columns >= 40 {
              for value in data.joined() {
                #expect(text.contains(Quantity.count.text(value, glyphs)), "\(value):\n\(text)")
              }
            }
          }
        }
      }
    }
  }

  @Test("Bars: lengths are in the ratio of their numbers, to half a column")
  func barLengths() {
    let bars = Bars(
      series: [.init("", .cachedBar)], groups: [10, 5, 2.5, 0, 0.001].map { .init("", [$0]) },
      language: .english, glyphs: .full)
    let lengths = bars.picture(46, 5).plainText.split(separator: "\n").map { line in
      line.count { $0 == "█" }
    }
    #expect(lengths == [40, 20, 10, 0, 1])
  }

  @Test("Bars: where lines are too many, the last stay and the rest is counted")
  func barsCounted() {
    let groups = (1...9).map { Bars.Group("", [Double($0)]) }
    let bars = Bars(
      series: [.init("", .cachedBar)], groups: groups, language: .english, glyphs: .full)
    let lines = bars.picture(20, 4).plainText.split(separator: "\n")
    #expect(lines[0] == "6 more above")
    #expect(lines.dropFirst().map { $0.last } == ["7", "8", "9"])
  }

  @Test("Columns: heights are in the ratio of their numbers, parts add up")
  func columnHeights() {
    // A row each for what is below and above.
    let canvas = ChartCases.columnsStacked(.english, .full).picture(40, 42)
    let heights = [Role.newQuery, .newKey, .masked].map { role in
      (0..<42).count { y in canvas.row(y).first?.style.role == role }
    }
    #expect(heights == [8, 16, 16])
    #expect(canvas.plainText.contains("140") && canvas.plainText.contains("28"))
    let halves = Columns(
      [4, 3, 2, 1].map { .init("", [.init($0, .cachedBar)]) }, language: .english, glyphs: .full)
    #expect(halves.picture(8, 4).plainText == "4 3\n█ ▄ 2 1\n█ █ █ ▄\n")
  }

  @Test(
    "Columns: where there are too many, each is the largest of its neighbours, and that is said")
  func columnsCounted() {
    let text = ChartCases.columnsMany(.english, .full).picture(100, 10).plainText
    #expect(text.hasPrefix("highest 250 MFLOP  1 column stands for 3"))
    #expect(text.contains(" 140 "))
  }

  @Test("A memory bar's columns add up, and small segments are summed and said")
  func memorySums() {
    let chart = ChartCases.memorySmall(.english, .full)
    let canvas = chart.picture(80, 6)
    #expect(canvas.plainText.contains("9 too small to draw apart: 153 MB"))
    #expect(canvas.plainText.contains("3.847 GB left"))
    let row = canvas.row(0)
    #expect(row.count { $0.style.role == .modelWeights } == 31)
    #expect(
      row.count { $0.style.role == .signed(2) } == 9
        || row.count { $0.style.role == .signed(2) } == 10)
  }

  @Test("A memory bar writes no number that is none of its own")
  func memoryReadBack() {
    for seed in 0..<300 {
      var random = SplitMix64(seed: UInt64(seed))
      let sizes = (0..<1 + random.below(6)).map { _ in Double(1 + random.below(9_999)) * 1e6 }
      let (used, capacity) = (sizes.reduce(0, +), Double(1 + random.below(40)) * 1e9)
      let bar = MemoryBar(
        sizes.map { .init("s", $0, .request) }, capacity: capacity, language: .english,
        glyphs: .full)
      let small = sizes.filter { $0 / max(used, capacity) * 100 < 0.5 }.reduce(0, +)
      let allowed = Set(
        (sizes + [abs(capacity - used), capacity, small]).map { Quantity.bytes.text($0, .full) })
      // The fifth row is the ruler.
      let rows = bar.picture(100, 12).plainText.split(
        separator: "\n", omittingEmptySubsequences: false)
      for (row, line) in rows.enumerated() where row != 4 {
        for match in line.matches(of: /\d+(?:\.\d+)? [kMGT]?B/) {
          #expect(allowed.contains(String(match.0)), "\(match.0) in \(line), \(sizes)")
        }
      }
      #expect(rows.joined().contains(Quantity.bytes.text(abs(capacity - used), .full)))
    }
  }

  @Test("What does not fit sticks out at its true length, and what is missing is said")
  func memoryOver() {
    let canvas = ChartCases.memoryOver(.english, .full).picture(100, 8)
    let used = 13.476e9 + 6 * 2_147_483_648
    let row = canvas.row(0)
    let out = row.count { $0.style.role == .wrong }
    #expect(abs(Double(out) - (used - (24e9 - 1.92e9)) / used * 100) <= 1)
    #expect(canvas.plainText.contains("4.281 GB short"))
    #expect(!ChartCases.memory(.english, .full).picture(100, 8).plainText.contains("short"))
  }

  @Test("A slope is measured: n³ and n² come out of their sums")
  func slopes() {
    let text = ChartCases.curvesLog(.english, .full).picture(100, 24).plainText
    #expect(text.contains("slope 2.99  as n³"))
    #expect(text.contains("slope 2  as n²"))
    #expect(text.contains("334 M") && text.contains("501 k"))
    #expect(text.contains("× 987") && text.contains("× 99.1"))
  }

  @Test("A roofline's ridge is peak over bandwidth, and its points lie under the roof")
  func ridge() throws {
    let chart = try #require(ChartCases.roofline(.english, .full) as? Roofline)
    #expect(abs(try #require(chart.ridge) - 208.333) < 0.001)
    #expect(chart.attainable(6.2) == 6.2 * 600e9)
    #expect(chart.attainable(492) == 125e12)
    let text = chart.picture(100, 24).plainText
    for word in ["125 TFLOP/s", "600 GB/s", "ridge 208", "P512", "(32)"] {
      #expect(text.contains(word), "\(word)")
    }
    #expect(
      Roofline(peak: 0, bandwidth: 1, points: [], language: .english, glyphs: .full).ridge == nil)
  }

  @Test(
    "A point above the slope has a stem and says how much faster than memory it was; others do not")
  func stem() {
    func text(_ performance: Double?, _ glyphs: GlyphSet = .full) -> String {
      Roofline(
        peak: 50e9, bandwidth: 10e9,
        points: [
          .init("D", intensity: 0.5, performance: performance),
          .init("P", intensity: 50, performance: 60e9),
        ], language: .english, glyphs: glyphs
      ).picture(80, 24).plainText
    }
    for glyphs in GlyphSet.allCases {
      let above = text(17e9, glyphs)
      #expect(above.contains("3.4 times memory's rate: in CPU caches"), "\(above)")
      #expect(above.count { $0 == ":" } > 2)
    }
    for performance in [5.2e9, 2e9, nil] {
      let below = text(performance)
      #expect(!below.contains("caches") && !below.contains(":"), "\(below)")
    }
  }

  @Test("What is said of a point above the slope does not run into the name of the roof")
  func excessApart() {
    for columns in 40...80 {
      for rows in 8...16 {
        for intensity in [0.5, 0.8, 1.2, 2, 3] {
          var chart = Roofline(
            peak: 236e9, bandwidth: 67e9,
            points: [.init("P1", intensity: intensity, performance: intensity * 67e9 * 1.33)],
            language: .english, glyphs: .full)
          chart.reach = [0.4, 30]
          let text = chart.picture(columns, rows).plainText
          #expect(
            text.firstMatch(of: /(times|caches) (compute|ridge|memory [0-9])/) == nil,
            "\(columns) × \(rows)\n\(text)")
        }
      }
    }
  }

  @Test("A point that is looked at has a sign of its own and its name, however close others are")
  func chosen() {
    for glyphs in GlyphSet.allCases {
      let others = (0..<12).map { place in
        Roofline.Point("other \(place)", intensity: 40 + Double(place))
      }
      let text = Roofline(
        peak: 50e9, bandwidth: 10e9,
        points: others + [.init("this one", intensity: 45, isChosen: true)],
        language: .english, glyphs: glyphs
      ).picture(50, 12).plainText
      #expect(text.contains("this one") && text.contains(glyphs.chosenPoint), "\(text)")
    }
  }

  @Test("A rise says what it multiplies, where there is room")
  func rises() throws {
    var chart = try #require(ChartCases.curvesLog(.english, .full) as? Curves)
    for place in chart.rises.indices {
      (chart.rises[place].across, chart.rises[place].up) = ("n", "cells")
    }
    let text = chart.picture(100, 30).plainText
    for part in ["n 100 → 1000", "cells × 987", "cells × 99.1"] {
      #expect(text.contains(part), "\(part)\n\(text)")
    }
  }

  @Test("Names of points that lie close are not read as one", arguments: GlyphSet.allCases)
  func apart(glyphs: GlyphSet) throws {
    for (columns, rows) in [(60, 18), (80, 20), (100, 24), (118, 13), (140, 30), (196, 40)] {
      for x in [3.0, 5, 7, 9, 12, 20, 60] {
        var chart = try #require(ChartCases.curvesLog(.english, glyphs) as? Curves)
        chart.marks = [
          .init(.init(x, 1.4 * x * x * x), "upper 140", .uncachedBar),
          .init(.init(x, 28 * x), "lower 28", .cachedBar),
          .init(.init(x * 1.5, 28 * x), "next 7", .cachedBar),
        ]
        let text = chart.picture(columns, rows).plainText
        #expect(
          text.firstMatch(of: /(140|28|7) (upper|lower|next)/) == nil,
          "\(columns) × \(rows)\n\(text)")
      }
    }
  }

  @Test(
    "A curve without a name has no words at its end, and its sign is that of the one it goes on")
  func unnamed() throws {
    var chart = try #require(ChartCases.curvesLog(.english, .ascii) as? Curves)
    chart.rises = []
    let all = chart.picture(100, 30).plainText
    chart.series.append(
      Curves.Series("", .uncachedBar, [.init(1, 2e8), .init(1000, 2e8)], goesOn: 1))
    let more = chart.picture(100, 30).plainText
    #expect(all.contains("slope 2.99") && more.contains("slope 2.99") && !more.contains("200 M"))
    #expect(more.count { $0 == "+" } > all.count { $0 == "+" } + 20)
  }

  @Test("What is no number is a dash")
  func dashes() {
    let nothing: [any Chart] = [
      Bars(
        series: [.init("", .cachedBar)], groups: [.init("", [.nan])], language: .english,
        glyphs: .full),
      Curves(
        [.init("", .cachedBar, [.init(1, .nan)])], x: Axis(), y: Axis(), language: .english,
        glyphs: .full),
      Roofline(peak: .nan, bandwidth: .nan, points: [], language: .english, glyphs: .full),
      MemoryBar([.init("", .nan, .weights)], capacity: .nan, language: .english, glyphs: .full),
    ]
    for chart in nothing { #expect(chart.picture(40, 8).plainText.contains("–"), "\(chart)") }
  }
}
