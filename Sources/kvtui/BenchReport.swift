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
  let language: Language

  // MARK: JSON

  /// The lines of `bench --json`.
  var json: String {
    let lines = [
      line(cached, usesCache: true), uncached.map { line($0, usesCache: false) }, limitsLine,
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
    "\(name) KV caching: \(number(runs.mean)) +- \(number(runs.deviation)) seconds"
  }

  private func speedUp(over uncached: BenchRuns) -> String {
    let factor = NumberText.fixed(uncached.mean / cached.mean, 2)
    return language(
      "\(uncached.tokens) 个 token：用缓存的速度是不用的 \(factor) 倍（这台机器，这个长度）",
      "\(uncached.tokens) tokens: the cache is \(factor) times as fast (on this machine, at this length)"
    )
  }

  private func rates(_ runs: BenchRuns, _ name: String) -> String {
    let flops = Double(runs.timings[0].flops) / runs.mean
    let bytes = Double(runs.timings[0].bytes) / runs.mean
    let share = flops / limits.flopsPerSecond * 100
    return "\(name): \(NumberText.fixed(Double(runs.tokens) / runs.mean, 1)) tokens/s, "
      + "\(NumberText.fixed(flops / 1e9, 2)) GFLOP/s (\(NumberText.fixed(share, 0)) %), "
      + "\(NumberText.fixed(bytes / 1e9, 2)) GB/s (\(NumberText.fixed(bytes / limits.bytesPerSecond * 100, 0)) %)"
  }

  private var limitsText: String {
    let flops = NumberText.fixed(limits.flopsPerSecond / 1e9, 1)
    let bytes = NumberText.fixed(limits.bytesPerSecond / 1e9, 1)
    let threads = limits.threads == 1 ? "thread" : "threads"
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
      ? language("每个 token 的时间（微秒），用缓存", "time per token (microseconds), with the cache")
      : language(
        "每个 token 的时间（微秒），# 不用缓存，= 用缓存",
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
    let length = largest > 0 ? max(1, Int(seconds / largest * Double(Self.barColumns))) : 0
    return
      "\(label) \(String(repeating: glyph, count: length)) \(NumberText.fixed(seconds * 1e6, 0))"
  }

  private func number(_ seconds: Double) -> String { NumberText.fixed(seconds, 3) }
}
