internal import Base
internal import Planner
internal import Viz

extension PlannerView {
  /// What has to be said beside the numbers, and of the table's lengths where it stands there.
  func notes(hasTable: Bool) -> [Words] {
    var notes = [windowWords, balanceWords]
    if let beyond = beyond(hasTable: hasTable) { notes.append([beyond]) }
    if question.model.isPart {
      notes.append([[span(language("只算其中的语言模型", "its language model only"), .dim)]])
    }
    if question.cacheType == .int8 {
      notes.append([[span(language("INT8 未计 scale", "INT8 less its scales"), .dim)]])
    }
    return flowed([notes.flatMap { $0 }])
  }

  /// That longer texts take no more, where every layer that keeps K and V has a window.
  private var windowWords: [Words] {
    let most = answer.groups.compactMap { sum -> Int? in
      let held = sum.group.held(of: .max)
      return held > 0 ? held : nil
    }.max()
    guard let most, most < contexts.max() ?? 0 else { return [] }
    let text = language(
      "窗口：只留最新的 \(grouped(most)) 个词元，更长也不多占",
      "window: the newest \(grouped(most)) tokens are kept, longer texts take no more")
    return [[span(text, .heading)]]
  }

  /// That texts are longer than the model was made for.
  private func beyond(hasTable: Bool) -> Words? {
    guard let most = question.model.contextLength else { return nil }
    let isHere = state.context > most
    guard isHere || hasTable else { return nil }
    let lengths = isHere ? [state.context] : contexts.filter { $0 > most }
    guard !lengths.isEmpty else { return nil }
    let names = lengths.map(grouped).joined(separator: language("、", " and "))
    let texts = [
      language(
        "\(names) 个词元超出它的 \(grouped(most)) 个位置",
        "\(names) tokens are beyond its \(grouped(most)) positions"),
      language(
        "\(grouped(lengths[0])) 个\(isHere ? "" : "起")超出 \(grouped(most)) 个位置",
        "\(isHere ? "" : "from ")\(grouped(lengths[0]))\(isHere ? "" : " on"): beyond its \(grouped(most)) positions"
      ),
    ]
    let text = texts.first { ScalarWidth.of($0) <= columns } ?? texts[1]
    return [span(text, isHere ? .wrong : .dim)]
  }

  /// What vLLM would print before it takes activations off; where the weights do not fit it does not come to that.
  var vLLM: [Words] {
    guard let plan = answer.vLLM, answer.freeBytes ?? 0 > 0 else { return [] }
    let name = language("vLLM 至多打印  ", "vLLM prints at most  ")
    // Why it is not the number of the working.
    let blocks = plan.tokensPerBlock.map {
      span(language("（整块，每块 \($0)）", " (blocks of \($0))"), .dim)
    }
    let whole: Words = [span(name, .heading), span(plan.sentence)]
    // Cut, not rounded: 27.996 are not 28 requests.
    let times = NumberText.fixed((plan.concurrency * 100).rounded(.down) / 100, 2)
    let short: Words = [
      span(language("vLLM 至多说  ", "vLLM at most  "), .heading),
      span(
        language(
          "缓存 \(grouped(plan.tokens)) 个词元，同时 \(times) 个请求",
          "a cache of \(grouped(plan.tokens)) tokens, \(times) requests at once")),
    ]
    let why = blocks.map { [$0] } ?? []
    // Of the activations vLLM knows how much they take once it has run the model.
    let less = [span(language("，激活值还没有扣", ", activations not taken off"), .dim)]
    return lines(
      fitting: [whole, short].flatMap { [$0 + why + less, $0 + why, $0] })
  }

