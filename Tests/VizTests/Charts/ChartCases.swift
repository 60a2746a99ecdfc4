internal import Base

@testable import Viz

/// Charts with numbers that were worked out elsewhere: the sums of squares, and a 7B model on a 24 GB card.
enum ChartCases {
  typealias Make = @Sendable (Language, GlyphSet) -> any Chart

  static let all: [(name: String, make: Make)] = [
    ("bars", bars), ("bars-beside", barsBeside), ("curves", curves), ("curves-log", curvesLog),
    ("columns", columns), ("columns-stacked", columnsStacked), ("columns-many", columnsMany),
    ("roofline", roofline), ("memory", memory), ("memory-over", memoryOver),
    ("memory-small", memorySmall),
  ]

  @Sendable static func bars(_ language: Language, _ glyphs: GlyphSet) -> any Chart {
    Bars(
      series: [
        .init(language("不用缓存", "no cache"), .uncachedBar),
        .init(language("用 KV 缓存", "KV cache"), .cachedBar),
      ], groups: groups(language), language: language, glyphs: glyphs)
  }

  @Sendable static func barsBeside(_ language: Language, _ glyphs: GlyphSet) -> any Chart {
    Bars(
      series: [
        .init(language("不用缓存", "no cache"), .uncachedBar),
        .init(language("用 KV 缓存", "KV cache"), .cachedBar),
      ], groups: groups(language), arrangement: .beside, language: language, glyphs: glyphs)
  }

  /// Cells of a step: k², and k of them with a cache.
  private static func groups(_ language: Language) -> [Bars.Group] {
    (1...7).map { step in
      Bars.Group(
        language("第 \(step) 步", "step \(step)"), [Double(step * step), Double(step)],
        isChosen: step == 5)
    }
  }

  private static func cells(_ steps: Int) -> (squares: Double, triangle: Double) {
    let n = Double(steps)
    return (n * (n + 1) * (2 * n + 1) / 6, n * (n + 1) / 2)
  }

  private static func series(
    _ steps: [Int], _ language: Language
  ) -> [Curves.Series] {
    let cells = steps.map { (Double($0), Self.cells($0)) }
    return [
      Curves.Series(
        language("不用缓存", "no cache"), .uncachedBar,
        cells.map { Curves.Value($0.0, $0.1.squares) }, note: language("随 n³", "as n³")),
      Curves.Series(
        language("用 KV 缓存", "KV cache"), .cachedBar,
        cells.map { Curves.Value($0.0, $0.1.triangle) }, note: language("随 n²", "as n²")),
    ]
  }

  @Sendable static func curves(_ language: Language, _ glyphs: GlyphSet) -> any Chart {
    Curves(
      series(Array(0...100), language), x: Axis(language("n 个字", "n tokens")),
      y: Axis(language("格子，累计", "cells so far")), language: language, glyphs: glyphs)
  }

  @Sendable static func curvesLog(_ language: Language, _ glyphs: GlyphSet) -> any Chart {
    let steps = [1, 2, 3, 4, 5, 7, 10, 20, 50, 100, 200, 500, 1000]
    let seven = cells(7)
    return Curves(
      series(steps, language),
      x: Axis(language("n 个字", "n tokens"), isLogarithmic: true),
      y: Axis(language("QKᵀ 格子，全程累计", "QKᵀ cells, whole run"), isLogarithmic: true),
      marks: [.init(.init(7, seven.squares), "n=7 140"), .init(.init(7, seven.triangle), "28")],
      rises: [
        .init(series: 0, from: 9, to: 12, isAbove: true),
        .init(series: 1, from: 9, to: 12, isAbove: false),
      ], language: language, glyphs: glyphs)
  }

  /// Seven steps and what they sum to, without a cache.
  @Sendable static func columns(_ language: Language, _ glyphs: GlyphSet) -> any Chart {
    Columns(
      (1...7).map { step in
        .init(
          language("第 \(step) 步", "step \(step)"), [.init(Double(step * step), .uncachedBar)],
          isChosen: step == 5)
      }, language: language, glyphs: glyphs)
  }

  /// 140 = 28 + 56 + 56.
  @Sendable static func columnsStacked(_ language: Language, _ glyphs: GlyphSet) -> any Chart {
    Columns(
      [
        .init(
          language("不用缓存", "no cache"),
          [
            .init(28, .newQuery, mark: "#"), .init(56, .newKey, mark: glyphs.computed),
            .init(56, .masked, mark: glyphs.masked),
          ]),
        .init(language("用 KV 缓存", "KV cache"), [.init(28, .newQuery, mark: "#")]),
      ], language: language, glyphs: glyphs)
  }

  /// A recording of 250 steps.
  @Sendable static func columnsMany(_ language: Language, _ glyphs: GlyphSet) -> any Chart {
    Columns(
      (1...250).map { step in
        .init("\(step)", [.init(Double(step) * 1e6, .uncachedBar)], isChosen: step == 140)
      }, quantity: .of("FLOP"), language: language, glyphs: glyphs)
  }

  @Sendable static func roofline(_ language: Language, _ glyphs: GlyphSet) -> any Chart {
    // Llama-2-7B in FP16 on an A10: a batch of b at a context of 1,024 reads its weights once, its caches b times.
    let (weights, cache) = (13.48e9, 1024 * 524_288.0)
    let batches = [1, 2, 4, 8, 16, 32, 64].map { batch in
      Roofline.Point(
        "\(batch)", intensity: Double(batch) * 13.75e9 / (weights + Double(batch) * cache),
        fits: batch <= 16)
    }
    return Roofline(
      peak: 125e12, bandwidth: 600e9,
      points: batches + [.init("P512", intensity: 492, role: .right)], language: language,
      glyphs: glyphs)
  }

  private static func segments(_ requests: Int, _ language: Language) -> [MemoryBar.Segment] {
    [.init(language("权重", "weights"), 13.476e9, .weights)]
      + (0..<requests).map { .init("\($0 + 1)", 2_147_483_648, .request) }
  }

  @Sendable static func memory(_ language: Language, _ glyphs: GlyphSet) -> any Chart {
    MemoryBar(
      segments(4, language), capacity: 24e9, reserved: 1.92e9, language: language, glyphs: glyphs)
  }

  @Sendable static func memoryOver(_ language: Language, _ glyphs: GlyphSet) -> any Chart {
    MemoryBar(
      segments(6, language), capacity: 24e9, reserved: 1.92e9, language: language, glyphs: glyphs)
  }

  @Sendable static func memorySmall(_ language: Language, _ glyphs: GlyphSet) -> any Chart {
    let small = (1...9).map { MemoryBar.Segment("\($0)", 17e6, .request) }
    return MemoryBar(
      [.init(language("权重", "weights"), 3.1e9, .weights)] + small
        + [.init(language("激活值", "activations"), 0.9e9, .other(.signed(2)))], capacity: 8e9,
      language: language, glyphs: glyphs)
  }
}

extension Chart {
  /// The chart alone on a canvas of its size.
  func picture(_ columns: Int, _ rows: Int) -> Canvas {
    var canvas = Canvas(Size(columns: columns, rows: rows))
    draw(in: Area(x: 0, y: 0, columns: columns, rows: rows), on: &canvas)
    return canvas
  }
}
