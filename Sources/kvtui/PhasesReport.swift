internal import Base
internal import Kernels
internal import Planner
internal import TinyModel
internal import Trace
internal import Viz

/// What `phases` prints: FLOP and bytes counted in passes that were run, seconds and limits measured here, other machines
/// computed.
struct PhasesReport {
  let model: Transformer
  let runs: [PhaseRun]
  let limits: MachineLimits
  let machines: [PlannedMachine]
  let language: Language

  /// What was measured, in passes too.
  private var here: Phases.Machine {
    Phases.Machine(flops: limits.flopsPerSecond, bandwidth: limits.bytesPerSecond)
      .raised(by: runs)
  }

  private func limit(_ run: PhaseRun) -> PhaseRun.Limit {
    run.limit(flops: here.flops, bandwidth: here.bandwidth)
  }

  // MARK: JSON

  /// The model, a line a pass, this machine's limits, a line for each other machine.
  var json: [JSONText] {
    [StepFields.json(model.description)] + runs.map(line) + [limitsLine] + machines.map(line)
  }

  private func line(_ run: PhaseRun) -> JSONText {
    .object(
      place(run) + [
        ("flops", .integer(run.flops)), ("weight_bytes", .integer(run.weightBytes)),
        ("cache_bytes_read", .integer(run.keyValueBytes)), ("bytes", .integer(run.bytes)),
        ("flops_per_byte", .double(run.intensity)),
        ("seconds", run.seconds.map { .double($0) } ?? .null),
        ("limit", .string(limit(run).rawValue)),
      ], type: "phase")
  }

  private func place(_ run: PhaseRun) -> [(String, JSONText)] {
    [
      ("phase", .string(run.phase.rawValue)), ("batch", .integer(run.batch)),
      ("rows", .integer(run.rows)),
      ("past", .integer(run.past)),
    ]
  }

  private var limitsLine: JSONText {
    .object(
      [
        ("source", .string("measured")), ("gflops", .double(here.flops / 1e9)),
        ("gigabytes_per_second", .double(here.bandwidth / 1e9)), ("ridge", .double(here.ridge)),
        ("threads", .integer(limits.threads)),
      ], type: "limits")
  }

  private func line(_ machine: PlannedMachine) -> JSONText {
    func number(_ value: Int?) -> JSONText { value.map { .integer($0) } ?? .null }
    let roof = Self.roof(machine)
    let phases = runs.map { run in
      JSONText.object(
        place(run) + [
          (
            "limit",
            roof.map { .string(run.limit(flops: $0.flops, bandwidth: $0.bandwidth).rawValue) }
              ?? .null
          ),
          (
            "least_seconds",
            roof.map { .double(run.leastSeconds(flops: $0.flops, bandwidth: $0.bandwidth)) }
              ?? .null
          ),
        ])
    }
    return .object(
      [
        ("source", .string("computed")), ("name", .string(machine.name)),
        ("flops", number(machine.flops.value)), ("bandwidth", number(machine.bandwidth.value)),
        ("ridge", roof.map { .double($0.flops / $0.bandwidth) } ?? .null),
        ("phases", .array(phases)),
      ], type: "machine")
  }

  private static func roof(_ machine: PlannedMachine) -> (flops: Double, bandwidth: Double)? {
    guard let flops = machine.flops.value, let bandwidth = machine.bandwidth.value else {
      return nil
    }
    return (Double(flops), Double(bandwidth))
  }

  // MARK: Text

  /// The page for people.
  var text: String {
    var blocks = [head, table, chart]
    blocks += machines.map(lines)
    return blocks.map { $0.joined(separator: "\n") + "\n" }.joined(separator: "\n")
  }

  private var head: [String] {
    [
      Sanitiser.clean(model.name) + ": "
        + language(
          "每一遍都真的跑了；FLOP 和字节在做的地方数，秒是中位数",
          "each pass was really run; FLOP and bytes counted where the work is done, seconds the median"
        ),
      language(
        "这台机器（与各遍交替测得，\(limits.threads) 个线程）：\(rate(here.flops, "FLOP/s"))，内存 \(rate(here.bandwidth, "B/s"))；屋脊在每字节 \(intensity(here.ridge)) FLOP",
        "this machine (measured between the passes, threads: \(limits.threads)): \(rate(here.flops, "FLOP/s")), memory \(rate(here.bandwidth, "B/s")); the ridge is at \(intensity(here.ridge)) FLOP a byte"
      ),
      language(
        "字节：权重一遍、K 和 V 一遍。小模型留在处理器的缓存里，可以超过内存的极限",
        "bytes: the weights once, K and V once; a small model stays in the processor's caches and can pass the limit of memory"
      ),
    ]
  }

