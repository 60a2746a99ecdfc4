internal import Base
internal import TinyModel
internal import Trace
internal import Viz

/// What `growth` prints: points that were run, and behind them points that are computed, marked so.
struct GrowthReport {
  let model: Transformer
  let growth: Growth
  let language: Language

  // MARK: JSON

  /// The model, then a line a point.
  var json: [JSONText] { [StepFields.json(model.description)] + growth.points.map(line) }

  private func line(_ point: Growth.Point) -> JSONText {
    .object([
      ("type", .string("point")), ("source", .string(point.source.rawValue)),
      ("length", .integer(point.length)), ("uncached", object(point.uncached)),
      ("cached", object(point.cached)),
    ])
  }

  private func object(_ side: Growth.Side) -> JSONText {
    .object(
      amount(side.step) + [("cache_bytes", number(side.cacheBytes))]
        + amount(side.total).map { ("total_" + $0.0, $0.1) })
  }

  private func amount(_ amount: Growth.Amount) -> [(String, JSONText)] {
    [
      ("cells", number(amount.cells)), ("flops", number(amount.flops)),
      ("bytes_read", number(amount.bytesRead)),
      ("seconds", amount.seconds.map { .double($0) } ?? .null),
    ]
  }

  private func number(_ value: Int?) -> JSONText { value.map { .integer($0) } ?? .null }

  // MARK: Text

  /// The page for people.
  var text: String {
    let blocks = [
      head,
      table(language("每一步", "a step"), \.step), table(language("到这一步为止", "in all so far"), \.total),
      curves(language("每步 FLOP", "FLOP a step"), .count) { $0.step.flops.map(Double.init) },
      curves(language("每步的秒数（只有实测）", "seconds a step (measured only)"), .seconds) {
        $0.step.seconds
      },
    ]
    return blocks.map { $0.joined(separator: "\n") + "\n" }.joined(separator: "\n")
  }

  private var hasComputed: Bool { growth.points.contains { $0.source == .computed } }

  private var head: [String] {
    let runs = growth.measured
    let (first, last) = (runs.first?.length ?? 0, runs.last?.length ?? 0)
    var lines = [
      Sanitiser.clean(model.name) + ": "
        + language(
          "长度 \(first) 到 \(last)，每一步都真的跑了两遍（不用缓存、用缓存），数和秒都是那时记下的",
          "lengths \(first) to \(last), each step really run twice (without and with the cache), counted and timed then"
        )
    ]
    if hasComputed {
      lines.append(
        language(
          "* 不是跑的：是过所有实测计数的多项式在更长处的值；时间不推算",
          "* was not run: the polynomial through all counts, at greater lengths; seconds are not continued"
        ))
    }
    if growth.isHeldBack {
      lines.append(
        language(
          "没有接着往更长处算：跑的步数太少（至少 7 步），或计数不成多项式",
          "nothing is computed for greater lengths: too few steps were run (7 at least), or their counts lie on no polynomial"
        ))
    }
    let most = model.configuration.contextLength
    if (growth.points.last?.length ?? 0) > most {
      lines.append(
        language(
          "这个模型只有 \(most) 个位置；更长的只是算式",
          "the model has \(most) positions; beyond them it is arithmetic alone"))
    }
    lines.append(
      language(
        "格子是一个头的 QKᵀ；字节是权重和 K、V 每步各读一遍；缓存是留给下一步的 K、V",
        "cells are QKᵀ of one head; bytes are weights and K, V, read once a step; the cache is the K, V kept for the next"
      ))
    return lines
  }

  /// Lengths that are listed: powers of two, the first and last run, and all that is computed.
  private var listed: [Growth.Point] {
    let runs = growth.measured
    return growth.points.filter { point in
      point.source == .computed || point.length.nonzeroBitCount == 1
        || point.length == runs.first?.length || point.length == runs.last?.length
    }
  }

  private func table(_ title: String, _ part: KeyPath<Growth.Side, Growth.Amount>) -> [String] {
    let names = [
      language("格", "cells"), "FLOP", language("字节", "bytes"), language("秒", "seconds"),
    ]
    // Of a side its four numbers, then the cache: with the length 80 columns.
    let (first, side) = (8, [7, 7, 9, 8])
    func row(_ cells: [String]) -> String {
      zip(cells, side + side + [10]).map { $0.padded(to: $1, right: true) }.joined()
    }
    let sides =
      language("不用缓存", "without the cache").padded(to: side.reduce(0, +))
      + language("用缓存", "with it")
    var lines = [
      title + language("：", ":"), "".padded(to: first + 2) + sides,
    ]
    lines.append(
      language("长度", "length").padded(to: first, right: true)
        + row(names + names + [language("缓存", "cache")]))
    for point in listed {
      let length = "\(point.length)" + (point.source == .computed ? "*" : " ")
      lines.append(
        length.padded(to: first, right: true)
          + row(
            texts(point.uncached[keyPath: part]) + texts(point.cached[keyPath: part])
              + [text(point.cached.cacheBytes, .binaryBytes)]))
    }
    return lines
  }

  private func texts(_ amount: Growth.Amount) -> [String] {
    [
      text(amount.cells, .count), text(amount.flops, .count), text(amount.bytesRead, .bytes),
      amount.seconds.map { Quantity.seconds.text($0, .full) } ?? "–",
    ]
  }

  private func text(_ value: Int?, _ quantity: Quantity) -> String {
    value.map { quantity.text(Double($0), .full) } ?? "–"
  }

  private func curves(
    _ title: String, _ quantity: Quantity, _ value: (Growth.Side) -> Double?
  ) -> [String] {
    func values(_ path: KeyPath<Growth.Point, Growth.Side>, _ points: some Sequence<Growth.Point>)
      -> [Curves.Value]
    {
      points.compactMap { point in
        value(point[keyPath: path]).map { Curves.Value(Double(point.length), $0) }
      }
    }
    let (without, with) = (language("不用缓存", "without"), language("用缓存", "with"))
    // The computed part begins where the last run ended.
    let measured = growth.measured
    let computed = growth.points.drop { $0.length < (measured.last?.length ?? 0) }
    var series = [
      Curves.Series(without, .uncachedBar, values(\.uncached, measured)),
      Curves.Series(with, .cachedBar, values(\.cached, measured)),
    ]
    if values(\.cached, computed).count > 1 {
      series += [
        Curves.Series(without + "*", .dim, values(\.uncached, computed)),
        Curves.Series(with + "*", .dim, values(\.cached, computed)),
      ]
    }
    let chart = Curves(
      series, x: Axis(language("长度", "length"), .count, isLogarithmic: true),
      y: Axis(title, quantity, isLogarithmic: true), language: language, glyphs: .full)
    return ChartText.lines(chart, columns: 78, rows: 16)
  }
}
