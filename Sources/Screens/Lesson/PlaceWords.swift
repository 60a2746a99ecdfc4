internal import Base
internal import Lessons
internal import Planner
internal import Trace
internal import Viz

/// A tool's place in words, as its screen calls what is turned there.
struct PlaceWords {
  let language: Language

  /// Options that say where one looks: who looks around has turned nothing.
  static let looks = ["--step", "--layer", "--head"]

  /// Options with their values, and what stands before them, each in words.
  func text(_ link: ToolLink) -> String { text(link, link.given) }

  /// The same without where one looks, unless that is asked for, or is all there is.
  func knobs(_ link: ToolLink, asked: (String) -> Bool) -> String {
    let knobs = link.given.filter { !Self.looks.contains($0.name) || asked($0.name) }
    return text(link, link.names.isEmpty && knobs.isEmpty ? link.given : knobs)
  }

  private func text(_ link: ToolLink, _ given: [(name: String, value: String?)]) -> String {
    let names = link.names.map { Fault(rawValue: $0)?.title(language) ?? soundRun }
    let options = given.map { name, value in
      guard let value else { return name }
      return words(of: name, link.command).map { $0(value, language) } ?? "\(name) \(value)"
    }
    return (names + options).joined(separator: language("，", ", "))
  }

  private var soundRun: String { language("没有弄坏", "not broken") }

  // MARK: Options

  typealias Words = @Sendable (_ value: String, Language) -> String

  /// What an option of a command is called; nil where nothing is known of it.
  func words(of option: String, _ command: String) -> Words? {
    Self.own[command]?[option] ?? Self.common[option]
  }

  private static let common: [String: Words] = [
    "--model": { $1("模型 ", "model ") + title($0) },
    "--text": { $1("文字「\($0)」", "text “\($0)”") },
    "--prompt": { $1("提示词「\($0)」", "prompt “\($0)”") },
    "--tokens": { $1("写 \($0) 个词元", "tokens written: \($0)") },
    "--step": { $1("第 \($0) 步", "step \($0)") },
    "--layer": { $1("第 \($0) 层", "layer \($0)") },
    "--head": { $1("第 \($0) 个头", "head \($0)") },
    "--batch": { $1("批 \($0)", "batch \($0)") },
    "--seed": { $1("种子 \($0)", "seed \($0)") },
    "--machine": { $1("机器 ", "machine ") + title($0) },
  ]

  private static let own: [String: [String: Words]] = [
    "memory": memory,
    "growth": [
      "--prompt-tokens": { $1("提示词 \($0) 个词元", "prompt of \($0)") },
      "--tokens": { $1("跑 \($0) 步", "steps run: \($0)") },
      "--until": { $1("算到 \($0)", "continued to \($0)") },
      "--picture": picture,
      "--axes": { $0 == "linear" ? $1("线性轴", "linear axes") : $1("对数轴", "logarithmic axes") },
    ],
    "phases": [
      "--prompt-tokens": { value, _ in "prefill \(value)" },
      "--context": { $1("前文 \($0)", "context \($0)") },
    ],
    "chat": [
      "--turns": { $1("\($0) 轮", $0 == "1" ? "1 turn" : "\($0) turns") },
      "--tokens": { $1("回答至多 \($0) 个词元", "answers of at most \($0)") },
    ],
    "lab": [
      "--policy": policy,
      "--beside": { $1("旁边是 \($0)", "beside \($0)") },
      "--draft": { $1("\($0) 起草", "drafts by \($0)") },
      "--blocks": { $1("共 \($0) 块", "blocks in all: \($0)") },
      "--budget": { $1("每步至多 \($0)", "budget \($0)") },
    ],
    "attention": ["--form": { value, _ in value.uppercased() }],
  ]

