internal import Base
internal import Planner
internal import Viz

extension PlannerView {
  /// What has to be said beside the numbers.
  var notes: [Words] {
    var notes = [balanceWords]
    if let beyond { notes.append([beyond]) }
    if question.model.isPart {
      notes.append([[span(language("只算其中的语言模型", "its language model only"), .dim)]])
    }
    if question.cacheType == .int8 {
      notes.append([[span(language("INT8 未计 scale", "INT8 less its scales"), .dim)]])
    }
    return flowed([notes.flatMap { $0 }])
  }

  /// That texts are longer than the model was made for.
  private var beyond: Words? {
    guard let most = question.model.contextLength else { return nil }
    let isHere = state.context > most
    let lengths = isHere ? [state.context] : Self.contexts.filter { $0 > most }
    guard !lengths.isEmpty else { return nil }
    let names = lengths.map(short).joined(separator: language("、", ", "))
    let text = language(
      "\(names) 超出它的 \(grouped(most)) 个位置", "\(names): beyond its \(grouped(most)) positions")
    return [span(text, isHere ? .wrong : .dim)]
  }

  /// What vLLM would print; where the weights do not fit it does not come to that.
  var vLLM: [Words] {
    guard let plan = answer.vLLM, answer.freeBytes ?? 0 > 0 else { return [] }
    let whole = flowed([
      [[span("vLLM", .heading), span("  " + plan.sentence)]]
    ])
    let width = 6 + plan.sentence.count
    guard width > columns else { return whole }
    return flowed([
      [
        [span("vLLM", .heading)], [span(grouped(plan.tokens) + " tokens")],
        [span(NumberText.fixed(plan.concurrency, 2) + "x")],
      ]
    ])
  }

  // MARK: The working

  /// Every sum, exact.
  var working: [Words] {
    let groups = answer.groups.map { sum -> [Words] in
      [[span(kindLine(sum), .text)]]
    }
    return flowed(groups + requestLines + memoryLines)
  }

  private func exact(_ bytes: Int) -> String {
    language("\(grouped(bytes)) 字节", "\(grouped(bytes)) bytes")
  }

  private func kindLine(_ sum: MemoryAnswer.GroupSum) -> String {
    let (group, type) = (sum.group, question.cacheType.bytes)
    let head =
      language("\(grouped(group.layers)) 层", "\(grouped(group.layers)) layers")
      + language("", " that ") + keeps(group)
    switch group.width {
    case .heads(let heads, let width):
      return head + ": \(group.layers) × 2 × \(heads) × \(width) × \(type) = "
        + exact(sum.bytesPerToken) + language("一个词元", " a token")
    case .latent(let rank, let rotary):
      return head + ": \(group.layers) × (\(rank) + \(rotary)) × \(type) = "
        + exact(sum.bytesPerToken) + language("一个词元", " a token")
    case .none: return head + ": " + exact(sum.cacheBytes.map { $0 / max(1, question.batch) } ?? 0)
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
        [span("× \(grouped(question.batch)) ", .text)],
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
        [span(language("= \(grouped(fit)) 个请求", "= \(grouped(fit)) requests"), .heading)],
      ])
    }
    if let tokens = answer.tokensFit {
      lines.append([
        [span("÷ \(grouped(answer.bytesPerToken))")],
        [span(language("= \(grouped(tokens)) 个词元", "= \(grouped(tokens)) tokens"), .heading)],
      ])
    }
    return lines
  }
}
