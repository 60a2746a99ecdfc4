internal import Base
import Foundation
import TestSupport
import Testing

@testable import Viz

/// Every chart over numbers of every kind, at every size: whole, within its area, and without a cut number.
@Suite struct ChartPropertyTests {
  static let awkward: [Double] = [
    0, -0.0, 1, -1, 7, 0.1, 1e-9, 1e-300, .leastNonzeroMagnitude, 1e300, 1.7e308, -1.7e308, .nan,
    .infinity,
    -.infinity, 999.5, 9_999.6, 1e15, 333_833_500, 13.476e9, 2_147_483_648,
    .leastNormalMagnitude / 512, 12.3456,
  ]

  private static let sizes = [
    (1, 1), (1, 9), (2, 2), (3, 1), (5, 3), (7, 5), (8, 1), (12, 2), (16, 5), (20, 4), (24, 8),
    (33, 9), (40, 3), (60, 16), (79, 24), (80, 2), (120, 36), (300, 100),
  ]

  private static let looks: [(Language, GlyphSet)] = Language.allCases.flatMap { language in
    GlyphSet.allCases.map { (language, $0) }
  }

  // MARK: Charts of random numbers

  static func value(_ random: inout SplitMix64) -> Double {
    switch random.below(4) {
    case 0: awkward[random.below(awkward.count)]
    case 1: Double(random.below(1000))
    case 2: pow(10, Double.random(in: -12...24, using: &random))
    default: Double.random(in: -100...100, using: &random)
    }
  }

  private static func values(_ random: inout SplitMix64, upTo most: Int = 12) -> [Double] {
    (0..<random.below(most + 1)).map { _ in value(&random) }
  }

  private static func name(_ random: inout SplitMix64) -> String {
    ["", "中文名", "a", "a long name of something", "x\u{1B}[2J\n", "第 5 步"][random.below(6)]
  }

  private static func axis(_ random: inout SplitMix64) -> Axis {
    let ends = [value(&random), value(&random)].filter { !$0.isNaN }.sorted()
    return Axis(
      name(&random), [.count, .bytes, .seconds, .of("FLOP/s")][random.below(4)],
      isLogarithmic: random.below(2) == 0,
      range: random.below(3) == 0 && ends.count == 2 ? ends[0]...ends[1] : nil)
  }

  private static func chart(
    _ random: inout SplitMix64, _ language: Language, _ glyphs: GlyphSet
  ) -> any Chart {
    switch random.below(5) {
    case 0:
      let series = (0..<random.below(4)).map { _ in Bars.Series(name(&random), .cachedBar) }
      let groups = (0..<random.below(9)).map { _ in
        Bars.Group(name(&random), values(&random, upTo: 4), isChosen: random.below(5) == 0)
      }
      return Bars(
        series: series, groups: groups, arrangement: random.below(2) == 0 ? .beside : .below,
        largest: random.below(3) == 0 ? value(&random) : nil, language: language, glyphs: glyphs)
    case 1:
      let series = (0..<random.below(4)).map { _ in
        Curves.Series(
          name(&random), .uncachedBar,
          zip(values(&random), values(&random)).map { Curves.Value($0, $1) },
          note: random.below(2) == 0 ? name(&random) : nil)
      }
      return Curves(
        series, x: axis(&random), y: axis(&random),
        marks: [.init(.init(value(&random), value(&random)), name(&random))],
        rises: (0..<3).map { _ in
          .init(
            series: random.below(4), from: random.below(9), to: random.below(9),
            isAbove: random.below(2) == 0)
        }, language: language, glyphs: glyphs)
    case 2:
      return Roofline(
        peak: value(&random), bandwidth: value(&random),
        points: values(&random).map {
          .init(
            name(&random), intensity: $0, performance: random.below(2) == 0 ? value(&random) : nil,
            fits: random.below(2) == 0)
        }, language: language, glyphs: glyphs)
    case 3:
      return Columns(
        (0..<random.below(400)).map { _ in
          .init(
            name(&random),
            values(&random, upTo: 3).map {
              .init($0, .cached, mark: ["#", "中", nil][random.below(3)])
            }, isChosen: random.below(9) == 0)
        }, largest: random.below(3) == 0 ? value(&random) : nil, language: language, glyphs: glyphs)
    default:
      return MemoryBar(
        values(&random).map {
          .init(name(&random), $0, [.weights, .request, .other(.signed(1))][random.below(3)])
        }, capacity: value(&random), reserved: value(&random), language: language, glyphs: glyphs)
    }
  }