  private func name(_ run: PhaseRun) -> String {
    run.phase == .prefill
      ? "prefill \(run.rows)"
      : language("decode，前有 \(run.past)", "decode behind \(run.past)")
        + (run.batch == 1 ? "" : " × \(run.batch)")
  }

  private func word(_ limit: PhaseRun.Limit) -> String {
    limit == .memory ? language("等搬运", "bytes") : language("等算术", "compute")
  }

  private var table: [String] {
    // 80 columns.
    let widths = [7, 9, 10, 10, 8, 7, 10]
    func row(_ name: String, _ cells: [String]) -> String {
      name.padded(to: 19) + zip(cells, widths).map { $0.padded(to: $1, right: true) }.joined()
    }
    let titles = [
      "FLOP", language("权重字节", "weights"), language("K、V 字节", "K and V"),
      language("FLOP/字节", "FLOP/byte"), language("秒", "seconds"), "FLOP/s",
      language("等什么", "waits for"),
    ]
    return [row("", titles)]
      + runs.map { run in
        row(
          name(run),
          [
            Quantity.count.text(Double(run.flops), .full),
            Quantity.bytes.text(Double(run.weightBytes), .full),
            Quantity.bytes.text(Double(run.keyValueBytes), .full), intensity(run.intensity),
            run.seconds.map { Quantity.seconds.text($0, .full) } ?? "–",
            run.flopsPerSecond.map { Quantity.count.text($0, .full) } ?? "–", word(limit(run)),
          ])
      }
  }

  private var chart: [String] {
    let points = runs.map { run in
      Roofline.Point(
        (run.phase == .prefill ? "P" : "D") + "\(run.phase == .prefill ? run.rows : run.past)",
        intensity: run.intensity, performance: run.flopsPerSecond,
        role: run.phase == .prefill ? .uncachedBar : .cachedBar)
    }
    let chart = Roofline(
      peak: here.flops, bandwidth: here.bandwidth, points: points,
      language: language, glyphs: .full)
    return [
      language(
        "P：prefill，D：decode，各自实测的速度", "P: prefill, D: decode, at the speed that was measured")
    ]
      + ChartText.lines(chart, columns: 78, rows: 18)
  }

  /// The same passes on another machine: computed.
  private func lines(_ machine: PlannedMachine) -> [String] {
    guard let roof = Self.roof(machine) else {
      return [
        language(
          "\(machine.title)：表里缺它的算力或带宽",
          "\(machine.title): the table lacks its arithmetic or bandwidth")
      ]
    }
    let head = language(
      "\(machine.title)，算出来的，没有跑：\(rate(roof.flops, "FLOP/s"))（稠密 FP16），\(rate(roof.bandwidth, "B/s"))；屋脊 \(intensity(roof.flops / roof.bandwidth))。字节照这里数的（\(model.type.rawValue) 权重、f32 的 K、V）",
      "\(machine.title), computed, not run: \(rate(roof.flops, "FLOP/s")) (dense FP16), \(rate(roof.bandwidth, "B/s")); ridge \(intensity(roof.flops / roof.bandwidth)). Bytes as counted here (\(model.type.rawValue) weights, K and V in f32)"
    )
    return [head]
      + runs.map { run in
        let least = run.leastSeconds(flops: roof.flops, bandwidth: roof.bandwidth)
        return "  " + name(run).padded(to: 20)
          + word(run.limit(flops: roof.flops, bandwidth: roof.bandwidth)).padded(to: 10)
          + language("至少 ", "at least ") + Quantity.seconds.text(least, .full)
      }
  }

  private func rate(_ value: Double, _ unit: String) -> String {
    Quantity.of(unit).text(value, .full)
  }

  private func intensity(_ value: Double) -> String { Quantity.count.text(value, .full) }
}

extension JSONText {
  /// An object whose first field is its type.
  fileprivate static func object(_ fields: [(String, JSONText)], type: String) -> JSONText {
    .object([("type", .string(type))] + fields)
  }
}
