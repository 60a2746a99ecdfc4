internal import Base
internal import Kernels
internal import TinyModel
internal import Viz

/// What a benchmark prints: every number measured or counted in the runs just made.
struct BenchReport {
  let model: Transformer
  let promptTokens: Int
  let cached: BenchRuns
  /// nil: it was not run.
  let uncached: BenchRuns?
  let limits: MachineLimits
  let loading: BenchLoading
  let language: Language

  // MARK: JSON

  /// The lines of `bench --json`.
  var json: String {
    let lines = [
      line(cached, usesCache: true), uncached.map { line($0, usesCache: false) }, limitsLine,
      loadingLine,
    ]
    return lines.compactMap { $0 }.map { $0.text + "\n" }.joined()
  }

  private func line(_ runs: BenchRuns, usesCache: Bool) -> JSONText {
    .object([
      ("type", .string("bench")), ("cache", .boolean(usesCache)), ("tokens", .integer(runs.tokens)),
      ("runs", .integer(runs.timings.count)), ("mean_seconds", .double(runs.mean)),
      ("std_seconds", .double(runs.deviation)),
      ("tokens_per_second", .double(Double(runs.tokens) / runs.mean)),
      ("prompt_tokens", .integer(promptTokens)), ("prefill_seconds", .double(runs.prefill)),
      ("decode_seconds", .double(runs.decode)), ("dtype", .string(model.type.rawValue)),
      ("threads", .integer(model.threads)), ("flops", .integer(runs.timings[0].flops)),
      ("bytes", .integer(runs.timings[0].bytes)),
    ])
  }

  private var limitsLine: JSONText {
    .object([
      ("type", .string("limits")), ("gflops", .double(limits.flopsPerSecond / 1e9)),
      ("gigabytes_per_second", .double(limits.bytesPerSecond / 1e9)),
      ("threads", .integer(limits.threads)),
    ])
  }

  private var loadingLine: JSONText {
    .object([
      ("type", .string("loading")), ("load_seconds", .double(loading.seconds)),
      ("first_pass_seconds", .double(loading.firstPassSeconds)),
      ("packing_seconds", .double(loading.packingSeconds)),
      ("peak_bytes", .integer(loading.peakBytes)),
    ])
  }

  // MARK: Text

  /// The report for people.
  var text: String {
    var lines = [summary(cached, "with")]
    if let uncached { lines.append(summary(uncached, "without")) }
    lines.append("")
    if let uncached { lines.append(speedUp(over: uncached)) }
    lines.append(rates(cached, "with"))
    if let uncached { lines.append(rates(uncached, "without")) }
    lines += [limitsText, ""] + curve
    return lines.joined(separator: "\n") + "\n"
  }

  /// As the chapter prints it.
  private func summary(_ runs: BenchRuns, _ name: String) -> String {
    let digits = BenchDigits.ofMeasurement(runs.mean, deviation: runs.deviation)
    let (mean, deviation) = (
      NumberText.fixed(runs.mean, digits), NumberText.fixed(runs.deviation, digits)
    )
    return "\(name) KV caching: \(mean) +- \(deviation) seconds"
  }

  /// How much faster, where that was seen: the first pass is the same work for both, and the runs differ among themselves.
  private func speedUp(over uncached: BenchRuns) -> String {
    guard uncached.tokens > 1 else {
      return language(
        "1 个词元：两次做的是同样的计算，缓存还没有用上；用 --tokens 多生成几个才能比较",
        "1 token: both did the same work, and nothing was read from the cache yet; give more --tokens to compare"
      )
    }
    guard abs(uncached.mean - cached.mean) > uncached.deviation + cached.deviation else {
      return language(
        "\(uncached.tokens) 个词元：相差不超过各次之间的波动，看不出快慢；请增加 --tokens 或 --runs",
        "\(uncached.tokens) tokens: the difference is within the spread of the runs; give more --tokens or --runs"
      )
    }
    let factor = BenchDigits.readable(uncached.mean / cached.mean, least: 2)
    return language(
      "\(uncached.tokens) 个词元：用缓存的速度是不用的 \(factor) 倍（这台机器，这个长度）",
      "\(uncached.tokens) tokens: the cache is \(factor) times as fast (on this machine, at this length)"
    )
  }