  private static let memory: [String: Words] = [
    "--layers": { $1("\($0) 层", "layers \($0)") },
    "--kv-heads": { $1("\($0) 个 KV 头", "KV heads \($0)") },
    "--d-head": { $1("头宽 \($0)", "head width \($0)") },
    "--context": { $1("长度 \($0)", "length \($0)") },
    "--batch": { $1("请求 \($0)", "requests \($0)") },
    "--dtype": { $1("缓存 ", "cache ") + $0.uppercased() },
    "--weights-dtype": { $1("权重 ", "weights ") + $0.uppercased() },
    "--gpu": { $1("机器 ", "machine ") + title($0) },
    "--gpu-memory": { $1("显存 ", "memory ") + bytes($0) },
    "--gpu-bandwidth": { $1("带宽 ", "bandwidth ") + bytes($0) + "/s" },
    "--gpu-flops": { value, _ in "FLOP/s \(value)" },
    "--gpu-utilization": { $1("用 ", "use ") + percent($0) },
  ]

  // MARK: Values

  /// Models and machines of the planner's tables by their names.
  private static let titles: [String: String] = {
    let models = (try? Catalogue.models().map { try $0.model() }) ?? []
    let machines = (try? Catalogue.machines()) ?? []
    let pairs = models.map { ($0.name, $0.title) } + machines.map { ($0.name, $0.title) }
    return Dictionary(pairs) { first, _ in first }
  }()

  private static func title(_ name: String) -> String { titles[name] ?? name }

  private static func bytes(_ text: String) -> String {
    Double(text).map { Quantity.bytes.text($0, .full) } ?? text
  }

  private static func percent(_ share: String) -> String {
    guard let share = Double(share), share <= 1 else { return share }
    let percent = share * 100
    return NumberText.fixed(percent, percent == percent.rounded() ? 0 : 1) + "%"
  }

  private static func picture(_ name: String, _ language: Language) -> String {
    guard let amount = GrowthPlace.Picture(rawValue: name)?.amount else {
      return language("方块", "squares")
    }
    let unit = amount.unit(language)
    let blank = unit.last?.isASCII == true ? " " : ""
    return language("\(unit)\(blank)的曲线", "curves of \(unit)")
  }

  /// What a cache keeps, or how many tokens are drafted.
  private static func policy(_ text: String, _ language: Language) -> String {
    guard let subject = try? LabSubject(text) else { return text }
    switch subject {
    case .speculative(let drafted): return language("起草 \(drafted) 个", "drafts \(drafted)")
    case .policy(let policy):
      let parts = [
        kept(policy.retention, language), format(policy.format, language),
        layout(policy.layout, language),
      ].compactMap { $0 }
      guard !parts.isEmpty else { return language("全部留着", "full cache") }
      return parts.joined(separator: language("、", " and "))
    }
  }

  private static func kept(_ retention: CachePolicy.Retention, _ language: Language) -> String? {
    switch retention {
    case .full: nil
    case .window(let newest): language("窗口 \(newest)", "window \(newest)")
    case .sinks(let first, let newest):
      language("开头 \(first) + 最近 \(newest)", "first \(first) + newest \(newest)")
    case .heavyHitters(let heavy, let newest):
      language("最受注意 \(heavy) + 最近 \(newest)", "most looked at \(heavy) + newest \(newest)")
    }
  }

  private static func format(_ format: CachePolicy.Format, _ language: Language) -> String? {
    switch format {
    case .f32: nil
    case .int8: "int8"
    case .fp8: "fp8"
    case .kivi(let bits): language("kivi \(bits) 位", "kivi \(bits) bits")
    }
  }

  private static func layout(_ layout: CachePolicy.Layout, _ language: Language) -> String? {
    switch layout {
    case .contiguous: nil
    case .paged(let tokens): language("每 \(tokens) 个一块", "blocks of \(tokens)")
    }
  }
}

extension LessonState {
  /// What was answered, as it is said back; where knobs were turned, in the tool's words.
  func said(_ answered: String, to quiz: Quiz) -> String {
    guard quiz.isSetting, let command = step.scene.tool?.command,
      let link = ToolLink("\(command) \(answered)")
    else { return answered }
    return PlaceWords(language: language).knobs(link, asked: quiz.asks)
  }
}