  @Test("Nothing traps, rows are whole, and nothing outside the area changes", arguments: 0..<12)
  func everywhere(seed: Int) {
    var random = SplitMix64(seed: UInt64(seed))
    for (language, glyphs) in Self.looks {
      for (columns, rows) in Self.sizes where columns < 300 || seed < 2 {
        let chart = Self.chart(&random, language, glyphs)
        var canvas = Canvas(Size(columns: columns + 5, rows: rows + 4))
        for y in 0..<canvas.size.rows {
          canvas.put(String(repeating: "?", count: columns + 5), at: Point(0, y), Style(.wrong))
        }
        let before = canvas
        let area = Area(x: 3, y: 2, columns: columns, rows: rows)
        chart.draw(in: area, on: &canvas)
        let name = "seed \(seed), \(columns)x\(rows), \(language), \(glyphs): \(chart)"
        #expect(canvas.flaw == nil, "\(name)")
        #expect(Self.outside(area, of: canvas) == Self.outside(area, of: before), "\(name)")
        // The same value is the same picture.
        var again = before
        chart.draw(in: area, on: &again)
        #expect(canvas == again)
      }
    }
  }

  private static func outside(_ area: Area, of canvas: Canvas) -> [Cell] {
    canvas.cells.indices.filter { index in
      let (y, x) = index.quotientAndRemainder(dividingBy: canvas.size.columns)
      return !(area.x..<area.end).contains(x) || !(area.y..<area.y + area.rows).contains(y)
    }.map { canvas.cells[$0] }
  }

  @Test("An area without room changes nothing, one beyond the canvas is cut")
  func areas() {
    let chart = ChartCases.memory(.english, .full)
    let blank = Canvas(Size(columns: 20, rows: 5))
    for (columns, rows) in [(0, 3), (3, 0), (-4, 2), (2, -1)] {
      var canvas = blank
      chart.draw(in: Area(x: 1, y: 1, columns: columns, rows: rows), on: &canvas)
      #expect(canvas == blank)
    }
    var canvas = blank
    chart.draw(in: Area(x: -5, y: -2, columns: 60, rows: 40), on: &canvas)
    #expect(canvas.flaw == nil)
  }

  @Test("Each chart says something in every size", arguments: ChartCases.all.map(\.name))
  func neverEmpty(name: String) throws {
    let make = try #require(ChartCases.all.first { $0.name == name }).make
    for (language, glyphs) in Self.looks {
      for (columns, rows) in Self.sizes {
        let text = make(language, glyphs).picture(columns, rows).plainText
        #expect(
          text.contains { $0 != " " && $0 != "\n" }, "\(language), \(glyphs), \(columns)x\(rows)")
      }
    }
  }

  @Test("Glyphs are those of the set", arguments: ChartCases.all.map(\.name))
  func glyphSets(name: String) throws {
    let make = try #require(ChartCases.all.first { $0.name == name }).make
    for (columns, rows) in Self.sizes {
      let ascii = make(.english, .ascii).picture(columns, rows)
      #expect(ascii.scalars { !$0.isASCII }.isEmpty, "\(columns)x\(rows)")
      for language in Language.allCases {
        let narrow = make(language, .narrow).picture(columns, rows)
        let strangers = narrow.scalars {
          !$0.isASCII && ScalarWidth.of($0) == 1 && $0 != "ᵀ"
        }
        #expect(strangers.isEmpty, "\(columns)x\(rows)")
      }
    }
  }
}