  /// Why vLLM has fewer requests and other tokens than the working, where windows are the reason.
  var vLLMWhy: [Words] {
    guard let plan = answer.vLLM, answer.freeBytes ?? 0 > 0,
      answer.groups.contains(where: { if case .window = $0.group.kind { true } else { false } })
    else { return [] }
    let (flight, length) = (grouped(BlockPlan.tokensInFlight), grouped(state.context))
    let blocks = grouped(plan.blocksPerRequest)
    let product = language("；词元数 = 请求数 × \(length)", "; tokens = requests × \(length)")
    let wordings = [
      language(
        "vLLM 给一个请求 \(blocks) 块：窗口之外还要放一遍里的至多 \(flight) 个词元，再多一块",
        "there a request takes \(blocks) blocks: beside its window up to \(flight) tokens of a pass, and one block more"
      ) + product,
      language(
        "一个请求 \(blocks) 块：窗口、一遍里的至多 \(flight) 个、再一块",
        "\(blocks) blocks a request: window, up to \(flight) tokens of a pass, 1 more")
        + product,
      language(
        "vLLM 的窗口另加至多 \(flight) 个词元和一块", "its windows get up to \(flight) tokens and a block more")
        + product,
      language("窗口另加至多 \(flight) 个和一块", "windows: up to \(flight) tokens and a block more"),
    ]
    return lines(fitting: wordings.map { [span($0, .dim)] })
  }

  // MARK: The working

  /// Every sum, exact.
  var working: [Words] {
    let groups = answer.groups.map { sum in kindWords(sum).map { [span($0, .text)] } }
    return flowed(groups + requestLines + memoryLines, gap: 1)
  }

  private func exact(_ bytes: Int) -> String {
    language("\(grouped(bytes)) 字节", "\(grouped(bytes)) \(plural(bytes, "byte"))")
  }

  /// What layers of a kind keep, the product, and what it comes to.
  private func kindWords(_ sum: MemoryAnswer.GroupSum) -> [String] {
    let (group, type) = (sum.group, question.cacheType.bytes)
    let head = language(
      "\(grouped(group.layers)) 层\(keeps(group))：",
      "\(grouped(group.layers)) \(plural(group.layers, "layer")) that \(keeps(group)):")
    let token = "= " + exact(sum.bytesPerToken) + language("一个词元", " a token")
    switch group.width {
    case .heads(let heads, let width):
      return [head, "\(group.layers) × 2 × \(heads) × \(width) × \(type)", token]
    case .latent(let rank, let rotary):
      return [head, "\(group.layers) × (\(rank) + \(rotary)) × \(type)", token]
    case .none: return [head, exact(sum.cacheBytes.map { $0 / max(1, question.batch) } ?? 0)]
    }
  }

  private var requestLines: [[Words]] {
    let each = answer.groups.compactMap { sum -> String? in
      let held = sum.group.held(of: state.context)
      return held > 0 ? "\(grouped(held)) × \(grouped(sum.bytesPerToken))" : nil
    }.joined(separator: " + ")
    let request = answer.requestBytes ?? 0
    return [
      [
        [span(language("一个请求：", "a request: "), .dim), span(each, .text)],
        [span("= " + exact(request), .heading), span(" = " + gibibytes(request))],
      ],
      [
        [
          span(
            "× \(grouped(question.batch)) \(language("个请求", plural(question.batch, "request")))",
            .text)
        ],
        [
          span("= " + exact(answer.cacheBytes ?? 0), .heading),
          span(" = " + gibibytes(answer.cacheBytes ?? 0)),
        ],
      ],
    ]
  }

  private var memoryLines: [[Words]] {
    guard let memory = question.memory, let usable = answer.usableBytes, let free = answer.freeBytes
    else { return [] }
    var lines: [[Words]] = [
      [
        [
          span(language("可用：", "to use: "), .dim),
          span("\(grouped(memory)) × \(NumberText.fixed(question.utilization, 2))"),
        ],
        [span("= " + exact(usable), .heading)],
      ]
    ]
    if question.hasWeights, let weights = answer.weightBytes {
      lines.append([
        [span(language("减去权重：", "less the weights: "), .dim), span("− \(grouped(weights))")],
        [span("= " + exact(free), .heading)],
      ])
    }
    if let fit = answer.requestsFit, let request = answer.requestBytes {
      lines.append([
        [span("÷ \(grouped(request))")],
        [
          span(
            language("= \(grouped(fit)) 个请求", "= \(grouped(fit)) \(plural(fit, "request"))"),
            .heading)
        ],
      ])
    }
    if let tokens = answer.tokensFit {
      lines.append([
        [span("÷ \(grouped(answer.bytesPerToken))")],
        [
          span(
            language("= \(grouped(tokens)) 个词元", "= \(grouped(tokens)) \(plural(tokens, "token"))"),
            .heading)
        ],
      ])
    }
    return lines
  }
}