  private func rates(_ runs: BenchRuns, _ name: String) -> String {
    let flops = Double(runs.timings[0].flops) / runs.mean
    let bytes = Double(runs.timings[0].bytes) / runs.mean
    let share = flops / limits.flopsPerSecond * 100
    func text(_ value: Double, least: Int) -> String { BenchDigits.readable(value, least: least) }
    return "\(name): \(text(Double(runs.tokens) / runs.mean, least: 1)) tokens/s, "
      + "\(text(flops / 1e9, least: 2)) GFLOP/s (\(text(share, least: 0)) %), "
      + "\(text(bytes / 1e9, least: 2)) GB/s (\(text(bytes / limits.bytesPerSecond * 100, least: 0)) %)"
  }

  private var limitsText: String {
    let flops = NumberText.fixed(limits.flopsPerSecond / 1e9, 1)
    let bytes = NumberText.fixed(limits.bytesPerSecond / 1e9, 1)
    let threads = plural(limits.threads, "thread")
    return language(
      "极限（100 %，\(limits.threads) 个线程，与测速交替测得）：\(flops) GFLOP/s，内存 \(bytes) GB/s\n小模型留在处理器的缓存里，可以超过内存的极限",
      "limits (100 %, \(limits.threads) \(threads), between the runs): \(flops) GFLOP/s, \(bytes) GB/s\na small model stays in the processor's caches and can pass the limit of memory"
    )
  }

  private static let bins = 10
  private static let barColumns = 40

  /// Time per token against the length, both runs on one scale.
  private var curve: [String] {
    let (with, without) = (cached.secondsByToken, uncached?.secondsByToken)
    let count = with.count
    let bins = min(Self.bins, count)
    let places = (1...bins).map { $0 * count / bins - 1 }
    let largest = max(with.max() ?? 0, without?.max() ?? 0)
    let head =
      without == nil
      ? language("每个词元的时间（微秒），用缓存", "time per token (microseconds), with the cache")
      : language(
        "每个词元的时间（微秒），# 不用缓存，= 用缓存",
        "time per token (microseconds), # without the cache, = with it")
    return [head]
      + places.flatMap { place in
        let label = "\(place + 1)".padded(to: 6, right: true)
        guard let without else { return [bar(with[place], of: largest, "=", label)] }
        return [
          bar(without[place], of: largest, "#", label),
          bar(with[place], of: largest, "=", "      "),
        ]
      }
  }

  private func bar(_ seconds: Double, of largest: Double, _ glyph: String, _ label: String)
    -> String
  {
    let length =
      largest > 0
      ? (seconds / largest * Double(Self.barColumns)).rounded(.down)
        .whole(in: 1...Self.barColumns) ?? 0 : 0
    return
      "\(label) \(String(repeating: glyph, count: length)) \(BenchDigits.readable(seconds * 1e6, least: 0))"
  }
}

/// How many digits of a measured number mean something.
enum BenchDigits {
  /// A clock counts nanoseconds.
  private static let most = 9

  /// Decimals of a mean and its deviation, in seconds: three as the chapter prints them, or more where the mean would have
  /// fewer than three digits that count, or the deviation fewer than two.
  static func ofMeasurement(_ mean: Double, deviation: Double) -> Int {
    max(decimals(mean, digits: 3, least: 3), decimals(deviation, digits: 2, least: 3))
  }

  /// A number with `least` decimals, or with more where fewer than two digits would count.
  static func readable(_ value: Double, least: Int) -> String {
    NumberText.fixed(value, decimals(value, digits: 2, least: least))
  }

  /// Decimals from `least` on with which `digits` digits count.
  private static func decimals(_ value: Double, digits: Int, least: Int) -> Int {
    guard value > 0 else { return least }
    func power(_ exponent: Int) -> Double { (0..<exponent).reduce(1) { ten, _ in ten * 10 } }
    return (least...most).first { value * power($0) >= power(digits - 1) } ?? most
  }
}
